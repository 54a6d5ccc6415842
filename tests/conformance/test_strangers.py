"""A stranger's way to pay is tested where it lives, by the command that `plugins/README.md` tells."""

import subprocess
import sys
from pathlib import Path

from tests.processes import ROOT

_TESTS = '''
import pytest

from tests.conformance.channels import ChannelConformance
from tests.conformance.test_offline import Counter


class Forgetful(Counter):
    async def give_back(self, refund_id, committee):
        """Says that it went, and books nothing."""


class TestGood(ChannelConformance):
    @pytest.fixture
    async def channel(self, committee):
        return Counter()


class TestForgetful(ChannelConformance):
    @pytest.fixture
    async def channel(self, committee):
        return Forgetful()
'''


def test_who_keeps_to_it_passes_and_who_does_not_is_told(tmp_path: Path) -> None:
    words = next(
        line for line in (ROOT / "plugins/README.md").read_text().splitlines() if "payment provider" in line
    )
    command = words.split("`.venv/bin/pytest ")[1].split("`")[0].split()
    assert command.pop() == "PATH"
    (tmp_path / "test_ours.py").write_text(_TESTS, encoding="utf-8")
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "parts"]
    done = subprocess.run(
        [*pytest, *command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout[-2000:]
    assert "TestForgetful" in done.stdout.rsplit("FAILED", 1)[1]
