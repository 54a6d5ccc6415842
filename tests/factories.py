"""Plain builders through the product's own services: people, a committee, a garden."""

import itertools
from dataclasses import dataclass

from core.database import unit_of_work
from core.ledger import services as ledger
from core.organizations.services import register_organization
from core.people.rules import Actor, Grant
from core.people.services import grant_role, register_household, register_person
from core.reference import PLATFORM, Ref
from core.regions.services import add_region
from plugins.garden.services import found_garden

PASSWORD = "correct horse"
_NUMBERS = itertools.count(1)


def new_phone() -> str:
    """A phone number that no other builder of this run has given out."""
    return f"139{next(_NUMBERS):08}"


async def make_region() -> int:
    """A community of its own."""
    return await add_region(f"测试社区{next(_NUMBERS)}", level="community", parent_id=None)


async def make_resident(
    region_id: int, *, name: str = "张测试", phone: str | None = None, password: str | None = None
) -> Actor:
    """A person in a household of one."""
    person_id = await register_person(name, phone=phone, password=password)
    household_id = await register_household(region_id, person_ids=[person_id])
    return Actor(person_id, name, household_id)


@dataclass(frozen=True)
class Committee:
    """A committee with a treasurer who may confirm its money."""

    id: int
    region_id: int
    treasurer: Actor

    @property
    def ref(self) -> Ref:
        """The committee as an owner or scope."""
        return Ref("organization", self.id)


async def make_committee(*, treasurer_phone: str | None = None) -> Committee:
    """A committee in a region of its own; its treasurer can log in if given a phone."""
    region_id = await make_region()
    committee_id = await register_organization("测试自管会", kind="committee", region_id=region_id)
    scope = Ref("organization", committee_id)
    password = PASSWORD if treasurer_phone else None
    person = await make_resident(region_id, name="钱出纳", phone=treasurer_phone, password=password)
    await grant_role(person.person_id, "core.treasurer", scope, actor_id=None)
    treasurer = Actor(person.person_id, person.name, person.household_id, (Grant("core.treasurer", scope),))
    return Committee(committee_id, region_id, treasurer)


async def make_garden(committee: Committee, *, plots: int = 6) -> tuple[int, list[int]]:
    """A garden and the ids of its plots, by number."""
    from core.database import fetch

    garden_id = await found_garden(
        "测试菜园", organization_id=committee.id, area_m2=20 * plots, plots=plots, columns=3
    )
    rows = await fetch("select id from garden_plot where garden = $1 order by number", garden_id)
    return garden_id, [row["id"] for row in rows]


async def make_official(*roles: str, phone: str | None = None) -> Actor:
    """A person who holds these roles for the whole deployment; can log in if given a phone."""
    person = await make_resident(
        await make_region(), name="方官员", phone=phone, password=PASSWORD if phone else None
    )
    for role in roles:
        await grant_role(person.person_id, role, PLATFORM, actor_id=None)
    grants = tuple(Grant(role, PLATFORM) for role in roles)
    return Actor(person.person_id, person.name, person.household_id, grants)


async def make_manager(committee: Committee, *, phone: str | None = None) -> Actor:
    """A person who may set the committee's rules."""
    person = await make_resident(
        committee.region_id, name="高管家", phone=phone, password=PASSWORD if phone else None
    )
    await grant_role(person.person_id, "core.manager", committee.ref, actor_id=None)
    grants = (Grant("core.manager", committee.ref),)
    return Actor(person.person_id, person.name, person.household_id, grants)


async def make_accounts(committee: Committee) -> tuple[int, int]:
    """(outside cash, public account) of the committee."""
    async with unit_of_work():
        return (
            await ledger.open_account(committee.ref, kind="core.outside_cash", unit="CNY"),
            await ledger.open_account(committee.ref, kind="core.public", unit="CNY"),
        )
