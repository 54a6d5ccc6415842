"""Prepare an opportunity, plan its shifts, publish it, end it."""

from dataclasses import dataclass
from typing import Any

from core import clock
from core.audit.services import advance, record_audit
from core.database import fetch, unit_of_work
from core.organizations import queries as organizations
from core.people.rules import Actor
from core.projects import queries as projects
from core.projects.errors import ProjectNotFound
from core.reference import Ref
from core.search.services import forget_thing, index_thing
from core.volunteers.errors import (
    NoShifts,
    OpportunityNotFound,
    OpportunityNotOpen,
    OpportunityPublished,
    TrainingUnknown,
)
from core.volunteers.queries import opportunities as queries
from core.volunteers.queries.opportunities import OpportunityView, ShiftView
from core.volunteers.rules import flows, places, terms
from core.volunteers.rules.terms import Span
from core.volunteers.services.telling import tell
from core.volunteers.tables import Opportunity, Shift


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an opportunity says of itself."""

    title: str
    task: str
    place: str
    risk: str = flows.LOW
    insurance: str = ""
    requirements: str = ""
    age_least: int = 18
    project_id: int | None = None
    kind: str = flows.SERVICE
    training_id: int | None = None
    position: str = ""

    def columns(self) -> dict[str, Any]:
        """As the table calls them; raises PositionMalformed."""
        said = dict(vars(self))
        place = places.position_of(said.pop("position"))
        said |= {"latitude": place and place.latitude, "longitude": place and place.longitude}
        return {"project": said.pop("project_id"), "training": said.pop("training_id"), **said}


async def create_opportunity(plan: Plan, *, organization_id: int, actor: Actor) -> int:
    """Prepare an opportunity and return its id.

    Raises PermissionMissing, OrganizationNotFound; ProjectNotFound and TrainingUnknown for another
    organization's.
    """
    owner = await organizations.organization(organization_id)
    actor.require(flows.LEAD, Ref("organization", owner.id))
    await _check_plan(plan, owner.id)
    async with unit_of_work():
        opportunity = Opportunity(
            organization=owner.id,
            region=owner.region_id,
            created_by=actor.person_id,
            created_at=clock.now(),
            **plan.columns(),
        )
        await opportunity.save()
        record_audit("opportunity.created", Ref(queries.KIND, opportunity.id), actor_id=actor.person_id)
        return int(opportunity.id)


async def change_opportunity(opportunity_id: int, plan: Plan, *, actor: Actor) -> None:
    """Say it otherwise, as long as it is being prepared.

    Raises OpportunityNotFound, OpportunityPublished, ProjectNotFound, TrainingUnknown.
    """
    async with unit_of_work():
        found = await led_opportunity(opportunity_id, actor)
        if found.state != flows.DRAFT:
            raise OpportunityPublished
        await _check_plan(plan, found.organization_id)
        changed = {getattr(Opportunity, name): value for name, value in plan.columns().items()}
        await Opportunity.update(changed).where(Opportunity.id == opportunity_id)
        record_audit("opportunity.changed", Ref(queries.KIND, opportunity_id), actor_id=actor.person_id)


async def _check_plan(plan: Plan, organization_id: int) -> None:
    if plan.project_id is not None:
        project = await projects.project(plan.project_id)
        if project.organization_id != organization_id:
            raise ProjectNotFound
    trainings = await queries.trainings([organization_id])
    if plan.training_id is not None and plan.training_id not in [id_ for id_, _ in trainings]:
        raise TrainingUnknown


async def led_opportunity(opportunity_id: int, actor: Actor) -> OpportunityView:
    """The opportunity, its row locked, for who leads it; raises OpportunityNotFound for everybody else."""
    found = await queries.opportunity(opportunity_id, lock=True)
    if not actor.may(flows.LEAD, Ref("organization", found.organization_id)):
        raise OpportunityNotFound
    return found


async def add_shift(opportunity_id: int, span: Span, *, capacity: int, actor: Actor) -> int:
    """Plan a shift and return its id.

    Raises OpportunityNotFound, OpportunityNotOpen, ShiftInThePast, ShiftTooFar, ShiftLengthWrong.
    """
    terms.check_shift(span, clock.now())
    async with unit_of_work():
        found = await led_opportunity(opportunity_id, actor)
        if found.state == flows.CLOSED:
            raise OpportunityNotOpen
        shift = Shift(opportunity=found.id, begins_at=span.begins_at, ends_at=span.ends_at, capacity=capacity)
        await shift.save()
        record_audit("shift.added", Ref(flows.SHIFTS.code, shift.id), actor_id=actor.person_id)
        return int(shift.id)


async def open_opportunity(opportunity_id: int, *, actor: Actor) -> None:
    """Publish it: from now on people sign up. Publishing it again changes nothing.

    Raises OpportunityNotFound, InsuranceMissing, NoShifts, WrongState.
    """
    async with unit_of_work():
        found = await led_opportunity(opportunity_id, actor)
        if found.state == flows.OPEN:
            return
        flows.OPPORTUNITIES.check("opportunity.opened", found, clock.now())
        planned = await queries.shifts(found.id, person_id=None, after=clock.now(), limit=100)
        if not any(shift.begins_at > clock.now() and shift.state == flows.PLANNED for shift in planned):
            raise NoShifts
        await _advance("opportunity.opened", found, actor)
        await index_thing(
            Ref(queries.KIND, found.id),
            name=found.title,
            path=f"/volunteers/{found.id}",
            detail=found.organization,
        )


async def close_opportunity(opportunity_id: int, *, actor: Actor) -> None:
    """Nobody signs up any more; who has a place keeps it. Raises OpportunityNotFound."""
    async with unit_of_work():
        found = await led_opportunity(opportunity_id, actor)
        if found.state == flows.CLOSED:
            return
        await _advance("opportunity.closed", found, actor)
        await forget_thing(Ref(queries.KIND, found.id))


async def _advance(code: str, found: OpportunityView, actor: Actor) -> None:
    await advance(flows.OPPORTUNITIES, code, found.id, actor_id=actor.person_id)


async def led_shift(shift_id: int, actor: Actor, *, lock: bool = False) -> tuple[ShiftView, OpportunityView]:
    """The shift and its opportunity, for who leads it; raises ShiftNotFound, OpportunityNotFound."""
    shift = await queries.shift(shift_id, lock=lock)
    found = await queries.opportunity(shift.opportunity_id)
    if not actor.may(flows.LEAD, Ref("organization", found.organization_id)):
        raise OpportunityNotFound
    return shift, found


async def cancel_shift(shift_id: int, *, reason: str, actor: Actor) -> None:
    """Call a shift off before it begins and tell all who were to come; a second time changes nothing.

    Raises ReasonMissing, ShiftNotFound, OpportunityNotFound, ShiftBegun.
    """
    terms.check_reason(reason)
    async with unit_of_work():
        shift, _ = await led_shift(shift_id, actor, lock=True)
        if shift.state == flows.CANCELLED:
            return
        flows.SHIFTS.check("shift.cancelled", shift, clock.now())
        await advance(
            flows.SHIFTS,
            "shift.cancelled",
            shift_id,
            actor_id=actor.person_id,
            reason=reason.strip(),
            taken=0,
        )
        await _drop_all(shift_id, actor.person_id)


async def _drop_all(shift_id: int, actor_id: int) -> None:
    """All sign-ups of the shift end, in one statement, each on record."""
    transition = flows.SIGN_UPS.transition("sign_up.dropped")
    rows = await fetch(
        "update volunteer_sign_up set state = $2 where shift = $1 and state = any($3) returning id",
        shift_id,
        transition.target,
        list(transition.sources),
    )
    for row in rows:
        record_audit(transition.code, Ref(flows.SIGN_UPS.code, row["id"]), actor_id=actor_id)
        tell("called_off", row["id"])
