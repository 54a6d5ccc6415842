"""Reads of files: what there is about a thing, and who may see one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core import plugins
from core.database import fetch, fetch_row
from core.files.errors import UploadNotFound
from core.people.rules import Actor
from core.reference import Ref

_COLUMNS = """
select f.id, f.name, c.media_type, length(c.content) as size_bytes, c.small is not null as is_picture,
    encode(c.digest, 'hex') as digest
from file f join file_content c on c.id = f.content"""


@dataclass(frozen=True)
class FileName:
    """A file without its content. `digest`: SHA-256 of what is in it, as hex digits."""

    id: int
    name: str
    media_type: str
    size_bytes: int
    is_picture: bool
    digest: str


async def files_of(subject: Ref, *, limit: int = 20) -> list[FileName]:
    """What was sent about a thing, oldest first. Whether the reader may see it, the caller knows."""
    rows = await fetch(
        f"{_COLUMNS} where f.subject_kind = $1 and f.subject_id = $2 order by f.id limit $3", *subject, limit
    )
    return [FileName(**dict(row)) for row in rows]


async def files_of_many(kind: str, ids: Sequence[int], *, each: int = 4) -> dict[int, list[FileName]]:
    """The first `each` files of each of several things of one kind."""
    rows = await fetch(
        f"""select wanted.id as subject_id, found.* from unnest($2::bigint[]) wanted(id)
        cross join lateral (
            {_COLUMNS} where f.subject_kind = $1 and f.subject_id = wanted.id order by f.id limit $3) found
        order by wanted.id, found.id""",
        kind,
        list(ids),
        each,
    )
    found: dict[int, list[FileName]] = {}
    for row in rows:
        values = dict(row)
        found.setdefault(values.pop("subject_id"), []).append(FileName(**values))
    return found


async def same_content(file_id: int, *, limit: int = 10) -> list[Ref]:
    """Other things about which the very same content was sent: one photo for two claims, say."""
    rows = await fetch(
        "select distinct o.subject_kind, o.subject_id from file f join file o on o.content = f.content"
        " where f.id = $1 and (o.subject_kind, o.subject_id) <> (f.subject_kind, f.subject_id)"
        " order by 1, 2 limit $2",
        file_id,
        limit,
    )
    return [Ref(row["subject_kind"], row["subject_id"]) for row in rows]


async def content(
    file_id: int, actor: Actor | None, *, size: Literal["content", "small"] = "content"
) -> tuple[str, str, bytes]:
    """(name, media type, bytes) for whoever may see it; raises UploadNotFound.

    Public files are for everybody. Others are for the sender, and for whom the plugin of the thing that
    they are about names (`decide_file_access`).
    """
    row = await fetch_row(
        f"select f.name, f.subject_kind, f.subject_id, f.is_public, f.uploaded_by, c.media_type, c.{size}"
        " as content from file f join file_content c on c.id = f.content where f.id = $1",
        file_id,
    )
    if row is None or row["content"] is None or not await _may_see(row, actor):
        raise UploadNotFound
    return row["name"], row["media_type"], row["content"]


async def _may_see(row: dict[str, object], actor: Actor | None) -> bool:
    if row["is_public"]:
        return True
    if actor is None:
        return False
    if row["uploaded_by"] == actor.person_id:
        return True
    facts = {"subject_kind": row["subject_kind"], "subject_id": row["subject_id"]}
    return bool(await plugins.decide("decide_file_access", actor=actor, **facts))
