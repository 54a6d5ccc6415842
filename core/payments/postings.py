"""Which accounts a payment moves. Pure, for a book-keeper to read."""

from collections.abc import Sequence
from datetime import datetime

from core.ledger.rules import Entry, Transfer
from core.payments.rules import OrderLine
from core.reference import Ref

CASH = "core.outside_cash"
UNIT = "CNY"


def counter_receipt(
    order_id: int, lines: Sequence[OrderLine], *, cash_account_id: int, occurred_at: datetime
) -> list[Transfer]:
    """Cash over the counter: one transfer a line, from the world outside to the line's account."""
    return [
        Transfer(
            key=f"order:{order_id}:line:{number}",
            unit=UNIT,
            reason=line.reason,
            cause=Ref("order", order_id),
            occurred_at=occurred_at,
            note=line.note,
            entries=(
                Entry(cash_account_id, -line.amount_fen),
                Entry(line.account_id, line.amount_fen),
            ),
        )
        for number, line in enumerate(lines, 1)
        if line.amount_fen
    ]
