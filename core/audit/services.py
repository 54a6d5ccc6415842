"""The verbs of audit: record what was done, take a row to another state, record who searched, seal."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from core import clock
from core.audit import queries
from core.audit.rules import Search, chained, check_days
from core.database import current_unit, fetch_row, unit_of_work
from core.reference import PLATFORM, Ref
from core.settled import settled_id
from core.workflow import Workflow
from core.writing import Writer

SEAL, EXPORT = "core.seal_audit", "core.export_audit"
SEARCHED = "audit.searched"
SEALED_AT_ONCE = 10_000
_SEALS_A_RUN = 20
_SAME_SEARCH = timedelta(minutes=1)

_WRITER = Writer("audit_write", lambda events: (events,))


def record_audit(action: str, subject: Ref, *, actor_id: int | None, **facts: Any) -> None:
    """Add an audit event to the caller's unit of work. `facts`: ids, numbers and states only."""
    event = (clock.now(), actor_id, action, *subject, msgspec.json.encode(facts).decode())
    current_unit().collect(_WRITER, event)


async def advance(
    workflow: Workflow,
    code: str,
    row_id: int,
    *,
    actor_id: int | None,
    facts: dict[str, Any] | None = None,
    **columns: Any,
) -> bool:
    """Take a row through a transition in the caller's unit of work: one update, one audit event.

    `columns` are set along with the state, `facts` go into the event. False: the row is in none of the
    states from which the transition leads; nothing was changed.
    """
    moved = await advance_many(workflow, code, [row_id], actor_id=actor_id, facts=facts, **columns)
    return bool(moved)


async def advance_many(
    workflow: Workflow,
    code: str,
    row_ids: Sequence[int],
    *,
    actor_id: int | None,
    facts: dict[str, Any] | None = None,
    **columns: Any,
) -> list[int]:
    """The same for many rows at once; the ids of those that were taken along."""
    transition = workflow.transition(code)
    along = "".join(f", {column} = ${number}" for number, column in enumerate(columns, 4))
    moved = await current_unit().connection.fetch(
        f"update {workflow.table} set state = $2{along} where id = any($1) and state = any($3) returning id",
        list(row_ids),
        transition.target,
        list(transition.sources),
        *columns.values(),
    )
    ids = sorted(row["id"] for row in moved)
    for row_id in ids:
        record_audit(code, Ref(workflow.code, row_id), actor_id=actor_id, **(facts or {}))
    return ids


@dataclass(frozen=True)
class Step:
    """A row's own transition: `facts` go into its event, `values` into the columns that all rows set."""

    row_id: int
    code: str
    facts: dict[str, Any]
    values: tuple[Any, ...]


async def advance_each(
    workflow: Workflow, steps: Sequence[Step], *, actor_id: int | None, columns: Mapping[str, str]
) -> list[int]:
    """Each row through a transition of its own, all in one update; the ids of those that were taken along.

    `columns`: the columns that `values` are for, with their types in the database.
    """
    if not steps:
        return []
    names = "".join(f", {column}" for column in columns)
    places = "".join(f", ${number}::{kind}[]" for number, kind in enumerate(columns.values(), 4))
    transitions = {code: workflow.transition(code) for code in {step.code for step in steps}}
    moved = await current_unit().connection.fetch(
        f"update {workflow.table} t set state = n.target"
        + "".join(f", {column} = n.{column}" for column in columns)
        + f" from unnest($1::bigint[], $2::text[], $3::text[]{places}) as n (id, target, sources{names})"
        " where t.id = n.id and t.state = any(string_to_array(n.sources, ',')) returning t.id",
        [step.row_id for step in steps],
        [transitions[step.code].target for step in steps],
        [",".join(transitions[step.code].sources) for step in steps],
        *([step.values[n] for step in steps] for n in range(len(columns))),
    )
    ids = {row["id"] for row in moved}
    for step in steps:
        if step.row_id in ids:
            record_audit(step.code, Ref(workflow.code, step.row_id), actor_id=actor_id, **step.facts)
    return sorted(ids)


async def record_search(search: Search, *, actor_id: int) -> None:
    """Whoever reads the record is on record; the next page of the same search within a minute is not.

    Raises DayOutOfRange, DaysReversed.
    """
    check_days(search)
    facts, now = {"search": search.facts()}, clock.now()
    async with unit_of_work():
        again = await fetch_row(
            "select from audit_event where actor_id = $1 and happened_at > $2 and action = $3"
            " and facts = $4::jsonb limit 1",
            actor_id,
            now - _SAME_SEARCH,
            SEARCHED,
            json.dumps(facts),
        )
        if again is None:
            record_audit(SEARCHED, PLATFORM, actor_id=actor_id, **facts)


async def seal() -> int:
    """Chain the events since the last seal, in the caller's unit of work; returns how many.

    What is not yet safe to seal, or too much for one run, is left to the next.
    """
    upto_id = await settled_id("audit_event")
    sealed = 0
    for _ in range(_SEALS_A_RUN):
        count = await _seal_next(upto_id)
        sealed += count
        if count < SEALED_AT_ONCE:
            break
    return sealed


async def _seal_next(upto_id: int) -> int:
    connection = current_unit().connection
    last = await connection.fetchrow("select upto_id, digest from audit_seal order by upto_id desc limit 1")
    after_id, previous = (last["upto_id"], last["digest"]) if last else (0, b"")
    end_id = await connection.fetchval(
        "select max(id) from (select id from audit_event where id > $1 and id <= $2 order by id limit $3) n",
        after_id,
        upto_id,
        SEALED_AT_ONCE,
    )
    if end_id is None:
        return 0
    count, digest = await queries.rows_digest(after_id, end_id)
    await connection.execute(
        "insert into audit_seal (upto_id, events, digest, previous, sealed_at) values ($1, $2, $3, $4, $5)",
        end_id,
        count,
        chained(previous, count, digest),
        previous,
        clock.now(),
    )
    return count
