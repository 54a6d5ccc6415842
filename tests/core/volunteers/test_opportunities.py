"""What is offered: prepared, insured, published, found."""

from dataclasses import replace
from datetime import date, timedelta

import asyncpg
import pytest

from core import clock
from core.database import fetch
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.volunteers import errors
from core.volunteers.queries import opportunities
from core.volunteers.queries.opportunities import Wanted
from core.volunteers.rules import flows
from core.volunteers.rules.terms import Span
from core.volunteers.services import opportunities as offering
from tests.core.volunteers.shifts import (
    HOURS,
    PLAN,
    Team,
    make_shift,
    make_team,
)


async def test_only_a_leader_of_the_organization_prepares_something(team: Team, person: Actor) -> None:
    other = await make_team()
    for stranger in (person, other.leader):
        with pytest.raises(PermissionMissing):
            await offering.create_opportunity(PLAN, organization_id=team.organization.id, actor=stranger)
    mine = await offering.create_opportunity(PLAN, organization_id=team.organization.id, actor=team.leader)
    with pytest.raises(errors.OpportunityNotFound):
        await offering.change_opportunity(mine, PLAN, actor=other.leader)
    with pytest.raises(errors.OpportunityNotFound):
        await offering.open_opportunity(mine, actor=other.leader)


async def test_dangerous_work_opens_only_with_an_insurance(team: Team) -> None:
    risky = replace(PLAN, risk=flows.HIGH)
    mine = await offering.create_opportunity(risky, organization_id=team.organization.id, actor=team.leader)
    with pytest.raises(errors.InsuranceMissing):
        await offering.open_opportunity(mine, actor=team.leader)
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch("update volunteer_opportunity set state = 'open' where id = $1", mine)
    insured = replace(risky, insurance="平安意外险 12345")
    await offering.change_opportunity(mine, insured, actor=team.leader)
    with pytest.raises(errors.NoShifts):
        await offering.open_opportunity(mine, actor=team.leader)
    begins = clock.now() + HOURS
    await offering.add_shift(mine, Span(begins, begins + HOURS), capacity=1, actor=team.leader)
    await offering.open_opportunity(mine, actor=team.leader)
    await offering.open_opportunity(mine, actor=team.leader)
    with pytest.raises(errors.OpportunityPublished):
        await offering.change_opportunity(mine, PLAN, actor=team.leader)


async def test_what_is_offered_is_found_by_words_place_and_day(team: Team) -> None:
    shift_id = await make_shift(team)
    await make_shift(await make_team(), plan=replace(PLAN, title="捡垃圾"))
    found = await opportunities.offers(Wanted(), offset=0, limit=10)
    assert [offer.title for offer in found] == ["陪老人聊天", "捡垃圾"]
    by_region = Wanted(region_id=team.organization.region_id)
    assert [o.title for o in await opportunities.offers(by_region, offset=0, limit=10)] == ["陪老人聊天"]
    assert [o.title for o in await opportunities.offers(Wanted("垃圾"), offset=0, limit=10)] == ["捡垃圾"]
    day = clock.local(clock.now() + 2 * HOURS).date()
    assert len(await opportunities.offers(Wanted(day=day), offset=0, limit=10)) == 2
    assert await opportunities.offers(Wanted(day=day + timedelta(days=1)), offset=0, limit=10) == []
    for beyond in (date.min, date.max):
        assert await opportunities.offers(Wanted(day=beyond), offset=0, limit=10) == []
    opportunity_id = (await opportunities.shift(shift_id)).opportunity_id
    await offering.close_opportunity(opportunity_id, actor=team.leader)
    await offering.close_opportunity(opportunity_id, actor=team.leader)
    assert await opportunities.offers(by_region, offset=0, limit=10) == []
