"""Reads of orders: by id, the counter's queue, and what a page shows of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database import fetch, fetch_row
from core.payments.errors import OrderNotFound, OrderNotPaid
from core.payments.rules import Order, OrderLine
from core.people.queries import names
from core.reference import Ref

_ORDER = (
    "select o.id, o.payee as payee_id, o.payer as payer_id, o.household as household_id, o.cause_kind,"
    " o.cause_id, o.state, o.total_fen, o.expires_at, o.page, exists (select from payment_taking k"
    """ where k."order" = o.id and k.state = 'asked') as is_held from payment_order o"""
)


@dataclass(frozen=True)
class QueuedOrder:
    """An order as the counter's list shows it."""

    id: int
    payee_id: int
    payee: str
    payer_id: int | None
    payer: str
    payer_phone: str
    notes: list[str]
    total_fen: int
    created_at: datetime
    expires_at: datetime
    is_held: bool


@dataclass(frozen=True)
class PaymentView:
    """How an order was paid."""

    amount_fen: int
    channel: str
    receipt_no: str
    confirmed_by: str
    confirmed_at: datetime


def _order(row: Any) -> Order:
    values = dict(row)
    return Order(cause=Ref(values.pop("cause_kind"), values.pop("cause_id")), **values)


async def order(order_id: int, *, lock: bool = False) -> Order:
    """The order, its row locked until COMMIT if asked; raises OrderNotFound."""
    if lock:  # by itself: whoever has waited for the row sees everything that was written meanwhile
        await fetch_row("select from payment_order where id = $1 for no key update", order_id)
    row = await fetch_row(f"{_ORDER} where o.id = $1", order_id)
    if row is None:
        raise OrderNotFound
    return _order(row)


async def orders_by(order_ids: Sequence[int]) -> dict[int, Order]:
    """Those of these ids."""
    rows = await fetch(f"{_ORDER} where o.id = any($1)", list(order_ids))
    return {row["id"]: _order(row) for row in rows}


async def payer_name(order: Order) -> str:
    """Who pays it; "" for somebody without an account."""
    return (await names([order.payer_id]))[order.payer_id] if order.payer_id else ""


async def locked_orders(order_ids: Sequence[int]) -> list[Order]:
    """Several orders, their rows locked in id order until COMMIT."""
    rows = await fetch(
        f"{_ORDER} where o.id = any($1) order by o.id for no key update of o",
        list(order_ids),
    )
    return [_order(row) for row in rows]


async def lines(order_id: int) -> list[OrderLine]:
    """What the order consists of, in order."""
    return (await lines_of([order_id]))[order_id]


async def lines_of(order_ids: Sequence[int]) -> dict[int, list[OrderLine]]:
    """The same of several orders."""
    rows = await fetch(
        'select "order", reason, account as account_id, amount_fen, note, cause_kind, cause_id, restriction'
        ' from payment_order_line where "order" = any($1) order by "order", number',
        list(order_ids),
    )
    found: dict[int, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    for row in rows:
        found[row["order"]].append(
            OrderLine(
                reason=row["reason"],
                account_id=row["account_id"],
                amount_fen=row["amount_fen"],
                note=row["note"],
                given=Ref(row["cause_kind"], row["cause_id"]) if row["cause_kind"] else None,
                restriction=row["restriction"],
            )
        )
    return found


async def payment(order_id: int) -> PaymentView:
    """How the order was paid; raises OrderNotPaid."""
    row = await fetch_row(
        """
        select m.amount_fen, m.channel, m.receipt_no, p.name as confirmed_by, m.confirmed_at
        from payment m join person p on p.id = m.confirmed_by where m."order" = $1
        union all
        select f.amount_fen, 'online', f.external_id, '', f.happened_at
        from payment_attempt a join payment_fact f on f.attempt = a.id and f.kind = 'captured'
        where a."order" = $1 and a.problem in ('', 'late')""",
        order_id,
    )
    if row is None:
        raise OrderNotPaid
    return PaymentView(**dict(row))


async def open_orders(
    payee_ids: Sequence[int], *, now: datetime, words: str, limit: int
) -> list[QueuedOrder]:
    """Orders that wait at the counters of `payee_ids`, oldest first; those that are held too, late or not.

    `words` filters by order number, the last digits of the phone, or a part of the name.
    """
    rows = await fetch(
        """
        select o.id, o.payee as payee_id, org.name as payee, p.id as payer_id, coalesce(p.name, '') as payer,
            coalesce(p.phone, '') as payer_phone, o.total_fen, o.created_at, o.expires_at,
            array(select note from payment_order_line l where l."order" = o.id order by number) as notes,
            k.id is not null as is_held
        from payment_order o
        left join payment_taking k on k."order" = o.id and k.state = 'asked'
        left join person p on p.id = o.payer
        join organization org on org.id = o.payee
        where o.payee = any($1) and o.state = 'open' and (o.expires_at > $2 or k.id is not null)
            and ($3 = '' or o.id::text = $3 or p.phone like '%' || $4 or p.name like '%' || $4 || '%')
        order by o.id limit $5""",
        list(payee_ids),
        now,
        words,
        _literal(words),
        limit,
    )
    return [QueuedOrder(**dict(row)) for row in rows]


def _literal(words: str) -> str:
    """As a pattern of LIKE that matches nothing but these characters."""
    for special in ("\\", "%", "_"):
        words = words.replace(special, f"\\{special}")
    return words


async def expired_orders(cause_kind: str, *, now: datetime, limit: int) -> list[Order]:
    """Open orders for things of one kind whose time to pay is over, oldest first.

    Not those for which a transfer is awaited, or that the counter holds.
    """
    rows = await fetch(
        f"{_ORDER} where cause_kind = $1 and state = 'open' and expires_at <= $2 and not exists ("
        ' select from payment_transfer t where t."order" = o.id and t.held_until > $2)'
        """ and not exists (select from payment_taking k where k."order" = o.id and k.state = 'asked')"""
        " order by o.id limit $3",
        cause_kind,
        now,
        limit,
    )
    return [_order(row) for row in rows]
