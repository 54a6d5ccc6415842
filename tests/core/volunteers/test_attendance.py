"""At the door: codes, guesses, and the leader's list."""

from datetime import timedelta

import pytest

from core import clock, settings
from core.people.rules import Actor
from core.volunteers import errors
from core.volunteers.queries import sign_ups
from core.volunteers.rules import codes
from core.volunteers.services.attendance import (
    check_in,
    check_out,
    mark_absent,
    mark_left,
    mark_present,
)
from core.workflow import WrongState
from tests.core.volunteers.shifts import (
    HOURS,
    Team,
    code_now,
    join,
    make_shift,
    make_team,
    states,
)
from tests.factories import make_resident


async def test_in_and_out_by_code(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    with pytest.raises(errors.SignUpNotFound):
        await check_in(shift_id, code_now(shift_id), actor=person)
    sign_up_id = await join(shift_id, person)
    span = (await sign_ups.sign_up(sign_up_id)).span
    with clock.frozen(span.begins_at - 31 * timedelta(minutes=1)), pytest.raises(errors.TooEarlyToCheckIn):
        await check_in(shift_id, code_now(shift_id), actor=person)
    with clock.frozen(span.begins_at):
        with pytest.raises(errors.NoPlace):
            await check_out(shift_id, code_now(shift_id), actor=person)
        await check_in(shift_id, code_now(shift_id), actor=person)
        await check_in(shift_id, code_now(shift_id), actor=person)
    with clock.frozen(span.ends_at + 2 * HOURS), pytest.raises(errors.TooLateToCheckOut):
        await check_out(shift_id, code_now(shift_id), actor=person)
    with clock.frozen(span.ends_at):
        await check_out(shift_id, code_now(shift_id), actor=person)
        await check_out(shift_id, code_now(shift_id), actor=person)
    found = await sign_ups.sign_up(sign_up_id)
    assert (found.state, found.came_at, found.left_at) == ("left", span.begins_at, span.ends_at)


async def test_who_guesses_codes_is_stopped_and_helped_by_the_leader(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team, begins_at=clock.now() + timedelta(minutes=10))
    sign_up_id = await join(shift_id, person)
    right = code_now(shift_id)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(codes.TRIES_MOST):
        with pytest.raises(errors.CodeWrong):
            await check_in(shift_id, wrong, actor=person)
    with pytest.raises(errors.TooManyCodes):
        await check_in(shift_id, code_now(shift_id), actor=person)
    await mark_present(sign_up_id, actor=team.leader)
    assert await states(shift_id) == ["present"]


async def test_the_leaders_list(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    sign_up_id = await join(shift_id, person)
    own = await join(shift_id, team.leader)
    span = (await sign_ups.sign_up(sign_up_id)).span
    other = await make_team()
    with clock.frozen(span.begins_at):
        with pytest.raises(errors.OpportunityNotFound):
            await mark_present(sign_up_id, actor=other.leader)
        with pytest.raises(errors.OwnService):
            await mark_present(own, actor=team.leader)
        await mark_present(sign_up_id, actor=team.leader)
        await mark_present(sign_up_id, actor=team.leader)
        with pytest.raises(WrongState):
            await mark_absent(sign_up_id, actor=team.leader)
    with clock.frozen(span.ends_at):
        await mark_left(sign_up_id, actor=team.leader)
        await mark_left(sign_up_id, actor=team.leader)
    absentee = await make_resident(team.organization.region_id)
    absent = await join(await make_shift(team, begins_at=span.ends_at), absentee)
    with pytest.raises(errors.NotYet):
        await mark_absent(absent, actor=team.leader)
    with clock.frozen(span.ends_at):
        await mark_absent(absent, actor=team.leader)
        await mark_absent(absent, actor=team.leader)
    assert (await sign_ups.sign_up(absent)).state == "absent"


async def test_who_had_no_network_sends_the_codes_later(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    sign_up_id = await join(shift_id, person)
    span = (await sign_ups.sign_up(sign_up_id)).span
    moments = span.begins_at, span.ends_at
    seen = [codes.code_of(settings.load().secret, shift_id, at) for at in moments]
    with clock.frozen(span.ends_at + 5 * HOURS):
        with pytest.raises(errors.CodeWrong):
            await check_in(shift_id, seen[0], actor=person)
        with pytest.raises(errors.CodeWrong):
            await check_in(shift_id, seen[0], actor=person, seen_at=span.begins_at + HOURS)
        with pytest.raises(errors.NoPlace):
            await check_out(shift_id, seen[1], actor=person, seen_at=span.ends_at)
        await check_in(shift_id, seen[0], actor=person, seen_at=span.begins_at)
        with clock.frozen(span.ends_at + 25 * HOURS), pytest.raises(errors.TooLateToUpload):
            await check_out(shift_id, seen[1], actor=person, seen_at=span.ends_at)
        await check_out(shift_id, seen[1], actor=person, seen_at=span.ends_at)
    found = await sign_ups.sign_up(sign_up_id)
    assert (found.state, found.came_at, found.left_at) == ("left", *moments)
