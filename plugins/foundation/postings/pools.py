"""Which accounts a matching pool moves.

From the world outside to the pool's own account; from there a gift to a fund (`core.funds.postings.gift`), or
the rest back outside. Pure.
"""

from datetime import datetime

from core.funds.postings import UNIT
from core.language import mark
from core.ledger.rules import Entry, Transfer
from core.manifest import AccountKind, Reason
from core.reference import Ref
from plugins.foundation.rules.pools import MONEY, POOL

ACCOUNT = "foundation.pool"
PAID_IN, RETURNED, SLIP = "foundation.pool_paid_in", "foundation.pool_returned", "foundation.pool_slip"
KINDS = (AccountKind(code=ACCOUNT, title=mark("配捐池")),)
REASONS = (
    Reason(code=PAID_IN, title=mark("配捐资金到账"), evidence=SLIP),
    Reason(code=RETURNED, title=mark("配捐余款退还出资方")),
)


def paid_in(money_id: int, *, donors: int, pool: int, amount_fen: int, slip: int, at: datetime) -> Transfer:
    """From the world outside to the pool, once, on evidence that somebody has seen the slip."""
    return Transfer(
        key=f"{MONEY}:{money_id}",
        unit=UNIT,
        reason=PAID_IN,
        cause=Ref(MONEY, money_id),
        occurred_at=at,
        entries=(Entry(donors, -amount_fen), Entry(pool, amount_fen)),
        evidence_id=slip,
    )


def rest(pool_id: int, *, payment_no: str, pool: int, donors: int, amount_fen: int, at: datetime) -> Transfer:
    """What is left, back to the sponsor."""
    return Transfer(
        key=f"{POOL}:{pool_id}:rest:{payment_no}",
        unit=UNIT,
        reason=RETURNED,
        cause=Ref(POOL, pool_id),
        occurred_at=at,
        entries=(Entry(pool, -amount_fen), Entry(donors, amount_fen)),
    )
