"""Telling what an order was made for that its money has come, or gone back."""

from collections import defaultdict
from collections.abc import Sequence

from core import plugins
from core.events.services import record_event
from core.manifest import OrderCause
from core.payments import queries
from core.payments.rules.orders import Order
from core.reference import Ref


async def take(orders: Sequence[Order]) -> set[int]:
    """Orders that are paid from now on, by id: all but those whose thing takes no money any more.

    In the unit of work of their payments, the orders locked. Things of other kinds learn it by an event.
    """
    taken, by_kind = set(), _by_kind(orders)
    for cause, ids in by_kind.items():
        wanted = await cause.take([order.cause.id for order in ids])
        taken |= {order.id for order in ids if order.cause.id in wanted}
    known = {cause.kind for cause in by_kind}
    for order in orders:
        if order.cause.kind not in known:
            taken.add(order.id)
            _tell_paid(order)
    return taken


def _by_kind(orders: Sequence[Order]) -> dict[OrderCause, list[Order]]:
    known = {cause.kind: cause for cause in plugins.contributions("register_order_causes")}
    found = defaultdict(list)
    for order in orders:
        if order.cause.kind in known:
            found[known[order.cause.kind]].append(order)
    return dict(found)


def _tell_paid(order: Order) -> None:
    record_event(
        "order_paid",
        Ref("order", order.id),
        order_id=order.id,
        cause_kind=order.cause.kind,
        cause_id=order.cause.id,
    )


async def note_returned(orders: Sequence[Order]) -> None:
    """Tell them how much of what paid for them has gone back by now, in the caller's unit of work."""
    for cause, concerned in _by_kind(orders).items():
        gone = await queries.returned([order.id for order in concerned])
        await cause.note_returned({order.cause.id: gone[order.id] for order in concerned})
