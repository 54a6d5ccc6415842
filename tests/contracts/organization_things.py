"""What is on record about the first tenant's organizations."""

from datetime import timedelta

from core import clock
from core.database import fetch_value, unit_of_work
from core.files.rules import Upload
from core.organizations.queries import OWNER
from core.organizations.rules import STAFF
from core.organizations.rules.payees import BankAccount
from core.organizations.services import register_organization
from core.organizations.services.imports import ask_for_import, judge_import
from core.organizations.services.payees import propose_payee
from core.organizations.services.restrictions import restrict_organization
from core.people.rules import MANAGER, Actor, Grant
from core.people.services import grant_role
from core.reference import Ref
from tests.factories import Committee, make_resident


async def make_organization_things(here: Committee) -> dict[str, int]:
    """A restriction of the tenant, and a group in its region whose account waits to be confirmed."""
    region = Ref("region", here.region_id)
    staff = await _holder(here, STAFF, region)
    restriction = await restrict_organization(
        here.id, "notice", reason="迟交报告", until_on=clock.today() + timedelta(days=30), actor=staff
    )
    group = await register_organization("爱唱歌小组", kind="community_group", region_id=here.region_id)
    head = await _holder(here, MANAGER, Ref(OWNER, group))
    payee = await propose_payee(group, BankAccount("样例银行", "爱唱歌小组", "62220001"), actor=head)
    return {"restriction": restriction, "group": group, "payee": payee, "import": await _import(staff)}


async def _import(staff: Actor) -> int:
    """A list that waits for the word of whoever has sent it; `make_actors` gives it to another one."""
    place = await fetch_value("select name from region where id = $1", staff.grants[0].scope.id)
    header = "组织全称,组织类型,统一社会信用代码,所在地区"
    content = f"{header}\n合唱二队,社区社会组织,,{place}\n,,,\n坏,坏,,坏\n".encode()
    one = await ask_for_import(Upload("名单.csv", content), actor=staff)
    async with unit_of_work():
        await judge_import(one, person_id=staff.person_id, language="zh")
    return one


async def _holder(here: Committee, role: str, scope: Ref) -> Actor:
    person = await make_resident(here.region_id, name="任职者")
    await grant_role(person.person_id, role, scope, actor_id=None)
    return Actor(person.person_id, person.name, person.household_id, (Grant(role, scope),))
