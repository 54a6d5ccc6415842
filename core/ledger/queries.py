"""Reads of the ledger: a statement page, and the proof that every balance follows from the entries."""

from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_row
from core.manifest import Difference
from core.reference import Ref


@dataclass(frozen=True)
class Line:
    """One line of a statement; amounts in the smallest part of the account's unit."""

    number: int
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
        "select id, balance, lines from ledger_account"
        " where owner_kind = $1 and owner_id = $2 and kind = $3 and unit = $4",
        *owner,
        kind,
        unit,
    )
    if account is None:
        return None
    newest = account["lines"] - (page - 1) * size
    rows = await fetch(
        """
        select l.number, t.occurred_at, t.reason, t.note, e.amount, l.balance
        from ledger_line l
        join ledger_entry e on e.id = l.entry
        join ledger_transfer t on t.id = e.transfer
        where l.account = $1 and l.number <= $2 and l.number > $3 order by l.number desc""",
        account["id"],
        newest,
        newest - size,
    )
    return Statement(
        account_id=account["id"],
        balance=account["balance"],
        lines_total=account["lines"],
        lines=[Line(**dict(row)) for row in rows],
    )


@dataclass(frozen=True)
class AccountBalance:
    """An account in a list of accounts of one kind."""

    owner_id: int
    balance: int


async def accounts_of_kind(kind: str, *, limit: int) -> list[AccountBalance]:
    """Accounts of a kind in money, by owner."""
    rows = await fetch(
        "select owner_id, balance from ledger_account"
        " where kind = $1 and unit = 'CNY' order by owner_id limit $2",
        kind,
        limit,
    )
    return [AccountBalance(**dict(row)) for row in rows]


_DIFFERENCES = {
    "account %s: balance": """
        select a.id, coalesce(sum(e.amount), 0) as expected, a.balance as found
        from ledger_account a left join ledger_entry e on e.account = a.id
        group by a.id having coalesce(sum(e.amount), 0) <> a.balance""",
    "account %s: number of statement lines": """
        select a.id, coalesce(e.n, 0) as expected, concat(a.lines, ' counted, ',
            coalesce(l.n, 0), ' there, the last ', coalesce(l.last, 0)) as found
        from ledger_account a
        left join (select account, count(*) as n from ledger_entry group by account) e on e.account = a.id
        left join (select account, count(*) as n, max(number) as last from ledger_line group by account) l
            on l.account = a.id
        where (coalesce(e.n, 0), coalesce(e.n, 0), coalesce(e.n, 0))
            is distinct from (a.lines, coalesce(l.n, 0), coalesce(l.last, 0))""",
    "entry %s: transfer, account and statement line of one unit": """
        select e.id, coalesce(t.unit, 'a transfer') as expected,
            concat_ws(' ', coalesce(a.unit, 'no account'), case when l.id is null then 'no line' end) as found
        from ledger_entry e
        left join ledger_transfer t on t.id = e.transfer
        left join ledger_account a on a.id = e.account
        left join ledger_line l on l.entry = e.id and l.account = e.account
        where t.id is null or l.id is null or a.unit is distinct from t.unit""",
    "transfer %s: sum of entries": """
        select t.id, 0 as expected, coalesce(sum(e.amount), 0) as found
        from ledger_transfer t left join ledger_entry e on e.transfer = t.id
        group by t.id having count(e.id) < 2 or sum(e.amount) <> 0""",
    "line %s: balance after it": """
        select id, expected, found from (
            select l.id, l.balance as found,
                sum(e.amount) over (partition by l.account order by l.number) as expected
            from ledger_line l join ledger_entry e on e.id = l.entry) s
        where expected <> found""",
    "account %s: lowest allowed balance": """
        select a.id, a.floor as expected, a.balance as found
        from ledger_account a where a.balance < a.floor""",
}


async def differences(limit: int = 100) -> list[Difference]:
    """Where the stored balances, counts and lines disagree with the entries; empty when none do."""
    found: list[Difference] = []
    for subject, sql in _DIFFERENCES.items():
        for row in await fetch(f"{sql} order by 1 limit {limit}"):
            found.append(
                Difference(
                    subject=subject % row["id"],
                    expected=str(row["expected"]),
                    found=str(row["found"]),
                )
            )
    return found
