"""The verbs of notifications: here the inbox; beside it what goes outside, and what a person wants."""

import json
from collections.abc import Sequence

from core import clock, plugins
from core.database import current_unit, unit_of_work
from core.jobs.services import add_job
from core.notifications import rules
from core.notifications.services.sending import ask_for_messages

DELIVER = "core.deliver_notice"
DELETE_OLD = "core.delete_old_notices"
_BATCH = 5000


def notify(
    person_id: int,
    *,
    title: str,
    body: str,
    path: str = "",
    category: str = "",
    urgent: bool = False,
    **params: str | int,
) -> None:
    """Tell a person something: a job row in the caller's unit of work.

    `title` and `body` are catalogue messages; `params` fill the body's places, name no third person,
    and are translated too where they are messages. `category` is a plugin's name, by default the one
    whose page `path` is; `urgent` passes quiet hours and digests. ValueError for an unknown category.
    """
    if category and category not in plugins.installed():
        raise ValueError(f"notices of {category!r}: no such plugin")
    add_job(
        DELIVER,
        {
            "person_id": person_id,
            "title": title,
            "body": body,
            "path": path,
            "category": category or rules.category_of(path, set(plugins.installed())),
            "urgent": urgent,
            "params": params,
        },
    )


async def deliver_notice(
    person_id: int,
    title: str,
    body: str,
    path: str,
    params: dict[str, str | int],
    category: str = rules.CORE,
    urgent: bool = False,
) -> None:
    """Put the notice into the inbox and ask for its messages, in the unit of work of its job."""
    notice_id = await current_unit().connection.fetchval(
        "insert into notification (person, title, body, params, path, category, urgent, created_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        person_id,
        title,
        body,
        json.dumps(params, ensure_ascii=False),
        path,
        category,
        urgent,
        clock.now(),
    )
    await ask_for_messages(person_id, notice_id, category=category, urgent=urgent)


# The count on the person moves with the rows, in one statement.
_READ = """
with seen as (
    update notification set read_at = $2 where person = $1 and read_at is null and {which} returning 1)
update person set unread = unread - (select count(*) from seen)
where id = $1 and exists (select from seen)"""


async def mark_read(person_id: int, notice_ids: Sequence[int]) -> None:
    """The person has seen these notices."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            _READ.format(which="id = any($3)"), person_id, clock.now(), list(notice_ids)
        )


async def mark_all_read(person_id: int) -> None:
    """The person has seen whatever there is."""
    async with unit_of_work() as unit:
        await unit.connection.execute(_READ.format(which="true"), person_id, clock.now())


async def delete_old_notices() -> None:
    """Delete what was read half a year ago, with its messages, some thousands at a time."""
    async with unit_of_work() as unit:
        deleted = await unit.connection.fetch(
            "delete from notification where id in"
            " (select id from notification where read_at < $1 order by read_at limit $2) returning 1",
            clock.now() - rules.KEPT,
            _BATCH,
        )
        if len(deleted) == _BATCH:
            add_job(DELETE_OLD, {})
