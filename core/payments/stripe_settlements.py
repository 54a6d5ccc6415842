"""Stripe's balance transactions as lines of a settlement."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.payments.providers import (
    CAPTURED,
    DISPUTE_RETURNED,
    DISPUTED,
    OTHER,
    PAYOUT,
    REFUND_FAILED,
    REFUNDED,
    SettlementLine,
)

LINES_MOST = 10_000
_KINDS = {
    "charge": CAPTURED,
    "payment": CAPTURED,
    "refund": REFUNDED,
    "payment_refund": REFUNDED,
    "refund_failure": REFUND_FAILED,
    "payment_failure_refund": REFUND_FAILED,
    "payout": PAYOUT,
}
_CNY = "cny"


def settlement_lines(
    listed: Callable[[dict[str, Any]], list[Any]], since: datetime
) -> Sequence[SettlementLine]:
    """`listed` asks for balance transactions; a payout tells which of them it holds, older ones too."""
    found = {one.id: _line(one) for one in listed({"created": {"gte": int(since.timestamp())}})}
    for payout in [line for line in found.values() if line.kind == PAYOUT and line.amount < 0]:
        for one in listed({"payout": payout.source}):
            found[one.id] = replace(_line(one), payout=payout.source)
    return list(found.values())


def _line(one: Any) -> SettlementLine:
    source = one.source
    kind = _KINDS.get(one.type, OTHER)
    if one.type == "adjustment" and _said(source, "object") == "dispute":
        kind = DISPUTED if one.amount < 0 else DISPUTE_RETURNED
    # We know the money of a charge by its intent.
    name = _said(source, "payment_intent") if kind == CAPTURED else _said(source, "id") or source
    return SettlementLine(
        external_id=one.id,
        kind=kind,
        amount=one.amount,
        fee=one.fee,
        currency=one.currency,
        booked_at=datetime.fromtimestamp(one.created, UTC),
        source=name if isinstance(name, str) else "",
        reference=str(_said(_said(source, "metadata"), "reference") or ""),
        paid_fen=_said(source, "amount") if _said(source, "currency") == _CNY and kind != PAYOUT else None,
    )


def _said(thing: Any, name: str) -> Any:
    """A field of an object that may be a bare id, or nothing."""
    return thing[name] if thing and not isinstance(thing, str) and name in thing else None
