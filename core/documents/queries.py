"""Reads of files: only ever one's own."""

from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.database import fetch
from core.documents.errors import FileNotFound

_COLUMNS = "id, job_id, name, media_type, length(content) as size, made_at, expires_at"


@dataclass(frozen=True)
class FileView:
    """A file without its content; `size` in bytes."""

    id: int
    job_id: int | None
    name: str
    media_type: str
    size: int
    made_at: datetime
    expires_at: datetime


async def files(owner_id: int, *, limit: int) -> list[FileView]:
    """The person's files that are still there, newest first."""
    rows = await fetch(
        f"select {_COLUMNS} from stored_file where owner_id = $1 and expires_at > $2"
        " order by id desc limit $3",
        owner_id,
        clock.now(),
        limit,
    )
    return [FileView(**dict(row)) for row in rows]


async def file_of_job(job_id: int, owner_id: int) -> FileView | None:
    """What a job made for the person; None before it is done, and after its time is over."""
    rows = await fetch(
        f"select {_COLUMNS} from stored_file where owner_id = $1 and job_id = $2 and expires_at > $3"
        " order by id desc limit 1",
        owner_id,
        job_id,
        clock.now(),
    )
    return FileView(**dict(rows[0])) if rows else None


async def file(file_id: int, owner_id: int) -> FileView | None:
    """A file of the person; None after its time is over."""
    rows = await fetch(
        f"select {_COLUMNS} from stored_file where id = $1 and owner_id = $2 and expires_at > $3",
        file_id,
        owner_id,
        clock.now(),
    )
    return FileView(**dict(rows[0])) if rows else None


async def content(file_id: int, owner_id: int) -> tuple[FileView, bytes]:
    """A file of the person, with what is in it; raises FileNotFound."""
    rows = await fetch(
        f"select {_COLUMNS}, content from stored_file where id = $1 and owner_id = $2 and expires_at > $3",
        file_id,
        owner_id,
        clock.now(),
    )
    if not rows:
        raise FileNotFound
    values = dict(rows[0])
    body: bytes = values.pop("content")
    return FileView(**values), body
