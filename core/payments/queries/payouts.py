"""Reads of payouts: what has left a provider for the bank, and has it arrived?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.payments.queries.bank import terms
from core.payments.rules import payouts as rules
from core.payments.rules.payouts import Arrival, Payout
from core.payments.rules.transfers import ARRIVES

# In the currency of the books: what a bank gets in another one does not stand in its statement like this.
_PAYOUT = (
    "l.kind = 'payout' and l.verdict = 'agrees' and l.currency = 'cny' and l.amount < 0"
    " and l.bank_line is null"
)
_OPEN = f"""
    select l.id, m.provider, l.source, -l.amount as amount_fen, l.booked_at
    from payment_merchant m join payment_settlement_line l on l.merchant = m.id
    where m.organization = $1 and {_PAYOUT} and l.booked_at > $2"""


@dataclass(frozen=True)
class PayoutView:
    """As a treasurer sees it; `due_at`: by when the bank should have it."""

    id: int
    organization_id: int
    payee: str
    provider: str
    source: str
    amount: int
    currency: str
    booked_at: datetime
    due_at: datetime
    line_id: int | None

    def is_overdue(self, now: datetime) -> bool:
        """Has nobody seen it at the bank in time?"""
        return self.line_id is None and self.currency == "cny" and self.due_at < now


async def open_payouts(organization_id: int, *, lock: bool = False) -> list[Payout]:
    """Those that have not arrived; their rows locked until COMMIT if asked."""
    rows = await fetch(
        f"{_OPEN} order by l.id limit 500" + (" for no key update of l" if lock else ""),
        organization_id,
        clock.now() - rules.WINDOW,
    )
    return [
        Payout(
            id=row["id"],
            provider=row["provider"],
            source=row["source"],
            amount_fen=row["amount_fen"],
            on=clock.local(row["booked_at"]).date(),
        )
        for row in rows
    ]


async def arrivals(organization_id: int, sums: Sequence[int], *, lock: bool = False) -> list[Arrival]:
    """Lines of these sums that nobody has decided about, and that are for no order that is known."""
    rows = await fetch(
        "select id, amount_fen, happened_on, payer_name, remark || ' ' || serial as said"
        " from payment_bank_line where organization = $1 and state = 'waiting' and amount_fen = any($2)"
        " and \"order\" is null and reason in ('unknown', 'payout') and not is_kept"
        " order by id limit 500" + (" for no key update" if lock else ""),
        organization_id,
        list(sums),
    )
    return [Arrival(**dict(row)) for row in rows]


async def payouts_like(line_id: int) -> list[Payout]:
    """Those that a line of the bank may be."""
    row = await fetch_row(
        "select id, organization, amount_fen, happened_on, payer_name, remark || ' ' || serial as said"
        " from payment_bank_line where id = $1",
        line_id,
    )
    if row is None:
        return []
    values = dict(row)
    found = await open_payouts(values.pop("organization"))
    return [one for one in found if rules.fits(one, Arrival(**values))]


async def payout_of(line_id: int) -> int | None:
    """The payout with which the bank's line is one."""
    found: int | None = await fetch_value(
        "select id from payment_settlement_line where bank_line = $1", line_id
    )
    return found


async def payouts(organization_ids: Sequence[int], *, limit: int) -> list[PayoutView]:
    """Those that have not arrived first, then the newest."""
    days = {id_: (await terms(id_))[ARRIVES] for id_ in organization_ids}
    rows = await fetch(
        """
        select l.id, m.organization as organization_id, org.name as payee, m.provider, l.source,
            -l.amount as amount, l.currency, l.booked_at, l.bank_line as line_id
        from payment_merchant m join payment_settlement_line l on l.merchant = m.id
        join organization org on org.id = m.organization
        where m.organization = any($1) and l.kind = 'payout' and l.amount < 0
        order by l.bank_line is not null, l.id desc limit $2""",
        list(organization_ids),
        limit,
    )
    return [
        PayoutView(due_at=rules.due_at(row["booked_at"], days[row["organization_id"]]), **dict(row))
        for row in rows
    ]
