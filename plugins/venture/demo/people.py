"""罗江区, its centre, and the accounts that a newcomer may use."""

from collections.abc import Callable

from stdnum.cn.uscc import calc_check_digit

from core.database import fetch_value
from core.demo import PASSWORD
from core.language import mark
from core.manifest import DemoAccount
from core.organizations.rules import STAFF
from core.organizations.services import register_organization
from core.people import queries as people
from core.people.rules import MANAGER, Actor
from core.people.services import grant_role, register_person
from core.reference import Ref
from core.regions.services import add_region
from plugins.venture import rules
from plugins.venture.demo.words import CENTRE, PLACES, PROJECTS, SURNAMES

APPLICANT = DemoAccount(
    phone="13800001000", password=PASSWORD, name="申样舟", role=mark("罗江区一个社会组织的负责人：申报项目")
)
OFFICER = DemoAccount(
    phone="13800001001", password=PASSWORD, name="任样中", role=mark("罗江区支持中心：办理公益创投")
)
PAYER = DemoAccount(
    phone="13800001002", password=PASSWORD, name="傅样银", role=mark("罗江区支持中心付款经办人")
)
EXPERTS = (
    DemoAccount(phone="13800001003", password=PASSWORD, name="柏样评", role=mark("公益创投评审专家")),
    DemoAccount(phone="13800001004", password=PASSWORD, name="童样审", role=mark("公益创投评审专家")),
    DemoAccount(phone="13800001005", password=PASSWORD, name="纪样公", role=mark("公益创投评审专家")),
)
DISTRICT = DemoAccount(
    phone="13800001006", password=PASSWORD, name="罗样江", role=mark("罗江区工作人员：审核组织登记")
)
ACCOUNTS = (APPLICANT, OFFICER, PAYER, *EXPERTS, DISTRICT)


async def build_people(report: Callable[[int, int], None]) -> None:
    """The district, the centre, and the accounts with their roles."""
    region_id = await build_region()
    centre = Ref("organization", await organization(CENTRE, 0, region_id))
    first = Ref("organization", await organization(PROJECTS[0][0], 1, region_id))
    county = Ref("region", await build_region(levels=3))
    roles = {
        APPLICANT: (MANAGER, first),
        OFFICER: (rules.OFFICER, centre),
        PAYER: (rules.PAYER, centre),
        DISTRICT: (STAFF, county),
    }
    for done, account in enumerate(ACCOUNTS, 1):
        person_id = await fetch_value("select id from person where phone = $1", account.phone)
        if person_id is None:
            person_id = await register_person(account.name, phone=account.phone, password=account.password)
        if account in roles:
            await grant_role(person_id, *roles[account], actor_id=None)
        report(done, len(ACCOUNTS))


async def build_region(levels: int = len(PLACES)) -> int:
    """The id of the last of the first so many places."""
    parent_id: int | None = None
    for name, level, code in PLACES[:levels]:
        parent_id = await add_region(name, level=level, parent_id=parent_id, code=code)
    assert parent_id is not None
    return parent_id


async def organization(name: str, number: int, region_id: int) -> int:
    """The id of an invented organization, registered now if it is not yet."""
    found = await fetch_value("select id from organization where name = $1", name)
    if found is None:
        code = f"52510604MJY{number:06}"
        found = await register_organization(
            name, kind="social_organization", region_id=region_id, uscc=code + calc_check_digit(code)
        )
    return int(found)


async def account_actor(account: DemoAccount) -> Actor:
    """The account with the roles of this moment."""
    found = await people.actor(await fetch_value("select id from person where phone = $1", account.phone))
    assert found is not None
    return found


async def invented_actor(name: str, role: str, scope: Ref) -> Actor:
    """Somebody without a phone, who holds one role; the same one when asked again."""
    person_id = await fetch_value("select id from person where name = $1 and phone is null", name)
    if person_id is None:
        person_id = await register_person(name, phone=None, password=None)
    await grant_role(person_id, role, scope, actor_id=None)
    found = await people.actor(person_id)
    assert found is not None
    return found


async def applicant(number: int) -> tuple[Actor, int]:
    """Who acts for the organization of that number (from 0), and its id."""
    organization_id = await organization(PROJECTS[number][0], number + 1, await build_region())
    if number == 0:
        return await account_actor(APPLICANT), organization_id
    name = f"{SURNAMES[number]}样{'甲乙丙丁'[number % 4]}{PROJECTS[number][0][1]}"
    return await invented_actor(name, MANAGER, Ref("organization", organization_id)), organization_id
