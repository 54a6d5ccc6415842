"""Volunteering at every stage, for whoever wants to see each page and call each route once."""

from dataclasses import replace
from datetime import timedelta

from core import clock
from core.people.rules import Actor
from core.volunteers.queries import opportunities
from core.volunteers.rules.terms import Span
from core.volunteers.services.attendance import mark_absent, mark_present
from core.volunteers.services.certificates import issue_certificate
from core.volunteers.services.opportunities import add_shift, create_opportunity
from core.volunteers.services.records import confirm_service, dispute_service
from core.volunteers.services.witnesses import backfill
from tests.core.volunteers.shifts import HOURS, PLAN, Team, attend, join, make_shift, make_team, propose
from tests.factories import Committee, make_resident

MINUTE = timedelta(minutes=1)
MEETING = "30.657420, 104.065840"
# (phone, name) of two who came without signing up; only the first is recorded.
FORGOTTEN, STRAY = ("13999990001", "忘报名"), ("13999990002", "来帮忙")


async def build_stages(organization: Committee, volunteer: Actor, other: Actor) -> dict[str, int]:
    """Ids of what an organization has at this moment, all of them about `volunteer` where it matters.

    `free` can be signed up for; at `soon` the volunteer has a place and may check in; at `running` the
    volunteer is present and `other` is missing; `unrecorded` waits for its minutes; `proposed`,
    `disputed` and `confirmed` are records; `draft` is an opportunity that can be published. At `missed`
    the volunteer was `absent`; of `witnessing`, at the shift `seen`, volunteer and `other` are witnesses.
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
    stages |= await _missed(team, volunteer)
    stages |= await _seen(team, volunteer, other)
    return stages | await _draft(team)


async def _missed(team: Team, volunteer: Actor) -> dict[str, int]:
    with clock.frozen(clock.now() - 5 * 24 * HOURS):
        shift = await make_shift(team)
        absent = await join(shift, volunteer)
    with clock.frozen((await opportunities.shift(shift)).ends_at):
        await mark_absent(absent, actor=team.leader)
    return {"missed": shift, "absent": absent}


async def _seen(team: Team, volunteer: Actor, other: Actor) -> dict[str, int]:
    with clock.frozen(clock.now() - 6 * 24 * HOURS):
        shift = await make_shift(team)
        for witness in (volunteer, other):
            await join(shift, witness)
            await attend(shift, witness)
    for phone, name in (FORGOTTEN, STRAY):
        await make_resident(team.organization.region_id, name=name, phone=phone)
    witnessing = await backfill(
        shift,
        phone=FORGOTTEN[0],
        name=FORGOTTEN[1],
        minutes=60,
        reason="临时来帮忙",
        witness_ids=(volunteer.person_id, other.person_id),
        actor=team.leader,
    )
    ids = {"first_witness": volunteer.person_id, "second_witness": other.person_id}
    return {"seen": shift, "witnessing": witnessing, **ids}


async def _places(team: Team, volunteer: Actor, other: Actor) -> dict[str, int]:
    now = clock.now()
    free = await make_shift(
        team, begins_at=now + 48 * HOURS, capacity=1, plan=replace(PLAN, title="清理河岸")
    )
    soon = await make_shift(team, begins_at=now + 10 * MINUTE, plan=replace(PLAN, position=MEETING))
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
