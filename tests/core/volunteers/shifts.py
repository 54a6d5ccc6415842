"""An organization with a leader, an opportunity with a shift, and people who come to it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core import clock, plugins, settings
from core.database import fetch
from core.people.rules import Actor, Grant
from core.people.services import grant_role
from core.volunteers.queries import sign_ups
from core.volunteers.rules import codes
from core.volunteers.rules.flows import LEADER
from core.volunteers.rules.terms import Span
from core.volunteers.services.attendance import check_in, check_out
from core.volunteers.services.opportunities import Plan, add_shift, create_opportunity, open_opportunity
from core.volunteers.services.records import confirm_service, propose_service
from core.volunteers.services.sign_ups import sign_up
from tests.factories import PASSWORD, Committee, make_committee, make_resident
from workers.drain import run_due_jobs

HOURS = timedelta(hours=1)
PLAN = Plan(title="陪老人聊天", task="读报、聊天、量血压", place="社区活动室")


@dataclass(frozen=True)
class Team:
    """An organization that asks for volunteers, and its leader."""

    organization: Committee
    leader: Actor


async def make_team(*, phone: str | None = None, organization: Committee | None = None) -> Team:
    """A leader of an organization, who can log in if given a phone."""
    organization = organization or await make_committee()
    person = await make_resident(
        organization.region_id, name="黎负责", phone=phone, password=PASSWORD if phone else None
    )
    await grant_role(person.person_id, LEADER, organization.ref, actor_id=None)
    return Team(organization, replace(person, grants=(Grant(LEADER, organization.ref),)))


async def make_shift(
    team: Team, *, begins_at: datetime | None = None, hours: int = 2, capacity: int = 3, plan: Plan = PLAN
) -> int:
    """A shift of an open opportunity of its own; by default it begins in two hours."""
    begins_at = begins_at or clock.now() + 2 * HOURS
    opportunity_id = await create_opportunity(plan, organization_id=team.organization.id, actor=team.leader)
    shift_id = await add_shift(
        opportunity_id, Span(begins_at, begins_at + hours * HOURS), capacity=capacity, actor=team.leader
    )
    await open_opportunity(opportunity_id, actor=team.leader)
    return shift_id


async def join(shift_id: int, person: Actor) -> int:
    """Sign up with everything ticked."""
    return await sign_up(shift_id, agreed=True, meets=True, actor=person)


def code_now(shift_id: int) -> str:
    """What the leader's phone shows."""
    return codes.code_of(settings.load().secret, shift_id, clock.now())


async def attend(shift_id: int, person: Actor) -> None:
    """Check in when it begins and out when it ends."""
    span = (await sign_ups.sign_up_at(shift_id, person.person_id)).span
    with clock.frozen(span.begins_at):
        await check_in(shift_id, code_now(shift_id), actor=person)
    with clock.frozen(span.ends_at):
        await check_out(shift_id, code_now(shift_id), actor=person)


async def propose(team: Team, shift_id: int, person: Actor, *, minutes: int | None = None) -> int:
    """Sign up, attend, and have the leader record it right after; the record's id."""
    sign_up_id = await join(shift_id, person)
    await attend(shift_id, person)
    found = await sign_ups.sign_up(sign_up_id)
    given = found.span.minutes if minutes is None else minutes
    reason = "" if given == found.span.minutes else "按实际时间"
    with clock.frozen(found.ends_at + HOURS):
        return await propose_service(sign_up_id, given, reason=reason, actor=team.leader)


async def serve(team: Team, shift_id: int, person: Actor) -> int:
    """The same, confirmed by the volunteer too; the record's id."""
    service_id = await propose(team, shift_id, person)
    await confirm_service(service_id, actor=person)
    return service_id


async def states(shift_id: int) -> list[str]:
    """The states of its sign-ups, in their order."""
    rows = await fetch("select state from volunteer_sign_up where shift = $1 order by id", shift_id)
    return [row["state"] for row in rows]


async def notices(person: Actor) -> list[str]:
    """What the person was told by the third day from now: verbs here run at all hours of the days before."""
    with clock.frozen(clock.now() + 72 * HOURS):
        await run_due_jobs()
    rows = await fetch("select title from notification where person = $1 order by id", person.person_id)
    return [row["title"] for row in rows]


async def assert_proven() -> None:
    """`yiji verify` would find nothing."""
    assert await plugins.collect("collect_differences") == []
