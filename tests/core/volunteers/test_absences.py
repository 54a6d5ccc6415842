"""Absences: counted, pleaded against, excused; and who pauses because of them."""

from dataclasses import replace

import pytest

from core import clock
from core.organizations.services import set_rule
from core.people.rules import ADMINISTRATOR, Actor, Grant
from core.reference import PLATFORM
from core.volunteers import errors
from core.volunteers.queries import sign_ups, todos
from core.volunteers.services.absences import answer_absence, plead
from core.volunteers.services.attendance import mark_absent
from core.workflow import WrongState
from tests.core.volunteers.shifts import HOURS, Team, join, make_shift, make_team, notices
from tests.factories import make_resident

LATER = 30 * 24 * HOURS


async def _twice(team: Team) -> None:
    """Two absences pause."""
    administrator = replace(team.leader, grants=(Grant(ADMINISTRATOR, PLATFORM),))
    await set_rule("core.volunteers.absences", PLATFORM, 2, effective_on=clock.today(), actor=administrator)


async def _miss(team: Team, person: Actor) -> int:
    shift_id = await make_shift(team)
    sign_up_id = await join(shift_id, person)
    with clock.frozen((await sign_ups.sign_up(sign_up_id)).ends_at):
        await mark_absent(sign_up_id, actor=team.leader)
    return sign_up_id


async def test_who_stays_away_twice_pauses_here_and_nowhere_else_until_excused(
    team: Team, person: Actor
) -> None:
    await _twice(team)
    now = clock.now()
    await _miss(team, person)
    with clock.frozen(now + 4 * HOURS):
        second = await _miss(team, person)
    with clock.frozen(now + 12 * HOURS):
        shift_id = await make_shift(team)
        with pytest.raises(errors.SignUpPaused, match="缺席了 2 次"):
            await join(shift_id, person)
        await join(await make_shift(await make_team(), begins_at=clock.now() + 20 * HOURS), person)
        await answer_absence(second, "家里有急事", is_excused=True, actor=team.leader)
        await answer_absence(second, "家里有急事", is_excused=True, actor=team.leader)
        await join(shift_id, person)


async def test_the_pause_ends(team: Team, person: Actor) -> None:
    await _twice(team)
    now = clock.now()
    await _miss(team, person)
    with clock.frozen(now + 4 * HOURS):
        last = await _miss(team, person)
    ends_at = (await sign_ups.sign_up(last)).ends_at
    with clock.frozen(ends_at + LATER - HOURS):
        shift_id = await make_shift(team)
        with pytest.raises(errors.SignUpPaused):
            await join(shift_id, person)
    with clock.frozen(ends_at + LATER):
        await join(shift_id, person)


async def test_a_plea_is_told_answered_once_and_may_still_be_heard(team: Team, person: Actor) -> None:
    sign_up_id = await _miss(team, person)
    assert "登记您没有来" in await notices(person)
    stranger = await make_resident(team.organization.region_id)
    with pytest.raises(errors.SignUpNotFound):
        await plead(sign_up_id, "不是我", actor=stranger)
    with pytest.raises(errors.ReasonMissing):
        await plead(sign_up_id, " ", actor=person)
    with pytest.raises(errors.NothingToAnswer):
        await answer_absence(sign_up_id, "没有理由", is_excused=False, actor=team.leader)
    much_later = (await sign_ups.sign_up(sign_up_id)).ends_at + 2 * LATER
    with clock.frozen(much_later), pytest.raises(errors.TooLateToPlead):
        await plead(sign_up_id, "病了", actor=person)
    await plead(sign_up_id, "病了", actor=person)
    await plead(sign_up_id, "病了", actor=person)
    assert await notices(team.leader) == ["有人对缺席申诉"]
    (todo,) = await todos.todos(team.leader, clock.now())
    assert todo.path == f"/volunteers/lead/sign-ups/{sign_up_id}/absence"
    with pytest.raises(errors.OpportunityNotFound):
        await answer_absence(sign_up_id, "好", is_excused=True, actor=(await make_team()).leader)
    await answer_absence(sign_up_id, "没有提前说", is_excused=False, actor=team.leader)
    assert await todos.todos(team.leader, clock.now()) == []
    with pytest.raises(errors.NothingToAnswer):
        await answer_absence(sign_up_id, "没有提前说", is_excused=False, actor=team.leader)
    with pytest.raises(errors.NotAbsent):
        await plead(sign_up_id, "真的病了", actor=person)
    assert (await sign_ups.sign_up(sign_up_id)).answer == "没有提前说"
    assert "缺席有了答复" in await notices(person)
    await answer_absence(sign_up_id, "看到病历了", is_excused=True, actor=team.leader)
    assert (await sign_ups.sign_up(sign_up_id)).state == "excused"


async def test_nobody_excuses_themselves_or_what_was_no_absence(team: Team, person: Actor) -> None:
    sign_up_id = await join(await make_shift(team), person)
    with pytest.raises(WrongState):
        await answer_absence(sign_up_id, "好", is_excused=True, actor=team.leader)
    with pytest.raises(errors.NotAbsent):
        await plead(sign_up_id, "病了", actor=person)
    own = await join(await make_shift(team), team.leader)
    with pytest.raises(errors.OwnService):
        await answer_absence(own, "好", is_excused=True, actor=team.leader)
