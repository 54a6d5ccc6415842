"""A PostgreSQL server of our own: started by the first process that needs it, stopped by the last.

Two locks make that safe for any number of processes; the kernel drops them when a process is
killed. `start.lock` is held exclusively while somebody starts or stops the server; `users.lock` is
held shared for as long as a process uses it.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from core.embedded import binaries, setup
from core.embedded.account import Account, account_for, make_shared_folder
from core.embedded.errors import CannotStart
from core.embedded.postmaster import PORT, Postmaster, options

DATABASE = "yiji"
_START_WITHIN_S = 60  # recovery after a crash can take its time
_LONGEST_SOCKET_FOLDER = 88  # bytes; the system allows 107 for the whole path of a socket


class Cluster:
    """The server whose files are below `root`, which the server's account must be able to reach.

    `test` gives up durability for speed: never for data that matters.
    """

    def __init__(self, root: Path, *, test: bool = False) -> None:
        self.root = root.resolve()
        self.test = test
        self.pgdata = self.root / "pgdata"
        self.sockets = _socket_folder(self.root)
        self._postmaster = Postmaster(self.pgdata, self.sockets)
        self._users: int | None = None  # descriptor of users.lock while we use the server

    def ensure(self) -> str:
        """Start the server, or attach to it; returns the DSN of the product's database.

        Safe from any number of processes at once, and again after the server died.
        """
        try:
            account = account_for(self.pgdata)
            make_shared_folder(self.root, account)
            with self._start_lock():
                self._join_users()
                password = setup.password(self.root)
                if not self._postmaster.is_ready():
                    self._start(account)
                self._create_database(account, password)
        except (OSError, CannotStart) as error:
            with contextlib.suppress(OSError):
                self.release()  # a server that cannot be used must not stay
            if isinstance(error, CannotStart):
                raise
            raise CannotStart(
                f"The database in {self.root} cannot be started ({error}): check who owns the"
                " folder and whether the disk is full."
            ) from error
        return self._dsn(password)

    def release(self, mode: str = "fast") -> None:
        """Say that this process needs the server no more. The last one out stops it.

        `mode` is PostgreSQL's: smart (waits for clients), fast or immediate (as in a crash).
        """
        if self._users is None:
            return
        with self._start_lock():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still needs it
            else:
                self._postmaster.stop(mode)
            os.close(self._users)
            self._users = None

    def is_alive(self) -> bool:
        """Whether the server process is there, at the cost of reading two small files."""
        return self._postmaster.is_alive()

    @contextlib.contextmanager
    def _start_lock(self) -> Iterator[None]:
        descriptor = _open_lock(self.root / "start.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _join_users(self) -> None:
        if self._users is None:
            self._users = _open_lock(self.root / "users.lock")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def _start(self, account: Account) -> None:
        self._check_reach(account)
        bin_folder = binaries.runnable(binaries.find(), account, self.root)
        account.make_private_folder(self.sockets)
        if not self.pgdata.exists():
            self._database_note().unlink(missing_ok=True)
            setup.initialise(self.pgdata, account, bin_folder, test=self.test)
        settings = options(self.sockets, binaries.major(binaries.find()), test=self.test)
        deadline = time.monotonic() + _START_WITHIN_S
        while not self._postmaster.is_ready():
            if time.monotonic() > deadline:
                raise self._failure()
            if self._postmaster.is_alive():  # starting or stopping, whoever asked for it
                time.sleep(0.005)
            else:
                self._attempt(account, bin_folder, settings, deadline)

    def _check_reach(self, account: Account) -> None:
        if not account.can_enter(self.root):
            raise CannotStart(
                f"The database runs as uid {account.uid}, which may not enter {self.root}: choose"
                " a folder outside folders that are closed to other accounts."
            )
        if self.pgdata.exists() and self.pgdata.stat().st_uid != account.uid:
            raise CannotStart(
                f"{self.pgdata} belongs to uid {self.pgdata.stat().st_uid}: start as that account or as root."
            )

    def _attempt(self, account: Account, bin_folder: Path, settings: list[str], deadline: float) -> None:
        """One start, until the server is ready or has given up."""
        pid = self._postmaster.start(bin_folder, account, settings)
        while self._postmaster.is_ours(pid) and time.monotonic() < deadline:
            if self._postmaster.is_ready():
                return
            time.sleep(0.005)
        # Backends of a killed server leave within moments; until then a new one must not start.
        if "still in use" not in self._postmaster.last_words():
            raise self._failure()
        time.sleep(0.1)

    def _failure(self) -> CannotStart:
        return CannotStart(
            f"PostgreSQL did not start in {self.root}; see the end of {self._postmaster.log}:\n"
            f"{self._postmaster.last_words()}"
        )

    def _create_database(self, account: Account, password: str) -> None:
        if self._database_note().exists():
            return
        bin_folder = binaries.runnable(binaries.find(), account, self.root)
        target = ["-h", str(self.sockets), "-p", str(PORT), "-U", setup.USER, DATABASE]
        status, output = account.run([str(bin_folder / "createdb"), *target], {"PGPASSWORD": password})
        if status and "already exists" not in output:
            raise CannotStart(f"The database {DATABASE} could not be created: {output}")
        self._database_note().touch()

    def _database_note(self) -> Path:
        """Its presence spares a warm start from asking whether the database is there."""
        return self.root / f"database-{DATABASE}"

    def _dsn(self, password: str) -> str:
        host = quote(str(self.sockets))
        return f"postgresql://{setup.USER}:{password}@/{DATABASE}?host={host}&port={PORT}"


def _socket_folder(root: Path) -> Path:
    folder = root / "s"
    plain = re.fullmatch(r"[\w/.-]+", str(folder))  # a comma, say, would be a list of hosts
    if plain and len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER:
        return folder
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"yiji-{name}"


def _open_lock(path: Path) -> int:
    """A bare descriptor: closed on exec, and silent when a killed test forgets it."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
