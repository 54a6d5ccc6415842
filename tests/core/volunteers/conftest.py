"""A team with a leader, and a volunteer."""

import pytest

from core.people.rules import Actor
from tests.core.volunteers.shifts import Team, make_team
from tests.factories import make_resident


@pytest.fixture
async def team(db: str) -> Team:
    return await make_team()


@pytest.fixture
async def person(team: Team) -> Actor:
    return await make_resident(team.organization.region_id, name="吴志愿")
