"""Attempts to pay an order at a provider: their states, and where the money goes that arrives."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.language import mark
from core.payments.rules.orders import CANCELLED, PAID, Order
from core.workflow import SYSTEM, State, Transition, Workflow

CONNECT = "core.payments.connect"
CURRENCY = "cny"
# Stripe wants 30 minutes to a day; a little more than the least, because our clocks differ.
_LEAST_OPEN, _MOST_OPEN = timedelta(minutes=31), timedelta(hours=2)

CREATED, PENDING, PROCESSING = "created", "pending", "processing"
SUCCEEDED, FAILED, EXPIRED = "succeeded", "failed", "expired"
PARTIALLY_REFUNDED, REFUNDED = "partially_refunded", "refunded"
# The provider may still take money for it, as far as we know.
OPEN_STATES = (CREATED, PENDING, PROCESSING)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt to pay an order online. `reference` is what the provider knows of us."""

    id: int
    order_id: int
    merchant_id: int
    reference: str
    state: str
    problem: str
    amount_fen: int
    external_id: str | None
    url: str | None
    flow: str
    device: str
    payer_hint: str = field(repr=False)
    created_at: datetime
    expires_at: datetime


ATTEMPTS = Workflow(
    code="payment",
    title=mark("在线付款"),
    table="payment_attempt",
    states=(
        State(code=CREATED, title=mark("正在打开收银台")),
        State(code=PENDING, title=mark("等待付款")),
        State(code=PROCESSING, title=mark("银行处理中")),
        State(code=SUCCEEDED, title=mark("已到账")),
        State(code=FAILED, title=mark("没有付成")),
        State(code=EXPIRED, title=mark("已关闭")),
        State(code=PARTIALLY_REFUNDED, title=mark("部分退款")),
        State(code=REFUNDED, title=mark("已退款")),
    ),
    transitions=(
        Transition(
            code="payment.pending",
            title=mark("打开收银台"),
            sources=(CREATED,),
            target=PENDING,
            by=SYSTEM,
        ),
        Transition(
            code="payment.processing",
            title=mark("银行开始处理"),
            sources=(PENDING,),
            target=PROCESSING,
            by=SYSTEM,
        ),
        Transition(
            code="payment.succeeded",
            title=mark("到账"),
            # Late money is accepted too, and a refund may fail after it was thought done.
            sources=(*OPEN_STATES, FAILED, EXPIRED, PARTIALLY_REFUNDED, REFUNDED),
            target=SUCCEEDED,
            by=SYSTEM,
        ),
        Transition(
            code="payment.failed", title=mark("付款失败"), sources=OPEN_STATES, target=FAILED, by=SYSTEM
        ),
        Transition(
            code="payment.expired", title=mark("关闭"), sources=OPEN_STATES, target=EXPIRED, by=SYSTEM
        ),
        Transition(
            code="payment.partially_refunded",
            title=mark("部分退回"),
            sources=(*OPEN_STATES, FAILED, EXPIRED, SUCCEEDED, REFUNDED),
            target=PARTIALLY_REFUNDED,
            by=SYSTEM,
        ),
        Transition(
            code="payment.refunded",
            title=mark("全部退回"),
            # Where the first answer tells of the payment and of its refund at once.
            sources=(*OPEN_STATES, FAILED, EXPIRED, SUCCEEDED, PARTIALLY_REFUNDED),
            target=REFUNDED,
            by=SYSTEM,
        ),
    ),
)


ACTIONS = {
    "merchant.change_asked": mark("申请变更收款账户"),
    "merchant.connected": mark("设置收款账户"),
    "merchant.disconnected": mark("停用收款账户"),
    "payment.started": mark("开始在线付款"),
    "counter_taking.asked": mark("登记柜台大额收款，请另一位确认"),
    "refund.asked": mark("申请退款"),
    "order.transfer_begun": mark("选择银行转账"),
    "order.transfer_dropped": mark("取消银行转账"),
    "bank_statement.sent": mark("上传银行流水"),
    "bank_statement.dropped": mark("删除没有导入的银行流水"),
    "bank_line.taken_back": mark("更正银行到账"),
    "dispute.opened": mark("付款有争议"),
    "settlement.set_aside": mark("核对过一行对账"),
}


def attempt_expiry(now: datetime, order_expires_at: datetime) -> datetime:
    """Until when the provider may take the money: with the order, but in 31 minutes to 2 hours."""
    return max(now + _LEAST_OPEN, min(now + _MOST_OPEN, order_expires_at)).replace(microsecond=0)


def next_state(state: str, seen: str, *, captured_fen: int, refunded_fen: int) -> str:
    """The state that the sums tell; without any money, what the provider was seen to say.

    What has failed or expired comes back by money alone.
    """
    if captured_fen:
        if not refunded_fen:
            return SUCCEEDED
        return REFUNDED if refunded_fen >= captured_fen else PARTIALLY_REFUNDED
    if state not in OPEN_STATES or seen == SUCCEEDED:
        return state
    return seen


@dataclass(frozen=True)
class Landing:
    """What becomes of money that has arrived. With a `problem` a person has to look at it."""

    pays_order: bool
    problem: str = ""


def landing(order: Order, attempt: Attempt, *, amount_fen: int, currency: str, paid_at: datetime) -> Landing:
    """Does the money pay the order? Late money does as long as nobody has ended the order."""
    if currency != CURRENCY:
        return Landing(False, "currency")
    if amount_fen != attempt.amount_fen:
        return Landing(False, "amount")
    if order.state == PAID:
        return Landing(False, "second")
    if order.state == CANCELLED:
        return Landing(False, "order_over")
    return Landing(True, "late" if paid_at >= order.expires_at else "")


# The money pays nothing, and is kept apart.
UNASSIGNED = ("amount", "second", "order_over")
PROBLEMS = {
    "currency": mark("币种不是人民币，没有记账，请在收款平台退回"),
    "amount": mark("到账金额与应缴不符，请退回"),
    "second": mark("这张缴费单已经付过，请退回这一笔"),
    "order_over": mark("到账时缴费单已经取消，请退回"),
    "late": mark("过了缴费时间才到账，已照常入账"),
    "refused": mark("收款平台没有接受这笔付款"),
}
