"""The verbs of events: record one, deliver one; an operator's: repeat one, skip one."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
import msgspec

from core import clock, plugins
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.events import queries
from core.events.errors import DeliverySettled, DeliveryUnderWay, PluginIsOff
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
        "select pg_advisory_xact_lock(hashtextextended($1, 0))", _queue_of(row)
    )


def _queue_of(row: Any) -> str:
    return f"{row['plugin']} {row['subject_kind']}:{row['subject_id']}"


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


async def repeat_delivery(delivery_id: int, *, actor_id: int) -> None:
    """Ask anew for a delivery that was given up; nothing happens if it is asked for already.

    Raises DeliveryNotFound, DeliverySettled, DeliveryUnderWay, PluginIsOff.
    """
    async with unit_of_work():
        row = await _lock_waiting(delivery_id)
        if not plugins.is_enabled(row["plugin"]):
            raise PluginIsOff
        if (await queries.delivery(delivery_id)).kind != queries.STUCK:
            return
        add_job(DELIVER, {"delivery_id": delivery_id})
        record_audit("delivery.repeated", Ref("delivery", delivery_id), actor_id=actor_id)


async def skip_delivery(delivery_id: int, *, reason: str, actor_id: int) -> None:
    """Let the plugin never have this event, and go on with the next of its subject.

    The reason stays on the row. Raises DeliveryNotFound, DeliverySettled, DeliveryUnderWay.
    """
    async with unit_of_work() as unit:
        row = await _lock_waiting(delivery_id)
        await unit.connection.execute(
            "update event_delivery set state = 'skipped', finished_at = $2, note = $3 where id = $1",
            delivery_id,
            clock.now(),
            reason,
        )
        await _ask_for_next(delivery_id, row)
        record_audit("delivery.skipped", Ref("delivery", delivery_id), actor_id=actor_id)


async def _lock_waiting(delivery_id: int) -> Any:
    """Its row and the queue of its subject, or at once a refusal: a plugin may be at it for minutes."""
    connection = current_unit().connection
    await queries.delivery(delivery_id)
    try:
        row = await connection.fetchrow(
            "select plugin, subject_kind, subject_id from event_delivery"
            " where id = $1 and state = 'waiting' for update nowait",
            delivery_id,
        )
    except asyncpg.LockNotAvailableError:
        raise DeliveryUnderWay from None
    if row is None:
        raise DeliverySettled
    if not await connection.fetchval(
        "select pg_try_advisory_xact_lock(hashtextextended($1, 0))", _queue_of(row)
    ):
        raise DeliveryUnderWay
    return row


async def sweep_delivered(*, older_than: timedelta, limit: int) -> int:
    """Delete up to `limit` receipts of long ago, the oldest first; the events themselves stay."""
    rows = await current_unit().connection.fetch(
        "delete from event_delivery where id in (select id from event_delivery where state = 'done'"
        " and finished_at < $1 order by finished_at limit $2 for update skip locked) returning id",
        clock.now() - older_than,
        limit,
    )
    return len(rows)
