"""The states of a call, an application, a contract, a tranche and a report, and what leads on."""

from core.language import mark
from core.people.rules import REPRESENT
from core.workflow import SYSTEM, State, Transition, Workflow
from plugins.venture.rules import APPLICATION, CALL, CONTRACT, MANAGE, PAY, REPORT

DRAFT, PUBLISHED, CLOSED, SCORING = "draft", "published", "closed", "scoring"
PUBLICITY, DECIDED = "publicity", "decided"
SUBMITTED, WITHDRAWN, PROPOSED, UNPLACED = "submitted", "withdrawn", "proposed", "unplaced"
EXCLUDED, AWARDED = "excluded", "awarded"
OFFERED, SIGNED, COMPLETED = "offered", "signed", "completed"
PLANNED, ASKED, PAID = "planned", "asked", "paid"
ACCEPTED, RETURNED = "accepted", "returned"


def _step(code: str, title: str, sources: tuple[str, ...], target: str, by: str) -> Transition:
    return Transition(code=f"venture.{code}", title=title, sources=sources, target=target, by=by)


CALLS = Workflow(
    code=CALL,
    title=mark("公益创投"),
    table="venture_call",
    states=(
        State(code=DRAFT, title=mark("筹备")),
        State(code=PUBLISHED, title=mark("申报中")),
        State(code=CLOSED, title=mark("申报截止")),
        State(code=SCORING, title=mark("评审中")),
        State(code=PUBLICITY, title=mark("结果公示")),
        State(code=DECIDED, title=mark("已定标")),
    ),
    transitions=(
        _step("published", mark("发布"), (DRAFT,), PUBLISHED, MANAGE),
        _step("closed", mark("到期截止"), (PUBLISHED,), CLOSED, SYSTEM),
        _step("scoring_begun", mark("开始评审"), (CLOSED,), SCORING, MANAGE),
        _step("ranked", mark("公布排名"), (SCORING,), PUBLICITY, MANAGE),
        _step("decided", mark("定标"), (PUBLICITY,), DECIDED, MANAGE),
    ),
)

APPLICATIONS = Workflow(
    code=APPLICATION,
    title=mark("项目申报"),
    table="venture_application",
    states=(
        State(code=DRAFT, title=mark("草稿")),
        State(code=SUBMITTED, title=mark("已提交")),
        State(code=WITHDRAWN, title=mark("已撤回")),
        State(code=PROPOSED, title=mark("拟资助")),
        State(code=UNPLACED, title=mark("未入选")),
        State(code=EXCLUDED, title=mark("取消资格")),
        State(code=AWARDED, title=mark("中标")),
    ),
    transitions=(
        _step("submitted", mark("提交"), (DRAFT,), SUBMITTED, REPRESENT),
        _step("withdrawn", mark("撤回"), (DRAFT, SUBMITTED), WITHDRAWN, REPRESENT),
        _step("proposed", mark("排名在资金以内"), (SUBMITTED,), PROPOSED, SYSTEM),
        _step("unplaced", mark("排名在资金或分数线以外"), (SUBMITTED,), UNPLACED, SYSTEM),
        _step("excluded", mark("异议成立"), (PROPOSED,), EXCLUDED, MANAGE),
        _step("awarded", mark("公示无异议"), (PROPOSED,), AWARDED, SYSTEM),
    ),
)

CONTRACTS = Workflow(
    code=CONTRACT,
    title=mark("项目合同"),
    table="venture_contract",
    states=(
        State(code=OFFERED, title=mark("待双方确认")),
        State(code=SIGNED, title=mark("已生效")),
        State(code=COMPLETED, title=mark("已结项")),
    ),
    transitions=(
        _step("signed", mark("双方都确认"), (OFFERED,), SIGNED, SYSTEM),
        _step("completed", mark("付清尾款"), (SIGNED,), COMPLETED, SYSTEM),
    ),
)

TRANCHES = Workflow(
    code="venture.tranche",
    title=mark("分期拨款"),
    table="venture_tranche",
    states=(
        State(code=PLANNED, title=mark("未到期")),
        State(code=ASKED, title=mark("待付款")),
        State(code=PAID, title=mark("已拨付")),
    ),
    transitions=(
        _step("tranche_asked", mark("申请拨款"), (PLANNED,), ASKED, MANAGE),
        _step("tranche_paid", mark("付款"), (ASKED,), PAID, PAY),
    ),
)

REPORTS = Workflow(
    code=REPORT,
    title=mark("节点报告"),
    table="venture_report",
    states=(
        State(code=SUBMITTED, title=mark("待审核")),
        State(code=ACCEPTED, title=mark("已通过")),
        State(code=RETURNED, title=mark("已退回")),
    ),
    transitions=(
        _step("report_accepted", mark("通过"), (SUBMITTED,), ACCEPTED, MANAGE),
        _step("report_returned", mark("退回"), (SUBMITTED,), RETURNED, MANAGE),
    ),
)

WORKFLOWS = (CALLS, APPLICATIONS, CONTRACTS, TRANCHES, REPORTS)
