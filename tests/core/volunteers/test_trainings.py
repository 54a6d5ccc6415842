"""Trainings: some work is only for who was there; being there gives no minutes."""

from dataclasses import replace

import pytest

from core import clock
from core.people.rules import Actor
from core.volunteers import errors
from core.volunteers.queries import opportunities, sign_ups
from core.volunteers.services.attendance import check_in
from core.volunteers.services.opportunities import create_opportunity
from core.volunteers.services.records import propose_clocked, propose_service
from tests.core.volunteers.shifts import HOURS, PLAN, Team, attend, code_now, join, make_shift, make_team

TRAINING = replace(PLAN, title="急救培训", kind="training")


async def test_who_has_checked_in_at_the_training_may_do_the_work(team: Team, person: Actor) -> None:
    learning = await make_shift(team, plan=TRAINING)
    training_id = (await opportunities.shift(learning)).opportunity_id
    begins_at = clock.now() + 20 * HOURS
    work = await make_shift(team, begins_at=begins_at, plan=replace(PLAN, training_id=training_id))
    with pytest.raises(errors.TrainingMissing, match="急救培训"):
        await join(work, person)
    await join(learning, person)
    with pytest.raises(errors.TrainingMissing):
        await join(work, person)
    with clock.frozen((await opportunities.shift(learning)).begins_at):
        await check_in(learning, code_now(learning), actor=person)
        await join(work, person)


async def test_a_training_gives_no_minutes(team: Team, person: Actor) -> None:
    learning = await make_shift(team, plan=TRAINING)
    sign_up_id = await join(learning, person)
    await attend(learning, person)
    with clock.frozen((await sign_ups.sign_up(sign_up_id)).ends_at):
        with pytest.raises(errors.TrainingGivesNoMinutes):
            await propose_service(sign_up_id, 120, actor=team.leader)
        assert await propose_clocked(learning, actor=team.leader) == 0


async def test_only_a_published_training_of_the_same_organization_is_asked_for(team: Team) -> None:
    service = (await opportunities.shift(await make_shift(team))).opportunity_id
    elsewhere = (await opportunities.shift(await make_shift(await make_team(), plan=TRAINING))).opportunity_id
    draft = await create_opportunity(TRAINING, organization_id=team.organization.id, actor=team.leader)
    for id_ in (service, elsewhere, draft, 10**9):
        with pytest.raises(errors.TrainingUnknown):
            await create_opportunity(
                replace(PLAN, training_id=id_), organization_id=team.organization.id, actor=team.leader
            )
