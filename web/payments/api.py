"""Orders and the counter, for programs."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery, JSONBody

from core import clock
from core.files.queries import files_of
from core.files.rules import Upload
from core.payments import queries, rules
from core.payments.errors.bank import TransferNotOffered
from core.payments.services import (
    ask_for_receipt,
    ask_to_settle,
    begin_transfer,
    drop_transfer,
    leave_payment,
    receive_notification,
    start_payment,
    take_at_counter,
)
from core.privacy.rules import SEEN_COUNTER
from core.privacy.services import note_seen
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.parameters import Before, RowId, Word, Words
from web.payments.pages.orders import transfer_words, visible_order
from web.visit import current_actor


class PaymentOut(msgspec.Struct):
    """An attempt to pay online. `url`: where it is paid; there shortly after it was begun.

    `flow` says what for: `redirect` (a page), `qr` (what a phone scans), `jsapi` (for WeChat's browser).
    """

    id: int
    state: str
    problem: str
    amount_fen: int
    url: str | None
    flow: str
    created_at: datetime
    expires_at: datetime


class OnlinePaymentOut(msgspec.Struct):
    """An online payment as a treasurer sees it. With a `problem` somebody must look at it."""

    id: int
    order_id: int
    payee: str
    state: str
    problem: str
    amount_fen: int
    captured_fen: int
    refunded_fen: int
    external_id: str | None
    created_at: datetime


class LineOut(msgspec.Struct):
    """A line of an order."""

    reason: str
    amount_fen: int
    note: str


class OrderOut(msgspec.Struct):
    """An order; `state` is open, paid or cancelled. `is_held`: taken at the counter, not confirmed yet."""

    id: int
    payee_id: int
    state: str
    total_fen: int
    expires_at: datetime
    lines: list[LineOut]
    is_held: bool


class TakingOut(msgspec.Struct):
    """Much money taken at the counter; `state`: asked, booked or refused. `files` for `/api/v1/uploads/…`."""

    id: int
    order_id: int
    channel: str
    amount_fen: int
    receipt_no: str
    state: str
    problem: str
    asked_at: datetime
    ended_at: datetime | None
    approval_id: int | None
    files: list[int]


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
    """Money that came to the counter, in fen. `file`: the evidence, above `core.take_alone_fen`."""

    amount_fen: Annotated[int, msgspec.Meta(ge=0, le=10**12)]
    receipt_no: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    channel: Literal["cash", "pos", "bank"] = "cash"
    file: Upload | None = None


async def _out(order_id: int) -> OrderOut:
    order = await visible_order(order_id, current_actor())
    lines = [LineOut(x.reason, x.amount_fen, x.note) for x in await queries.lines(order_id)]
    return OrderOut(
        order.id, order.payee_id, order.state, order.total_fen, order.expires_at, lines, order.is_held
    )


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
    await note_seen([one.payer_id for one in queue], SEEN_COUNTER, viewer=current_actor())
    return [QueuedOut(o.id, o.payee, o.payer, o.total_fen, o.expires_at) for o in queue]


@post(
    "/counter/orders/{order_id:int}/cash",
    summary="确认收款",
    tags=["payments"],
    access=rules.CONFIRM,
    status_code=200,
    request_max_body_size=WITH_FILE_MOST,
)
async def confirm_order(order_id: RowId, data: JSONBody[CashIn]) -> OrderOut:
    """Take the whole sum. Repeating it with the same receipt number changes nothing.

    Above the payee's limit the order `is_held` until a second person agrees.
    """
    await take_at_counter(
        order_id,
        amount_fen=data.amount_fen,
        receipt_no=data.receipt_no,
        channel=data.channel,
        upload=data.file,
        actor=current_actor(),
    )
    return await _out(order_id)


@get("/counter/takings/{taking_id:int}", summary="柜台大额收款", tags=["payments"], access=SIGNED_IN)
async def get_taking(taking_id: RowId) -> TakingOut:
    """For the payee's treasurers, and for whoever confirms it (`/api/v1/approvals`)."""
    one = await queries.taking_for(taking_id, current_actor())
    files = await files_of(Ref(rules.TAKINGS.code, taking_id))
    return TakingOut(
        one.id,
        one.order_id,
        one.channel,
        one.amount_fen,
        one.receipt_no,
        one.state,
        one.problem,
        one.asked_at,
        one.ended_at,
        await queries.taking_approval(taking_id),
        [file.id for file in files],
    )


async def _payments_out(order_id: int) -> list[PaymentOut]:
    return [
        PaymentOut(a.id, a.state, a.problem, a.amount_fen, a.url, a.flow, a.created_at, a.expires_at)
        for a in await queries.attempts(order_id)
    ]


@get("/orders/{order_id:int}/payments", summary="在线付款", tags=["payments"], access=SIGNED_IN)
async def list_payments(order_id: RowId) -> list[PaymentOut]:
    """The last 20 attempts to pay the order online, the newest first."""
    await visible_order(order_id, current_actor())
    return await _payments_out(order_id)


@post(
    "/orders/{order_id:int}/payments",
    summary="开始在线付款",
    tags=["payments"],
    access=SIGNED_IN,
    status_code=201,
)
async def begin_payment(order_id: RowId, provider: Words = "") -> PaymentOut:
    """Begin to pay online; while an attempt is open, the same one again. Then ask for its `url`.

    `provider`: where, if the payee has accounts at several.
    """
    await start_payment(order_id, actor=current_actor(), provider_id=clean(provider))
    return (await _payments_out(order_id))[0]


@post(
    "/orders/{order_id:int}/payments/leave",
    summary="换一种方式付",
    tags=["payments"],
    access=SIGNED_IN,
    status_code=202,
)
async def leave(order_id: RowId) -> list[PaymentOut]:
    """Have the provider take no money any more, to pay elsewhere; the answer is there shortly after."""
    await leave_payment(order_id, actor=current_actor())
    return await _payments_out(order_id)


@post(
    "/orders/{order_id:int}/payments/check",
    summary="核对在线付款",
    tags=["payments"],
    access=SIGNED_IN,
    status_code=202,
)
async def check_payment(order_id: RowId) -> list[PaymentOut]:
    """Have the provider asked what became of it; the answer is there shortly after."""
    await ask_to_settle(order_id, actor=current_actor())
    return await _payments_out(order_id)


class TransferOut(msgspec.Struct):
    """Where to transfer the money, with which `code` in the remark, and until when the order waits for it."""

    bank: str
    holder: str
    number: str
    code: str
    amount_fen: int
    until: datetime | None


@post(
    "/orders/{order_id:int}/transfer",
    summary="银行转账",
    tags=["payments"],
    access=SIGNED_IN,
    status_code=200,
)
async def show_transfer(order_id: RowId) -> TransferOut:
    """Choose to transfer the money; repeating it tells the same."""
    await begin_transfer(order_id, actor=current_actor())
    return await transfer_out(order_id)


async def transfer_out(order_id: int) -> TransferOut:
    """What the payer of an order is told."""
    order = await queries.order(order_id)
    words = await transfer_words(order)
    if words is None:
        raise TransferNotOffered
    number = words.number.replace(" ", "")
    return TransferOut(words.bank, words.holder, number, words.code, order.total_fen, words.until)


@post(
    "/orders/{order_id:int}/transfer/drop",
    summary="取消银行转账",
    tags=["payments"],
    access=SIGNED_IN,
    status_code=204,
)
async def end_transfer(order_id: RowId) -> None:
    """Pay in another way, or not at all; repeating it changes nothing."""
    await drop_transfer(order_id, actor=current_actor())


@get("/counter/payments", summary="在线收款", tags=["payments"], access=rules.CONFIRM)
async def list_online_payments(
    only_problems: FromQuery[bool] = False, before: Before = None
) -> list[OnlinePaymentOut]:
    """Up to 50 online payments to one's organizations, newest first; `before`: the last id seen."""
    payees = [scope.id for scope in current_actor().scopes(rules.CONFIRM)]
    found = await queries.online_payments(payees, only_problems=only_problems, before_id=before, limit=50)
    return [
        OnlinePaymentOut(
            p.id,
            p.order_id,
            p.payee,
            p.state,
            p.problem,
            p.amount_fen,
            p.captured_fen,
            p.refunded_fen,
            p.external_id,
            p.created_at,
        )
        for p in found
    ]


@post(
    "/payments/notify/{provider:str}/{organization_id:int}",
    summary="支付机构的通知",
    include_in_schema=False,
    access=PUBLIC,
    status_code=200,
)
async def take_notification(request: Request[Any, Any, Any], provider: Word, organization_id: RowId) -> None:
    """What a payment provider tells: its bytes are verified as they came."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    await receive_notification(provider, organization_id, body=await request.body(), headers=headers)


HANDLERS = [
    show_transfer,
    end_transfer,
    list_payments,
    begin_payment,
    leave,
    check_payment,
    list_online_payments,
    take_notification,
    get_order,
    print_receipt,
    list_open_orders,
    confirm_order,
    get_taking,
]
