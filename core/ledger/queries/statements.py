"""Balances and statements. What waits for the fold counts as much as what is folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.database import fetch, fetch_row, fetch_value
from core.reference import Ref

# Numbered lines of account $1 with $2 < number <= $3; waiting legs go on from the last number.
_LINES = """
with numbered as (
    select number, transfer, leg, balance from ledger_line
    where account = $1 and number > $2 and number <= $3
    union all
    select number, transfer, leg, balance from (
        select a.lines + row_number() over folding as number, q.transfer, q.leg,
            a.balance + sum(q.amount) over folding as balance
        from ledger_queue q join ledger_account a on a.id = q.account where q.account = $1
        window folding as (order by q.amount < 0, q.transfer, q.leg)) w
    where number > $2 and number <= $3)
select n.number, t.id as transfer_id, t.occurred_at, t.reason, t.note, e.amount, n.balance::bigint as balance
from numbered n
join ledger_entry e on e.transfer = n.transfer and e.leg = n.leg
join ledger_transfer t on t.id = n.transfer
order by n.number"""


class Line(NamedTuple):
    """One line of a statement; amounts in the smallest part of the account's unit.

    The numbers of the newest lines may still change in the second before the fold.
    """

    number: int
    transfer_id: int
    occurred_at: datetime
    reason: str
    note: str
    amount: int
    balance: int


@dataclass(frozen=True)
class Statement:
    """A page of an account's lines, newest first. `lines_total` counts all of them."""

    account_id: int
    balance: int
    lines_total: int
    lines: list[Line]


async def statement(owner: Ref, *, kind: str, unit: str, page: int, size: int) -> Statement | None:
    """Page `page` (from 1) of the owner's account; None when there is no such account yet.

    A page costs the same whether the account has a hundred lines or a million: lines are numbered.
    """
    account = await fetch_row(
        "select id, balance, lines from ledger_balance"
        " where owner_kind = $1 and owner_id = $2 and kind = $3 and unit = $4",
        *owner,
        kind,
        unit,
    )
    if account is None:
        return None
    newest = account["lines"] - (page - 1) * size
    rows = await fetch(_LINES, account["id"], newest - size, newest) if newest > 0 else []
    return Statement(
        account_id=account["id"],
        balance=account["balance"],
        lines_total=account["lines"],
        lines=[Line(*row) for row in reversed(rows)],
    )


async def lines_after(account_id: int, *, number: int, limit: int) -> list[Line]:
    """Lines from `number` + 1 on, oldest first: for an export that goes on where it stopped."""
    return [Line(*row) for row in await fetch(_LINES, account_id, number, number + limit)]


async def balance(account_id: int) -> int:
    """What the account holds now; 0 where there is no such account."""
    return int(await fetch_value("select balance from ledger_balance where id = $1", account_id) or 0)


@dataclass(frozen=True)
class AccountBalance:
    """An account in a list of accounts of one kind."""

    owner_id: int
    balance: int


async def accounts_of_kind(
    kind: str, *, limit: int, offset: int = 0, unit: str = "CNY", owner_ids: Sequence[int] | None = None
) -> list[AccountBalance]:
    """Accounts of a kind and unit, by owner; of these owners where given."""
    rows = await fetch(
        "select owner_id, balance from ledger_balance where kind = $1 and unit = $2"
        " and ($4::bigint[] is null or owner_id = any($4)) order by owner_id limit $3 offset $5",
        kind,
        unit,
        limit,
        None if owner_ids is None else list(owner_ids),
        offset,
    )
    return [AccountBalance(**row) for row in rows]
