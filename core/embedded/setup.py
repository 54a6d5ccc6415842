"""The first start: the password of the database's owner, and the cluster itself."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

from core.embedded.account import Account
from core.embedded.errors import CannotStart

USER = "app"


def password(root: Path) -> str:
    """The password of `USER`, made at first."""
    path = root / "password"
    if not path.exists():
        draft = path.with_name("password.draft")
        draft.unlink(missing_ok=True)
        _write_private(draft, secrets.token_urlsafe(24))
        draft.rename(path)
    return path.read_text()


def initialise(pgdata: Path, account: Account, bin_folder: Path, *, test: bool) -> None:
    """Build the cluster beside its place and move it there whole, so that none is half done."""
    root = pgdata.parent
    for abandoned in root.glob("initdb-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="initdb-", dir=root))
    draft, secret = work / "pgdata", work / "password"
    draft.mkdir(mode=0o700)
    _write_private(secret, password(root))
    for path in (work, draft, secret):
        account.give(path)
    status, output = account.run(_initdb(bin_folder, draft, secret, test=test))
    if status:
        raise CannotStart(f"PostgreSQL could not set up its data in {root}: {output}")
    draft.rename(pgdata)
    shutil.rmtree(work)
    _sync_folder(root)


def _initdb(bin_folder: Path, pgdata: Path, secret: Path, *, test: bool) -> list[str | Path]:
    # The builtin C.UTF-8 sorts by code point everywhere, with or without ICU in the server.
    return [
        bin_folder / "initdb",
        *("-D", pgdata, "-U", USER, "-E", "UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *("-A", "scram-sha-256", f"--pwfile={secret}"),
        *(["--no-sync"] if test else []),
    ]


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename inside the folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
