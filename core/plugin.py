"""Core, declared like anybody: its units, account kinds, roles and tables."""

from datetime import timedelta

from core import clock, demo
from core.answers import services as answers
from core.approvals import queries as approvals
from core.approvals.rules import APPROVALS
from core.approvals.services import CLOSE_LATE
from core.audit import queries as audit
from core.audit.rules import READ_AUDIT
from core.audit.services import SEAL
from core.households import queries as households
from core.households.rules import PARAMETERS as HOUSEHOLD_PARAMETERS
from core.households.rules import REQUESTS
from core.jobs import services as jobs
from core.jobs.rules import OPERATE
from core.language import mark
from core.ledger import queries as ledger
from core.manifest import (
    AccountKind,
    AuditAction,
    Conflict,
    DemoAccount,
    DemoStep,
    Difference,
    Manifest,
    NavigationItem,
    Parameter,
    Role,
    ScheduledTask,
    Searchable,
    Todo,
    Unit,
)
from core.notifications import mail
from core.notifications.services import DELETE_OLD
from core.notifications.services.approvals import tell_maker, tell_voters
from core.notifications.services.digests import DIGESTS
from core.organizations import queries as organizations
from core.payments import postings, rules
from core.payments import queries as payments
from core.people import queries
from core.people import rules as people
from core.people import services as people_services
from core.people.rules import Actor
from core.plugins import hookimpl
from core.projects import queries as projects
from core.projects.rules import PROJECT, PROJECTS, TELL
from core.reference import PLATFORM
from core.registration import rules as registration
from core.registration.services import SWEEP as SWEEP_CODES
from core.workflow import Workflow

MANIFEST = Manifest(
    name="core",
    title="益集",
    version="0.1.0",
    author="Yiji",
    description="组织，居民，账本，缴费与通知",
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["core.piccolo_app"]


@hookimpl
def register_units() -> list[Unit]:
    return [Unit(code="CNY", title=mark("元"), digits=2)]


@hookimpl
def register_account_kinds() -> list[AccountKind]:
    return [
        AccountKind(code="core.public", title=mark("公共账户")),
        AccountKind(code=postings.CASH, title=mark("柜台现金来源"), floor=None),
    ]


@hookimpl
def register_roles() -> list[Role]:
    return [
        Role(
            code="core.treasurer",
            title=mark("出纳"),
            scope_kind="organization",
            permissions=(rules.CONFIRM,),
            needs_approval=True,
        ),
        Role(code="core.operator", title=mark("运行维护"), scope_kind=PLATFORM.kind, permissions=(OPERATE,)),
        Role(code="core.auditor", title=mark("审计"), scope_kind=PLATFORM.kind, permissions=(READ_AUDIT,)),
        Role(
            code=people.ADMINISTRATOR,
            title=mark("平台管理员"),
            scope_kind=PLATFORM.kind,
            permissions=(people.GRANT, people.SET_PARAMETERS),
        ),
        Role(
            code=people.MANAGER,
            title=mark("组织负责人"),
            scope_kind="organization",
            permissions=(people.GRANT, people.SET_PARAMETERS, TELL),
        ),
        Role(
            code=people.WORKER,
            title=mark("社区工作人员"),
            scope_kind="region",
            permissions=(people.SERVE,),
        ),
    ]


@hookimpl
def register_parameters() -> list[Parameter]:
    return [*people.PARAMETERS, *registration.PARAMETERS, *HOUSEHOLD_PARAMETERS]


@hookimpl
def register_workflows() -> list[Workflow]:
    return [rules.ORDERS, APPROVALS, PROJECTS, REQUESTS]


@hookimpl
def register_audit_actions() -> list[AuditAction]:
    return [AuditAction(code=code, title=title) for code, title in _ACTIONS.items()]


_ACTIONS = {
    "audit.searched": mark("查询审计记录"),
    "code.issued": mark("当面发验证码"),
    "consent.given": mark("同意使用资料"),
    "consent.withdrawn": mark("撤回同意"),
    "delivery.repeated": mark("重新投递事件"),
    "delivery.skipped": mark("跳过事件"),
    "demo.begun": mark("开始搭建演示"),
    "demo.built": mark("搭好演示"),
    "file.asked": mark("申请导出"),
    "household.closed": mark("注销家庭户"),
    "household.head_changed": mark("更换户主"),
    "household.invited": mark("发出入户邀请"),
    "household.joined": mark("加入家庭户"),
    "household.left": mark("离开家庭户"),
    "household.registered": mark("登记家庭户"),
    "job.cancelled": mark("取消任务"),
    "job.retried": mark("重试任务"),
    "order.created": mark("开出缴费单"),
    "organization.registered": mark("登记组织"),
    "parameter.set": mark("设定规则"),
    "parameter.withdrawn": mark("撤回计划的规则"),
    "password.changed": mark("修改密码"),
    "password.replaced": mark("用验证码重设密码"),
    "person.phone_changed": mark("更换手机号"),
    "person.registered": mark("登记居民"),
    "project.opened": mark("设立项目"),
    "project.reported": mark("报告项目进展"),
    "region.added": mark("登记地区"),
    "resident.registered": mark("当面登记居民"),
    "role.granted": mark("授予角色"),
    "role.revoked": mark("收回角色"),
    "session.closed": mark("退出"),
    "session.opened": mark("登录"),
    "session.others_closed": mark("退出其他登录"),
}


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [
        NavigationItem(title=mark("待办"), path="/todo", order=40, signed_in=True),
        NavigationItem(title=mark("柜台收费"), path="/counter", order=50, permission=rules.CONFIRM),
        NavigationItem(title=mark("居民服务"), path="/residents", order=52, permission=people.SERVE),
        NavigationItem(title=mark("待我审批"), path="/approvals", order=55, permission=people.GRANT),
        NavigationItem(title=mark("公共账户"), path="/accounts", order=60),
        NavigationItem(title=mark("项目"), path="/projects", order=30),
        NavigationItem(title=mark("规则"), path="/rules", order=65),
        NavigationItem(title=mark("通知"), path="/inbox", order=70, signed_in=True),
        NavigationItem(title=mark("我的"), path="/me", order=80, signed_in=True),
        NavigationItem(title=mark("后台任务"), path="/operations/jobs", order=90, permission=OPERATE),
        NavigationItem(title=mark("事件投递"), path="/operations/deliveries", order=91, permission=OPERATE),
        NavigationItem(title=mark("审计"), path="/audit", order=92, permission=READ_AUDIT),
    ]


@hookimpl
def register_schedule() -> list[ScheduledTask]:
    return [
        ScheduledTask(task=jobs.SWEEP, every=timedelta(hours=1)),
        ScheduledTask(task=people_services.SWEEP, every=timedelta(hours=1)),
        ScheduledTask(task=SWEEP_CODES, every=timedelta(hours=1)),
        ScheduledTask(task=answers.SWEEP, every=timedelta(hours=1)),
        ScheduledTask(task=SEAL, every=timedelta(minutes=10)),
        ScheduledTask(task=CLOSE_LATE, every=timedelta(minutes=5)),
        ScheduledTask(task=DIGESTS, every=timedelta(minutes=5)),
        ScheduledTask(task=DELETE_OLD, every=timedelta(hours=6)),
    ]


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    return [
        DemoStep(title=mark("地区与居民"), order=0, build=demo.build_places_and_people),
    ]


@hookimpl
def register_demo_accounts() -> list[DemoAccount]:
    return list(demo.ACCOUNTS)


@hookimpl
def register_searchables() -> list[Searchable]:
    return [
        Searchable(kind=PROJECT, title=mark("项目"), order=40, things=projects.things),
        Searchable(kind=organizations.OWNER, title=mark("组织"), order=50, things=organizations.things),
    ]


@hookimpl
async def collect_todos(actor: Actor) -> list[Todo]:
    now = clock.now()
    found = await approvals.todos(actor.person_id, now) + await payments.todos(actor, now)
    return found + await households.todos(actor)


@hookimpl
async def collect_differences() -> list[Difference]:
    return [*await ledger.differences(), *await audit.seal_differences()]


@hookimpl
async def decide_mail_delivery(address: str, subject: str, text: str, html: str, key: str) -> bool | None:
    return await mail.send_mail(address, subject=subject, text=text, html=html, key=key)


@hookimpl
async def collect_conflicts(
    subject_kind: str, subject_id: int, maker_id: int, person_ids: list[int]
) -> list[Conflict]:
    return await queries.conflicts(subject_kind, subject_id, maker_id, person_ids)


@hookimpl
async def approval_opened(approval_id: int) -> None:
    await tell_voters(approval_id)


@hookimpl
async def approval_decided(approval_id: int, subject_kind: str, subject_id: int, outcome: str) -> None:
    if subject_kind == people.PROPOSAL:
        await people_services.settle_proposal(subject_id, outcome)
    await tell_maker(approval_id, outcome)
