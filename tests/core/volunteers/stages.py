"""Volunteering at every stage, for whoever wants to see each page and call each route once."""

from dataclasses import replace
from datetime import date, timedelta

from core import clock
from core.database import unit_of_work
from core.households.services import register_child
from core.people.queries import region_of
from core.people.rules import Actor
from core.volunteers.queries import opportunities
from core.volunteers.rules.terms import Span
from core.volunteers.services.attendance import mark_absent, mark_present
from core.volunteers.services.certificates import issue_certificate
from core.volunteers.services.opportunities import add_shift, create_opportunity
from core.volunteers.services.records import confirm_service, dispute_service, propose_service
from core.volunteers.services.sign_ups import sign_up
from core.volunteers.services.witnesses import backfill
from core.volunteers.tables import Star, StarReview
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
    The volunteer's `child` may sign up at `child_free`, has a place at `child_soon`, was absent at
    `child_missed`, and has served. Of the stars, the volunteer's is `star_published`; those of others are
    `star_reviewed`, `star_withdrawn` (that of `other`) and `star_appealed`.
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
    stages |= await _childs(team, volunteer)
    async with unit_of_work():
        stages |= await _stars(volunteer, other)
    return stages | await _draft(team)


async def _missed(team: Team, volunteer: Actor) -> dict[str, int]:
    with clock.frozen(clock.now() - 5 * 24 * HOURS):
        shift = await make_shift(team)
        absent = await join(shift, volunteer)
    with clock.frozen((await opportunities.shift(shift)).ends_at):
        await mark_absent(absent, actor=team.leader)
    return {"missed": shift, "absent": absent}


async def _childs(team: Team, guardian: Actor) -> dict[str, int]:
    """The shifts for children are in the morning: none is open to them at night."""
    child = await register_child(
        "林志愿",
        born_on=date(clock.today().year - 10, 1, 1),
        agreed=True,
        purposes=["minor_volunteering"],
        actor=guardian,
    )
    stages, now = {"child": child}, clock.now()
    for name, days in (("child_free", 3), ("child_soon", 4), ("child_missed", -8), ("child_served", -9)):
        begins_at = clock.begin_of(clock.today() + timedelta(days=days)) + 10 * HOURS
        with clock.frozen(min(now, begins_at - 24 * HOURS)):
            plan = replace(PLAN, title="给老人读报", age_least=8)
            stages[name] = await make_shift(team, begins_at=begins_at, plan=plan)
            if name != "child_free":
                joined = await sign_up(stages[name], agreed=True, meets=True, actor=guardian, child_id=child)
        with clock.frozen(begins_at + 2 * HOURS):
            if name == "child_missed":
                await mark_absent(joined, actor=team.leader)
            if name == "child_served":
                served = await propose_service(joined, 120, reason="看着他做完", actor=team.leader)
                await confirm_service(served, actor=guardian)
    return stages


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


async def _stars(volunteer: Actor, other: Actor) -> dict[str, int]:
    """Written as they would be after years: no worker of the page's world has decided anything."""
    region_id, today = await region_of(volunteer.person_id), clock.today()
    reviewed, appealed = [await make_resident(region_id or 0, name=name) for name in ("星一", "星二")]
    stages, worker = {}, await make_resident(region_id or 0, name="星社工")
    holders = (
        ("published", volunteer),
        ("reviewed", reviewed),
        ("withdrawn", other),
        ("appealed", appealed),
    )
    for state, person in holders:
        held_on = None if state == "published" else today
        made = Star(
            person=person.person_id,
            region=region_id,
            stars=1,
            minutes=6_000,
            state=state,
            applied_at=clock.now(),
            published_until=today + timedelta(days=15),
            held_on=held_on,
            review_on=held_on,
        )
        await made.save()
        stages[f"star_{state}"] = made.id
        if held_on:
            await _star_review(made.id, state, worker.person_id)
    return stages


async def _star_review(star_id: int, state: str, worker_id: int) -> None:
    review = StarReview(star=star_id, due_on=clock.today(), ground="idle")
    if state != "reviewed":
        review.keeps, review.reason = False, "一年没有来"
        review.decided_by, review.decided_at = worker_id, clock.now()
    if state == "appealed":
        review.appeal, review.appealed_at = "我生病了", clock.now()
    await review.save()


async def _draft(team: Team) -> dict[str, int]:
    draft = await create_opportunity(PLAN, organization_id=team.organization.id, actor=team.leader)
    begins_at = clock.now() + 24 * HOURS
    await add_shift(draft, Span(begins_at, begins_at + HOURS), capacity=2, actor=team.leader)
    return {"draft": draft}
