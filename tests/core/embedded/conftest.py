"""Roots for real servers: short enough for a socket path and open to the server's account."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.embedded.postmaster import Postmaster


@pytest.fixture
def short_root() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="yj-", dir="/tmp"))
    root.chmod(0o755)
    yield root
    for pid_file in root.rglob("postmaster.pid"):  # of a test that failed
        Postmaster(pid_file.parent, root).stop("immediate")
    shutil.rmtree(root)
