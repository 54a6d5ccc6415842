"""The data folder: is it ours, can we use it, and where does its database live.

A marker file says that the folder is ours, in which format, and of which PostgreSQL major the data
is. The database is inside the folder, except where root started us and the account of the server
may not pass through a parent: then it is below /var/lib, and a note in the folder says so.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from core.embedded import binaries
from core.embedded.account import Account, account_for, make_shared_folder
from core.embedded.errors import CannotStart

FORMAT = 1
MARKER = "yiji.json"
NOTE = "WHERE-IS-THE-DATABASE.txt"
OUTSIDE = Path("/var/lib/yiji")
_INSIDE = "postgres"
_LOCK = "yiji.lock"
# What may be there before the marker is; each as a pattern. A fresh volume has lost+found.
_OURS = (
    "secret",
    "secret.*",
    "encryption-key",
    "encryption-key.*",
    "templates-passed",
    "up.lock",
    _LOCK,
    f"{MARKER}.*",
    "lost+found",
)


@dataclass(frozen=True)
class Marker:
    """The marker's content. Major and place are unknown until a local database is asked for."""

    format: int = FORMAT
    postgres_major: int | None = None
    cluster: str | None = None  # relative to the data folder, or absolute


def claim(data: Path) -> None:
    """Make the folder ours, or raise CannotStart. Enough where the database is elsewhere."""
    with _refusing(data):
        _claim(data)


def prepare(data: Path) -> Path:
    """Claim the folder and return the root for its `Cluster`; raises CannotStart."""
    with _refusing(data):
        _claim(data)
        with _locked(data):
            marker = _read(data)
            major = binaries.major(binaries.find())
            root = data / (marker.cluster or _choose_place(data))
            _check_major(data, _major_of(root, marker) or major, major)
            if (marker.postgres_major, marker.cluster) != (major, str(_relative(root, data))):
                # Written before the database is made, so that the place is never forgotten.
                _write(data, Marker(FORMAT, major, str(_relative(root, data))))
    return root


@contextlib.contextmanager
def _refusing(data: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotStart(
            f"The data folder {data} cannot be used ({error.strerror or error}): choose another"
            " with --data or YIJI_DATA, or change its owner."
        ) from error


def _claim(data: Path) -> None:
    make_shared_folder(data, account_for(data / _INSIDE / "pgdata"))
    with tempfile.TemporaryFile(dir=data):  # tried: root passes every permission check
        pass
    if (data / MARKER).exists():
        _check_format(data, _read(data))
        return
    strangers = [p.name for p in data.iterdir() if not any(p.match(ours) for ours in _OURS)]
    if strangers:
        raise CannotStart(
            f"{data} holds files that are not ours, such as {min(strangers)!r}: choose an empty or"
            " a new folder with --data or YIJI_DATA."
        )
    with _locked(data):
        if not (data / MARKER).exists():
            _write(data, Marker())


def _check_format(data: Path, marker: Marker) -> None:
    if marker.format > FORMAT:
        raise CannotStart(
            f"{data} was written by a newer version of this program (format {marker.format}, we"
            f" know {FORMAT}): install that version or a later one."
        )


def _check_major(data: Path, found: int, installed: int) -> None:
    if found != installed:
        raise CannotStart(
            f"The database of {data} is of PostgreSQL {found}, but PostgreSQL {installed} is"
            f" installed: install version {found}, or dump it with {found} and load it into a new"
            f" folder with {installed}."
        )


def _major_of(root: Path, marker: Marker) -> int | None:
    """The data's own word counts before the marker's."""
    try:
        return int((root / "pgdata" / "PG_VERSION").read_text())
    except FileNotFoundError:
        return marker.postgres_major


def _choose_place(data: Path) -> str:
    """Inside the folder if the server's account gets there, else outside; never another's data."""
    account = account_for(data / _INSIDE / "pgdata")
    if account.can_enter(data):
        return _INSIDE
    if not OUTSIDE.exists():
        OUTSIDE.mkdir(parents=True)
        OUTSIDE.chmod(0o755)
    name = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    # A folder of that name was left by a data folder that was deleted: its data is not ours.
    number = 1
    place = OUTSIDE / name
    while place.exists():
        number += 1
        place = OUTSIDE / f"{name}-{number}"
    _write_note(data, place, account)
    return str(place)


def _write_note(data: Path, place: Path, account: Account) -> None:
    (data / NOTE).write_text(
        f"数据库不在本文件夹内，而在 {place} 。\n"
        f"原因：本程序由 root 启动，数据库以账号 uid {account.uid} 运行，该账号无法进入本文件夹。\n"
        "备份或删除时请一并处理该目录。\n\n"
        f"The database is not in this folder but in {place},\n"
        f"because root started the program and the database runs as uid {account.uid}, which may\n"
        "not enter this folder. Back up and delete both together.\n"
    )


def _relative(root: Path, data: Path) -> Path:
    """Inside, the place is kept relative: the folder may be moved."""
    return root.relative_to(data) if root.is_relative_to(data) else root


def _read(data: Path) -> Marker:
    try:
        found = json.loads((data / MARKER).read_text())
        known = {field.name for field in fields(Marker)}
        marker = Marker(**{name: value for name, value in found.items() if name in known})
        if type(marker.format) is not int:
            raise TypeError(marker.format)
    except (ValueError, TypeError, AttributeError):
        raise CannotStart(
            f"{data / MARKER} is damaged: restore it, or choose another folder with --data or YIJI_DATA."
        ) from None
    return marker


def _write(data: Path, marker: Marker) -> None:
    draft = data / f"{MARKER}.{os.getpid()}"
    with draft.open("w") as file:
        json.dump(asdict(marker), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(data / MARKER)


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    """Commands of the product may prepare the same folder at once."""
    descriptor = os.open(data / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
