"""The states of funds, gifts and requests for money, and who takes them on. Pure."""

from core.language import mark
from core.manifest import Role
from core.workflow import CONCERNED, SYSTEM, State, Transition, Workflow

# What a person may do: at the foundation (RUN, RECORD, CONFIRM, CHECK), in the fund, at the asking place.
RUN, RECORD, CONFIRM = "core.funds.run", "core.funds.record", "core.funds.confirm"
CHECK, VOTE, ASK = "core.funds.check", "core.funds.vote", "core.funds.ask"
COMMITTEE = "core.fund_committee"

OPENING, OPEN, CLOSING, CLOSED = "opening", "open", "closing", "closed"
WAITING, PROMISED, COUNTED, DROPPED = "waiting", "promised", "counted", "dropped"
VOTING, APPROVED, HELD, PREPARED = "voting", "approved", "held", "prepared"
PAID, REPORTED = "paid", "reported"
REFUSED, WITHDRAWN, RELEASED = "refused", "withdrawn", "released"

FUNDS = Workflow(
    code="fund",
    title=mark("基金"),
    table="fund",
    states=(
        State(code=OPENING, title=mark("筹备中")),
        State(code=OPEN, title=mark("开放")),
        State(code=CLOSING, title=mark("收尾中")),
        State(code=CLOSED, title=mark("已结束")),
    ),
    transitions=(
        Transition(code="fund.opened", title=mark("开放"), sources=(OPENING,), target=OPEN, by=RUN),
        Transition(code="fund.closing", title=mark("不再接受捐赠"), sources=(OPEN,), target=CLOSING, by=RUN),
        Transition(code="fund.closed", title=mark("钱用完，结束"), sources=(CLOSING,), target=CLOSED, by=RUN),
    ),
)

GIFTS = Workflow(
    code="fund_gift",
    title=mark("捐赠"),
    table="fund_gift",
    states=(
        State(code=WAITING, title=mark("等第二人确认")),
        State(code=PROMISED, title=mark("待付款"), begins=True),
        State(code=COUNTED, title=mark("已入账")),
        State(code=DROPPED, title=mark("作废")),
    ),
    transitions=(
        Transition(
            code="fund_gift.counted", title=mark("确认入账"), sources=(WAITING,), target=COUNTED, by=CONFIRM
        ),
        Transition(
            code="fund_gift.dropped",
            title=mark("登记有误，作废"),
            sources=(WAITING,),
            target=DROPPED,
            by=RECORD,
        ),
        Transition(
            code="fund_gift.paid", title=mark("在线付款到账"), sources=(PROMISED,), target=COUNTED, by=SYSTEM
        ),
        Transition(
            code="fund_gift.lapsed", title=mark("没有付款"), sources=(PROMISED,), target=DROPPED, by=SYSTEM
        ),
    ),
)

REQUESTS = Workflow(
    code="fund_request",
    title=mark("用款申请"),
    table="fund_request",
    states=(
        State(code=VOTING, title=mark("管委会表决中")),
        State(code=APPROVED, title=mark("等合规审核")),
        State(code=HELD, title=mark("钱已留出，等付款")),
        State(code=PREPARED, title=mark("正在付款，等第二人复核")),
        State(code=PAID, title=mark("已付款，等凭证")),
        State(code=REPORTED, title=mark("凭证已到")),
        State(code=REFUSED, title=mark("未通过")),
        State(code=WITHDRAWN, title=mark("已撤回")),
        State(code=RELEASED, title=mark("不再用款，钱已退回基金")),
    ),
    transitions=(
        Transition(
            code="fund_request.approved",
            title=mark("管委会同意"),
            sources=(VOTING,),
            target=APPROVED,
            by=SYSTEM,
        ),
        Transition(
            code="fund_request.voted_down",
            title=mark("管委会没有同意"),
            sources=(VOTING,),
            target=REFUSED,
            by=SYSTEM,
        ),
        Transition(
            code="fund_request.withdrawn",
            title=mark("申请组织撤回"),
            sources=(VOTING,),
            target=WITHDRAWN,
            by=CONCERNED,
        ),
        Transition(
            code="fund_request.held",
            title=mark("合规通过，把钱留出来"),
            sources=(APPROVED,),
            target=HELD,
            by=CHECK,
        ),
        Transition(
            code="fund_request.refused",
            title=mark("合规不通过"),
            sources=(APPROVED,),
            target=REFUSED,
            by=CHECK,
        ),
        Transition(
            code="fund_request.prepared", title=mark("付款制单"), sources=(HELD,), target=PREPARED, by=RECORD
        ),
        Transition(
            code="fund_request.sent_back",
            title=mark("复核退回"),
            sources=(PREPARED,),
            target=HELD,
            by=CONFIRM,
        ),
        Transition(
            code="fund_request.paid", title=mark("复核付款"), sources=(PREPARED,), target=PAID, by=CONFIRM
        ),
        Transition(
            code="fund_request.released",
            title=mark("不再用款，退回基金"),
            sources=(HELD,),
            target=RELEASED,
            by=RECORD,
        ),
        Transition(
            code="fund_request.reported",
            title=mark("收到凭证"),
            sources=(PAID,),
            target=REPORTED,
            by=CONCERNED,
        ),
    ),
)

# What everybody sees: money is set aside, or is gone.
PUBLIC_STATES = (HELD, PREPARED, PAID, REPORTED)
UNDER_WAY = (VOTING, APPROVED, HELD, PREPARED, PAID)

ROLES = (
    Role(
        code="core.fund_treasurer",
        title=mark("基金出纳"),
        scope_kind="organization",
        permissions=(RECORD,),
        needs_approval=True,
    ),
    Role(
        code="core.fund_payer",
        title=mark("基金复核付款人"),
        scope_kind="organization",
        permissions=(CONFIRM,),
        needs_approval=True,
    ),
    Role(
        code="core.fund_checker",
        title=mark("基金合规审核人"),
        scope_kind="organization",
        permissions=(CHECK,),
        needs_approval=True,
    ),
    Role(
        code=COMMITTEE,
        title=mark("基金管委会成员"),
        scope_kind=FUNDS.code,
        permissions=(VOTE,),
    ),
)
