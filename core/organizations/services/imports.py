"""Importing a list of organizations: uploaded, judged row by row, and taken over in one piece.

What is good is taken over only when its importer says so, having seen what is not: a list of a thousand
with three slips need not wait for them, and nothing is left out that nobody was told of. If the world has
changed since then, and a row that was good is not any more, nothing is taken over: the list is judged anew.
"""

import asyncio
import itertools
from collections.abc import Sequence
from datetime import timedelta

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, fetch, fetch_value, unit_of_work
from core.documents.errors import ListTooLarge
from core.documents.reading import BYTES_MOST, rows_of
from core.errors import Invalid
from core.files.rules import Upload
from core.jobs import progress
from core.jobs.services import add_job, add_job_for
from core.language import LANGUAGE, explain, in_language
from core.manifest import Thing
from core.organizations import queries
from core.organizations import rules as organization_rules
from core.organizations.errors.imports import ListTooLong, NothingToImport
from core.organizations.queries import imports
from core.organizations.queries.imports import ImportView
from core.organizations.rules import Registration
from core.organizations.rules import imports as rules
from core.organizations.rules.imports import Judged, Row
from core.organizations.tables import OrganizationImport
from core.people import queries as people
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.reference import Ref
from core.search.services import index_things

JUDGE, TAKE_OVER, INDEX = "core.judge_import", "core.take_over_import", "core.index_organizations"
KEPT = timedelta(days=30)
_STEP, _INDEXED_AT_ONCE, _NAME_MOST = 1_000, 500, 120


async def ask_for_import(upload: Upload, *, actor: Actor) -> int:
    """Keep a list and have its rows judged; returns the import's id. Takes nothing over.

    The second click returns the first one. Raises PermissionMissing, ListTooLarge.
    """
    if not actor.may(organization_rules.REVIEW):
        raise PermissionMissing
    if len(upload.content) > BYTES_MOST:
        raise ListTooLarge(mb=BYTES_MOST // 10**6)
    async with unit_of_work():
        repeated = await fetch_value(
            "select id from organization_import where asked_by = $1 and state in ('waiting', 'judged')"
            " and asked_at > $2 and content = $3 order by id desc limit 1",
            actor.person_id,
            clock.now() - timedelta(hours=1),
            upload.content,
        )
        if repeated is not None:
            return int(repeated)
        row = OrganizationImport(
            asked_by=actor.person_id,
            name=upload.name[-_NAME_MOST:],
            content=upload.content,
            asked_at=clock.now(),
        )
        await row.save()
        await _work_on(row.id, JUDGE, actor.person_id)
        record_audit("organization_import.asked", Ref(rules.IMPORT, row.id), actor_id=actor.person_id)
        return int(row.id)


async def _work_on(import_id: int, task: str, person_id: int) -> None:
    facts = {"import_id": import_id, "person_id": person_id, "language": LANGUAGE.get()}
    job_id = await add_job_for(person_id, task, facts, priority=1)
    await fetch("update organization_import set job = $2 where id = $1", import_id, job_id)


async def judge_import(import_id: int, *, person_id: int, language: str) -> None:
    """Read the list and judge its rows, in the caller's unit of work; a list that is none is refused."""
    one = await imports.import_of(import_id, person_id, lock=True)
    if one.state != rules.WAITING:
        return
    content = await fetch_value("select content from organization_import where id = $1", import_id)
    with in_language(language):
        try:
            rows = await asyncio.to_thread(_rows_of, content)
        except Invalid as refusal:
            await _set(import_id, state=rules.REFUSED, reason=explain(refusal)[:200])
            return
        await _keep(import_id, await _judge(rows, person_id))


def _rows_of(content: bytes) -> list[Row]:
    """Empty rows are left out, but do not go on for ever."""
    found = rows_of(content)
    header, rows = next(found, []), list(itertools.islice(found, 2 * rules.ROWS_MOST + 1))
    if len(rows) > 2 * rules.ROWS_MOST:
        raise ListTooLong(most=rules.ROWS_MOST)
    return rules.rows_below(header, rows)


async def _judge(rows: Sequence[Row], person_id: int) -> list[Judged]:
    actor = await people.actor(person_id)
    if actor is None:
        raise PermissionMissing
    return rules.judge(rows, await imports.known(rows, actor))


async def _keep(import_id: int, judged: Sequence[Judged]) -> None:
    """Write down what became of the rows, in place of what was."""
    await fetch("delete from organization_import_row where batch = $1", import_id)
    for start in range(0, len(judged), _STEP):
        some = judged[start : start + _STEP]
        columns = zip(*(_columns(one) for one in some), strict=True)
        await current_unit().connection.execute(
            "insert into organization_import_row (batch, line, name, kind, uscc, place, reason, region)"
            " select $1, * from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],"
            " $8::bigint[])",
            import_id,
            *(list(column) for column in columns),
        )
        await progress.report(start + len(some), len(judged))
    good = sum(one.said is not None for one in judged)
    await _set(import_id, state=rules.JUDGED, good=good, bad=len(judged) - good)


def _columns(one: Judged) -> tuple[int, str, str, str, str, str, int | None]:
    reason = explain(one.refusal)[:200] if one.refusal else ""
    row = one.row
    region_id = one.said.region_id if one.said else None
    return row.line, row.name, row.kind, row.uscc, row.place, reason, region_id


async def _set(import_id: int, **columns: object) -> None:
    places = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    await fetch(f"update organization_import set {places} where id = $1", import_id, *columns.values())


async def confirm_import(import_id: int, *, good: int, actor: Actor) -> None:
    """Have the `good` rows that one was shown taken over; the second click changes nothing.

    Raises ImportNotFound, NothingToImport.
    """
    async with unit_of_work():
        one = await imports.import_of(import_id, actor.person_id, lock=True)
        if one.state in (rules.IMPORTING, rules.IMPORTED):
            return
        if one.state != rules.JUDGED or not one.good or one.good != good:
            raise NothingToImport
        await _set(import_id, state=rules.IMPORTING)
        await _work_on(import_id, TAKE_OVER, actor.person_id)


async def take_over_import(import_id: int, *, person_id: int, language: str) -> None:
    """Register what is good, all of it or nothing, in the caller's unit of work."""
    one = await imports.import_of(import_id, person_id, lock=True)
    if one.state != rules.IMPORTING:
        return
    # One at a time: two lists may hold the same organization, without a code that would tell.
    await fetch("select pg_advisory_xact_lock(hashtext('organization_import'))")
    with in_language(language):
        judged = await _judge(await imports.rows_of(import_id), person_id)
        good = [item for item in judged if item.said is not None]
        if len(good) != one.good:
            await _keep(import_id, judged)
            return
    ids = await _register([item.said for item in good if item.said])
    await progress.report(1, 1)
    await _finish(one, [item.row.line for item in good], ids)


async def _register(said: Sequence[Registration]) -> list[int]:
    """In the order given: `unnest` keeps it, and so do ids."""
    rows = await fetch(
        "insert into organization (name, kind, region, uscc, state, reason, registered_at)"
        " select name, kind, region, uscc, $5, '', $6"
        " from unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) as new (name, kind, region, uscc)"
        " returning id",
        [one.name for one in said],
        [one.kind for one in said],
        [one.region_id for one in said],
        [one.uscc for one in said],
        organization_rules.APPROVED,
        clock.now(),
    )
    return [row["id"] for row in rows]


async def _finish(one: ImportView, lines: Sequence[int], ids: Sequence[int]) -> None:
    await fetch(
        "update organization_import_row r set organization = new.id"
        " from unnest($2::int[], $3::bigint[]) as new (line, id) where r.batch = $1 and r.line = new.line",
        one.id,
        list(lines),
        list(ids),
    )
    for organization_id in ids:
        ref = Ref(queries.OWNER, organization_id)
        record_audit("organization.registered", ref, actor_id=one.asked_by, import_id=one.id)
    for start in range(0, len(ids), _INDEXED_AT_ONCE):
        add_job(INDEX, {"ids": list(ids[start : start + _INDEXED_AT_ONCE])})
    await _set(one.id, state=rules.IMPORTED)


async def index_organizations(ids: Sequence[int]) -> None:
    """Let search find them, in the caller's unit of work: some hundred keys each, so some at a time."""
    found = await queries.organizations(ids)
    things = [Thing(id=one.id, name=one.name, path=f"/organizations/{one.id}") for one in found]
    await index_things(queries.OWNER, things)


async def sweep_imports(*, limit: int) -> int:
    """Delete up to `limit` lists, and their rows, that are older than KEPT; returns how many."""
    rows = await fetch(
        "delete from organization_import where id in (select id from organization_import"
        " where asked_at <= $1 order by asked_at limit $2 for update skip locked) returning id",
        clock.now() - KEPT,
        limit,
    )
    return len(rows)
