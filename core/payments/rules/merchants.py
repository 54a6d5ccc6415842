"""Changing an account where money is taken: one person asks, another one agrees. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.approvals.rules import Question, Rule
from core.language import mark
from core.payments.rules.online import CONNECT
from core.reference import Ref
from core.workflow import SYSTEM, State, Transition, Workflow

CHANGE_ASKED, CHANGE_MADE, CHANGE_REFUSED = "asked", "made", "refused"
_DECIDE_WITHIN = timedelta(days=7)

MERCHANT_CHANGES = Workflow(
    code="merchant_change",
    title=mark("收款账户变更"),
    table="payment_merchant_change",
    states=(
        State(code=CHANGE_ASKED, title=mark("等另一位同意")),
        State(code=CHANGE_MADE, title=mark("已经启用")),
        State(code=CHANGE_REFUSED, title=mark("没有启用")),
    ),
    transitions=(
        Transition(
            code="merchant_change.made",
            title=mark("同意变更"),
            sources=(CHANGE_ASKED,),
            target=CHANGE_MADE,
            by=CONNECT,
        ),
        Transition(
            code="merchant_change.refused",
            title=mark("不启用"),
            sources=(CHANGE_ASKED,),
            target=CHANGE_REFUSED,
            by=SYSTEM,
        ),
    ),
)

CHANGE_PROBLEMS = {
    "not_agreed": mark("另一位没有同意，或者提出人撤回了"),
    "refused": mark("收款平台不认这套密钥"),
    "busy": mark("还有在线付款没有结果"),
    "taken": mark("本站的密钥已经用于另一个组织"),
}


@dataclass(frozen=True, kw_only=True)
class MerchantChange:
    """What is asked for. `ends`: no money is to be taken there any more."""

    id: int
    organization_id: int
    provider: str
    ends: bool
    uses_deployment: bool
    state: str
    problem: str
    asked_by: int
    asked_at: datetime
    checked_at: datetime | None
    check_failed: bool


def change_question(
    change_id: int, organization_id: int, provider: str, *, ends: bool, maker_id: int, now: datetime
) -> Question:
    """What a second person is asked."""
    return Question(
        subject=Ref(MERCHANT_CHANGES.code, change_id),
        purpose="core.merchant_change",
        maker_id=maker_id,
        title=mark("%(organization)s停用收款账户 %(provider)s")
        if ends
        else mark("%(organization)s更换收款账户 %(provider)s 的密钥"),
        params={"organization": organization_id, "provider": provider},
        path=f"/merchants/{organization_id}/{provider}",
        rule=Rule(needed=1),
        deadline=now + _DECIDE_WITHIN,
    )
