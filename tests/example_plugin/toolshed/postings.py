"""Which accounts a deposit moves. Pure, for a book-keeper to read."""

from datetime import datetime

from core.ledger.rules import Entry, Transfer
from core.payments.postings import CASH as CASH
from core.reference import Ref

HELD, UNIT = "toolshed.deposit", "CNY"
TAKEN, GIVEN_BACK = "toolshed.deposit_taken", "toolshed.deposit_given_back"


def giving_back(tool: Ref, *, order_id: int, held: int, cash: int, amount_fen: int, at: datetime) -> Transfer:
    """From the tool's own account over the counter, once for each order that brought a deposit."""
    return Transfer(
        key=f"toolshed:{order_id}:given_back",
        unit=UNIT,
        reason=GIVEN_BACK,
        cause=tool,
        occurred_at=at,
        entries=(Entry(held, -amount_fen), Entry(cash, amount_fen)),
    )
