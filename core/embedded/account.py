"""The account that the server runs as.

PostgreSQL refuses to run as root, so root hands the server to an account that is already there;
everybody else runs it as themselves.
"""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from core.embedded.errors import CannotStart

_PREFERRED = ("postgres", "nobody")

# Nothing is inherited: PGHOST, PGOPTIONS or TZ of the caller would change what the tools do. With
# LC_ALL=C, trigrams would see no Chinese at all.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"}


@dataclass(frozen=True)
class Account:
    """Whose processes the server's are. `differs` is true only for root, who must become it."""

    uid: int
    gid: int
    differs: bool

    def run(self, command: Sequence[str | Path], environ: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Exit status and combined output. A program that may not be executed counts as 126."""
        # A file, not a pipe: a server left behind would keep a pipe open and hang us.
        with TemporaryFile() as output:
            try:
                status = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd="/",
                    env={**_ENVIRONMENT, **(environ or {})},
                    start_new_session=True,
                    umask=0o077,
                    user=self.uid if self.differs else None,
                    group=self.gid if self.differs else None,
                    extra_groups=[] if self.differs else None,
                ).returncode
            except PermissionError as error:
                return 126, str(error)
            output.seek(0)
            return status, output.read().decode(errors="replace").strip()

    def can_enter(self, folder: Path) -> bool:
        """Tried, not computed: every parent, access list and mount has a say."""
        # Not cwd=: subprocess changes the directory before it changes the account.
        return not self.differs or self.run(["/bin/sh", "-c", 'cd "$0"', folder])[0] == 0

    def make_private_folder(self, folder: Path) -> None:
        """Make a folder that belongs to this account alone; refuse one that somebody else made."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if found.st_uid != self.uid or not folder.is_dir() or folder.is_symlink():
                raise CannotStart(
                    f"{folder} does not belong to the account of the database (uid {self.uid}):"
                    " start as the account that made it, or move it away."
                ) from None
        else:
            self.give(folder)

    def give(self, path: Path) -> None:
        """Make this account the owner, where we are another."""
        if self.differs:
            os.chown(path, self.uid, self.gid)


def account_for(existing: Path) -> Account:
    """The account for a server whose data is, or will be, the folder `existing`.

    Root keeps the owner that the data already has, so that an account installed later, or a first
    start without root, does not lock us out.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), differs=False)
    if existing.exists() and (found := existing.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid, differs=True)
    for name in _PREFERRED:
        try:
            entry = pwd.getpwnam(name)  # initdb looks its own account up: it must have an entry
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, differs=True)
    raise CannotStart(
        "PostgreSQL does not run as root and this machine has neither an account `postgres` nor"
        " `nobody`: start as an ordinary user."
    )


def make_shared_folder(folder: Path, account: Account) -> None:
    """Make a missing folder that we own and `account` may pass through, and nobody else."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if account.differs:
        os.chown(folder, -1, account.gid)
        folder.chmod(0o710)
