"""The manifest and hook implementations, nothing more."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from core.language import mark
from core.manifest import (
    Acceptance,
    AccountKind,
    AuditAction,
    Conflict,
    DemoAccount,
    DemoStep,
    Difference,
    Manifest,
    NavigationItem,
    Parameter,
    ParameterScope,
    PersonalData,
    ProjectPart,
    Reason,
    Role,
    ScheduledTask,
    Searchable,
    Todo,
    Tour,
)
from core.people.rules import Actor
from core.plugins import hookimpl
from core.workflow import Workflow
from plugins.venture import demo, postings, rules, tasks
from plugins.venture.queries import calls, contracts, personal, waiting
from plugins.venture.rules import flows
from plugins.venture.services import reviews
from workers.task import Task

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler

MANIFEST = Manifest(
    name="venture",
    title=mark("公益创投"),
    version="0.1.0",
    author="Yiji",
    description=mark("组织申报、专家评审、公示、合同、分期拨款，每一步人人可看"),
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["plugins.venture.piccolo_app"]


@hookimpl
def register_account_kinds() -> list[AccountKind]:
    return [
        AccountKind(code=postings.OUTSIDE, title=mark("创投资金来源"), floor=None),
        AccountKind(code=postings.BUDGET, title=mark("创投资金")),
        AccountKind(code=postings.HELD, title=mark("项目合同专户")),
    ]


@hookimpl
def register_reasons() -> list[Reason]:
    return [
        Reason(code=postings.FUNDED, title=mark("创投资金到账")),
        Reason(code=postings.RESERVED, title=mark("合同生效，存入专户")),
        Reason(code=postings.FIRST, title=mark("公益创投首付款"), evidence=postings.SIGNATURE),
        Reason(code=postings.SECOND, title=mark("公益创投中期款"), evidence=postings.MIDTERM),
        Reason(code=postings.LAST, title=mark("公益创投尾款"), evidence=postings.ACCEPTANCE),
    ]


@hookimpl
def register_roles() -> list[Role]:
    return [
        Role(
            code=rules.OFFICER,
            title=mark("创投项目负责人"),
            scope_kind="organization",
            permissions=(rules.MANAGE,),
        ),
        Role(
            code=rules.PAYER,
            title=mark("创投付款经办人"),
            scope_kind="organization",
            permissions=(rules.PAY,),
            needs_approval=True,
        ),
        Role(code=rules.EXPERT, title=mark("评审专家"), scope_kind=rules.CALL, permissions=(rules.SCORE,)),
    ]


@hookimpl
def register_parameters() -> list[Parameter]:
    return list(rules.PARAMETERS)


@hookimpl
def register_workflows() -> list[Workflow]:
    return list(flows.WORKFLOWS)


@hookimpl
def register_audit_actions() -> list[AuditAction]:
    return [AuditAction(code=code, title=title) for code, title in _ACTIONS.items()]


_ACTIONS = {
    "venture.drafted": mark("起草公益创投"),
    "venture.funded": mark("登记创投资金到账"),
    "venture.expert_appointed": mark("聘请评审专家"),
    "venture.application_drafted": mark("起草申报"),
    "venture.stance_taken": mark("声明利益关系"),
    "venture.scored": mark("提交评分"),
    "venture.objected": mark("提出异议"),
    "venture.objection_answered": mark("答复异议"),
    "venture.contract_offered": mark("发出合同"),
    "venture.contract_accepted": mark("确认合同"),
    "venture.reported": mark("提交节点报告"),
}


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [
        NavigationItem(title=mark("公益创投"), path="/venture", order=15),
        NavigationItem(title=mark("我的评审"), path="/venture/reviews", order=45, permission=rules.SCORE),
    ]


@hookimpl
def register_pages() -> "Sequence[ControllerRouterHandler]":
    from plugins.venture import pages

    return pages.HANDLERS


@hookimpl
def register_api() -> "Sequence[ControllerRouterHandler]":
    from plugins.venture import api

    return api.HANDLERS


@hookimpl
def register_tasks() -> list[Task]:
    return [tasks.close_late]


@hookimpl
def register_schedule() -> list[ScheduledTask]:
    return [ScheduledTask(task=tasks.close_late.name, every=timedelta(minutes=5))]


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    luojiang, luocheng = demo.LUOJIANG, demo.LUOCHENG
    return [
        DemoStep(title=mark("罗江区的组织与账号"), order=20, build=partial(demo.build_people, luojiang)),
        DemoStep(
            title=mark("罗江区公益创投：21 个签约项目，和正在进行的"),
            order=21,
            build=partial(demo.build_calls, luojiang, demo.LUOJIANG_CALLS),
        ),
        DemoStep(
            title=mark("雒城街道：首批 12 个微项目"),
            order=22,
            build=partial(demo.build_calls, luocheng, demo.LUOCHENG_CALLS),
        ),
    ]


@hookimpl
def register_demo_accounts() -> list[DemoAccount]:
    return list(demo.ACCOUNTS)


@hookimpl
def register_tours() -> list[Tour]:
    return [demo.TOUR]


@hookimpl
def register_searchables() -> list[Searchable]:
    return [Searchable(kind=rules.CALL, title=mark("公益创投"), order=12, things=calls.things)]


@hookimpl
async def collect_todos(actor: Actor) -> list[Todo]:
    return await waiting.todos(actor)


@hookimpl
async def collect_differences() -> list[Difference]:
    return await contracts.differences()


@hookimpl
async def collect_conflicts(subject_kind: str, subject_id: int, person_ids: list[int]) -> list[Conflict]:
    if subject_kind != rules.APPLICATION:
        return []
    return await reviews.conflicts_at_applicant(subject_id, person_ids)


@hookimpl
async def collect_parameter_scopes(organization_id: int) -> list[ParameterScope]:
    return await calls.parameter_scopes(organization_id)


@hookimpl
async def collect_personal_data(person_id: int) -> list[PersonalData]:
    return await personal.personal_data(person_id)


@hookimpl
async def collect_acceptances(project_ids: list[int]) -> list[Acceptance]:
    return await waiting.acceptances(project_ids)


@hookimpl
async def collect_project_parts(project_id: int) -> list[ProjectPart]:
    return await waiting.project_parts(project_id)


@hookimpl
async def decide_organization_of(scope_kind: str, scope_id: int) -> int | None:
    return await calls.organization_of(scope_id) if scope_kind == rules.CALL else None


@hookimpl
async def decide_file_access(actor: Actor, subject_kind: str, subject_id: int) -> bool | None:
    if subject_kind != rules.APPLICATION:
        return None
    return await waiting.may_see_application(subject_id, actor)
