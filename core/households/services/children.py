"""The verbs of minors: a guardian of the same household registers them and agrees for them."""

from collections.abc import Collection
from datetime import date

from core import clock
from core.audit.services import record_audit
from core.database import fetch_value, unit_of_work
from core.households import queries, rules
from core.households.services.members import add_members, lock
from core.people.rules import Actor
from core.people.services import lock_person, write_person
from core.reference import Ref
from core.registration import queries as registration
from core.registration.errors import NotGuardian
from core.registration.rules import FOR_MINORS, PRIVACY, check_agreed, check_name
from core.registration.services import check_served
from core.registration.services.consents import write_consent


async def register_child(
    name: str, *, born_on: date, agreed: bool, purposes: Collection[str], actor: Actor
) -> int:
    """A grown-up registers a minor of the own household and is its guardian; returns the child's id.

    The same name and birthday again is the same child. `purposes` are agreed to as well. Raises
    HouseholdMissing, NameMalformed, ConsentMissing, NotMinor, NotMember, GuardianTooYoung, HouseholdFull.
    """
    household_id, name = actor.require_household(), check_name(name)
    check_agreed(agreed)
    rules.check_minor(born_on, clock.today())
    async with unit_of_work() as unit:
        household = await lock(household_id)
        rules.check_member(actor.person_id, household.member_ids)
        rules.check_grown_up(await registration.child(actor.person_id) is None)
        for known in await registration.children_of(actor.person_id):
            if (known.name, known.born_on) == (name, born_on):
                return known.id
        child_id = await write_person(name, phone=None, password_hash=None)
        await unit.connection.execute(
            "update person set born_on = $2, guardian = $3 where id = $1", child_id, born_on, actor.person_id
        )
        for purpose in (PRIVACY.code, *(code for code in FOR_MINORS if code in purposes)):
            write_consent(child_id, purpose, is_given=True, witness=actor.person_id)
        await add_members(household, [child_id])
        record_audit("child.registered", Ref("person", child_id), actor_id=actor.person_id)
        return child_id


async def name_guardian(child_id: int, guardian_id: int, *, actor: Actor) -> None:
    """A worker writes down who is the guardian of a minor: a grown-up of the same household.

    The same again changes nothing. Raises ResidentNotFound, NotGuardian, NotMember, GuardianTooYoung.
    """
    async with unit_of_work() as unit:
        await lock_person(child_id)
        await check_served(child_id, actor)
        child = await registration.child(child_id)
        if child is None:
            raise NotGuardian
        household_id = await fetch_value(
            "select household from household_member where person = $1 and left_on is null", child_id
        )
        others = set((await queries.household(household_id)).member_ids) - {child_id}
        rules.check_member(guardian_id, others)
        rules.check_grown_up(await registration.child(guardian_id) is None)
        if child.guardian_id == guardian_id:
            return
        await unit.connection.execute("update person set guardian = $2 where id = $1", child_id, guardian_id)
        record_audit(
            "child.guardian_named",
            Ref("person", child_id),
            actor_id=actor.person_id,
            guardian_id=guardian_id,
        )
