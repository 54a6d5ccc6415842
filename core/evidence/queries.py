"""Reads of evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch
from core.reference import Ref


@dataclass(frozen=True)
class Record:
    """A piece of evidence and the purposes that it has served."""

    id: int
    kind: str
    recorded_at: datetime
    recorded_by: int | None
    purposes: tuple[str, ...]


async def evidence_of(subject: Ref, *, kinds: Sequence[str] | None = None, limit: int = 100) -> list[Record]:
    """What is on record about a thing, oldest first."""
    rows = await fetch(
        """
        select e.id, e.kind, e.recorded_at, e.recorded_by,
            array(select u.purpose from evidence_use u where u.evidence = e.id order by u.id) as purposes
        from evidence e
        where e.subject_kind = $1 and e.subject_id = $2 and ($3::text[] is null or e.kind = any($3))
        order by e.id limit $4""",
        *subject,
        None if kinds is None else list(kinds),
        limit,
    )
    return [Record(**{**dict(row), "purposes": tuple(row["purposes"])}) for row in rows]
