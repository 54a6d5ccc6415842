"""The layers of the house: import-linter's contracts of pyproject.toml."""

import subprocess
import sys

from core.settings import ROOT


def test_every_import_goes_the_way_it_may() -> None:
    check = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
