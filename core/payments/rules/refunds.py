"""Sending money back: who may ask, how much there is, when a second person has to agree. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import money
from core.approvals.rules import Question, Rule
from core.language import mark
from core.manifest import Parameter
from core.payments.errors import OwnRefund, RefundChanged, RefundReasonMissing, RefundTooMuch
from core.payments.rules.orders import APPROVE, CONFIRM, Order, is_own
from core.people.rules import Actor
from core.reference import Ref
from core.workflow import SYSTEM, State, Transition, Workflow

LIMIT = "core.refund_alone_fen"
REASON_MOST = 200
# How long a second person has to decide.
_DECIDE_WITHIN = timedelta(days=7)

ASKED, SENDING, SENT = "asked", "sending", "sent"
# Of money that had been booked on a wrong order: nothing went to its payer.
UNDONE = "undone"
FAILED, REFUSED = "failed", "refused"
# The money is still with us, and promised.
WAITING_STATES = (ASKED, SENDING)

PARAMETERS = (
    Parameter(code=LIMIT, title=mark("出纳一个人能退的最多多少"), default=20_000, minimum=0, unit="分"),
)


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money that a treasurer wants to go back. `attempt_id` None: in cash, over the counter."""

    id: int
    order_id: int
    payee_id: int
    attempt_id: int | None
    amount_fen: int
    reason: str
    state: str
    problem: str
    reference: str
    external_id: str | None
    receipt_no: str
    asked_by: int
    asked_at: datetime
    ended_at: datetime | None

    @property
    def is_cash(self) -> bool:
        """Is it counted out at the counter?"""
        return self.attempt_id is None


REFUNDS = Workflow(
    code="refund",
    title=mark("退款"),
    table="payment_refund",
    states=(
        State(code=ASKED, title=mark("等另一位同意")),
        State(code=SENDING, title=mark("正在退回")),
        State(code=SENT, title=mark("已退给付款人")),
        State(code=FAILED, title=mark("没有退成")),
        State(code=REFUSED, title=mark("没有同意")),
    ),
    transitions=(
        Transition(
            code="refund.approved", title=mark("同意退款"), sources=(ASKED,), target=SENDING, by=APPROVE
        ),
        Transition(
            code="refund.refused", title=mark("不同意退款"), sources=(ASKED,), target=REFUSED, by=APPROVE
        ),
        # A provider may say that it failed, and later that it went after all.
        Transition(
            code="refund.sent", title=mark("退给付款人"), sources=(SENDING, FAILED), target=SENT, by=SYSTEM
        ),
        Transition(
            code="refund.paid_out", title=mark("付出现金"), sources=(SENDING,), target=SENT, by=CONFIRM
        ),
        Transition(
            code="refund.failed", title=mark("退款失败"), sources=(SENDING, SENT), target=FAILED, by=SYSTEM
        ),
    ),
)

REFUND_PROBLEMS = {
    "refused": mark("收款平台没有接受这笔退款，请到收款平台查看"),
    "bank": mark("银行把退款退了回来，钱还在收款账户里"),
    "changed": mark("同意的时候，可退的钱已经不够"),
    "not_agreed": mark("另一位没有同意"),
}


HISTORY = {
    "cash": mark("柜台收到现金"),
    "pos": mark("柜台刷卡收款"),
    "bank": mark("银行转账到账"),
    "captured": mark("在线付款到账"),
    "refunded": mark("退回付款人"),
    "refund_failed": mark("退款被银行退了回来"),
    "cash_refunded": mark("退了现金"),
    "pos_refunded": mark("从银行退了款"),
    "bank_refunded": mark("从银行退了款"),
    "bank_undone": mark("更正：这笔到账不是付这张缴费单的"),
    "disputed": mark("因争议被银行扣走"),
    "dispute_returned": mark("争议的钱还了回来"),
    "dispute_opened": mark("付款人向银行提出争议"),
    "dispute_won": mark("争议结束，我方有理"),
    "dispute_lost": mark("争议结束，付款人有理"),
}
# Of these the money comes in; of the others that move money it goes out.
COMES_IN = ("cash", "pos", "bank", "captured", "refund_failed", "dispute_returned")


def check_refund_reason(reason: str) -> None:
    """Raise RefundReasonMissing unless it is a line that can be read."""
    if not reason.strip() or len(reason) > REASON_MOST or not reason.isprintable():
        raise RefundReasonMissing


def check_refund(order: Order, actor: Actor, *, amount_fen: int, left_fen: int, seen_fen: int | None) -> None:
    """Raise OwnRefund, RefundChanged or RefundTooMuch.

    `left_fen` may still go back; `seen_fen` is what the treasurer was shown of it.
    """
    check_not_own(order, actor)
    if seen_fen is not None and seen_fen != left_fen:
        raise RefundChanged(left=money.format_yuan(left_fen))
    if not 0 < amount_fen <= left_fen:
        raise RefundTooMuch(left=money.format_yuan(left_fen))


def check_not_own(order: Order, actor: Actor) -> None:
    """Raise OwnRefund."""
    if is_own(order, actor):
        raise OwnRefund


def approval_question(
    refund_id: int, order: Order, amount_fen: int, *, maker_id: int, now: datetime
) -> Question:
    """What a second person is asked."""
    return Question(
        subject=Ref(REFUNDS.code, refund_id),
        purpose="core.refund",
        maker_id=maker_id,
        title=mark("%(organization)s要退 %(sum)s 元（缴费单 %(order)s）"),
        params={
            "organization": order.payee_id,
            "sum": money.format_yuan(amount_fen),
            "order": order.id,
        },
        path=f"/refunds/{refund_id}",
        rule=Rule(needed=1),
        deadline=now + _DECIDE_WITHIN,
    )


def may_see_refund(order: Order, actor: Actor) -> bool:
    """A refund is for the payer's household, and for whoever asks for and agrees to the payee's."""
    payee = Ref("organization", order.payee_id)
    return is_own(order, actor) or actor.may(CONFIRM, payee) or actor.may(APPROVE, payee)
