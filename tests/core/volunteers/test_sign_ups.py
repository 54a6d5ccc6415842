"""Places and the queue, also when two hundred come at once; reminders; a shift called off."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch
from core.households.services import register_child
from core.people.queries import actor as actor_of
from core.people.rules import Actor
from core.registration.errors import GuardianConsentMissing
from core.registration.services import decide_for_child
from core.volunteers import errors
from core.volunteers.queries import opportunities, sign_ups
from core.volunteers.services import opportunities as offering
from core.volunteers.services.sign_ups import cancel_sign_up, remind, sign_up
from tests.core.volunteers.shifts import (
    HOURS,
    PLAN,
    Team,
    join,
    make_shift,
    make_team,
    notices,
    states,
)
from tests.factories import make_resident


async def test_a_place_a_queue_and_who_moves_up(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team, capacity=1)
    first = await join(shift_id, person)
    others = [await make_resident(team.organization.region_id) for _ in range(2)]
    waiting = [await join(shift_id, other) for other in others]
    assert await join(shift_id, person) == first
    assert await states(shift_id) == ["placed", "waiting", "waiting"]
    assert [(await sign_ups.sign_up(id_)).ahead for id_ in waiting] == [0, 1]
    with pytest.raises(errors.SignUpNotFound):
        await cancel_sign_up(first, actor=others[0])
    await cancel_sign_up(first, actor=person)
    await cancel_sign_up(first, actor=person)
    assert await states(shift_id) == ["cancelled", "placed", "waiting"]
    assert await notices(others[0]) == ["候补到了名额"]
    await cancel_sign_up(waiting[1], actor=others[1])
    assert await notices(others[1]) == []
    assert (await opportunities.shift(shift_id)).taken == 1


async def test_what_stands_against_a_sign_up(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    with pytest.raises(errors.AgreementNotAccepted):
        await sign_up(shift_id, agreed=False, meets=True, actor=person)
    with pytest.raises(errors.RequirementsNotMet):
        await sign_up(shift_id, agreed=True, meets=False, actor=person)
    with pytest.raises(errors.ShiftNotFound):
        await join(10**6, person)
    shift = await opportunities.shift(shift_id)
    with clock.frozen(shift.begins_at), pytest.raises(errors.ShiftBegun):
        await join(shift_id, person)
    sign_up_id = await join(shift_id, person)
    same_time = await make_shift(await make_team(), begins_at=shift.begins_at + HOURS)
    with pytest.raises(errors.BusyThen):
        await join(same_time, person)
    right_after = await make_shift(await make_team(), begins_at=shift.ends_at)
    await join(right_after, person)
    with clock.frozen(shift.begins_at), pytest.raises(errors.ShiftBegun):
        await cancel_sign_up(sign_up_id, actor=person)
    await offering.close_opportunity(shift.opportunity_id, actor=team.leader)
    with pytest.raises(errors.OpportunityNotOpen):
        await join(shift_id, await make_resident(team.organization.region_id))


async def test_two_hundred_at_once_for_twenty_places(team: Team) -> None:
    """Protects the promise of a place: exactly as many as there are, and a queue in one order."""
    shift_id = await make_shift(team, capacity=20)
    rows = await fetch(
        "insert into person (name, language, registered_at) select '抢名额', 'zh', now()"
        " from generate_series(1, 200) returning id"
    )
    people = [Actor(row["id"], "抢名额", None) for row in rows]
    made = await asyncio.gather(*(join(shift_id, person) for person in people))
    assert len(set(made)) == 200
    found = await states(shift_id)
    assert found == ["placed"] * 20 + ["waiting"] * 180
    assert (await opportunities.shift(shift_id)).taken == 20
    ahead = [(await sign_ups.sign_up(id_)).ahead for id_ in sorted(made)[20:]]
    assert ahead == list(range(180))


async def test_all_who_cancel_at_once_make_room_for_as_many(team: Team) -> None:
    shift_id = await make_shift(team, capacity=5)
    people = [await make_resident(team.organization.region_id) for _ in range(12)]
    made = [await join(shift_id, person) for person in people]
    await asyncio.gather(*(cancel_sign_up(made[n], actor=people[n]) for n in range(4)))
    assert await states(shift_id) == ["cancelled"] * 4 + ["placed"] * 5 + ["waiting"] * 3
    assert (await opportunities.shift(shift_id)).taken == 5


async def test_a_shift_called_off_frees_all_and_tells_them(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team, capacity=1)
    other = await make_resident(team.organization.region_id)
    await join(shift_id, person)
    await join(shift_id, other)
    with pytest.raises(errors.ReasonMissing):
        await offering.cancel_shift(shift_id, reason=" ", actor=team.leader)
    with pytest.raises(errors.OpportunityNotFound):
        await offering.cancel_shift(shift_id, reason="下雨", actor=(await make_team()).leader)
    begins_at = (await opportunities.shift(shift_id)).begins_at
    with clock.frozen(begins_at), pytest.raises(errors.ShiftBegun):
        await offering.cancel_shift(shift_id, reason="下雨", actor=team.leader)
    await offering.cancel_shift(shift_id, reason="下雨", actor=team.leader)
    await offering.cancel_shift(shift_id, reason="下雨", actor=team.leader)
    assert await states(shift_id) == ["cancelled", "cancelled"]
    assert await notices(person) == await notices(other) == ["志愿服务班次取消了"]
    with pytest.raises(errors.ShiftCancelled):
        await join(shift_id, person)


async def test_who_has_a_place_is_reminded_once_the_day_before(team: Team, person: Actor) -> None:
    from core.database import unit_of_work

    shift_id = await make_shift(team, begins_at=clock.now() + timedelta(hours=30), capacity=1)
    waiting = await make_resident(team.organization.region_id)
    await join(shift_id, person)
    await join(shift_id, waiting)
    begins_at = (await opportunities.shift(shift_id)).begins_at
    for hours_before, told in ((25, []), (24, ["明天有志愿服务"]), (23, ["明天有志愿服务"])):
        with clock.frozen(begins_at - hours_before * HOURS):
            async with unit_of_work():
                await remind()
            assert await notices(person) == told
    assert await notices(waiting) == []


async def test_of_two_shifts_at_one_time_a_person_gets_one_even_at_once(team: Team, person: Actor) -> None:
    begins_at = clock.now() + HOURS
    shifts = [await make_shift(team, begins_at=begins_at) for _ in range(2)]
    outcomes = await asyncio.gather(*(join(shift, person) for shift in shifts), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {int, errors.BusyThen}


async def test_a_minor_signs_up_as_long_as_the_guardian_agrees(team: Team, person: Actor) -> None:
    noon = clock.begin_of(clock.today()) + timedelta(days=2, hours=12)
    plan = replace(PLAN, age_least=12)
    shift_id = await make_shift(team, begins_at=noon, plan=plan)
    another = await make_shift(team, begins_at=noon + 3 * HOURS, plan=plan)
    born_on = clock.today() - timedelta(days=5000)
    child_id = await register_child("林小样", born_on=born_on, agreed=True, purposes=(), actor=person)
    child = await actor_of(child_id)
    assert child is not None
    with pytest.raises(GuardianConsentMissing):
        await join(shift_id, child)
    await decide_for_child(child_id, "minor_volunteering", is_given=True, actor=person)
    await join(shift_id, child)
    await decide_for_child(child_id, "minor_volunteering", is_given=False, actor=person)
    with pytest.raises(GuardianConsentMissing):
        await join(another, child)
    assert await states(shift_id) == ["placed"]
