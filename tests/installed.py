"""A Python of its own with the product and, as pip installs them, plugins of strangers. No network."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from tests.processes import ROOT

_OFFLINE = ("--no-deps", "--no-index", "--no-build-isolation")


class Installation:
    """A virtual environment that sees everything that is installed here, and more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        ours = sysconfig.get_path("purelib")
        site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
        site.joinpath("product.pth").write_text(f"import site; site.addsitedir({ours!r})\n", "utf-8")

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.folder / "bin" / "python")

    def pip(self, *arguments: str) -> None:
        """Our pip, working on this environment."""
        pip = [sys.executable, "-m", "pip", "--python", self.python, "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *arguments], check=True, capture_output=True, text=True)

    def install(self, *what: str) -> None:
        """`pip install` of a wheel, or of `-e` and a folder."""
        self.pip("install", *_OFFLINE, *what)

    def build_wheel(self, source: Path, folder: Path) -> Path:
        """The wheel of a project."""
        self.pip("wheel", *_OFFLINE, "--wheel-dir", str(folder), str(source))
        (wheel,) = folder.glob("*.whl")
        return wheel

    def run(
        self, *module: str, cwd: Path = ROOT, environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`python -m …` of this environment."""
        return subprocess.run(
            [self.python, "-m", *module],
            cwd=cwd,
            env={**os.environ, **(environ or {})},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
