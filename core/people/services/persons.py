"""The verbs of persons and households."""

import asyncpg

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.people.errors import InAnotherHousehold, PhoneTaken
from core.people.passwords import hash_password
from core.people.tables import Household, Person
from core.reference import Ref


async def register_person(name: str, *, phone: str | None, password: str | None) -> int:
    """Register a person and return the id; raises PhoneTaken. Without a password nobody can log in."""
    password_hash = await hash_password(password) if password else None
    try:
        async with unit_of_work():
            person = Person(name=name, phone=phone, password_hash=password_hash, registered_at=clock.now())
            await person.save()
            record_audit("person.registered", Ref("person", person.id), actor_id=None)
            return int(person.id)
    except asyncpg.UniqueViolationError:
        raise PhoneTaken from None


async def register_household(region_id: int, *, person_ids: list[int]) -> int:
    """Found a household with its members; raises InAnotherHousehold."""
    try:
        async with unit_of_work() as unit:
            household = Household(region=region_id, registered_at=clock.now())
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
    """Let verbs that count what a household has queue up behind each other, until COMMIT."""
    await current_unit().connection.execute(
        "select from household where id = $1 for no key update", household_id
    )
