"""The verbs of members: found a household, invite, join, leave, hand it over."""

from core import clock, plugins
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.households import queries, rules
from core.households.errors import InvitationOver
from core.households.queries import HouseholdView
from core.households.services.accounts import take_over
from core.language import mark
from core.notifications.services import notify
from core.parameters.queries import effective
from core.people import queries as people
from core.people.errors import InAnotherHousehold, PermissionMissing
from core.people.rules import Actor
from core.people.services import register_household, write_person
from core.reference import PLATFORM, Ref
from core.registration import queries as registration
from core.registration.rules import PRIVACY, check_agreed, check_name
from core.registration.services.consents import write_consent


async def found_household(region_id: int, *, actor: Actor) -> int:
    """Found a household of oneself, its head; returns its id. Raises PlaceUnknown, InAnotherHousehold."""
    async with unit_of_work():
        await queries.check_place(region_id)
        household_id = await register_household(region_id, person_ids=[actor.person_id])
        await drop_own_requests(actor.person_id)
        return household_id


async def register_resident(
    name: str,
    *,
    phone: str | None,
    agreed: bool,
    region_id: int | None,
    household_id: int | None,
    actor: Actor,
) -> int:
    """A worker registers somebody who stands before him, in a new household or one of his places.

    Returns the person's id. Raises NameMalformed, ConsentMissing, PhoneTaken, PlaceUnknown,
    HouseholdNotFound, HouseholdFull, PermissionMissing.
    """
    name = check_name(name)
    check_agreed(agreed)
    async with unit_of_work():
        found = await lock(household_id) if household_id is not None else None
        place = found.region_id if found else region_id or 0
        await queries.check_place(place)
        if not await people.serves(actor, place):
            raise PermissionMissing
        person_id = await write_person(name, phone=phone, password_hash=None)
        write_consent(person_id, PRIVACY.code, is_given=True, witness=actor.person_id)
        if found:
            await add_members(found, [person_id])
        else:
            await register_household(place, person_ids=[person_id])
        record_audit("resident.registered", Ref("person", person_id), actor_id=actor.person_id)
        return person_id


async def invite(*, actor: Actor) -> str:
    """A code with which one person may join the household; raises NotHead, HouseholdMissing."""
    household_id = actor.require_household()
    async with unit_of_work() as unit:
        household = await lock(household_id)
        rules.check_head(household.head_id, actor.person_id)
        code = rules.new_code()
        unit.insert(
            "household_invitation",
            household=household_id,
            code=code,
            made_by=actor.person_id,
            expires_at=clock.now() + rules.INVITATION_LIFE,
        )
        record_audit("household.invited", Ref("household", household_id), actor_id=actor.person_id)
        return code


async def join(code: str, *, actor: Actor) -> int:
    """Join by invitation; returns the household's id. By a guardian's code one is that child from now on.

    Raises InvitationOver, InAnotherHousehold, HouseholdFull, ChildHasAccount, AccountInUse.
    """
    async with unit_of_work() as unit:
        used = await unit.connection.fetchrow(
            "update household_invitation set used_by = $2, used_at = $3 where code = $1 and used_at is null"
            " and expires_at > $3 returning household, child, made_by",
            rules.tidy_code(code),
            actor.person_id,
            clock.now(),
        )
        if used is None:
            raise InvitationOver
        if used["child"] is not None:
            await drop_own_requests(actor.person_id)
            await take_over(used["child"], actor.person_id, guardian_id=used["made_by"])
            return int(used["household"])
        household = await lock(used["household"])
        await add_members(household, [actor.person_id])
        if household.head_id is not None:
            notify(
                household.head_id,
                title=mark("有人加入了您的家庭户"),
                body=mark("您发出的邀请码已经用上了，请看一看成员。"),
                path="/household",
            )
        return household.id


async def leave(*, actor: Actor) -> None:
    """Leave the household; the last one closes it.

    Raises HouseholdMissing, HeadMustHandOver, and what plugins say against closing it.
    """
    household_id = actor.require_household()
    async with unit_of_work():
        household = await lock(household_id)
        rules.check_member(actor.person_id, household.member_ids)
        rules.check_leaving(household.head_id, actor.person_id, household.member_ids)
        await remove_members(household, [actor.person_id])


async def hand_over(person_id: int, *, actor: Actor) -> None:
    """Another member is the head from now on; raises HouseholdMissing, NotHead, NotMember, HeadTooYoung."""
    household_id = actor.require_household()
    async with unit_of_work():
        household = await lock(household_id)
        rules.check_head(household.head_id, actor.person_id)
        rules.check_member(person_id, household.member_ids)
        rules.check_head_age(await registration.child(person_id) is None)
        await set_head(household_id, person_id)
        await _drop_requests_of(household_id)
        record_audit(
            "household.head_changed",
            Ref("household", household_id),
            actor_id=actor.person_id,
            person_id=person_id,
        )
        notify(
            person_id,
            title=mark("您现在是户主"),
            body=mark("原来的户主把家庭户交给了您。"),
            path="/household",
        )


async def lock(household_id: int) -> HouseholdView:
    """The household as it is now, locked until COMMIT; raises HouseholdNotFound."""
    await current_unit().connection.execute(
        "select from household where id = $1 for no key update", household_id
    )
    return await queries.household(household_id)


async def add_members(household: HouseholdView, person_ids: list[int]) -> None:
    """They join, in the caller's unit of work; raises HouseholdFull, InAnotherHousehold."""
    code = rules.MEMBERS_MOST.code
    most = (await effective([code], [PLATFORM], clock.today()))[code]
    rules.check_room(len(household.members) + len(person_ids), most)
    connection = current_unit().connection
    joined = await connection.fetch(
        "insert into household_member (household, person, joined_on)"
        " select $1, id, $3 from unnest($2::bigint[]) as id on conflict do nothing returning person",
        household.id,
        person_ids,
        clock.today(),
    )
    if len(joined) < len(person_ids):
        raise InAnotherHousehold
    if household.head_id is None:
        await set_head(household.id, person_ids[0])
    for person_id in person_ids:
        await drop_own_requests(person_id)
        record_audit(
            "household.joined", Ref("household", household.id), actor_id=person_id, person_id=person_id
        )


async def remove_members(household: HouseholdView, person_ids: list[int]) -> None:
    """They leave; without anybody left the household ends, unless a plugin has something against it."""
    connection = current_unit().connection
    if set(person_ids) >= set(household.member_ids):
        await plugins.check("check_household_closing", household_id=household.id)
        await connection.execute(
            "update household set closed_at = $2, head = null where id = $1", household.id, clock.now()
        )
        await connection.execute(
            "update household_request set state = 'withdrawn', decided_at = $2"
            " where (household = $1 or other = $1) and state = 'waiting'",
            household.id,
            clock.now(),
        )
        record_audit("household.closed", Ref("household", household.id), actor_id=None)
    await connection.execute(
        "update household_member set left_on = $3"
        " where household = $1 and person = any($2) and left_on is null",
        household.id,
        person_ids,
        clock.today(),
    )
    for person_id in person_ids:
        record_audit(
            "household.left", Ref("household", household.id), actor_id=person_id, person_id=person_id
        )


async def set_head(household_id: int, person_id: int) -> None:
    """In the caller's unit of work."""
    await current_unit().connection.execute(
        "update household set head = $2 where id = $1", household_id, person_id
    )


async def _drop_requests_of(household_id: int) -> None:
    """What the head before has asked for the household is asked no longer."""
    await current_unit().connection.execute(
        "update household_request set state = 'withdrawn', decided_at = $2"
        " where household = $1 and kind <> 'join' and state = 'waiting'",
        household_id,
        clock.now(),
    )


async def drop_own_requests(person_id: int) -> None:
    """Whoever is in a household by now, or has no account any more, wants into no other one."""
    await current_unit().connection.execute(
        "update household_request set state = 'withdrawn', decided_at = $2, decided_by = $1"
        " where person = $1 and kind = 'join' and state = 'waiting'",
        person_id,
        clock.now(),
    )
