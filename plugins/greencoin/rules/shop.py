"""What points are spent on: reserving, taking, giving back. Pure."""

from datetime import datetime
from typing import Any

from core.language import mark
from core.workflow import CONCERNED, SYSTEM, Guard, State, Transition, Workflow
from plugins.greencoin.errors import (
    DebtFirst,
    ItemOffShelf,
    NotEnoughPoints,
    OutOfStock,
    ReservationOver,
    StockTooLow,
    StockUnchanged,
)
from plugins.greencoin.rules import KEEP_SHOP, show_points

RESERVED, HANDED_OVER, CANCELLED, EXPIRED = "reserved", "handed_over", "cancelled", "expired"
QUANTITY_MOST = 99


def is_in_time(redemption: Any, now: datetime) -> bool:
    """Is the reservation's time not over? At its end it is."""
    return bool(now < redemption.reserved_until)


_IN_TIME = Guard(title=mark("预留没有过期"), holds=is_in_time, refusal=ReservationOver)

REDEMPTIONS = Workflow(
    code="greencoin.redemption",
    title=mark("绿币兑换"),
    table="greencoin_redemption",
    states=(
        State(code=RESERVED, title=mark("待领取")),
        State(code=HANDED_OVER, title=mark("已领取")),
        State(code=CANCELLED, title=mark("已取消")),
        State(code=EXPIRED, title=mark("已过期")),
    ),
    transitions=(
        Transition(
            code="greencoin.handed_over",
            title=mark("交付"),
            sources=(RESERVED,),
            target=HANDED_OVER,
            by=KEEP_SHOP,
            guards=(_IN_TIME,),
        ),
        Transition(
            code="greencoin.redemption_cancelled",
            title=mark("取消兑换"),
            sources=(RESERVED,),
            target=CANCELLED,
            by=CONCERNED,
        ),
        Transition(
            code="greencoin.redemption_expired",
            title=mark("过时未领"),
            sources=(RESERVED,),
            target=EXPIRED,
            by=SYSTEM,
        ),
    ),
)


def check_reservation(
    item: str, *, on_shelf: bool, stock: int, quantity: int, cost: int, usable: int, debt: int
) -> None:
    """Raise the reason why the household cannot have `quantity` of the item now."""
    if not on_shelf:
        raise ItemOffShelf(item=item)
    if stock < quantity:
        raise OutOfStock(item=item, left=stock)
    if debt:
        raise DebtFirst(debt=show_points(debt))
    if usable < cost:
        raise NotEnoughPoints(cost=show_points(cost), have=show_points(usable))


def check_stock_change(change: int, stock: int) -> None:
    """Raise StockUnchanged, or StockTooLow when more is taken out than is there."""
    if change == 0:
        raise StockUnchanged
    if stock + change < 0:
        raise StockTooLow(left=stock)


def coverage_percent(stock_points: int, outstanding: int) -> int | None:
    """What is on the shelf against the points that people hold; None when they hold none."""
    return stock_points * 100 // outstanding if outstanding > 0 else None
