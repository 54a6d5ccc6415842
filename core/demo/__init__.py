"""Core's part of the demo world: 青神县龙凤新区, its self-governance committee, and six accounts.

Persons are invented and look invented. Place names are those that the product was commissioned for.
"""

from collections.abc import Callable

from core.database import fetch_row, fetch_value
from core.language import mark
from core.manifest import DemoAccount
from core.organizations.services import register_organization
from core.people import rules
from core.people.rules import Actor, Grant
from core.people.services import grant_role, register_household, register_person
from core.reference import PLATFORM, Ref
from core.regions.services import add_region

PASSWORD = "yiji-demo"
RESIDENT = DemoAccount(phone="13800000001", password=PASSWORD, name="林样禾", role=mark("居民：可以认领地块"))
NEIGHBOUR = DemoAccount(phone="13800000003", password=PASSWORD, name="苏样晴", role=mark("另一户居民"))
TREASURER = DemoAccount(
    phone="13800000002", password=PASSWORD, name="周样真", role=mark("自治管委会出纳：确认缴费")
)
OPERATOR = DemoAccount(
    phone="13800000008", password=PASSWORD, name="方样行", role=mark("运行维护与审计：看任务、事件与审计记录")
)
ADMINISTRATOR = DemoAccount(
    phone="13800000009", password=PASSWORD, name="高样平", role=mark("平台管理员：授予角色，设定规则")
)
WORKER = DemoAccount(
    phone="13800006000", password=PASSWORD, name="何样芳", role=mark("社区工作人员：登记居民，当面发验证码")
)
ACCOUNTS = (RESIDENT, NEIGHBOUR, TREASURER, OPERATOR, ADMINISTRATOR, WORKER)
COMMITTEE = "龙凤新区自治管理委员会"
PLACES = (
    ("四川省", "province", "510000"),
    ("眉山市", "city", "511400"),
    ("青神县", "county", "511425"),
    ("龙凤新区", "community", None),
)


async def build_places_and_people(report: Callable[[int, int], None]) -> None:
    """Regions, the committee, and the accounts, each in a household of its own."""
    region_id = await build_region()
    committee = Ref("organization", await build_committee(region_id))
    roles = {
        TREASURER: [("core.treasurer", committee)],
        OPERATOR: [("core.operator", PLATFORM), ("core.auditor", PLATFORM)],
        ADMINISTRATOR: [(rules.ADMINISTRATOR, PLATFORM)],
        WORKER: [(rules.WORKER, Ref("region", region_id))],
    }
    for done, account in enumerate(ACCOUNTS, 1):
        if await fetch_value("select id from person where phone = $1", account.phone) is None:
            person_id = await register_person(account.name, phone=account.phone, password=account.password)
            await register_household(region_id, person_ids=[person_id])
            for role, scope in roles.get(account, []):
                await grant_role(person_id, role, scope, actor_id=None)
        report(done, len(ACCOUNTS))


async def build_region() -> int:
    """The id of 龙凤新区, with the places above it."""
    parent_id: int | None = None
    for name, level, code in PLACES:
        parent_id = await add_region(name, level=level, parent_id=parent_id, code=code)
    assert parent_id is not None
    return parent_id


async def build_committee(region_id: int) -> int:
    """The id of the committee, registered now if it is not yet."""
    found = await fetch_value("select id from organization where name = $1", COMMITTEE)
    if found is None:
        found = await register_organization(COMMITTEE, kind="committee", region_id=region_id)
    return int(found)


async def actor_of(account: DemoAccount, *grants: Grant) -> Actor:
    """The account as services want it; RuntimeError before it is built."""
    row = await fetch_row(
        "select p.id, p.name, m.household from person p"
        " join household_member m on m.person = p.id and m.left_on is null where p.phone = $1",
        account.phone,
    )
    if row is None:
        raise RuntimeError(f"the demo account {account.phone} is not there yet")
    return Actor(row["id"], row["name"], row["household"], grants)
