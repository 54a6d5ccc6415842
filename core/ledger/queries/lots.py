"""Lots: of what an account's balance consists, and what became of a gift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.database import fetch
from core.reference import Ref


@dataclass(frozen=True)
class LotPart:
    """A part of a lot that lies on an account."""

    lot_id: int
    restriction: str
    expires_on: date | None
    origin: Ref
    received_at: datetime
    amount: int


async def parts(account_id: int, *, expired_before: date | None = None, limit: int = 1000) -> list[LotPart]:
    """The lots of an account in the order in which they expire and came; the expired ones alone if asked."""
    rows = await fetch(
        """
        select l.id as lot_id, l.restriction, l.expires_on, l.origin_kind, l.origin_id, l.received_at,
            p.amount
        from ledger_lot_part p join ledger_lot l on l.id = p.lot
        where p.account = $1 and ($2::date is null or l.expires_on < $2)
        order by l.expires_on, l.received_at, l.id limit $3""",
        account_id,
        expired_before,
        limit,
    )
    return [
        LotPart(
            lot_id=row["lot_id"],
            restriction=row["restriction"],
            expires_on=row["expires_on"],
            origin=Ref(row["origin_kind"], row["origin_id"]),
            received_at=row["received_at"],
            amount=row["amount"],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class LotUse:
    """Where a part of what came from one origin lies, or for what it was given away.

    `account_id` None: given away, by the transfer with this reason and cause.
    """

    account_id: int | None
    reason: str
    cause: Ref
    amount: int


async def lot_uses(origin: Ref) -> list[LotUse]:
    """What became of a gift, to the fen: the parts on accounts, and those given away, net of returns."""
    rows = await fetch(
        """
        with lots as (select id from ledger_lot where origin_kind = $1 and origin_id = $2)
        select p.account, t.reason, t.cause_kind, t.cause_id, sum(p.amount)::bigint as amount
        from ledger_lot_part p
        join ledger_lot_move m on m.id = p.arrived join ledger_transfer t on t.id = m.transfer
        where p.lot in (select id from lots)
        group by p.account, t.reason, t.cause_kind, t.cause_id
        union all
        select null, t.reason, t.cause_kind, t.cause_id, sum(m.amount)::bigint
        from ledger_lot_move m join ledger_transfer t on t.id = m.transfer
        where m.lot in (select id from lots) and m.to_account is null
            and not exists (select from ledger_transfer r where r.reverses = t.id)
            and t.reverses is null
        group by t.reason, t.cause_kind, t.cause_id
        order by 1 nulls last, 2, 4""",
        *origin,
    )
    return [
        LotUse(row["account"], row["reason"], Ref(row["cause_kind"], row["cause_id"]), row["amount"])
        for row in rows
    ]


async def lying(origins: Sequence[Ref], *, like: Sequence[int]) -> dict[Ref, dict[int, int]]:
    """Origin -> account -> what of it lies there, on accounts of the same kinds as those of `like`."""
    if not origins:
        return {}
    rows = await fetch(
        """
        select l.origin_kind, l.origin_id, p.account, sum(p.amount)::bigint as amount
        from unnest($1::text[], $2::bigint[]) as o (kind, id)
        join ledger_lot l on l.origin_kind = o.kind and l.origin_id = o.id
        join ledger_lot_part p on p.lot = l.id join ledger_account a on a.id = p.account
        where a.kind in (select kind from ledger_account where id = any($3))
        group by l.origin_kind, l.origin_id, p.account order by p.account""",
        *map(list, zip(*set(origins), strict=True)),
        list(like),
    )
    found: dict[Ref, dict[int, int]] = {}
    for row in rows:
        there = found.setdefault(Ref(row["origin_kind"], row["origin_id"]), {})
        there[row["account"]] = row["amount"]
    return found
