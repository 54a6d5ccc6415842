"""Reads of the inbox."""

import json
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_value


@dataclass(frozen=True)
class Notice:
    """A notice as stored: messages and what fills them."""

    id: int
    title: str
    body: str
    params: dict[str, str | int]
    path: str
    created_at: datetime
    read_at: datetime | None


async def inbox(person_id: int, *, before_id: int | None, limit: int) -> list[Notice]:
    """The person's notices, newest first, older than `before_id` if given."""
    rows = await fetch(
        "select id, title, body, params, path, created_at, read_at from notification"
        " where person = $1 and ($2::bigint is null or id < $2) order by id desc limit $3",
        person_id,
        before_id,
        limit,
    )
    return [Notice(**{**dict(row), "params": json.loads(row["params"])}) for row in rows]


async def unread(person_id: int) -> int:
    """How many notices the person has not seen."""
    return int(
        await fetch_value(
            "select count(*) from notification where person = $1 and read_at is null", person_id
        )
    )
