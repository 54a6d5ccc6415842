"""Which accounts goods move, in pieces. Pure: each gift of goods has an account that cannot fall below 0."""

from datetime import datetime

from core.language import mark
from core.ledger.rules import Entry, Transfer
from core.manifest import AccountKind, Reason, Unit
from core.reference import Ref
from plugins.foundation.rules import goods as rules

PIECES = "foundation.pieces"
UNIT = Unit(code=PIECES, title=mark("件 (物资)"), digits=0)
STOCK, OUTSIDE = "foundation.goods", "foundation.goods_outside"
KINDS = (
    AccountKind(code=STOCK, title=mark("一批捐赠物资")),
    AccountKind(code=OUTSIDE, title=mark("物资的来处和去处"), floor=None),
)
RECEIVED, HANDED, WRITTEN = (
    "foundation.goods_received",
    "foundation.goods_handed",
    "foundation.goods_written",
)
REVERSED = "foundation.goods_undone"
REASON_OF = {rules.HANDED: HANDED, rules.WRITTEN: WRITTEN}
REASONS = (
    Reason(code=RECEIVED, title=mark("收到物资")),
    Reason(code=HANDED, title=mark("发放物资")),
    Reason(code=WRITTEN, title=mark("核销物资")),
    Reason(code=REVERSED, title=mark("物资冲正")),
)


def received(goods_id: int, *, stock: int, outside: int, quantity: int, at: datetime) -> Transfer:
    """From outside into the account of these goods."""
    legs = (Entry(outside, -quantity), Entry(stock, quantity))
    return _transfer(Ref(rules.GOODS, goods_id), RECEIVED, legs, at)


def moved(move_id: int, *, kind: str, stock: int, outside: int, quantity: int, at: datetime) -> Transfer:
    """Out of it."""
    legs = (Entry(stock, -quantity), Entry(outside, quantity))
    return _transfer(Ref(rules.MOVE, move_id), REASON_OF[kind], legs, at)


def _transfer(cause: Ref, reason: str, entries: tuple[Entry, Entry], at: datetime) -> Transfer:
    return Transfer(
        key=rules.key_of(cause), unit=PIECES, reason=reason, cause=cause, occurred_at=at, entries=entries
    )
