"""The verbs of persons and households."""

import asyncpg

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.people.errors import HouseholdMissing, InAnotherHousehold, PhoneTaken
from core.people.passwords import hash_password
from core.people.services.findable import make_findable
from core.people.tables import Household, Person
from core.reference import Ref


async def register_person(name: str, *, phone: str | None, password: str | None) -> int:
    """Register a person and return the id; raises PhoneTaken. Without a password nobody can log in."""
    password_hash = await hash_password(password) if password else None
    return await write_person(name, phone=phone, password_hash=password_hash)


async def write_person(name: str, *, phone: str | None, password_hash: str | None) -> int:
    """The same with a password that is hashed already, which takes long; raises PhoneTaken."""
    try:
        async with unit_of_work():
            person = Person(name=name, phone=phone, password_hash=password_hash, registered_at=clock.now())
            await person.save()
            await make_findable([person.id])
            record_audit("person.registered", Ref("person", person.id), actor_id=None)
            return int(person.id)
    except asyncpg.UniqueViolationError:
        raise PhoneTaken from None


async def register_household(region_id: int, *, person_ids: list[int]) -> int:
    """Found a household with its members, the first of whom is its head; raises InAnotherHousehold."""
    try:
        async with unit_of_work() as unit:
            head = person_ids[0] if person_ids else None
            household = Household(region=region_id, head=head, registered_at=clock.now())
            await household.save()
            await unit.connection.executemany(
                "insert into household_member (household, person, joined_on) values ($1, $2, $3)",
                [(household.id, person_id, clock.today()) for person_id in person_ids],
            )
            record_audit("household.registered", Ref("household", household.id), actor_id=None)
            return int(household.id)
    except asyncpg.UniqueViolationError:
        raise InAnotherHousehold from None


async def lock_person(person_id: int) -> None:
    """Let verbs that count what a person has queue up behind each other, until COMMIT."""
    await current_unit().connection.execute("select from person where id = $1 for no key update", person_id)


async def lock_household(household_id: int) -> None:
    """Let verbs that count what a household has queue up behind each other, until COMMIT.

    Raises HouseholdMissing for one that has ended.
    """
    is_open = await current_unit().connection.fetchval(
        "select closed_at is null from household where id = $1 for no key update", household_id
    )
    if not is_open:
        raise HouseholdMissing
