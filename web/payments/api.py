"""Orders and the counter, for programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.payments import queries, rules
from core.payments.services import ask_for_receipt, confirm_cash
from web.access import SIGNED_IN
from web.forms import clean
from web.parameters import RowId, Words
from web.payments.pages import visible_order
from web.visit import current_actor


class LineOut(msgspec.Struct):
    """A line of an order."""

    reason: str
    amount_fen: int
    note: str


class OrderOut(msgspec.Struct):
    """An order; `state` is open, paid or cancelled."""

    id: int
    payee_id: int
    state: str
    total_fen: int
    expires_at: datetime
    lines: list[LineOut]


class ReceiptOut(msgspec.Struct):
    """The job that prints the receipt; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


class QueuedOut(msgspec.Struct):
    """An order that waits at a counter."""

    id: int
    payee: str
    payer: str
    total_fen: int
    expires_at: datetime


class CashIn(msgspec.Struct):
    """Money counted at the counter, in fen."""

    amount_fen: Annotated[int, msgspec.Meta(ge=0, le=10**12)]
    receipt_no: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


async def _out(order_id: int) -> OrderOut:
    order = await visible_order(order_id, current_actor())
    lines = [LineOut(x.reason, x.amount_fen, x.note) for x in await queries.lines(order_id)]
    return OrderOut(order.id, order.payee_id, order.state, order.total_fen, order.expires_at, lines)


@get("/orders/{order_id:int}", summary="缴费单", tags=["payments"], access=SIGNED_IN)
async def get_order(order_id: RowId) -> OrderOut:
    """An order of one's household, or of an organization whose treasurer one is."""
    return await _out(order_id)


@post(
    "/orders/{order_id:int}/receipt",
    summary="缴费凭条",
    tags=["payments"],
    access=SIGNED_IN,
    status_code=202,
)
async def print_receipt(order_id: RowId) -> ReceiptOut:
    """Ask for the receipt of a paid order as a PDF among one's files."""
    return ReceiptOut(await ask_for_receipt(order_id, actor=current_actor()))


@get("/counter/orders", summary="待收缴费单", tags=["payments"], access=rules.CONFIRM)
async def list_open_orders(words: Words = "") -> list[QueuedOut]:
    """The first 50 open orders at one's counters, filtered by number, phone digits or name."""
    payees = [scope.id for scope in current_actor().scopes(rules.CONFIRM)]
    queue = await queries.open_orders(payees, now=clock.now(), words=clean(words)[:40], limit=50)
    return [QueuedOut(o.id, o.payee, o.payer, o.total_fen, o.expires_at) for o in queue]


@post(
    "/counter/orders/{order_id:int}/cash",
    summary="确认收款",
    tags=["payments"],
    access=rules.CONFIRM,
    status_code=200,
)
async def confirm_order(order_id: RowId, data: JSONBody[CashIn]) -> OrderOut:
    """Take the whole sum in cash. Repeating it with the same receipt number changes nothing."""
    await confirm_cash(
        order_id, amount_fen=data.amount_fen, receipt_no=data.receipt_no, actor=current_actor()
    )
    return await _out(order_id)


HANDLERS = [get_order, print_receipt, list_open_orders, confirm_order]
