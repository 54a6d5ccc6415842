"""Refunds and disputes, for programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from core import clock
from core.payments import queries, rules
from core.payments.errors import ReconciledJustNow
from core.payments.services import ask_refund, ask_to_reconcile, pay_refund_out, set_line_aside
from web.access import SIGNED_IN
from web.parameters import Before, RowId
from web.payments.pages.orders import visible_order
from web.refunds.pages import payees, takers, visible_refund
from web.visit import current_actor

_MOST = 50


class RefundOut(msgspec.Struct):
    """Money that goes back; `payment_id` null: in cash. `state`: asked, sending, sent, failed or refused."""

    id: int
    order_id: int
    payment_id: int | None
    amount_fen: int
    reason: str
    state: str
    problem: str
    asked_at: datetime
    ended_at: datetime | None


class QueuedRefundOut(msgspec.Struct):
    """A refund in a treasurer's list."""

    id: int
    order_id: int
    payee: str
    amount_fen: int
    reason: str
    state: str
    problem: str
    is_cash: bool
    asked_at: datetime


class RefundIn(msgspec.Struct):
    """What is to go back: of an online payment, or (without `payment_id`) of cash.

    `seen_fen`: what you saw to be left of it (`history`); refused if it has changed: a request that is
    repeated because its answer got lost never sends money twice.
    """

    amount_fen: Annotated[int, msgspec.Meta(ge=1, le=10**12)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=rules.REASON_MOST)]
    seen_fen: Annotated[int, msgspec.Meta(ge=0, le=10**12)]
    payment_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None


class PaidOutIn(msgspec.Struct):
    """The slip that the payer has signed for the cash."""

    receipt_no: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class ReconcileOut(msgspec.Struct):
    """`is_new` false: it was asked for less than a minute ago, and is not asked again."""

    is_new: bool


class SourceOut(msgspec.Struct):
    """A payment of an order, and how much of it may still go back; `payment_id` null: cash."""

    payment_id: int | None
    taken_fen: int
    left_fen: int


class HappenedOut(msgspec.Struct):
    """Something that happened to an order's money."""

    kind: str
    amount_fen: int
    happened_at: datetime


class HistoryOut(msgspec.Struct):
    """What happened to an order's money, oldest first, and what may still go back."""

    happened: list[HappenedOut]
    sources: list[SourceOut]


class DisputeOut(msgspec.Struct):
    """A dispute; `due_at`: until when the provider takes an answer. `state`: open, won or lost."""

    id: int
    order_id: int
    payee: str
    state: str
    amount_fen: int
    reason: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


async def _out(refund_id: int) -> RefundOut:
    r, _ = await visible_refund(refund_id)
    return RefundOut(
        r.id, r.order_id, r.attempt_id, r.amount_fen, r.reason, r.state, r.problem, r.asked_at, r.ended_at
    )


@get("/orders/{order_id:int}/history", summary="缴费单的款项", tags=["payments"], access=SIGNED_IN)
async def get_history(order_id: RowId) -> HistoryOut:
    """What happened to the money of an order, for its household and the payee's treasurers."""
    await visible_order(order_id, current_actor())
    happened = await queries.history(order_id)
    return HistoryOut(
        [HappenedOut(one.kind, one.amount_fen, one.happened_at) for one in happened],
        [
            SourceOut(one.attempt_id, one.taken_fen, max(0, one.left_fen))
            for one in await queries.sources(order_id)
        ],
    )


@post(
    "/counter/orders/{order_id:int}/refunds",
    summary="申请退款",
    tags=["payments"],
    access=rules.CONFIRM,
    status_code=201,
)
async def ask(order_id: RowId, data: JSONBody[RefundIn]) -> RefundOut:
    """Ask for money to go back. While it is under way, the same request is the same refund."""
    refund_id = await ask_refund(
        order_id,
        amount_fen=data.amount_fen,
        reason=data.reason,
        attempt_id=data.payment_id,
        seen_fen=data.seen_fen,
        actor=current_actor(),
    )
    return await _out(refund_id)


@get("/refunds/{refund_id:int}", summary="退款", tags=["payments"], access=SIGNED_IN)
async def get_refund(refund_id: RowId) -> RefundOut:
    """For its payer, the payee's treasurers, and whoever agrees to it."""
    return await _out(refund_id)


@post(
    "/refunds/{refund_id:int}/paid-out",
    summary="付出现金退款",
    tags=["payments"],
    access=rules.CONFIRM,
    status_code=200,
)
async def paid_out(refund_id: RowId, data: JSONBody[PaidOutIn]) -> RefundOut:
    """The cash was counted out and signed for. Repeating it with the same number changes nothing."""
    await pay_refund_out(refund_id, receipt_no=data.receipt_no, actor=current_actor())
    return await _out(refund_id)


@get("/counter/refunds", summary="退款列表", tags=["payments"], access=rules.CONFIRM)
async def list_refunds(only_waiting: FromQuery[bool] = False, before: Before = None) -> list[QueuedRefundOut]:
    """Up to 50, newest first; `before`: the last id seen."""
    found = await queries.refunds(payees(), only_waiting=only_waiting, before_id=before, limit=_MOST)
    return [
        QueuedRefundOut(
            r.id, r.order_id, r.payee, r.amount_fen, r.reason, r.state, r.problem, r.is_cash, r.asked_at
        )
        for r in found
    ]


@get("/counter/disputes", summary="付款争议", tags=["payments"], access=rules.CONFIRM)
async def list_disputes(only_open: FromQuery[bool] = False, before: Before = None) -> list[DisputeOut]:
    """Up to 50, newest first; `before`: the last id seen. They are answered on the provider's pages."""
    found = await queries.disputes(payees(), only_open=only_open, before_id=before, limit=_MOST)
    return [
        DisputeOut(
            d.id, d.order_id, d.payee, d.state, d.amount_fen, d.reason, d.opened_at, d.due_at, d.closed_at
        )
        for d in found
    ]


class ClearingOut(msgspec.Struct):
    """An organization's money at a provider, in the smallest parts of `currency`.

    `difference` is what is explained neither by a line of theirs nor by its not having come yet.
    """

    organization_id: int
    currency: str
    ours: int
    theirs: int
    without_line: int
    difference: int
    reconciled_at: datetime | None


class LineOut(msgspec.Struct):
    """A line of the provider's books; `verdict`: differs, missing (with us) or not_ours."""

    id: int
    order_id: int | None
    external_id: str
    kind: str
    amount: int
    fee: int
    currency: str
    verdict: str
    booked_at: datetime
    aside_at: datetime | None


class PayoutOut(msgspec.Struct):
    """What a provider has sent to the bank; `bank_line_id`: with which it arrived, if it has."""

    id: int
    organization_id: int
    provider: str
    source: str
    amount: int
    currency: str
    booked_at: datetime
    due_at: datetime
    bank_line_id: int | None
    is_overdue: bool


class SettlementsOut(msgspec.Struct):
    """Our clearing beside the providers' books, the newest 50 lines that do not agree, and 50 payouts."""

    clearings: list[ClearingOut]
    lines: list[LineOut]
    payouts: list[PayoutOut]


@get("/counter/settlements", summary="对账", tags=["payments"], access=rules.CONFIRM)
async def get_settlements(also_aside: FromQuery[bool] = False, before: Before = None) -> SettlementsOut:
    """Of one's organizations; `also_aside`: lines that somebody has looked into, too."""
    mine = takers()
    found = await queries.lines_to_look_at(mine, also_aside=also_aside, before_id=before, limit=_MOST)
    return SettlementsOut(
        [
            ClearingOut(
                c.organization_id, c.currency, c.ours, c.theirs, c.without_line, c.difference, c.reconciled_at
            )
            for c in await queries.clearings(mine)
        ],
        [
            LineOut(
                x.id,
                x.order_id,
                x.external_id,
                x.kind,
                x.amount,
                x.fee,
                x.currency,
                x.verdict,
                x.booked_at,
                x.aside_at,
            )
            for x in found
        ],
        [
            PayoutOut(
                p.id,
                p.organization_id,
                p.provider,
                p.source,
                p.amount,
                p.currency,
                p.booked_at,
                p.due_at,
                p.line_id,
                p.is_overdue(clock.now()),
            )
            for p in await queries.payouts(mine, limit=_MOST)
        ],
    )


@post(
    "/merchants/{organization_id:int}/settlements",
    summary="现在对账",
    tags=["payments"],
    access=rules.CONFIRM,
    status_code=202,
)
async def reconcile_now(organization_id: RowId) -> ReconcileOut:
    """Have the provider's books read now; the answer is there shortly after."""
    try:
        await ask_to_reconcile(organization_id, actor=current_actor())
    except ReconciledJustNow:
        return ReconcileOut(is_new=False)
    return ReconcileOut(is_new=True)


@post(
    "/counter/settlements/{line_id:int}/aside",
    summary="核对过这一行",
    tags=["payments"],
    access=rules.CONFIRM,
    status_code=204,
)
async def put_aside(line_id: RowId) -> None:
    """You have looked into a line that does not agree; a second time changes nothing."""
    await set_line_aside(line_id, actor=current_actor())


HANDLERS = [
    get_history,
    ask,
    get_refund,
    paid_out,
    list_refunds,
    list_disputes,
    get_settlements,
    reconcile_now,
    put_aside,
]
