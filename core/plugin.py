"""Core, declared like anybody: its units, account kinds, roles and tables."""

from datetime import timedelta

from core import demo
from core.answers import services as answers
from core.language import mark
from core.ledger import queries as ledger
from core.manifest import (
    AccountKind,
    DemoAccount,
    DemoStep,
    Difference,
    Manifest,
    NavigationItem,
    Parameter,
    Role,
    ScheduledTask,
    Unit,
)
from core.payments import postings, rules
from core.people import rules as people
from core.people import services as people_services
from core.plugins import hookimpl

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
def register_schedule() -> list[ScheduledTask]:
    sweeps = (people_services.SWEEP, answers.SWEEP)
    return [ScheduledTask(task=sweep, every=timedelta(hours=1)) for sweep in sweeps]


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [
        NavigationItem(title=mark("柜台收费"), path="/counter", order=50, permission=rules.CONFIRM),
        NavigationItem(title=mark("公共账户"), path="/accounts", order=60),
        NavigationItem(title=mark("通知"), path="/inbox", order=70, signed_in=True),
        NavigationItem(title=mark("我的"), path="/me", order=80, signed_in=True),
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
async def collect_differences() -> list[Difference]:
    return await ledger.differences()
