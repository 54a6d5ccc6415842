"""Core, declared like anybody: its units, account kinds, roles and tables."""

from datetime import timedelta

from core import clock, demo
from core.approvals import queries as approvals
from core.approvals.rules import APPROVALS
from core.approvals.services import CLOSE_LATE
from core.language import mark
from core.ledger import queries as ledger
from core.manifest import (
    AccountKind,
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
from core.people.rules import Actor
from core.people.services import SWEEP, settle_proposal
from core.plugins import hookimpl
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
        Role(
            code=people.ADMINISTRATOR,
            title=mark("平台管理员"),
            scope_kind="platform",
            permissions=(people.GRANT, people.SET_PARAMETERS),
        ),
        Role(
            code=people.MANAGER,
            title=mark("组织负责人"),
            scope_kind="organization",
            permissions=(people.GRANT, people.SET_PARAMETERS),
        ),
    ]


@hookimpl
def register_parameters() -> list[Parameter]:
    return list(people.PARAMETERS)


@hookimpl
def register_workflows() -> list[Workflow]:
    return [rules.ORDERS, APPROVALS]


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [
        NavigationItem(title=mark("待办"), path="/todo", order=40, signed_in=True),
        NavigationItem(title=mark("柜台收费"), path="/counter", order=50, permission=rules.CONFIRM),
        NavigationItem(title=mark("待我审批"), path="/approvals", order=55, permission=people.GRANT),
        NavigationItem(title=mark("公共账户"), path="/accounts", order=60),
        NavigationItem(title=mark("通知"), path="/inbox", order=70, signed_in=True),
        NavigationItem(title=mark("我的"), path="/me", order=80, signed_in=True),
    ]


@hookimpl
def register_schedule() -> list[ScheduledTask]:
    return [
        ScheduledTask(task=SWEEP, every=timedelta(hours=1)),
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
    return [Searchable(kind=organizations.OWNER, title=mark("组织"), order=50, things=organizations.things)]


@hookimpl
async def collect_todos(actor: Actor) -> list[Todo]:
    now = clock.now()
    return await approvals.todos(actor.person_id, now) + await payments.todos(actor, now)


@hookimpl
async def collect_differences() -> list[Difference]:
    return await ledger.differences()


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
        await settle_proposal(subject_id, outcome)
    await tell_maker(approval_id, outcome)
