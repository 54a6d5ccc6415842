"""Sign up, cancel; whoever waits longest gets the place that becomes free."""

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, fetch, fetch_value, unit_of_work
from core.people.rules import Actor
from core.people.services import lock_person
from core.reference import Ref
from core.registration.queries import check_guardian_agreed, own_child, speaks_for
from core.registration.rules import VOLUNTEERING
from core.volunteers.errors import (
    BusyThen,
    OpportunityNotOpen,
    SignUpIsSettled,
    SignUpNotFound,
    TrainingMissing,
)
from core.volunteers.queries import opportunities, sign_ups
from core.volunteers.queries.opportunities import OpportunityView, ShiftView
from core.volunteers.rules import absences, flows, minors, terms
from core.volunteers.services.telling import tell
from core.volunteers.tables import SignUp

KIND = flows.SIGN_UPS.code
REMIND = "core.remind_volunteers"
_REMINDED_AT_ONCE = 500


async def sign_up(
    shift_id: int, *, agreed: bool, meets: bool, actor: Actor, child_id: int | None = None
) -> int:
    """Take a place in a shift, or the next one on its waiting list; returns the sign-up's id.

    `child_id`: the guardian does it for a minor. The second click for the same person returns the first.
    Raises ShiftNotFound, NotGuardian, OpportunityNotOpen, ShiftCancelled, ShiftBegun, GuardianConsentMissing,
    TooYoung, NotForMinors, SignUpPaused, TrainingMissing, BusyThen, RequirementsNotMet,
    AgreementNotAccepted.
    """
    person_id = actor.person_id if child_id is None else child_id
    async with unit_of_work():
        shift = await opportunities.shift(shift_id, person_id=person_id, lock=True)
        if child_id is not None:
            await own_child(child_id, actor.person_id)
        if shift.own_state not in ("", flows.CANCELLED):
            return (await sign_ups.sign_up_at(shift_id, person_id)).id
        opportunity = await _open_opportunity(shift)
        await check_guardian_agreed(person_id, VOLUNTEERING.code)
        await _check_person(opportunity, shift, person_id)
        await lock_person(person_id)  # who signs up for two shifts at once is at one place at a time
        if title := await sign_ups.busy_then(person_id, shift.span, except_shift_id=shift_id):
            raise BusyThen(title=title)
        terms.check_declared(agreed=agreed, meets=meets)
        made = SignUp(
            shift=shift_id,
            person=person_id,
            agreement_version=terms.AGREEMENT_VERSION,
            signed_at=clock.now(),
        )
        await made.save()
        record_audit("sign_up.made", Ref(KIND, made.id), actor_id=actor.person_id)
        await _give_places(shift, free=shift.capacity - shift.taken)
        return int(made.id)


async def _open_opportunity(shift: ShiftView) -> OpportunityView:
    opportunity = await opportunities.opportunity(shift.opportunity_id)
    if opportunity.state != flows.OPEN:
        raise OpportunityNotOpen
    terms.check_still_open(shift.state, shift.span, clock.now())
    return opportunity


async def _check_person(opportunity: OpportunityView, shift: ShiftView, person_id: int) -> None:
    """Raise TooYoung, NotForMinors, SignUpPaused or TrainingMissing."""
    born_on = await fetch_value("select born_on from person where id = $1", person_id)
    minors.check_age(born_on, shift.span, age_least=opportunity.age_least, risk=opportunity.risk)
    own_terms = await opportunities.terms_of(opportunity.organization_id, clock.today())
    absent = await sign_ups.absences_at(person_id, opportunity.organization_id)
    absences.check_not_paused(absent, own_terms, clock.now())
    if opportunity.training_id and not await opportunities.has_learned(person_id, opportunity.training_id):
        raise TrainingMissing(title=opportunity.training)


async def cancel_sign_up(sign_up_id: int, *, actor: Actor) -> None:
    """Give up one's place, or one's child's, or a place in the queue; the next gets it and is told.

    Of two clicks the second changes nothing. Raises SignUpNotFound, SignUpIsSettled, ShiftBegun.
    """
    async with unit_of_work():
        shift_id = (await sign_ups.sign_up(sign_up_id)).shift_id
        shift = await opportunities.shift(shift_id, lock=True)
        found = await sign_ups.sign_up(sign_up_id, lock=True)
        if not await speaks_for(actor.person_id, found.person_id):
            raise SignUpNotFound
        if found.state == flows.CANCELLED:
            return
        if found.state not in (flows.WAITING, flows.PLACED):
            raise SignUpIsSettled
        terms.check_still_open(shift.state, shift.span, clock.now())
        await advance(flows.SIGN_UPS, "sign_up.cancelled", sign_up_id, actor_id=actor.person_id)
        if found.state == flows.PLACED:
            await _move_taken(shift_id, -1)
            for moved_up_id in await _give_places(shift, free=shift.capacity - shift.taken + 1):
                tell("placed", moved_up_id)


async def _give_places(shift: ShiftView, *, free: int) -> list[int]:
    """Those who wait longest get the free places; the caller holds the shift's row. Their sign-ups' ids."""
    rows = await fetch(
        "select id from volunteer_sign_up where shift = $1 and state = 'waiting' order by id limit $2",
        shift.id,
        free,
    )
    for row in rows:
        await advance(flows.SIGN_UPS, "sign_up.placed", row["id"], actor_id=None)
    if rows:
        await _move_taken(shift.id, len(rows))
    return [row["id"] for row in rows]


async def _move_taken(shift_id: int, by: int) -> None:
    await current_unit().connection.execute(
        "update volunteer_shift set taken = taken + $2 where id = $1", shift_id, by
    )


async def remind() -> None:
    """Remind, once, whoever has a place in a shift of the next day; in the unit of work of its job."""
    now = clock.now()
    due = await sign_ups.to_remind(now, limit=_REMINDED_AT_ONCE)
    await fetch("update volunteer_sign_up set reminded_at = $2 where id = any($1)", list(due), now)
    for sign_up_id in due:
        tell("reminded", sign_up_id)
