"""Reads of the record: a page of a search, how many it finds, the newest seal, and what breaks one."""

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import clock, plugins
from core.audit.rules import Search, chained
from core.database import distinct, fetch, fetch_row, fetch_value
from core.manifest import AuditAction, Difference
from core.reference import Ref
from core.workflow import Workflow


@dataclass(frozen=True)
class Happened:
    """One audit event. `actor_id` None: the system did it."""

    id: int
    happened_at: datetime
    actor_id: int | None
    action: str
    subject: Ref
    facts: dict[str, Any]


@dataclass(frozen=True)
class Seal:
    """The newest seal; whoever writes its digest down can tell later that nothing before it changed."""

    upto_id: int
    sealed_at: datetime
    digest: str


@functools.cache
def _titles() -> dict[str, str]:
    flows: list[Workflow] = plugins.contributions("register_workflows")
    actions: list[AuditAction] = plugins.contributions("register_audit_actions")
    return {step.code: step.title for flow in flows for step in flow.transitions} | {
        action.code: action.title for action in actions
    }


def action_title(code: str) -> str:
    """What an action means, to be translated: its own words or its transition's; "" where there are none."""
    return _titles().get(code, "")


async def events(search: Search, *, before: tuple[datetime, int] | None, limit: int) -> list[Happened]:
    """Events that match, newest first, older than `before`. A page asks indexes, never the table."""
    sql, args = await _found(search, before=before, limit=limit)
    rows = await fetch(f"{sql} order by happened_at desc, id desc limit {limit:d}", *args)
    return [
        Happened(
            id=row["id"],
            happened_at=row["happened_at"],
            actor_id=row["actor_id"],
            action=row["action"],
            subject=Ref(row["subject_kind"], row["subject_id"]),
            facts=json.loads(row["facts"]),
        )
        for row in rows
    ]


async def count(search: Search, *, most: int) -> int:
    """How many events match, counted up to `most`."""
    sql, args = await _found(search, before=None, limit=most)
    return int(await fetch_value(f"select count(*) from (select from ({sql}) e limit {most:d}) n", *args))


async def _found(search: Search, *, before: tuple[datetime, int] | None, limit: int) -> tuple[str, list[Any]]:
    """SQL for the matching rows. What begins no index is looked up under each value of what does."""
    args: list[Any] = []
    conditions = list(_conditions(search, before, args))
    is_narrow = bool(search.subject_kind) or search.actor_id is not None
    if search.action and (is_narrow or search.subject_id is not None):
        args.append(search.action)
        conditions.append(f"starts_with(action, ${len(args)})")
    where = " and ".join(conditions) or "true"
    if search.subject_id is not None and not is_narrow:
        args.append(await _known("subject_kind"))
        return _under_each("subject_kind", where, len(args), limit), args
    if search.action and not is_narrow:
        args.append([code for code in await _known("action") if code.startswith(search.action)])
        return _under_each("action", where, len(args), limit), args
    return f"select * from audit_event where {where}", args


def _under_each(column: str, where: str, values: int, limit: int) -> str:
    return f"""
        select e.* from unnest(${values}::text[]) known(value) cross join lateral (
            select * from audit_event where {column} = known.value and {where}
            order by happened_at desc, id desc limit {limit:d}) e"""


def _conditions(search: Search, before: tuple[datetime, int] | None, args: list[Any]) -> Iterator[str]:
    """Only what is asked for stands in the SQL, so that a kept plan fits it."""
    if search.subject_kind:
        args.append(search.subject_kind)
        yield f"subject_kind = ${len(args)}"
    if search.subject_id is not None:
        args.append(search.subject_id)
        yield f"subject_id = ${len(args)}"
    if search.actor_id is not None:
        args.append(search.actor_id)
        yield f"actor_id = ${len(args)}"
    if search.first_day is not None:
        args.append(clock.begin_of(search.first_day))
        yield f"happened_at >= ${len(args)}"
    if search.last_day is not None:
        args.append(clock.begin_of(search.last_day) + timedelta(days=1))
        yield f"happened_at < ${len(args)}"
    if before is not None:
        args.extend(before)
        yield f"(happened_at, id) < (${len(args) - 1}, ${len(args)})"


async def _known(column: str) -> list[str]:
    return [row["value"] for row in await fetch(distinct("audit_event", column))]


# --- seals -------------------------------------------------------------------------------------

# Everything that a row says, in one form whatever the server's settings are.
_ROWS = """
select count(*) as count, sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array(
    id, (extract(epoch from happened_at) * 1000000)::bigint, actor_id, action, subject_kind, subject_id,
    facts)::text, 'UTF8')), ''::bytea order by id), ''::bytea)) as digest
from audit_event e"""
_SEALS_AT_ONCE = 20


async def newest_seal() -> Seal | None:
    """The end of the chain; None before the first seal."""
    row = await fetch_row("select upto_id, sealed_at, digest from audit_seal order by upto_id desc limit 1")
    return Seal(row["upto_id"], row["sealed_at"], row["digest"].hex()) if row else None


async def rows_digest(after_id: int, upto_id: int) -> tuple[int, bytes]:
    """How many events there are with these ids, and the digest over what they say."""
    row = await fetch_row(f"{_ROWS} where id > $1 and id <= $2", after_id, upto_id)
    assert row is not None
    return row["count"], row["digest"]


async def seal_differences(limit: int = 100) -> list[Difference]:
    """Seals that do not follow from the events and the seal before; empty when all do."""
    found: list[Difference] = []
    previous, after_id = b"", 0
    while len(found) < limit:
        seals = await fetch(
            f"""
            select s.upto_id, s.events, s.digest, s.previous, n.count as rows, n.digest as rows_digest
            from (
                select *, coalesce(lag(upto_id) over (order by upto_id), $1) as after_id
                from (select * from audit_seal where upto_id > $1 order by upto_id limit {_SEALS_AT_ONCE}) x
            ) s cross join lateral ({_ROWS} where e.id > s.after_id and e.id <= s.upto_id) n
            order by s.upto_id""",
            after_id,
        )
        for seal in seals:
            found.extend(_differences(seal, previous))
            previous, after_id = seal["digest"], seal["upto_id"]
        if len(seals) < _SEALS_AT_ONCE:
            break
    return found[:limit]


def _differences(seal: Any, previous: bytes) -> Iterator[Difference]:
    subject = f"audit seal up to event {seal['upto_id']}"
    if seal["previous"] != previous:
        yield Difference(
            subject=f"{subject}: the seal before it", expected=seal["previous"].hex(), found=previous.hex()
        )
    if seal["events"] != seal["rows"]:
        yield Difference(subject=f"{subject}: events", expected=str(seal["events"]), found=str(seal["rows"]))
    digest = chained(seal["previous"], seal["rows"], seal["rows_digest"])
    if digest != seal["digest"]:
        yield Difference(subject=f"{subject}: digest", expected=seal["digest"].hex(), found=digest.hex())
