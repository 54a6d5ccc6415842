"""Much money at the counter: one person takes it and keeps the evidence, another one agrees. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import money
from core.approvals.rules import Question, Rule
from core.language import mark
from core.payments.errors import ChannelUnknown, EvidenceMissing
from core.payments.rules.orders import APPROVE, CONFIRM, Order
from core.people.rules import Actor
from core.reference import Ref
from core.workflow import SYSTEM, State, Transition, Workflow

CASH, POS, BANK = "cash", "pos", "bank"
# How money comes to a counter; all but cash is at the bank.
COUNTER_CHANNELS = {CASH: mark("现金"), POS: mark("POS 刷卡"), BANK: mark("银行转账")}
CHANNELS = COUNTER_CHANNELS | {"online": mark("在线付款")}
TAKING_ASKED, TAKING_BOOKED, TAKING_REFUSED = "asked", "booked", "refused"
_DECIDE_WITHIN = timedelta(days=7)

TAKINGS = Workflow(
    code="counter_taking",
    title=mark("柜台大额收款"),
    table="payment_taking",
    states=(
        State(code=TAKING_ASKED, title=mark("等另一位确认")),
        State(code=TAKING_BOOKED, title=mark("已入账")),
        State(code=TAKING_REFUSED, title=mark("没有入账")),
    ),
    transitions=(
        Transition(
            code="counter_taking.booked",
            title=mark("另一位确认"),
            sources=(TAKING_ASKED,),
            target=TAKING_BOOKED,
            by=APPROVE,
        ),
        Transition(
            code="counter_taking.refused",
            title=mark("没有入账"),
            sources=(TAKING_ASKED,),
            target=TAKING_REFUSED,
            by=SYSTEM,
        ),
    ),
)

TAKING_PROBLEMS = {
    "not_agreed": mark("另一位没有确认，或者登记的人撤回了。收到的钱请退还付款人，或者重新登记"),
    "changed": mark("确认的时候，缴费单已经付过或取消。收到的钱请退还付款人"),
    "receipt": mark("确认的时候，这个收据号已经用过。请换一个收据号重新登记"),
}


@dataclass(frozen=True, kw_only=True)
class Taking:
    """Money that somebody has taken at the counter; `asked_by` says so."""

    id: int
    order_id: int
    payee_id: int
    channel: str
    amount_fen: int
    receipt_no: str
    state: str
    problem: str
    asked_by: int
    asked_at: datetime
    ended_at: datetime | None


def check_channel(channel: str) -> None:
    """Raise ChannelUnknown."""
    if channel not in COUNTER_CHANNELS:
        raise ChannelUnknown


def needs_second(amount_fen: int, alone_fen: int, *, has_evidence: bool) -> bool:
    """Exactly the limit is still taken by one person; above it EvidenceMissing is raised without any."""
    if amount_fen <= alone_fen:
        return False
    if not has_evidence:
        raise EvidenceMissing(limit=money.format_yuan(alone_fen))
    return True


def taking_question(taking_id: int, order: Order, *, maker_id: int, now: datetime) -> Question:
    """What a second person is asked."""
    return Question(
        subject=Ref(TAKINGS.code, taking_id),
        purpose="core.counter_taking",
        maker_id=maker_id,
        title=mark("%(organization)s柜台收到 %(sum)s 元（缴费单 %(order)s）"),
        params={
            "organization": order.payee_id,
            "sum": money.format_yuan(order.total_fen),
            "order": order.id,
        },
        path=f"/counter/takings/{taking_id}",
        rule=Rule(needed=1),
        deadline=now + _DECIDE_WITHIN,
    )


def may_see_taking(payee_id: int, actor: Actor) -> bool:
    """For the payee's treasurers, and for whoever agrees."""
    payee = Ref("organization", payee_id)
    return actor.may(CONFIRM, payee) or actor.may(APPROVE, payee)
