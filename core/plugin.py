"""Core, declared like anybody: its units, account kinds, roles and tables."""

from core.manifest import AccountKind, DemoAccount, DemoStep, Difference, Manifest, Role, Unit
from core.ledger import queries as ledger
from core.payments import postings, rules
from core.plugins import hookimpl

MANIFEST = Manifest(
    name="core",
    title="益集",
    version="0.1.0",
    author="Yiji",
    description="组织, 居民, 账本, 缴费与通知",
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["core.piccolo_app"]


@hookimpl
def register_units() -> list[Unit]:
    return [Unit(code="CNY", title="元", digits=2)]


@hookimpl
def register_account_kinds() -> list[AccountKind]:
    return [
        AccountKind(code="core.public", title="公共账户"),
        AccountKind(code=postings.CASH, title="柜台现金来源", floor=None),
    ]


@hookimpl
def register_roles() -> list[Role]:
    return [
        Role(
            code="core.treasurer",
            title="出纳",
            scope_kind="organization",
            permissions=(rules.CONFIRM,),
        )
    ]


@hookimpl
async def collect_differences() -> list[Difference]:
    return await ledger.differences()
