"""The verbs of notifications."""

import json
from collections.abc import Sequence

from core import clock
from core.database import current_unit, unit_of_work
from core.jobs.services import add_job

DELIVER = "core.deliver_notice"


def notify(person_id: int, *, title: str, body: str, path: str = "", **params: str | int) -> None:
    """Tell a person something: a job row in the caller's unit of work.

    `title` and `body` are catalogue messages; `params` fill their places and name no third person.
    """
    add_job(
        DELIVER,
        {"person_id": person_id, "title": title, "body": body, "path": path, "params": params},
    )


async def deliver_notice(
    person_id: int, title: str, body: str, path: str, params: dict[str, str | int]
) -> None:
    """Put the notice into the inbox, in the unit of work of the job that asks for it."""
    await current_unit().connection.execute(
        "insert into notification (person, title, body, params, path, created_at)"
        " values ($1, $2, $3, $4, $5, $6)",
        person_id,
        title,
        body,
        json.dumps(params, ensure_ascii=False),
        path,
        clock.now(),
    )


async def mark_read(person_id: int, notice_ids: Sequence[int]) -> None:
    """The person has seen these notices."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update notification set read_at = $2 where person = $1 and read_at is null and id = any($3)",
            person_id,
            clock.now(),
            list(notice_ids),
        )
