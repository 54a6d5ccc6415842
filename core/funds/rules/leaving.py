"""How money leaves a fund otherwise than by a request: back to its donor, or on to another fund. Pure."""

from datetime import datetime

from core import money
from core.approvals.rules import Question, Rule
from core.funds.errors import GiftUsedUp, NothingLeft, RefundTooMuch
from core.funds.errors.paybacks import PaybackTooMuch
from core.funds.rules import SHARE, states
from core.language import mark
from core.reference import Ref
from core.workflow import SYSTEM, State, Transition, Workflow

PREPARED, REFUNDED, RETURNED, DROPPED = "prepared", "refunded", "returned", "dropped"
VOTING, APPROVED, MOVED, REFUSED = "voting", "approved", "moved", "refused"

REFUNDS = Workflow(
    code="fund_refund",
    title=mark("退还捐赠"),
    table="fund_refund",
    states=(
        State(code=PREPARED, title=mark("已登记，等第二人付款")),
        State(code=REFUNDED, title=mark("已退还")),
        State(code=DROPPED, title=mark("不退了")),
    ),
    transitions=(
        Transition(
            code="fund_refund.refunded",
            title=mark("退还捐赠人"),
            sources=(PREPARED,),
            target=REFUNDED,
            by=states.CONFIRM,
        ),
        Transition(
            code="fund_refund.dropped",
            title=mark("取消退还"),
            sources=(PREPARED,),
            target=DROPPED,
            by=states.RECORD,
        ),
    ),
)

PAYBACKS = Workflow(
    code="fund_payback",
    title=mark("退回的用款"),
    table="fund_payback",
    states=(
        State(code=PREPARED, title=mark("已登记，等第二人确认")),
        State(code=RETURNED, title=mark("已退回基金")),
        State(code=DROPPED, title=mark("登记有误，作废")),
    ),
    transitions=(
        Transition(
            code="fund_payback.returned",
            title=mark("确认退回基金"),
            sources=(PREPARED,),
            target=RETURNED,
            by=states.CONFIRM,
        ),
        Transition(
            code="fund_payback.dropped",
            title=mark("取消登记"),
            sources=(PREPARED,),
            target=DROPPED,
            by=states.RECORD,
        ),
    ),
)

LEFTOVERS = Workflow(
    code="fund_leftover",
    title=mark("基金余款"),
    table="fund_leftover",
    states=(
        State(code=VOTING, title=mark("管委会表决中")),
        State(code=APPROVED, title=mark("已同意，等转出")),
        State(code=MOVED, title=mark("已转出")),
        State(code=REFUSED, title=mark("未通过")),
    ),
    transitions=(
        Transition(
            code="fund_leftover.approved",
            title=mark("管委会同意"),
            sources=(VOTING,),
            target=APPROVED,
            by=SYSTEM,
        ),
        Transition(
            code="fund_leftover.refused",
            title=mark("管委会没有同意"),
            sources=(VOTING,),
            target=REFUSED,
            by=SYSTEM,
        ),
        Transition(
            code="fund_leftover.moved",
            title=mark("转出余款"),
            sources=(APPROVED,),
            target=MOVED,
            by=states.CONFIRM,
        ),
    ),
)
REFUND, LEFTOVER = REFUNDS.code, LEFTOVERS.code


def check_left_of_gift(left_fen: int) -> None:
    """Raise GiftUsedUp: only what is not used goes back."""
    if left_fen <= 0:
        raise GiftUsedUp


def check_refund(amount_fen: int, left_fen: int) -> None:
    """Raise RefundTooMuch: something was set aside since the refund was prepared."""
    if amount_fen > left_fen:
        raise RefundTooMuch(left=money.format_yuan(left_fen))


def check_leftover(balance_fen: int) -> None:
    """Raise NothingLeft: an empty fund ends without."""
    if balance_fen <= 0:
        raise NothingLeft


def leftover_question(
    leftover_id: int,
    *,
    fund: str,
    to_fund: str,
    amount_fen: int,
    members: int,
    maker_id: int,
    quorum_percent: int,
    deadline: datetime,
) -> Question:
    """What the committee of the fund that ends is asked, by the same rule as a request."""
    return Question(
        subject=Ref(LEFTOVER, leftover_id),
        purpose=states.VOTE,
        maker_id=maker_id,
        title=mark("%(fund)s结束，余款 %(sum)s 元转入%(other)s"),
        params={"fund": fund, "sum": money.format_yuan(amount_fen), "other": to_fund},
        path=f"/funds/leftovers/{leftover_id}",
        rule=Rule(needed=1, quorum=max(1, -(-members * quorum_percent // 100)), share=SHARE),
        deadline=deadline,
    )


def check_payback(amount_fen: int, paid_fen: int) -> None:
    """Raise PaybackTooMuch; `paid_fen`: what was paid and has not come back."""
    if not 0 < amount_fen <= paid_fen:
        raise PaybackTooMuch(most=money.format_yuan(paid_fen))
