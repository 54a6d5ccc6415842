"""Reads of what a bank says: transfers that are awaited, statements, lines and what waits among them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import Conflict
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.payments.errors.bank import BankLineNotFound, StatementNotFound
from core.payments.queries.orders import orders_by
from core.payments.queries.refunds import refund_conflicts
from core.payments.queries.takings import taking_conflicts
from core.payments.rules import REFUNDS, TAKINGS, bank_lines, statements, transfers
from core.payments.rules.bank_lines import Line, Owed
from core.payments.rules.statements import Columns

_STATEMENT = (
    "id, organization as organization_id, asked_by, asked_at, name, head, state, reason, columns, credits,"
    " known, passed, bad, problems, booked, job"
)
_LINE = (
    'id, organization as organization_id, state, reason, "order" as order_id, amount_fen, happened_on,'
    " is_kept, moves, decided_by, sent_back_no"
)
_SHOWN = """
    select l.id, l.organization as organization_id, org.name as payee, l.state, l.reason,
        l."order" as order_id, p.name as payer, l.amount_fen, l.happened_on, l.payer_name, l.payer_last4,
        l.remark, l.serial, l.sent_back_no
    from payment_bank_line l join organization org on org.id = l.organization
    left join payment_order o on o.id = l."order" left join person p on p.id = o.payer"""
_NO_HEAD = "'[]' as head,"
_OPEN = "('waiting', 'asked', 'returning')"


@dataclass(frozen=True)
class Transfer:
    """A payer was shown where to transfer the money; the order waits until then."""

    order_id: int
    asked_at: datetime
    held_until: datetime


@dataclass(frozen=True)
class StatementView:
    """A statement and what became of its rows."""

    id: int
    organization_id: int
    asked_by: int
    asked_at: datetime
    name: str
    head: list[list[str]]
    state: str
    reason: str
    columns: Columns | None
    credits: int
    known: int
    passed: int
    bad: int
    problems: list[tuple[int, str]]
    booked: int
    job: int | None


@dataclass(frozen=True)
class BankLineView:
    """Money that came in at the bank, as a treasurer sees it; `payer` is who owes the order."""

    id: int
    organization_id: int
    payee: str
    state: str
    reason: str
    order_id: int | None
    payer: str | None
    amount_fen: int
    happened_on: date
    payer_name: str
    payer_last4: str
    remark: str
    serial: str
    sent_back_no: str


@dataclass(frozen=True)
class Candidate:
    """An open order of the very sum."""

    order_id: int
    payer_id: int | None
    payer: str
    created_at: datetime


async def transfer(order_id: int) -> Transfer | None:
    """What the payer was told, if anything."""
    row = await fetch_row(
        'select "order" as order_id, asked_at, held_until from payment_transfer where "order" = $1', order_id
    )
    return Transfer(**dict(row)) if row else None


async def is_awaited(order_id: int, now: datetime) -> bool:
    """Has the payer said to transfer the money, and may it still come?"""
    found = await transfer(order_id)
    return found is not None and now < found.held_until


async def terms(organization_id: int) -> dict[str, int]:
    """How long a transfer is awaited, and what a treasurer takes alone."""
    scopes = await organizations.parameter_scopes(organization_id)
    codes = [parameter.code for parameter in transfers.TRANSFER_PARAMETERS]
    return await parameters.effective(codes, scopes, clock.today())


async def statement(statement_id: int, *, lock: bool = False) -> StatementView:
    """Its row locked until COMMIT if asked; raises StatementNotFound."""
    row = await fetch_row(
        f"select {_STATEMENT} from payment_statement where id = $1" + (" for no key update" if lock else ""),
        statement_id,
    )
    if row is None:
        raise StatementNotFound
    return _statement(row)


def _statement(row: Any) -> StatementView:
    values = dict(row)
    written = json.loads(values.pop("columns"))
    head, problems = json.loads(values.pop("head")), json.loads(values.pop("problems"))
    return StatementView(
        columns=Columns(**written) if written else None,
        head=head,
        problems=[(line, why) for line, why in problems],
        **values,
    )


async def statements_of(organization_ids: Sequence[int], *, limit: int) -> list[StatementView]:
    """The newest, without their rows."""
    rows = await fetch(
        f"select {_STATEMENT.replace('head,', _NO_HEAD)} from payment_statement"
        " where organization = any($1) order by id desc limit $2",
        list(organization_ids),
        limit,
    )
    return [_statement(row) for row in rows]


async def last_columns(organization_id: int) -> Columns | None:
    """Which columns were good for the last statement."""
    written = await fetch_value(
        "select columns from payment_statement where organization = $1 and state = any($2)"
        " order by id desc limit 1",
        organization_id,
        [statements.JUDGED, statements.IMPORTING, statements.IMPORTED],
    )
    return Columns(**json.loads(written)) if written else None


async def known_marks(organization_id: int, marks: Sequence[str]) -> dict[str, int]:
    """Mark -> amount of those that there are already."""
    rows = await fetch(
        "select mark, amount_fen from payment_bank_line where organization = $1 and mark = any($2)",
        organization_id,
        list(marks),
    )
    return {row["mark"]: row["amount_fen"] for row in rows}


async def owed_by_id(payee_id: int, order_ids: Sequence[int], *, lock: bool = False) -> dict[int, Owed]:
    """The payee's orders of these ids, their rows locked until COMMIT if asked."""
    if lock:
        await fetch(
            "select from payment_order where id = any($1) and payee = $2 order by id for no key update",
            list(order_ids),
            payee_id,
        )
    return {one.order.id: one for one in await _owed("o.payee = $1 and o.id = any($2)", payee_id, order_ids)}


async def owed_by_sum(payee_id: int, sums: Sequence[int], names: Sequence[str]) -> list[Owed]:
    """Open orders of these sums whose payers are called so."""
    where = "o.payee = $1 and o.state = 'open' and o.total_fen = any($2) and p.name = any($3)"
    return await _owed(where, payee_id, sums, names)


async def _owed(where: str, payee_id: int, *lists: Sequence[Any]) -> list[Owed]:
    rows = await fetch(
        "select o.id, coalesce(p.name, '') as name, t.held_until from payment_order o"
        " left join person p on p.id = o.payer"
        f' left join payment_transfer t on t."order" = o.id where {where} order by o.id limit 20000',
        payee_id,
        *map(list, lists),
    )
    orders = await orders_by([row["id"] for row in rows])
    return [
        Owed(
            orders[row["id"]],
            row["name"],
            transfers.due_on(orders[row["id"]].expires_at, row["held_until"]),
        )
        for row in rows
    ]


async def bank_line(line_id: int, *, lock: bool = False) -> Line:
    """As its rules see it, its row locked until COMMIT if asked; raises BankLineNotFound."""
    row = await fetch_row(
        f"select {_LINE} from payment_bank_line where id = $1" + (" for no key update" if lock else ""),
        line_id,
    )
    if row is None:
        raise BankLineNotFound
    return Line(**dict(row))


async def bank_lines_by(line_ids: Sequence[int]) -> list[Line]:
    """Those of these ids."""
    rows = await fetch(
        f"select {_LINE} from payment_bank_line where id = any($1) order by id", list(line_ids)
    )
    return [Line(**dict(row)) for row in rows]


async def bank_line_view(line_id: int) -> BankLineView:
    """As a page shows it; raises BankLineNotFound."""
    row = await fetch_row(f"{_SHOWN} where l.id = $1", line_id)
    if row is None:
        raise BankLineNotFound
    return BankLineView(**dict(row))


async def bank_lines_of(
    organization_ids: Sequence[int], *, only_waiting: bool, before_id: int | None, limit: int
) -> list[BankLineView]:
    """Newest first; those that wait for a treasurer, if asked."""
    rows = await fetch(
        f"{_SHOWN} where l.organization = any($1) and ($2::bigint is null or l.id < $2)"
        f" and (not $3 or l.state in {_OPEN}) order by l.id desc limit $4",
        list(organization_ids),
        before_id,
        only_waiting,
        limit,
    )
    return [BankLineView(**dict(row)) for row in rows]


async def count_lines(organization_id: int, *, most: int) -> int:
    """How many there are, `most` at most."""
    return int(
        await fetch_value(
            "select count(*) from (select from payment_bank_line where organization = $1 limit $2) l",
            organization_id,
            most,
        )
    )


async def candidates(found: Line, *, limit: int) -> list[Candidate]:
    """Open orders of its payee and its very sum, the newest first."""
    rows = await fetch(
        "select o.id as order_id, o.payer as payer_id, coalesce(p.name, '') as payer, o.created_at"
        " from payment_order o left join person p on p.id = o.payer"
        " where o.payee = $1 and o.state = 'open' and o.total_fen = $2"
        " order by o.id desc limit $3",
        found.organization_id,
        found.amount_fen,
        limit,
    )
    return [Candidate(**dict(row)) for row in rows]


async def waiting_bank_lines(organization_ids: Sequence[int]) -> dict[str, int]:
    """Organization -> how many lines wait for its treasurer; only those that have some."""
    rows = await fetch(
        "select org.name, count(*) as lines from payment_bank_line l"
        " join organization org on org.id = l.organization"
        " where l.organization = any($1) and l.state in ('waiting', 'returning')"
        " group by org.name order by org.name limit 10",
        list(organization_ids),
    )
    return {row["name"]: row["lines"] for row in rows}


async def line_approval(line_id: int) -> int | None:
    """The approval that a second person was asked for, if one was."""
    found: int | None = await fetch_value(
        "select id from approval where subject_kind = $1 and subject_id = $2 order by id desc limit 1",
        bank_lines.LINES.code,
        line_id,
    )
    return found


async def conflicts(subject_kind: str, subject_id: int, person_ids: Sequence[int]) -> list[Conflict]:
    """Who of them has an interest in a refund, in a line of the bank, or in money taken at a counter."""
    if subject_kind == REFUNDS.code:
        return await refund_conflicts(subject_id, person_ids)
    if subject_kind == bank_lines.LINES.code:
        return await line_conflicts(subject_id, person_ids)
    if subject_kind == TAKINGS.code:
        return await taking_conflicts(subject_id, person_ids)
    return []


_CONFLICT = mark("缴费单是自己或家人的")


async def line_conflicts(line_id: int, person_ids: Sequence[int]) -> list[Conflict]:
    """Who of them would pay with it, alone or with the household."""
    rows = await fetch(
        """
        select p.id as person from unnest($2::bigint[]) as p (id)
        join payment_bank_line l on l.id = $1 join payment_order o on o.id = l."order"
        where o.payer = p.id or exists (select from household_member m
            where m.person = p.id and m.household = o.household and m.left_on is null)""",
        line_id,
        list(person_ids),
    )
    return [Conflict(person_id=row["person"], code="core.bank_line_own", title=_CONFLICT) for row in rows]
