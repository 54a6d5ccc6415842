"""An organization with a manager, its region's staff (two of them), and the staff of elsewhere."""

from dataclasses import dataclass
from datetime import date

from core.organizations import rules
from core.organizations.rules.records import Finding
from core.organizations.services import register_organization
from core.people.queries import actor as actor_of
from core.people.rules import MANAGER, Actor
from core.people.services import grant_role
from core.reference import Ref
from core.regions.services import add_region
from tests.factories import make_resident, new_phone

GOOD = "52510100500000007X"
PASSWORD = "correct horse"


@dataclass(frozen=True)
class Place:
    """Who is concerned, and who is not. `phones` by the same names."""

    id: int
    region_id: int
    manager: Actor
    second: Actor
    staff: Actor
    colleague: Actor
    elsewhere: Actor
    phones: dict[str, str]


async def make_place(name: str = "样邻社区营造中心") -> Place:
    """All of them can sign in."""
    county = await add_region("测试区", level="county", parent_id=None)
    town = await add_region("测试镇", level="street", parent_id=county)
    far = await add_region("邻区", level="county", parent_id=None)
    made = await register_organization(name, kind="service_agency", region_id=town, uscc=GOOD)
    held = {
        "manager": (MANAGER, Ref("organization", made)),
        "second": (MANAGER, Ref("organization", made)),
        "staff": (rules.STAFF, Ref("region", county)),
        "colleague": (rules.STAFF, Ref("region", county)),
        "elsewhere": (rules.STAFF, Ref("region", far)),
    }
    phones = {who: new_phone() for who in held}
    actors = {who: await _actor(town, phones[who], *role) for who, role in held.items()}
    return Place(made, town, phones=phones, **actors)


async def _actor(region_id: int, phone: str, role: str, scope: Ref) -> Actor:
    person = await make_resident(region_id, name="何样例", phone=phone, password=PASSWORD)
    await grant_role(person.person_id, role, scope, actor_id=None)
    found = await actor_of(person.person_id)
    assert found is not None
    return found


def finding(kind: str = "rating", value: str = "4A", **said: object) -> Finding:
    """A finding of the first of March 2026 as somebody types it."""
    facts = {"given_by": "成都市民政局", "valid_from": date(2026, 3, 1), "reason": "公告 7 号"}
    return Finding(kind=kind, value=value, **(facts | said))  # type: ignore[arg-type]
