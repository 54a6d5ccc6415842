"""Founding, joining, leaving, moving, splitting and merging."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch_value
from core.households import queries, services
from core.households.errors import (
    AskedAlready,
    HeadLeaves,
    HeadMustHandOver,
    HouseholdFull,
    HouseholdNotFound,
    InvitationOver,
    NotHead,
    NotMember,
    OtherHousehold,
    PlaceUnknown,
    RequestNotFound,
    RequestOver,
    SameRegion,
)
from core.parameters.services import set_parameter
from core.people import queries as people
from core.people.errors import InAnotherHousehold, PermissionMissing
from core.people.rules import Actor
from core.people.services import grant_role, register_person
from core.reference import PLATFORM, Ref
from core.regions.services import add_region
from core.registration.errors import ConsentMissing
from plugins.garden.errors import PlotsHeld
from plugins.garden.services import claim_plot
from tests.factories import make_committee, make_garden, make_region, new_phone


async def newcomer(name: str = "何新来") -> Actor:
    """Somebody without a household."""
    return await now(await register_person(name, phone=new_phone(), password=None))


async def now(person: Actor | int) -> Actor:
    """The person as of this moment."""
    found = await people.actor(person if isinstance(person, int) else person.person_id)
    assert found is not None
    return found


async def home(region_id: int, *names: str) -> list[Actor]:
    """A household with its head first."""
    head, *others = [await newcomer(name) for name in names]
    await services.found_household(region_id, actor=head)
    for other in others:
        await services.join(await services.invite(actor=await now(head)), actor=other)
    return [await now(one) for one in (head, *others)]


async def test_a_household_is_founded_joined_and_left(db: str) -> None:
    region = await make_region()
    head, other = await home(region, "何大", "何二")
    found = await queries.household(head.require_household())
    assert [(m.name, m.is_head) for m in found.members] == [("何大", True), ("何二", False)]
    with pytest.raises(HeadMustHandOver):
        await services.leave(actor=head)
    with pytest.raises(NotHead):
        await services.hand_over(head.person_id, actor=other)
    await services.hand_over(other.person_id, actor=head)
    await services.leave(actor=head)
    await services.leave(actor=other)
    assert (await now(other)).household_id is None
    with pytest.raises(HouseholdNotFound):
        await queries.household(found.id)
    await services.found_household(region, actor=head)
    with pytest.raises(NotMember):
        await services.hand_over(other.person_id, actor=await now(head))


async def test_nobody_is_in_two_households(db: str) -> None:
    region = await make_region()
    (head,) = await home(region, "何大")
    with pytest.raises(InAnotherHousehold):
        await services.found_household(region, actor=head)
    (other,) = await home(region, "何二")
    with pytest.raises(InAnotherHousehold):
        await services.join(await services.invite(actor=other), actor=head)
    with pytest.raises(InAnotherHousehold):
        await services.ask_to_join(other.require_household(), actor=head)


async def test_households_are_in_communities_that_are_there(db: str) -> None:
    city = await add_region("测试市", level="city", parent_id=None)
    for place in (city, 10**9):
        with pytest.raises(PlaceUnknown):
            await services.found_household(place, actor=await newcomer())


async def test_an_invitation_lets_in_one_and_for_seven_days(db: str) -> None:
    (head,) = await home(await make_region(), "何大")
    code = await services.invite(actor=head)
    late = clock.now() + timedelta(days=7)
    with clock.frozen(late), pytest.raises(InvitationOver):
        await services.join(code, actor=await newcomer())
    outcomes = await asyncio.gather(
        *(services.join(f" {code.lower()} ", actor=one) for one in [await newcomer(), await newcomer()]),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvitationOver", "int"]


async def test_a_household_has_as_many_members_as_the_rule_allows(db: str) -> None:
    await set_parameter("core.household.members_most", PLATFORM, 2, effective_on=clock.today(), actor_id=None)
    head, _ = await home(await make_region(), "何大", "何二")
    with pytest.raises(HouseholdFull, match="最多 2 人"):
        await services.join(await services.invite(actor=head), actor=await newcomer())


async def test_the_head_answers_who_asks_to_join(db: str) -> None:
    head, member = await home(await make_region(), "何大", "何二")
    household, asker = head.require_household(), await newcomer("何三")
    request = await services.ask_to_join(household, actor=asker)
    with pytest.raises(AskedAlready):
        await services.ask_to_join(household, actor=asker)
    for other in (member, asker):
        with pytest.raises(RequestNotFound):
            await services.agree(request, actor=other)
    assert [one.person for one in await queries.waiting_for(head.person_id)] == ["何三"]
    await services.agree(request, actor=head)
    await services.agree(request, actor=head)
    assert (await now(asker)).household_id == household
    with pytest.raises(RequestOver):
        await services.refuse(request, actor=head)


async def test_who_is_refused_or_withdraws_may_ask_again(db: str) -> None:
    (head,) = await home(await make_region(), "何大")
    household, asker = head.require_household(), await newcomer()
    await services.refuse(await services.ask_to_join(household, actor=asker), actor=head)
    request = await services.ask_to_join(household, actor=asker)
    with pytest.raises(RequestNotFound):
        await services.withdraw(request, actor=head)
    await services.withdraw(request, actor=asker)
    with pytest.raises(RequestOver):
        await services.agree(request, actor=head)
    assert (await now(asker)).household_id is None


async def worker_of(region_id: int) -> Actor:
    person = await newcomer("何社工")
    await grant_role(person.person_id, "core.community_worker", Ref("region", region_id), actor_id=None)
    return await now(person)


async def test_a_household_moves_when_a_worker_of_the_place_agrees(db: str) -> None:
    city = await add_region("测试市", level="city", parent_id=None)
    there = await add_region("测试新村", level="community", parent_id=city)
    here = await make_region()
    head, _ = await home(here, "何大", "何二")
    with pytest.raises(SameRegion):
        await services.ask_to_move(here, actor=head)
    request = await services.ask_to_move(there, actor=head)
    worker, stranger = await worker_of(city), await worker_of(here)
    assert [one.region for one in await queries.moves_for(worker)] == ["测试新村"]
    assert await queries.moves_for(stranger) == []
    for other in (stranger, head):
        with pytest.raises(RequestNotFound):
            await services.agree(request, actor=other)
    await services.agree(request, actor=worker)
    assert await people.region_of(head.person_id) == there


async def test_a_merged_household_ends_and_its_members_live_on_in_the_other(db: str) -> None:
    region = await make_region()
    head, member = await home(region, "何大", "何二")
    (other,) = await home(region, "苏大")
    with pytest.raises(OtherHousehold):
        await services.ask_to_merge(head.require_household(), actor=head)
    with pytest.raises(NotHead):
        await services.ask_to_merge(other.require_household(), actor=member)
    request = await services.ask_to_merge(other.require_household(), actor=head)
    await services.agree(request, actor=other)
    for person in (head, member):
        assert (await now(person)).household_id == other.household_id
    found = await queries.household(other.require_household())
    assert found.head_id == other.person_id
    assert await fetch_value(
        "select closed_at is not null and head is null from household where id = $1", head.household_id
    )


async def test_some_members_split_off_when_their_head_to_be_agrees(db: str) -> None:
    head, second, third = await home(await make_region(), "何大", "何二", "何三")
    with pytest.raises(HeadLeaves):
        await services.ask_to_split([head.person_id], head.person_id, actor=head)
    with pytest.raises(NotMember):
        await services.ask_to_split([third.person_id], second.person_id, actor=head)
    request = await services.ask_to_split([second.person_id, third.person_id], second.person_id, actor=head)
    with pytest.raises(RequestNotFound):
        await services.agree(request, actor=third)
    await services.agree(request, actor=second)
    split = (await now(second)).require_household()
    assert split != head.household_id
    assert (await now(third)).household_id == split
    assert (await queries.household(split)).head_id == second.person_id
    assert (await queries.household(head.require_household())).member_ids == [head.person_id]


async def test_a_new_head_is_not_bound_by_what_the_old_one_asked(db: str) -> None:
    region = await make_region()
    head, second = await home(region, "何大", "何二")
    (other,) = await home(region, "苏大")
    request = await services.ask_to_merge(other.require_household(), actor=head)
    await services.hand_over(second.person_id, actor=head)
    with pytest.raises(RequestOver):
        await services.agree(request, actor=other)
    assert (await now(second)).household_id == head.household_id


async def test_a_household_with_a_plot_does_not_end(db: str) -> None:
    """The garden's `check_household_closing`."""
    committee = await make_committee()
    _, plots = await make_garden(committee)
    (head,) = await home(committee.region_id, "何大")
    await claim_plot(plots[0], agreed=True, actor=head)
    with pytest.raises(PlotsHeld):
        await services.leave(actor=head)
    (other,) = await home(committee.region_id, "苏大")
    request = await services.ask_to_merge(other.require_household(), actor=head)
    with pytest.raises(PlotsHeld):
        await services.agree(request, actor=other)
    assert (await now(head)).household_id == head.household_id
    await fetch_value("update garden_lease set state = 'cancelled'")
    await services.agree(request, actor=other)


async def test_a_worker_registers_who_has_no_phone(db: str) -> None:
    here, there = await make_region(), await make_region()
    worker = await worker_of(here)
    more = {"phone": None, "actor": worker}
    with pytest.raises(ConsentMissing):
        await services.register_resident("何老", agreed=False, region_id=here, household_id=None, **more)  # type: ignore[arg-type]
    with pytest.raises(PermissionMissing):
        await services.register_resident("何老", agreed=True, region_id=there, household_id=None, **more)  # type: ignore[arg-type]
    with pytest.raises(PlaceUnknown):
        await services.register_resident("何老", agreed=True, region_id=None, household_id=None, **more)  # type: ignore[arg-type]
    elder = await services.register_resident(
        "何老",
        agreed=True,
        region_id=here,
        household_id=None,
        **more,  # type: ignore[arg-type]
    )
    household = (await now(elder)).require_household()
    spouse = await services.register_resident(
        "苏老",
        agreed=True,
        region_id=None,
        household_id=household,
        **more,  # type: ignore[arg-type]
    )
    assert (await queries.household(household)).member_ids == [elder, spouse]
    assert await fetch_value("select witness from consent where person = $1", elder) == worker.person_id
