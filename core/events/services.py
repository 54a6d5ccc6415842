"""The verbs of events: record one, deliver one."""

import json
from typing import Any

import msgspec

from core import clock, plugins
from core.database import current_unit
from core.jobs.services import add_job, ring_after_commit
from core.reference import Ref
from core.writing import Writer

DELIVER = "core.deliver_event"


_WRITER = Writer("event_write", lambda events: (events, DELIVER))


def record_event(name: str, subject: Ref, **facts: Any) -> None:
    """Say that `name` (a hook) happened to `subject`, whose row the caller has locked.

    One event row, one delivery and one job per subscribed plugin, in the caller's unit of work.
    """
    if set(facts) != plugins.arguments(name):
        raise TypeError(f"{name} takes {sorted(plugins.arguments(name))}, not {sorted(facts)}")
    unit = current_unit()
    subscribers = plugins.subscribers(name)
    unit.collect(_WRITER, (clock.now(), name, *subject, msgspec.json.encode(facts).decode(), subscribers))
    if subscribers:
        ring_after_commit(unit)


async def deliver_event(delivery_id: int) -> None:
    """Call the plugin with the event, in the unit of work of the job that asks for it.

    An earlier event of the same subject that this plugin has not had yet goes first: this one then
    returns, and is asked for again when the earlier one is through. A plugin that is off gets its
    events when it is on again (`resume_deliveries`).
    """
    connection = current_unit().connection
    row = await connection.fetchrow(
        "select d.plugin, d.subject_kind, d.subject_id, e.name, e.facts"
        " from event_delivery d join event e on e.id = d.event"
        " where d.id = $1 and d.state = 'waiting' for update of d",
        delivery_id,
    )
    if row is None or not plugins.is_enabled(row["plugin"]):
        return
    await _queue_up(row)
    if await _waits_for_earlier(delivery_id, row):
        return
    await plugins.deliver(row["name"], row["plugin"], json.loads(row["facts"]))
    await connection.execute(
        "update event_delivery set state = 'done', finished_at = $2 where id = $1",
        delivery_id,
        clock.now(),
    )
    await _ask_for_next(delivery_id, row)


async def _queue_up(row: Any) -> None:
    """Wait until an earlier event of the subject is through: its COMMIT is what we look for."""
    await current_unit().connection.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))",
        f"{row['plugin']} {row['subject_kind']}:{row['subject_id']}",
    )


async def resume_deliveries() -> None:
    """Ask again for the first waiting event of each subject, for every enabled plugin.

    Called by `yiji migrate`, so at every `yiji up`: a plugin switched on again gets what it missed.
    """
    connection = current_unit().connection
    rows = await connection.fetch(
        "select plugin, min(id) as id from event_delivery where state = 'waiting'"
        " group by plugin, subject_kind, subject_id"
    )
    for row in rows:
        if plugins.is_enabled(row["plugin"]):
            add_job(DELIVER, {"delivery_id": row["id"]})


async def _waits_for_earlier(delivery_id: int, row: Any) -> bool:
    return bool(
        await current_unit().connection.fetchval(
            "select exists (select from event_delivery where plugin = $1 and subject_kind = $2"
            " and subject_id = $3 and state = 'waiting' and id < $4)",
            row["plugin"],
            row["subject_kind"],
            row["subject_id"],
            delivery_id,
        )
    )


async def _ask_for_next(delivery_id: int, row: Any) -> None:
    next_id = await current_unit().connection.fetchval(
        "select min(id) from event_delivery where plugin = $1 and subject_kind = $2"
        " and subject_id = $3 and state = 'waiting' and id > $4",
        row["plugin"],
        row["subject_kind"],
        row["subject_id"],
        delivery_id,
    )
    if next_id is not None:
        add_job(DELIVER, {"delivery_id": next_id})
