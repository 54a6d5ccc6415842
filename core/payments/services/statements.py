"""A bank's statement: sent, its columns chosen, every row judged, and taken over in one piece.

What names an open order and its exact sum pays it at once; everything else waits for a treasurer.
"""

import asyncio
import hashlib
import itertools
import json
from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, fetch, fetch_value, unit_of_work
from core.documents.errors import ListTooLarge
from core.documents.reading import BYTES_MOST, rows_of
from core.errors import Invalid
from core.files.rules import Upload
from core.jobs import progress
from core.jobs.queries import job_on
from core.jobs.services import add_job_for
from core.language import LANGUAGE, explain, in_language
from core.organizations.errors import OrganizationNotFound
from core.payments import queries, rules
from core.payments.errors.bank import (
    StatementInUse,
    StatementNotFound,
    StatementNotReady,
    StatementTooLong,
)
from core.payments.queries.bank import StatementView
from core.payments.rules import bank_lines, statements
from core.payments.rules.bank_lines import Match
from core.payments.rules.statements import HEAD_MOST, STATEMENT_ROWS_MOST, Columns, Credit, Read
from core.payments.services.arrivals import match_arrivals
from core.payments.services.bank import book_lines
from core.people import queries as people
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.reference import Ref

JUDGE_STATEMENT, IMPORT_STATEMENT = "core.judge_statement", "core.import_statement"
STATEMENT = "bank_statement"
_KEPT = timedelta(days=30)
_NAME_MOST, _PROBLEMS_MOST = 120, 50


async def ask_for_statement(organization_id: int, upload: Upload, *, actor: Actor) -> int:
    """Keep a statement of the organization's account; returns its id. The same file again is the first one.

    Where its columns are those of the last one, its rows are judged next. Needs `core.payments.confirm`
    there. Raises OrganizationNotFound, ListTooLarge, ListUnreadable.
    """
    if not actor.may(rules.CONFIRM, Ref("organization", organization_id)):
        raise OrganizationNotFound
    if len(upload.content) > BYTES_MOST:
        raise ListTooLarge(mb=BYTES_MOST // 10**6)
    head = await asyncio.to_thread(lambda: list(itertools.islice(rows_of(upload.content), HEAD_MOST)))
    digest = hashlib.sha256(upload.content).hexdigest()
    try:
        async with unit_of_work():
            return await _write(organization_id, upload, digest, head, actor)
    except asyncpg.UniqueViolationError:
        found = await fetch_value(
            "select id from payment_statement where organization = $1 and digest = $2 and state <> $3",
            organization_id,
            digest,
            statements.UNREADABLE,
        )
        return int(found)


async def _write(
    organization_id: int, upload: Upload, digest: str, head: list[list[str]], actor: Actor
) -> int:
    before = await queries.last_columns(organization_id)
    columns = statements.find_columns(head, before) if before else None
    statement_id: int = await current_unit().connection.fetchval(
        "insert into payment_statement (organization, asked_by, asked_at, name, content, digest, head,"
        " columns) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        organization_id,
        actor.person_id,
        clock.now(),
        upload.name[-_NAME_MOST:],
        upload.content,
        digest,
        json.dumps(head, ensure_ascii=False),
        columns.kept() if columns else "{}",
    )
    record_audit("bank_statement.sent", Ref(STATEMENT, statement_id), actor_id=actor.person_id)
    if columns is not None:
        await _work_on(statement_id, JUDGE_STATEMENT, actor.person_id, state=statements.JUDGING)
    return statement_id


async def _work_on(statement_id: int, task: str, person_id: int, *, state: str) -> None:
    facts = {"statement_id": statement_id, "person_id": person_id, "language": LANGUAGE.get()}
    await _set(statement_id, state=state, job=await add_job_for(person_id, task, facts, priority=1))


async def _set(statement_id: int, **columns: object) -> None:
    places = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    await fetch(f"update payment_statement set {places} where id = $1", statement_id, *columns.values())


async def _own(statement_id: int, actor: Actor) -> StatementView:
    """Locked, for the payee's treasurers; StatementNotFound for others."""
    one = await queries.statement(statement_id, lock=True)
    if not actor.may(rules.CONFIRM, Ref("organization", one.organization_id)):
        raise StatementNotFound
    return one


async def choose_columns(statement_id: int, columns: Columns, *, actor: Actor) -> None:
    """Say which column says what, and have the rows judged. Before they are taken over, also once more.

    Raises StatementNotFound, StatementNotReady, HeaderUnclear, ColumnsUnclear.
    """
    async with unit_of_work():
        one = await _own(statement_id, actor)
        if one.columns == columns and one.state in (statements.JUDGING, statements.JUDGED):
            return
        if one.state not in (statements.MAPPING, statements.JUDGED):
            raise StatementNotReady
        statements.check_columns(one.head, columns)
        await _set(statement_id, columns=columns.kept())
        await _work_on(statement_id, JUDGE_STATEMENT, actor.person_id, state=statements.JUDGING)


async def judge_statement(statement_id: int, *, person_id: int, language: str) -> None:
    """Judge its rows, in the caller's unit of work; takes nothing over."""
    one = await queries.statement(statement_id, lock=True)
    if one.state != statements.JUDGING:
        return
    with in_language(language):
        try:
            read = await _read(one)
        except Invalid as refusal:
            await _set(statement_id, state=statements.UNREADABLE, reason=explain(refusal)[:200], content=None)
            return
        await _keep(one, read)


async def _read(one: StatementView) -> Read:
    """Raises ListUnreadable, ListTooLarge, StatementTooLong."""
    assert one.columns is not None
    columns = one.columns
    content = await fetch_value("select content from payment_statement where id = $1", one.id)
    rows = await asyncio.to_thread(_rows, content)
    header, below = rows[columns.header_line - 1], rows[columns.header_line :]
    today = clock.today()
    found = await asyncio.to_thread(statements.read_rows, header, below, columns, today=today)
    known = await queries.known_marks(one.organization_id, [credit.mark for credit in found.credits])
    return await asyncio.to_thread(statements.read_rows, header, below, columns, known=known, today=today)


def _rows(content: bytes) -> list[list[str]]:
    """All of them; empty ones do not go on for ever."""
    rows = list(itertools.islice(rows_of(content), STATEMENT_ROWS_MOST + HEAD_MOST + 1))
    if len(rows) > STATEMENT_ROWS_MOST + HEAD_MOST:
        raise StatementTooLong(most=STATEMENT_ROWS_MOST)
    return rows


async def _keep(one: StatementView, read: Read) -> None:
    problems = [(row.line, explain(row.refusal)[:200]) for row in read.bad[:_PROBLEMS_MOST]]
    await _set(
        one.id,
        state=statements.JUDGED,
        credits=len(read.credits),
        known=read.known,
        passed=read.passed,
        bad=len(read.bad),
        problems=json.dumps(problems, ensure_ascii=False),
    )
    await progress.report(1, 1)


async def confirm_statement(statement_id: int, *, credits: int, actor: Actor) -> None:
    """Have the rows taken over that one was shown to be new; the second click changes nothing.

    Raises StatementNotFound, StatementNotReady.
    """
    async with unit_of_work():
        one = await _own(statement_id, actor)
        if one.state in (statements.IMPORTING, statements.IMPORTED):
            return
        if one.state != statements.JUDGED or not one.credits or one.credits != credits:
            raise StatementNotReady
        await _work_on(statement_id, IMPORT_STATEMENT, actor.person_id, state=statements.IMPORTING)


async def drop_statement(statement_id: int, *, actor: Actor) -> None:
    """It was the wrong file, or its job has failed: nothing of it is kept but that it was sent and dropped.

    Raises StatementNotFound, StatementInUse.
    """
    async with unit_of_work():
        one = await _own(statement_id, actor)
        job = await job_on(one.job)
        has_failed = job is not None and job.state == "failed" and one.state != statements.IMPORTED
        if one.state not in (statements.MAPPING, statements.JUDGED, statements.UNREADABLE) and not has_failed:
            raise StatementInUse
        await fetch("delete from payment_statement where id = $1", statement_id)
        record_audit("bank_statement.dropped", Ref(STATEMENT, statement_id), actor_id=actor.person_id)


async def import_statement(statement_id: int, *, person_id: int, language: str) -> None:
    """Take its lines over and book what names its order, all of it or nothing, in the caller's unit of work.

    If a row that was new is known by now, nothing is taken over: the statement is judged anew.
    """
    one = await queries.statement(statement_id, lock=True)
    if one.state != statements.IMPORTING:
        return
    # One at a time for an organization: two statements may hold the same line.
    lock = "select pg_advisory_xact_lock(hashtextextended('payment_statement', $1))"
    await fetch(lock, one.organization_id)
    actor = await people.actor(person_id)
    if actor is None:
        raise PermissionMissing
    with in_language(language):
        read = await _read(one)
        if len(read.credits) != one.credits:
            await _keep(one, read)
            return
    matches = await _match(one.organization_id, read.credits, actor)
    ids = await _insert(one, read.credits, matches)
    paid = {
        line_id: match.order_id
        for line_id, match in zip(ids, matches, strict=True)
        if match.order_id is not None and not match.reason
    }
    await match_arrivals(one.organization_id)
    booked = await book_lines(one.organization_id, paid, actor_id=person_id)
    await _set(one.id, state=statements.IMPORTED, content=None, head="[]", booked=booked)
    await progress.report(len(ids), len(ids))


async def _match(organization_id: int, credits: Sequence[Credit], actor: Actor) -> list[Match]:
    named = {order_id for credit in credits for order_id in rules.codes_in(credit.remark)[0]}
    by_id = await queries.owed_by_id(organization_id, sorted(named), lock=True)
    sums = sorted({credit.amount_fen for credit in credits})
    names = sorted({name for credit in credits for name in bank_lines.spellings(credit.payer_name)})
    by_sum = await queries.owed_by_sum(organization_id, sums, names)
    return bank_lines.match_lines(credits, by_id, by_sum, actor)


async def _insert(one: StatementView, credits: Sequence[Credit], matches: Sequence[Match]) -> list[int]:
    """In the order given: `unnest` keeps it, and so do ids."""
    columns = ("line", "mark", "happened_on", "amount_fen", "payer_name", "payer_last4", "remark", "serial")
    rows = await current_unit().connection.fetch(
        "insert into payment_bank_line (organization, statement, line, mark, happened_on, amount_fen,"
        ' payer_name, payer_last4, remark, serial, reason, "order")'
        " select $1, $2, * from unnest($3::int[], $4::text[], $5::date[], $6::bigint[], $7::text[],"
        " $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[]) returning id",
        one.organization_id,
        one.id,
        *([getattr(credit, name) for credit in credits] for name in columns),
        [match.reason for match in matches],
        [match.order_id for match in matches],
    )
    return [row["id"] for row in rows]


async def sweep_statements(*, limit: int) -> int:
    """Delete up to `limit` statements that nobody took over for a month; returns how many."""
    rows = await fetch(
        "delete from payment_statement where id in (select id from payment_statement"
        " where state <> $3 and asked_at <= $1 order by asked_at limit $2 for update skip locked)"
        " returning id",
        clock.now() - _KEPT,
        limit,
        statements.IMPORTED,
    )
    return len(rows)
