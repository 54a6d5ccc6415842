"""Refunds: what of a gift could go back, and what went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_row
from core.language import mark
from core.manifest import Todo


@dataclass(frozen=True)
class RefundView:
    """A refund of a gift; `state` is prepared, refunded or dropped."""

    id: int
    gift_id: int
    amount_fen: int
    reason: str
    payment_no: str
    state: str
    prepared_by: int
    signed_by: int | None
    signed_at: datetime | None


async def refund_of(gift_id: int, *, lock: bool = False) -> RefundView | None:
    """The gift's refund, if there is one that was not dropped; its row locked if asked."""
    row = await fetch_row(
        "select id, gift as gift_id, amount_fen, reason, payment_no, state, prepared_by, signed_by, signed_at"
        " from fund_refund where gift = $1 and state <> 'dropped'" + (" for no key update" if lock else ""),
        gift_id,
    )
    return RefundView(**dict(row)) if row else None


async def left_of_gift(gift_id: int) -> dict[int, int]:
    """Account of a fund -> what of the gift lies there, neither used nor set aside."""
    return (await left_of_gifts([gift_id]))[gift_id]


async def left_of_gifts(gift_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """The same for several, in one query."""
    rows = await fetch(
        "select l.origin_id as gift, p.account, sum(p.amount)::bigint as amount from ledger_lot l"
        " join ledger_lot_part p on p.lot = l.id join ledger_account a on a.id = p.account"
        " where l.origin_kind = 'fund_gift' and l.origin_id = any($1) and a.kind = 'core.fund'"
        " group by l.origin_id, p.account order by l.origin_id, p.account",
        list(gift_ids),
    )
    found: dict[int, dict[int, int]] = {gift_id: {} for gift_id in gift_ids}
    for row in rows:
        found[row["gift"]][row["account"]] = row["amount"]
    return found


async def todos(organization_ids: list[int], person_id: int) -> list[Todo]:
    """Refunds of these foundations that wait for a second person."""
    rows = await fetch(
        "select r.gift from fund_refund r join fund_gift g on g.id = r.gift"
        " where r.state = 'prepared' and r.prepared_by <> $2 and g.organization = any($1)"
        " order by r.id limit 5",
        organization_ids,
        person_id,
    )
    return [Todo(title=mark("有一笔退还捐赠等您付款"), path=f"/gifts/{row['gift']}") for row in rows]
