"""Reads of deliveries: which are stuck, which wait for a plugin that is off, and what waits behind them."""

from dataclasses import dataclass
from datetime import datetime

from core import plugins
from core.database import fetch
from core.events.errors import DeliveryNotFound
from core.reference import Ref

STUCK, OFF, WAITING, SKIPPED, DONE = "stuck", "off", "waiting", "skipped", "done"
KINDS = (STUCK, OFF, WAITING, SKIPPED, DONE)
BEHIND_MOST = 1000


@dataclass(frozen=True)
class DeliveryView:
    """One event on its way to one plugin. `kind` is one of KINDS; `behind` later events wait for it."""

    id: int
    plugin: str
    subject: Ref
    event: str
    happened_at: datetime
    finished_at: datetime | None
    kind: str
    note: str
    job_id: int | None
    error: str | None
    attempts: int
    behind: int


# The job that was asked for last decides how things stand: an older one may have failed.
_DELIVERIES = f"""
select d.id, d.plugin, d.subject_kind, d.subject_id, d.state, d.note, d.finished_at, e.name as event,
    e.happened_at, j.id as job_id, j.state as job_state, j.error, coalesce(j.attempts, 0) as attempts,
    case when d.state = 'waiting' then (
        select count(*) from (
            select from event_delivery later where later.plugin = d.plugin and later.state = 'waiting'
                and later.subject_kind = d.subject_kind and later.subject_id = d.subject_id
                and later.id > d.id limit {BEHIND_MOST}) n) else 0 end as behind
from event_delivery d
join event e on e.id = d.event
left join lateral (
    select id, state, error, attempts from job
    where name = 'core.deliver_event' and (args->>'delivery_id')::bigint = d.id
    order by id desc limit 1) j on true"""

_GIVEN_UP = "('failed', 'cancelled')"
_WHERE = {
    # From the few jobs that were given up, not from all deliveries that wait.
    STUCK: f"""d.state = 'waiting' and d.plugin = any($1) and d.id in (
        select (args->>'delivery_id')::bigint from job
        where name = 'core.deliver_event' and state in {_GIVEN_UP}) and j.state in {_GIVEN_UP}""",
    OFF: "d.state = 'waiting' and d.plugin <> all($1)",
    WAITING: "d.state = 'waiting' and d.plugin = any($1)",
    SKIPPED: "d.state = 'skipped' and $1 is not null",
    DONE: "d.state = 'done' and $1 is not null",
}


async def deliveries(kind: str, *, before_id: int | None, limit: int) -> list[DeliveryView]:
    """Deliveries of a kind, newest first, older than `before_id`.

    OFF: of a plugin that is switched off or gone; WAITING: of the others, stuck ones among them.
    """
    rows = await fetch(
        f"{_DELIVERIES} where {_WHERE[kind].replace('$1', '$1::text[]')}"
        " and ($2::bigint is null or d.id < $2) order by d.id desc limit $3",
        [name for name in plugins.installed() if plugins.is_enabled(name)],
        before_id,
        limit,
    )
    return [_view(row) for row in rows]


async def delivery(delivery_id: int) -> DeliveryView:
    """One delivery; raises DeliveryNotFound."""
    rows = await fetch(f"{_DELIVERIES} where d.id = $1", delivery_id)
    if not rows:
        raise DeliveryNotFound
    return _view(rows[0])


def _view(row: object) -> DeliveryView:
    values = dict(row)  # type: ignore[call-overload]
    state, job_state = values.pop("state"), values.pop("job_state")
    kind = state
    if state == WAITING and not plugins.is_enabled(values["plugin"]):
        kind = OFF
    elif state == WAITING and job_state in ("failed", "cancelled"):
        kind = STUCK
    return DeliveryView(
        subject=Ref(values.pop("subject_kind"), values.pop("subject_id")), kind=kind, **values
    )
