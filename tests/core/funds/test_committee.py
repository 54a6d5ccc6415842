"""The committee decides: half of it votes, two thirds of those say yes, and who is recused is not counted."""

from datetime import timedelta

import pytest

from core import clock
from core.approvals.services import cast_vote, close_late
from core.funds.queries import requests
from core.funds.rules import FUND, states
from core.parameters.services import set_parameter
from core.reference import Ref
from tests.core.funds.world import FundWorld, ask, holder, state_of
from tests.factories import make_region
from workers.drain import run_due_jobs

WEEK = timedelta(days=7)


@pytest.fixture
async def six(world: FundWorld) -> FundWorld:
    """A committee of seven, one of whom has an interest: four must vote, six may."""
    region_id = await make_region()
    for number in range(3, 7):
        seat = Ref(FUND, world.fund)
        world.members.insert(0, await holder(f"管委会{number}", "core.fund_committee", seat, region_id))
    return world


async def after(world: FundWorld, *choices: str) -> str:
    """How a request stands a week after these votes."""
    request_id = await ask(world)
    approval_id = (await requests.request(request_id)).approval_id
    assert approval_id is not None
    for member, choice in zip(world.members, choices, strict=False):
        await cast_vote(approval_id, choice=choice, reason="看过了", person_id=member.person_id)
    with clock.frozen(clock.now() + WEEK):
        await close_late()
        await run_due_jobs()
    return await state_of(request_id)


YES, NO, NEITHER = "approve", "reject", "abstain"


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ((YES, YES, YES), states.REFUSED),
        ((YES, YES, YES, YES), states.APPROVED),
        ((YES, YES, YES, NEITHER), states.APPROVED),
        ((YES, YES, NO, NEITHER), states.APPROVED),
        ((YES, YES, YES, NO, NO), states.REFUSED),
        ((NO, NO, YES, YES, YES, YES), states.APPROVED),
        ((NO, NO, YES, YES, YES, NEITHER), states.REFUSED),
        ((NEITHER, NEITHER, NEITHER, NEITHER), states.REFUSED),
        ((), states.REFUSED),
    ],
)
async def test_half_must_vote_and_two_thirds_of_them_say_yes(
    six: FundWorld, choices: tuple[str, ...], expected: str
) -> None:
    assert await after(six, *choices) == expected


async def test_until_the_last_moment_nothing_is_decided_by_those_who_are_silent(six: FundWorld) -> None:
    request_id = await ask(six)
    with clock.frozen(clock.now() + WEEK - timedelta(minutes=1)):
        await close_late()
        await run_due_jobs()
        assert await state_of(request_id) == states.VOTING


async def test_quorum_and_days_are_settings_of_the_foundation(six: FundWorld) -> None:
    at = Ref("organization", six.foundation)
    for code, value in (("core.fund_quorum_percent", 30), ("core.fund_vote_days", 3)):
        await set_parameter(code, at, value, effective_on=clock.today(), actor_id=None)
    request_id = await ask(six)
    approval_id = (await requests.request(request_id)).approval_id
    assert approval_id is not None
    for member in six.members[:3]:  # 30 % of seven, rounded up
        await cast_vote(approval_id, choice=YES, reason="", person_id=member.person_id)
    with clock.frozen(clock.now() + timedelta(days=3)):
        await close_late()
        await run_due_jobs()
    assert await state_of(request_id) == states.APPROVED
