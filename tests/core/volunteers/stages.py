"""Volunteering at every stage, for whoever wants to see each page and call each route once."""

from dataclasses import replace
from datetime import timedelta

from core import clock
from core.people.rules import Actor
from core.volunteers.queries import opportunities
from core.volunteers.rules.terms import Span
from core.volunteers.services.attendance import mark_present
from core.volunteers.services.certificates import issue_certificate
from core.volunteers.services.opportunities import add_shift, create_opportunity
from core.volunteers.services.records import confirm_service, dispute_service
from tests.core.volunteers.shifts import HOURS, PLAN, Team, attend, join, make_shift, make_team, propose
from tests.factories import Committee

MINUTE = timedelta(minutes=1)


async def build_stages(organization: Committee, volunteer: Actor, other: Actor) -> dict[str, int]:
    """Ids of what an organization has at this moment, all of them about `volunteer` where it matters.

    `free` can be signed up for; at `soon` the volunteer has a place and may check in; at `running` the
    volunteer is present and `other` is missing; `unrecorded` waits for its minutes; `proposed`,
    `disputed` and `confirmed` are records; `draft` is an opportunity that can be published.
    """
    team = await make_team(organization=organization)
    now = clock.now()
    stages = await _places(team, volunteer, other)
    with clock.frozen(now - 4 * 24 * HOURS):
        stages["confirmed"] = await propose(team, await make_shift(team), volunteer)
        await confirm_service(stages["confirmed"], actor=volunteer)
    for days, name in ((3, "proposed"), (2, "disputed")):
        with clock.frozen(now - days * 24 * HOURS):
            stages[name] = await propose(team, await make_shift(team), volunteer)
    await dispute_service(stages["disputed"], answer="多做了半小时", actor=volunteer)
    stages["certificate"] = await issue_certificate(organization.id, shows_name=False, actor=volunteer)
    return stages | await _draft(team)


async def _places(team: Team, volunteer: Actor, other: Actor) -> dict[str, int]:
    now = clock.now()
    free = await make_shift(
        team, begins_at=now + 48 * HOURS, capacity=1, plan=replace(PLAN, title="清理河岸")
    )
    soon = await make_shift(team, begins_at=now + 10 * MINUTE)
    with clock.frozen(now - 24 * HOURS):
        running = await make_shift(team, begins_at=now - 115 * MINUTE)
        past = await make_shift(team, begins_at=now - 20 * HOURS)
        present, missing = await join(running, volunteer), await join(running, other)
        unrecorded = await join(past, volunteer)
        await attend(past, volunteer)
    with clock.frozen(now - 115 * MINUTE):
        await mark_present(present, actor=team.leader)
    return {
        "free": free,
        "opportunity": (await opportunities.shift(free)).opportunity_id,
        "soon": soon,
        "placed": await join(soon, volunteer),
        "running": running,
        "present": present,
        "missing": missing,
        "past": past,
        "unrecorded": unrecorded,
    }


async def _draft(team: Team) -> dict[str, int]:
    draft = await create_opportunity(PLAN, organization_id=team.organization.id, actor=team.leader)
    begins_at = clock.now() + 24 * HOURS
    await add_shift(draft, Span(begins_at, begins_at + HOURS), capacity=2, actor=team.leader)
    return {"draft": draft}
