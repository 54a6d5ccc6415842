"""What was served: proposed by the leader, confirmed or disputed by the volunteer, corrected by another."""

from contextlib import suppress

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.errors import Conflict, Forbidden, Invalid
from core.events.services import record_event
from core.evidence.services import record_evidence
from core.ledger import services as ledger
from core.people.rules import Actor
from core.people.services import lock_person
from core.reference import Ref
from core.registration.queries import speaks_for
from core.volunteers import postings
from core.volunteers.errors import (
    OwnService,
    RecordedAlready,
    ServiceNotFound,
    ServiceOverlaps,
    TrainingGivesNoMinutes,
    WitnessesNeeded,
)
from core.volunteers.queries import opportunities, records, sign_ups
from core.volunteers.queries.records import ServiceView
from core.volunteers.queries.sign_ups import SignUpView
from core.volunteers.rules import books, flows, terms
from core.volunteers.rules.witnesses import NONE_READ
from core.volunteers.services.attendance import led_sign_up
from core.volunteers.services.certificates import void_certificates
from core.volunteers.services.opportunities import led_shift
from core.volunteers.services.telling import tell
from core.volunteers.tables import Service

KIND = records.KIND
ALL_AT_ONCE = 200


async def propose_service(sign_up_id: int, minutes: int, *, reason: str = "", actor: Actor) -> int:
    """Record what a volunteer has served, for the volunteer to confirm; returns the record's id.

    Minutes that differ from what the clock says, and a forgotten check-in or check-out, need a reason.
    Raises SignUpNotFound, OpportunityNotFound, OwnService, RecordedAlready, TrainingGivesNoMinutes,
    WitnessesNeeded, NoPlace, NotOver, TooLateToRecord, MinutesOutOfRange, ReasonMissing,
    DailyMinutesReached.
    """
    async with unit_of_work():
        found = await led_sign_up(sign_up_id, actor)
        await _check_recordable(found)
        own_terms = await opportunities.terms_of(found.organization_id, clock.today())
        now, clocked = clock.now(), terms.served(found.span, found.came_at, found.left_at)
        terms.check_record(
            found.state, found.span, own_terms, now, minutes=minutes, clocked=clocked, reason=reason
        )
        if found.state != flows.LEFT:
            await advance(
                flows.SIGN_UPS,
                "sign_up.marked_left",
                found.id,
                actor_id=actor.person_id,
                left_at=found.ends_at,
            )
        return await _propose(found, minutes, reason=reason, own_terms=own_terms, actor=actor)


async def _check_recordable(found: SignUpView) -> None:
    if await records.has_record(found.id):
        raise RecordedAlready
    if found.kind == flows.TRAINING:
        raise TrainingGivesNoMinutes
    if found.agreement_version == NONE_READ:
        raise WitnessesNeeded


async def propose_clocked(shift_id: int, *, actor: Actor) -> int:
    """Record, for all who have checked in and out, what the clock says; returns how many.

    Each in a unit of work of its own: what stands against one (a day's limit, oneself) stops no other.
    Raises ShiftNotFound or OpportunityNotFound.
    """
    shift, _ = await led_shift(shift_id, actor)
    recorded = 0
    for one in await sign_ups.unrecorded(shift_id, limit=ALL_AT_ONCE):
        with suppress(Conflict, Forbidden, Invalid):
            minutes = terms.served(shift.span, one.came_at, one.left_at)
            await propose_service(one.sign_up_id, minutes, actor=actor)
            recorded += 1
    return recorded


async def _propose(
    found: SignUpView,
    minutes: int,
    *,
    reason: str,
    own_terms: terms.Terms,
    actor: Actor,
    corrects_id: int | None = None,
) -> int:
    span = terms.served_span(terms.elapsed(found.span, clock.now()), found.came_at, minutes)
    so_far = await records.confirmed_on(found.person_id, clock.local(span.begins_at).date())
    terms.check_daily(so_far, minutes, own_terms)
    service = Service(
        sign_up=found.id,
        person=found.person_id,
        organization=found.organization_id,
        begins_at=span.begins_at,
        ends_at=span.ends_at,
        minutes=minutes,
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
        reason=reason.strip(),
        corrects=corrects_id,
    )
    await service.save()
    record_audit("service.proposed", Ref(KIND, service.id), actor_id=actor.person_id, minutes=minutes)
    tell("proposed", found.id)
    return int(service.id)


async def confirm_service(service_id: int, *, actor: Actor) -> None:
    """The volunteer, or a minor's guardian, agrees: minutes in the ledger, evidence, event.

    A second time changes nothing.

    Raises ServiceNotFound, WrongState, DailyMinutesReached, ServiceOverlaps.
    """
    try:
        async with unit_of_work():
            found = await _own_service(service_id, actor)
            if found.state == flows.CONFIRMED:
                return
            flows.SERVICES.check("service.confirmed", found, clock.now())
            await _check_day(found)
            await _confirm(found, actor)
    except asyncpg.ExclusionViolationError:
        raise ServiceOverlaps from None


async def _own_service(service_id: int, actor: Actor) -> ServiceView:
    found = await records.service(service_id, lock=True)
    if not await speaks_for(actor.person_id, found.person_id):
        raise ServiceNotFound
    return found


async def _check_day(found: ServiceView) -> None:
    """Confirmations of one person queue up behind each other, so that each sees the sum before it."""
    await lock_person(found.person_id)
    own_terms = await opportunities.terms_of(found.organization_id, clock.today())
    so_far = await records.confirmed_on(found.person_id, clock.local(found.begins_at).date())
    terms.check_daily(so_far, found.minutes, own_terms)


async def _confirm(found: ServiceView, actor: Actor) -> None:
    now, ref = clock.now(), Ref(KIND, found.id)
    evidence_id = await record_evidence(
        books.EVIDENCE, ref, actor_id=actor.person_id, minutes=found.minutes, sign_up_id=found.sign_up_id
    )
    await advance(
        flows.SERVICES,
        "service.confirmed",
        found.id,
        actor_id=actor.person_id,
        facts={"minutes": found.minutes},
        confirmed_at=now,
        evidence=evidence_id,
    )
    ledger.post(
        postings.confirmed(
            ref,
            outside=await _account(Ref("organization", found.organization_id), books.OUTSIDE),
            served=await _account(Ref("person", found.person_id), books.SERVED),
            minutes=found.minutes,
            evidence_id=evidence_id,
            at=now,
        )
    )
    record_event(
        "service_confirmed",
        ref,
        service_id=found.id,
        person_id=found.person_id,
        organization_id=found.organization_id,
        minutes=found.minutes,
        evidence_id=evidence_id,
    )


async def _account(owner: Ref, kind: str) -> int:
    return await ledger.open_account(owner, kind=kind, unit=books.MINUTES)


async def dispute_service(service_id: int, *, answer: str, actor: Actor) -> None:
    """The volunteer does not agree, and says why; the leaders are told. A second time changes nothing.

    Raises ServiceNotFound, ReasonMissing, WrongState.
    """
    terms.check_reason(answer)
    async with unit_of_work():
        found = await _own_service(service_id, actor)
        if found.state == flows.DISPUTED:
            return
        flows.SERVICES.check("service.disputed", found, clock.now())
        await advance(
            flows.SERVICES,
            "service.disputed",
            service_id,
            actor_id=actor.person_id,
            answer=answer.strip(),
        )
        tell("disputed", found.sign_up_id)


async def correct_service(service_id: int, minutes: int, *, reason: str, actor: Actor) -> int | None:
    """Take a record back and put another one in its place, for the volunteer to confirm; 0: none.

    What was confirmed is reversed in the ledger, and certificates that rest on it are revoked. Returns the
    new record's id. Raises ServiceNotFound, OwnService, ReasonMissing, MinutesOutOfRange,
    TooLateToRecord, WitnessesNeeded, DailyMinutesReached, NotOver, WrongState.
    """
    terms.check_reason(reason)
    async with unit_of_work():
        found = await _led_service(service_id, actor)
        flows.SERVICES.check("service.revoked", found, clock.now())
        own_terms = await opportunities.terms_of(found.organization_id, clock.today())
        terms.check_recent(found.shift_span, own_terms, clock.now())
        await _revoke(found, actor)
        if minutes == 0:
            return None
        terms.check_minutes(terms.elapsed(found.shift_span, clock.now()), minutes)
        sign_up = await sign_ups.sign_up(found.sign_up_id, lock=True)
        if sign_up.agreement_version == NONE_READ:
            raise WitnessesNeeded
        return await _propose(
            sign_up, minutes, reason=reason, own_terms=own_terms, actor=actor, corrects_id=service_id
        )


async def _led_service(service_id: int, actor: Actor) -> ServiceView:
    found = await records.service(service_id, lock=True)
    if not actor.may(flows.LEAD, Ref("organization", found.organization_id)):
        raise ServiceNotFound
    if await speaks_for(actor.person_id, found.person_id):
        raise OwnService
    return found


async def _revoke(found: ServiceView, actor: Actor) -> None:
    ref = Ref(KIND, found.id)
    await lock_person(found.person_id)  # a certificate that is being issued counts it, or does not
    await advance(flows.SERVICES, "service.revoked", found.id, actor_id=actor.person_id)
    if found.state != flows.CONFIRMED:
        tell("dropped", found.sign_up_id)
        return
    await ledger.reverse(
        await records.transfer_of(found.id),
        reason=books.CORRECTED,
        cause=ref,
        occurred_at=clock.now(),
    )
    await void_certificates(found, actor_id=actor.person_id)
    record_event(
        "service_revoked",
        ref,
        service_id=found.id,
        person_id=found.person_id,
        organization_id=found.organization_id,
        minutes=found.minutes,
    )
