"""Which accounts points move between. Pure, for a book-keeper to read."""

from datetime import datetime

from core.ledger.rules import Entry, Transfer
from core.reference import Ref

UNIT, POINTS, GIVEN_OUT = "TOOLSHED", "toolshed.points", "toolshed.given_out"
WELCOME, LENT = "toolshed.welcome", "toolshed.lent"


def paying(points: int, giver: int, taker: int, *, reason: str, cause: Ref, at: datetime) -> Transfer:
    """From account to account, once for each cause."""
    key = f"{reason}:{cause.id}"
    legs = (Entry(giver, -points), Entry(taker, points))
    return Transfer(key=key, unit=UNIT, reason=reason, cause=cause, occurred_at=at, entries=legs)
