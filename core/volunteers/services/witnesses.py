"""What was forgotten: a leader names two who were there, both confirm it, then the volunteer does."""

from core import clock
from core.audit.services import advance, record_audit
from core.database import fetch, unit_of_work
from core.people import queries as people
from core.people.rules import Actor
from core.people.services import lock_person
from core.reference import Ref
from core.registration.queries import check_guardian_agreed, speaks_for
from core.registration.rules import VOLUNTEERING
from core.volunteers.errors import OwnService, ServiceNotFound, SignedUpAlready, TrainingGivesNoMinutes
from core.volunteers.queries import opportunities, records
from core.volunteers.queries import witnesses as queries
from core.volunteers.queries.opportunities import OpportunityView, ShiftView
from core.volunteers.rules import flows, terms, witnesses
from core.volunteers.services.opportunities import led_shift
from core.volunteers.services.telling import tell
from core.volunteers.tables import Service, SignUp, Witness


async def backfill(
    shift_id: int,
    *,
    phone: str,
    name: str,
    minutes: int,
    reason: str,
    witness_ids: tuple[int, int],
    actor: Actor,
) -> int:
    """Record somebody who served without a place on the list; returns the record's id.

    Raises ShiftNotFound, OpportunityNotFound, PersonNotFound, OwnService (of a guardian, too),
    GuardianConsentMissing, TrainingGivesNoMinutes, NotOver, TooLateToBackfill, MinutesOutOfRange,
    ReasonMissing, TwoWitnessesNeeded, SignedUpAlready, DailyMinutesReached.
    """
    terms.check_reason(reason)
    async with unit_of_work():
        shift, opportunity = await led_shift(shift_id, actor, lock=True)
        person_id = await people.person_id_of(phone, name)
        if await speaks_for(actor.person_id, person_id):
            raise OwnService
        await _check(shift, opportunity, person_id, minutes)
        witnesses.check_witnesses(
            witness_ids,
            present_ids=[one.person_id for one in await queries.present(shift_id)],
            volunteer_id=person_id,
            leader_id=actor.person_id,
        )
        sign_up_id = await _sign_up(shift, person_id, actor)
        service_id = await _record(sign_up_id, shift, opportunity, person_id, minutes, reason, actor)
        await Witness.insert(*[Witness(service=service_id, person=id_) for id_ in witness_ids])
        await advance(flows.SERVICES, "service.witnesses_asked", service_id, actor_id=actor.person_id)
        tell("witnessing", sign_up_id)
        return service_id


async def _check(shift: ShiftView, opportunity: OpportunityView, person_id: int, minutes: int) -> None:
    if opportunity.kind == flows.TRAINING:
        raise TrainingGivesNoMinutes
    await check_guardian_agreed(person_id, VOLUNTEERING.code)
    own_terms = await opportunities.terms_of(opportunity.organization_id, clock.today())
    witnesses.check_backfill(shift.span, own_terms, clock.now())
    terms.check_minutes(shift.span, minutes)
    await lock_person(person_id)
    so_far = await records.confirmed_on(person_id, clock.local(shift.begins_at).date())
    terms.check_daily(so_far, minutes, own_terms)


async def _sign_up(shift: ShiftView, person_id: int, actor: Actor) -> int:
    """The person's sign-up: one that never got a place, one of an earlier attempt, or a new one."""
    known = await queries.own_sign_up(shift.id, person_id)
    if known is None:
        made = SignUp(
            shift=shift.id,
            person=person_id,
            state=flows.LEFT,
            left_at=shift.ends_at,
            agreement_version=witnesses.NONE_READ,
            signed_at=clock.now(),
        )
        await made.save()
        record_audit("sign_up.backfilled", Ref(flows.SIGN_UPS.code, made.id), actor_id=actor.person_id)
        return int(made.id)
    if known.state == flows.WAITING:
        await advance(
            flows.SIGN_UPS,
            "sign_up.backfilled",
            known.id,
            actor_id=actor.person_id,
            left_at=shift.ends_at,
            agreement_version=witnesses.NONE_READ,
        )
    elif known.agreement_version != witnesses.NONE_READ or await records.has_record(known.id):
        raise SignedUpAlready
    return known.id


async def _record(
    sign_up_id: int,
    shift: ShiftView,
    opportunity: OpportunityView,
    person_id: int,
    minutes: int,
    reason: str,
    actor: Actor,
) -> int:
    span = terms.served_span(shift.span, None, minutes)
    service = Service(
        sign_up=sign_up_id,
        person=person_id,
        organization=opportunity.organization_id,
        begins_at=span.begins_at,
        ends_at=span.ends_at,
        minutes=minutes,
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
        reason=reason.strip(),
    )
    await service.save()
    record_audit("service.proposed", Ref(records.KIND, service.id), actor_id=actor.person_id, minutes=minutes)
    return int(service.id)


async def bear_witness(service_id: int, *, agrees: bool, actor: Actor) -> None:
    """A witness says whether the volunteer served so; the same answer again changes nothing.

    Raises ServiceNotFound, TestifiedAlready, TooLateToTestify.
    """
    async with unit_of_work():
        found = await records.service(service_id, lock=True)
        asked = {one.person_id: one for one in await queries.witnesses_of(service_id)}
        if actor.person_id not in asked:
            raise ServiceNotFound
        own = asked[actor.person_id]
        if own.agrees is agrees:
            return
        own_terms = await opportunities.terms_of(found.organization_id, clock.today())
        witnesses.check_testimony(found.state, own.agrees, own.asked_at, own_terms, clock.now())
        await fetch(
            "update volunteer_witness set agrees = $3, answered_at = $4 where service = $1 and person = $2",
            service_id,
            actor.person_id,
            agrees,
            clock.now(),
        )
        record_audit("service.testified", Ref(records.KIND, service_id), actor_id=actor.person_id)
        others = [one.agrees for one in asked.values() if one.person_id != actor.person_id]
        await _conclude(found.id, found.sign_up_id, witnesses.after([agrees, *others]), actor)


async def _conclude(service_id: int, sign_up_id: int, state: str, actor: Actor) -> None:
    if state == flows.PROPOSED:
        await advance(flows.SERVICES, "service.witnessed", service_id, actor_id=actor.person_id)
        tell("proposed", sign_up_id)
    elif state == flows.DISPUTED:
        await advance(flows.SERVICES, "service.denied", service_id, actor_id=actor.person_id)
        tell("disputed", sign_up_id)
