"""Organizations of the demo world with everything on record: findings, a restriction, an account, a list.

Invented, as a sample: organizations, persons, grades, account numbers.
"""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.database import fetch_value, unit_of_work
from core.demo.volunteers import LUOJIANG, PASSWORD
from core.files.rules import Upload
from core.language import mark
from core.manifest import DemoAccount
from core.organizations.queries import OWNER
from core.organizations.rules import STAFF
from core.organizations.rules.imports import COLUMNS
from core.organizations.rules.payees import BankAccount
from core.organizations.rules.records import Finding
from core.organizations.services import register_organization
from core.organizations.services.imports import ask_for_import, judge_import
from core.organizations.services.payees import propose_payee
from core.organizations.services.records import record_finding
from core.organizations.services.restrictions import appeal_restriction, restrict_organization
from core.people.queries import actor as actor_of
from core.people.rules import MANAGER, Actor
from core.people.services import grant_role, register_person
from core.reference import Ref
from core.regions.services import add_region

FIRST = DemoAccount(
    phone="13800007000", password=PASSWORD, name="关样政", role=mark("罗江区工作人员：登记评估年检、导入组织")
)
SECOND = DemoAccount(
    phone="13800007001", password=PASSWORD, name="单样正", role=mark("罗江区另一位工作人员：决定申诉")
)
HEAD = DemoAccount(
    phone="13800007002", password=PASSWORD, name="管样理", role=mark("样例组织负责人：申诉、填拨款账户")
)
ACCOUNTS = (FIRST, SECOND, HEAD)
_GOOD, _LATE = "罗江样例社区服务中心", "罗江样例文化服务社"
_CODES = {_GOOD: "52510604MJTEAT0005", _LATE: "52510604MJTEAT0106"}
_LIST = (
    "罗江样例银发互助队,社区社会组织,,罗江区",
    "罗江样例亲子阅读社,社区社会组织,,罗江区",
    "罗江样例棋友会,协会,,罗江区",
    "罗江样例环保中心,社会服务机构,52510604MJTEAT0009,罗江区",
)


async def build_organizations(report: Callable[[int, int], None]) -> None:
    """Two organizations; all of it is built, or nothing."""
    if await fetch_value("select id from organization where name = $1", _GOOD) is None:
        async with unit_of_work():
            await _build()
    report(1, 1)


async def _build() -> None:
    region_id: int | None = None
    for name, level, code in LUOJIANG:
        region_id = await add_region(name, level=level, parent_id=region_id, code=code)
    assert region_id is not None
    good, late = [
        await register_organization(name, kind="service_agency", region_id=region_id, uscc=code)
        for name, code in _CODES.items()
    ]
    staff = await _holder(FIRST, (STAFF, Ref("region", region_id)))
    await _holder(SECOND, (STAFF, Ref("region", region_id)))
    head = await _holder(HEAD, (MANAGER, Ref(OWNER, good)), (MANAGER, Ref(OWNER, late)))
    await _record(good, staff)
    until_on = clock.today() + timedelta(days=180)
    reason = "两次未按期提交项目报告 (样例)"
    one = await restrict_organization(late, "limited", reason=reason, until_on=until_on, actor=staff)
    await appeal_restriction(one, "第二份报告在期限内寄出，附回执。", organization_id=late, actor=head)
    await propose_payee(good, BankAccount("样例银行罗江支行", _GOOD, "6222000000007000"), actor=head)
    content = "\n".join([",".join(COLUMNS.values()), *_LIST]).encode()
    list_id = await ask_for_import(Upload("罗江样例名单.csv", content), actor=staff)
    await judge_import(list_id, person_id=staff.person_id, language="zh")


async def _record(organization_id: int, staff: Actor) -> None:
    today = clock.today()
    for kind, value, days, facts in (
        ("inspection", "basic", 500, {"year": today.year - 2}),
        ("inspection", "passed", 150, {"year": today.year - 1}),
        ("charity", "granted", 700, {}),
        ("rating", "4A", 400, {}),
        ("fundraising", "granted", 600, {"number": "样例 0001", "valid_until": today + timedelta(days=60)}),
    ):
        finding = Finding(
            kind=kind,
            value=value,
            given_by="罗江区民政局 (样例)",
            valid_from=today - timedelta(days=days),
            reason="样例公告",
            **facts,
        )
        await record_finding(organization_id, finding, actor=staff)


async def _holder(account: DemoAccount, *roles: tuple[str, Ref]) -> Actor:
    person_id = await register_person(account.name, phone=account.phone, password=account.password)
    for role, scope in roles:
        await grant_role(person_id, role, scope, actor_id=None)
    found = await actor_of(person_id)
    assert found is not None
    return found
