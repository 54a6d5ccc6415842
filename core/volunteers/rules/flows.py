"""The states of opportunities, shifts, sign-ups and records, and who takes them on. Pure."""

from datetime import datetime
from typing import Any

from core.language import mark
from core.volunteers.errors import InsuranceMissing, ShiftBegun
from core.workflow import CONCERNED, SYSTEM, Guard, State, Transition, Workflow

LEAD = "core.volunteers.lead"
LEADER = "core.volunteer_leader"

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
PLANNED, CANCELLED = "planned", "cancelled"
WAITING, PLACED, PRESENT, LEFT, ABSENT = "waiting", "placed", "present", "left", "absent"
EXCUSED, WITNESSING = "excused", "witnessing"
SERVICE, TRAINING = "service", "training"
PROPOSED, CONFIRMED, DISPUTED, REVOKED = "proposed", "confirmed", "disputed", "revoked"
LOW, HIGH = "low", "high"


def _is_insured(opportunity: Any, _now: datetime) -> bool:
    return bool(opportunity.risk == LOW or opportunity.insurance)


def _lies_ahead(shift: Any, now: datetime) -> bool:
    return bool(now < shift.begins_at)


OPPORTUNITIES = Workflow(
    code="volunteer_opportunity",
    title=mark("志愿服务岗位"),
    table="volunteer_opportunity",
    states=(
        State(code=DRAFT, title=mark("筹备中")),
        State(code=OPEN, title=mark("招募中")),
        State(code=CLOSED, title=mark("已结束")),
    ),
    transitions=(
        Transition(
            code="opportunity.opened",
            title=mark("发布"),
            sources=(DRAFT,),
            target=OPEN,
            by=LEAD,
            guards=(
                Guard(title=mark("有风险的岗位已经买好保险"), holds=_is_insured, refusal=InsuranceMissing),
            ),
        ),
        Transition(
            code="opportunity.closed", title=mark("结束招募"), sources=(DRAFT, OPEN), target=CLOSED, by=LEAD
        ),
    ),
)


SHIFTS = Workflow(
    code="volunteer_shift",
    title=mark("班次"),
    table="volunteer_shift",
    states=(
        State(code=PLANNED, title=mark("已安排")),
        State(code=CANCELLED, title=mark("已取消")),
    ),
    transitions=(
        Transition(
            code="shift.cancelled",
            title=mark("取消班次"),
            sources=(PLANNED,),
            target=CANCELLED,
            by=LEAD,
            guards=(Guard(title=mark("还没有开始"), holds=_lies_ahead, refusal=ShiftBegun),),
        ),
    ),
)

SIGN_UPS = Workflow(
    code="volunteer_sign_up",
    title=mark("志愿服务报名"),
    table="volunteer_sign_up",
    states=(
        State(code=WAITING, title=mark("候补")),
        State(code=PLACED, title=mark("有名额")),
        State(code=PRESENT, title=mark("已签到")),
        State(code=LEFT, title=mark("已签退")),
        State(code=ABSENT, title=mark("没有来")),
        State(code=EXCUSED, title=mark("没有来，已谅解")),
        State(code=CANCELLED, title=mark("已取消")),
    ),
    transitions=(
        Transition(
            code="sign_up.placed", title=mark("得到名额"), sources=(WAITING,), target=PLACED, by=SYSTEM
        ),
        Transition(
            code="sign_up.cancelled",
            title=mark("取消报名"),
            sources=(WAITING, PLACED),
            target=CANCELLED,
            by=CONCERNED,
        ),
        Transition(
            code="sign_up.dropped",
            title=mark("班次取消"),
            sources=(WAITING, PLACED),
            target=CANCELLED,
            by=LEAD,
        ),
        Transition(
            code="sign_up.checked_in", title=mark("扫码签到"), sources=(PLACED,), target=PRESENT, by=CONCERNED
        ),
        Transition(
            code="sign_up.checked_in_here",
            title=mark("位置签到"),
            sources=(PLACED,),
            target=PRESENT,
            by=CONCERNED,
        ),
        Transition(
            code="sign_up.marked_present",
            title=mark("负责人登记到场"),
            sources=(PLACED,),
            target=PRESENT,
            by=LEAD,
        ),
        Transition(
            code="sign_up.marked_absent",
            title=mark("登记没有来"),
            sources=(PLACED,),
            target=ABSENT,
            by=LEAD,
        ),
        Transition(
            code="sign_up.excused", title=mark("谅解缺席"), sources=(ABSENT,), target=EXCUSED, by=LEAD
        ),
        Transition(
            code="sign_up.backfilled", title=mark("凭证人补录"), sources=(WAITING,), target=LEFT, by=LEAD
        ),
        Transition(
            code="sign_up.checked_out", title=mark("扫码签退"), sources=(PRESENT,), target=LEFT, by=CONCERNED
        ),
        Transition(
            code="sign_up.marked_left",
            title=mark("负责人登记离开"),
            sources=(PLACED, PRESENT, ABSENT),
            target=LEFT,
            by=LEAD,
        ),
    ),
)

SERVICES = Workflow(
    code="volunteer_service",
    title=mark("志愿服务记录"),
    table="volunteer_service",
    states=(
        State(code=PROPOSED, title=mark("等志愿者确认")),
        State(code=WITNESSING, title=mark("等证人确认")),
        State(code=CONFIRMED, title=mark("双方已确认")),
        State(code=DISPUTED, title=mark("志愿者有异议")),
        State(code=REVOKED, title=mark("已撤销")),
    ),
    transitions=(
        Transition(
            code="service.witnesses_asked",
            title=mark("请证人作证"),
            sources=(PROPOSED,),
            target=WITNESSING,
            by=LEAD,
        ),
        Transition(
            code="service.witnessed",
            title=mark("证人都确认"),
            sources=(WITNESSING,),
            target=PROPOSED,
            by=CONCERNED,
        ),
        Transition(
            code="service.denied",
            title=mark("证人不认"),
            sources=(WITNESSING,),
            target=DISPUTED,
            by=CONCERNED,
        ),
        Transition(
            code="service.confirmed",
            title=mark("志愿者确认"),
            sources=(PROPOSED,),
            target=CONFIRMED,
            by=CONCERNED,
        ),
        Transition(
            code="service.disputed",
            title=mark("志愿者提出异议"),
            sources=(PROPOSED,),
            target=DISPUTED,
            by=CONCERNED,
        ),
        Transition(
            code="service.revoked",
            title=mark("撤销或更正"),
            sources=(WITNESSING, PROPOSED, DISPUTED, CONFIRMED),
            target=REVOKED,
            by=LEAD,
        ),
    ),
)

WORKFLOWS = (OPPORTUNITIES, SHIFTS, SIGN_UPS, SERVICES)

# What is done beside the transitions.
ACTIONS = {
    "opportunity.created": mark("筹备志愿服务岗位"),
    "opportunity.changed": mark("修改志愿服务岗位"),
    "shift.added": mark("安排班次"),
    "sign_up.made": mark("报名志愿服务"),
    "sign_up.pleaded": mark("对缺席提出申诉"),
    "sign_up.plea_declined": mark("不谅解缺席"),
    "service.proposed": mark("记录志愿服务时长"),
    "service.testified": mark("为志愿服务作证"),
    "certificate.issued": mark("出具服务证明"),
    "certificate.revoked": mark("作废服务证明"),
}
