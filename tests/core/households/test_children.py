"""Minors: registered by a guardian, who agrees to each thing that they do."""

import asyncio
from datetime import date

import pytest

from core import clock
from core.database import fetch_value
from core.households.errors import GuardianTooYoung, HeadTooYoung, NotMember, NotMinor
from core.households.queries import household
from core.households.services import (
    ask_to_split,
    hand_over,
    invite,
    join,
    leave,
    name_guardian,
    register_child,
)
from core.people.errors import HouseholdMissing
from core.people.queries import actor
from core.people.rules import Actor
from core.people.services import register_person
from core.registration import queries
from core.registration.errors import (
    ConsentMissing,
    ConsentUnknown,
    GuardianConsentMissing,
    NotGuardian,
    ResidentNotFound,
)
from core.registration.services import decide_for_child, give_consent, verify_identity
from tests.core.registration.test_identities import make_worker
from tests.factories import make_region, make_resident

VOLUNTEERING, POINTS = "minor_volunteering", "minor_points"
BORN = date(2015, 6, 1)


async def make_child(guardian: Actor, *, purposes: tuple[str, ...] = (), name: str = "林小样") -> int:
    return await register_child(name, born_on=BORN, agreed=True, purposes=purposes, actor=guardian)


async def test_a_child_does_what_the_guardian_has_agreed_to_and_no_longer_than_that(db: str) -> None:
    guardian = await make_resident(await make_region())
    child = await make_child(guardian, purposes=(VOLUNTEERING, "identity", "x"))
    found = await actor(child)
    assert found is not None
    assert found.household_id == guardian.household_id
    await queries.check_guardian_agreed(child, VOLUNTEERING)
    with pytest.raises(GuardianConsentMissing):
        await queries.check_guardian_agreed(child, POINTS)
    await decide_for_child(child, POINTS, is_given=True, actor=guardian)
    await decide_for_child(child, POINTS, is_given=True, actor=guardian)
    await queries.check_guardian_agreed(child, POINTS)
    assert await fetch_value("select count(*) from consent where purpose = $1", POINTS) == 1
    await decide_for_child(child, VOLUNTEERING, is_given=False, actor=guardian)
    with pytest.raises(GuardianConsentMissing):
        await queries.check_guardian_agreed(child, VOLUNTEERING)
    (told,) = await queries.children_of(guardian.person_id)
    assert (told.name, told.agreed) == ("林小样", {"privacy", POINTS})


async def test_whoever_is_of_age_decides_alone(db: str) -> None:
    guardian = await make_resident(await make_region())
    child = await make_child(guardian)
    for day, is_minor in ((date(2033, 5, 31), True), (date(2033, 6, 1), False)):
        with clock.frozen(clock.begin_of(day)):
            assert bool(await queries.children_of(guardian.person_id)) == is_minor
            if not is_minor:
                await queries.check_guardian_agreed(child, POINTS)
                with pytest.raises(NotGuardian):
                    await decide_for_child(child, POINTS, is_given=True, actor=guardian)


async def test_nobody_but_the_guardian_decides_and_a_child_not_for_itself(db: str) -> None:
    region = await make_region()
    guardian, stranger = await make_resident(region), await make_resident(region)
    child = await make_child(guardian)
    own = await actor(child)
    assert own is not None
    for somebody in (stranger, own):
        with pytest.raises(NotGuardian):
            await decide_for_child(child, POINTS, is_given=True, actor=somebody)
    with pytest.raises(ConsentUnknown):
        await give_consent(POINTS, actor=own)
    with pytest.raises(ConsentUnknown):
        await decide_for_child(child, "privacy", is_given=False, actor=guardian)


async def test_what_a_guardian_cannot_register_is_refused(db: str) -> None:
    region = await make_region()
    guardian = await make_resident(region)
    today = clock.today()
    for born_on in (
        date(1990, 1, 1),
        today.replace(year=today.year - 18),
        today.replace(year=today.year + 1),
    ):
        with pytest.raises(NotMinor):
            await register_child("林", born_on=born_on, agreed=True, purposes=(), actor=guardian)
    with pytest.raises(ConsentMissing):
        await register_child("林", born_on=BORN, agreed=False, purposes=(), actor=guardian)
    child = await actor(await make_child(guardian))
    assert child is not None
    with pytest.raises(GuardianTooYoung):
        await make_child(child, name="林更小")
    homeless = Actor(await register_person("游无户", phone=None, password=None), "游无户", None)
    with pytest.raises(HouseholdMissing):
        await make_child(homeless)


async def test_a_second_click_registers_no_second_child(db: str) -> None:
    guardian = await make_resident(await make_region())
    ids = await asyncio.gather(*(make_child(guardian) for _ in range(3)))
    assert len(set(ids)) == 1
    assert await fetch_value("select count(*) from person where guardian is not null") == 1


async def test_a_worker_names_the_guardian_of_a_minor_whose_card_he_has_seen(db: str) -> None:
    region = await make_region()
    worker, parent = await make_worker(region), await make_resident(region, name="林家长")
    minor = Actor(await register_person("林少年", phone=None, password=None), "林少年", None)
    await join(await invite(actor=parent), actor=minor)
    await name_card(minor.person_id, worker)
    with pytest.raises(GuardianConsentMissing):
        await queries.check_guardian_agreed(minor.person_id, VOLUNTEERING)
    stranger = await make_resident(region)
    with pytest.raises(NotMember):
        await name_guardian(minor.person_id, stranger.person_id, actor=worker)
    with pytest.raises(ResidentNotFound):
        await name_guardian(minor.person_id, parent.person_id, actor=await make_worker(await make_region()))
    for _ in range(2):
        await name_guardian(minor.person_id, parent.person_id, actor=worker)
    await decide_for_child(minor.person_id, VOLUNTEERING, is_given=True, actor=parent)
    await queries.check_guardian_agreed(minor.person_id, VOLUNTEERING)
    assert await fetch_value("select count(*) from audit_event where action = 'child.guardian_named'") == 1
    with pytest.raises(NotGuardian):
        await name_guardian(parent.person_id, stranger.person_id, actor=worker)


async def name_card(person_id: int, worker: Actor) -> None:
    await verify_identity(person_id, name="林少年", number="510104201506010022", agreed=True, actor=worker)


async def test_a_minor_heads_no_household(db: str) -> None:
    head = await make_resident(await make_region())
    born_on = clock.today().replace(year=clock.today().year - 12, day=1)
    child = await register_child("林小样", born_on=born_on, agreed=True, purposes=(), actor=head)
    with pytest.raises(HeadTooYoung):
        await hand_over(child, actor=head)
    with pytest.raises(HeadTooYoung):
        await ask_to_split([child], child, actor=head)
    with clock.frozen(clock.begin_of(born_on.replace(year=born_on.year + 18))):
        await hand_over(child, actor=head)
    assert (await household(head.require_household())).head_id == child


async def test_who_is_born_on_29_february_is_of_age_on_1_march(db: str) -> None:
    parent = await make_resident(await make_region())
    with clock.frozen(clock.begin_of(date(2026, 2, 1))):
        child = await register_child(
            "林闰样", born_on=date(2008, 2, 29), agreed=True, purposes=(), actor=parent
        )
    for day, is_minor in ((date(2026, 2, 28), True), (date(2026, 3, 1), False)):
        with clock.frozen(clock.begin_of(day)):
            members = (await household(parent.household_id or 0)).members
            assert [one.is_minor for one in members if one.person_id == child] == [is_minor]
            assert (await queries.child(child) is not None) is is_minor


async def test_who_has_left_the_household_registers_nobody_in_it(db: str) -> None:
    region = await make_region()
    parent, other = await make_resident(region), await make_resident(region)
    await join(await invite(actor=parent), actor=await _alone(other))
    moved = Actor(other.person_id, other.name, parent.household_id)
    await leave(actor=moved)
    with pytest.raises(NotMember):
        await make_child(moved)


async def _alone(person: Actor) -> Actor:
    await leave(actor=person)
    return Actor(person.person_id, person.name, None)
