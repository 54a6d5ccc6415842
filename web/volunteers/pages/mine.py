"""One's own service: shifts to come, minutes to confirm, hours, stars; and a single record."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, get, post

from core import clock
from core.privacy.rules import SEEN_SERVICE
from core.privacy.services import note_seen
from core.reference import Ref
from core.registration.queries import speaks_for
from core.volunteers.errors import ServiceNotFound
from core.volunteers.queries import certificates, records, sign_ups, stars, witnesses
from core.volunteers.queries.records import ServiceView
from core.volunteers.queries.witnesses import WitnessView
from core.volunteers.rules import flows, terms
from core.volunteers.services.certificates import issue_certificate
from core.volunteers.services.exports import ask_for_record
from core.volunteers.services.records import confirm_service, correct_service, dispute_service
from core.volunteers.services.witnesses import bear_witness
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import current_actor
from web.volunteers.forms import CertificateForm, MinutesForm, ReasonForm, RecordForm, WitnessForm

PAGE, COMING_MOST, CERTIFICATES_MOST = 20, 50, 20
ABSENCES_SINCE = timedelta(days=365)


@get("/volunteers/mine", include_in_schema=False, access=SIGNED_IN)
async def show_mine(before: Before = None) -> Answer:
    """Shifts to come, records, hours and certificates of the person who looks."""
    return await _mine_page(before, Form())


async def _mine_page(before: int | None, form: Form, status: int = 200) -> Answer:
    actor, now = current_actor(), clock.now()
    found = await records.services_of(actor.person_id, before_id=before, limit=PAGE + 1)
    minutes = await records.minutes_of(actor.person_id)
    return page(
        "web/volunteer_mine.html",
        status=status,
        coming=await sign_ups.coming(actor.person_id, now, limit=COMING_MOST),
        absences=await sign_ups.absences(actor.person_id, now - ABSENCES_SINCE, limit=COMING_MOST),
        services=found[:PAGE],
        earned=await records.earned(found[:PAGE]),
        older_than=found[PAGE - 1].id if len(found) > PAGE else None,
        minutes=minutes,
        star=await records.star_of(minutes, actor.person_id, clock.today()),
        held=await stars.in_force(actor.person_id),
        sums=await records.sums(actor.person_id),
        certificates=await certificates.certificates_of(actor.person_id, limit=CERTIFICATES_MOST),
        hours=terms.hours_shown,
        number=terms.volunteer_number(actor.person_id),
        flow=flows.SERVICES,
        sign_up_flow=flows.SIGN_UPS,
        form=form,
    )


@post("/volunteers/certificates", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def issue(request: Request[Any, Any, Any]) -> Answer:
    """Get a certificate of what one organization has confirmed."""

    async def act(form: CertificateForm) -> Answer:
        id_ = await issue_certificate(form.organization_id, shows_name=form.shows_name, actor=current_actor())
        return see_other(f"/volunteers/certificates/{id_}")

    async def again(form: Form, status: int) -> Answer:
        return await _mine_page(None, form, status)

    return await submit(request, CertificateForm, act, again)


@post("/volunteers/exports", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def export(request: Request[Any, Any, Any]) -> Answer:
    """Ask for one's own record as a file, and go where its progress is shown."""

    async def act(form: RecordForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_record(form.format, actor=current_actor())}")

    async def again(form: Form, status: int) -> Answer:
        return await _mine_page(None, form, status)

    return await submit(request, RecordForm, act, again)


async def readable_service(service_id: int) -> tuple[ServiceView, list[WitnessView]]:
    """For the volunteer or the guardian, its witnesses and who leads; raises ServiceNotFound for others."""
    found, actor = await records.service(service_id), current_actor()
    asked = await witnesses.witnesses_of(service_id)
    is_concerned = actor.person_id in {one.person_id for one in asked} or _leads(found)
    if not is_concerned and not await speaks_for(actor.person_id, found.person_id):
        raise ServiceNotFound
    return found, asked


def _leads(found: ServiceView) -> bool:
    return current_actor().may(flows.LEAD, Ref("organization", found.organization_id))


@get("/volunteers/services/{service_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_service(service_id: RowId) -> Answer:
    """One record: what was served, and what the person who looks may do about it."""
    return await _service_page(service_id, Form())


async def _service_page(service_id: int, form: Form, status: int = 200) -> Answer:
    found, asked = await readable_service(service_id)
    own = [one for one in asked if one.person_id == current_actor().person_id]
    if _leads(found):
        seen = [found.person_id, *(one.person_id for one in asked)]
        await note_seen(seen, SEEN_SERVICE, viewer=current_actor())
    return page(
        "web/volunteer_service.html",
        status=status,
        service=found,
        witnesses=asked,
        testimony=own[0] if own else None,
        leads=_leads(found),
        person_id=current_actor().person_id,
        is_own=await speaks_for(current_actor().person_id, found.person_id),
        most=found.shift_span.minutes,
        earned=(await records.earned([found]))[found.id],
        hours=terms.hours_shown,
        flow=flows.SERVICES,
        form=form,
    )


async def _act_on_service(
    request: Request[Any, Any, Any],
    service_id: int,
    shape: type[msgspec.Struct],
    act: Callable[[Any], Awaitable[int | None]],
) -> Answer:
    """Act, and show the record, or the one that took its place."""

    async def done(form: msgspec.Struct) -> Answer:
        return see_other(f"/volunteers/services/{await act(form) or service_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _service_page(service_id, form, status)

    return await submit(request, shape, done, again)


@post(
    "/volunteers/services/{service_id:int}/confirm",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def confirm(request: Request[Any, Any, Any], service_id: RowId) -> Answer:
    """Agree to the minutes."""

    async def act(_: ButtonForm) -> None:
        await confirm_service(service_id, actor=current_actor())

    return await _act_on_service(request, service_id, ButtonForm, act)


@post(
    "/volunteers/services/{service_id:int}/dispute",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def dispute(request: Request[Any, Any, Any], service_id: RowId) -> Answer:
    """Say what is wrong with the minutes."""

    async def act(form: ReasonForm) -> None:
        await dispute_service(service_id, answer=form.reason, actor=current_actor())

    return await _act_on_service(request, service_id, ReasonForm, act)


@post(
    "/volunteers/services/{service_id:int}/witness",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def witness(request: Request[Any, Any, Any], service_id: RowId) -> Answer:
    """Say whether the volunteer served so."""

    async def act(form: WitnessForm) -> None:
        await bear_witness(service_id, agrees=form.agrees == "yes", actor=current_actor())

    return await _act_on_service(request, service_id, WitnessForm, act)


@post(
    "/volunteers/services/{service_id:int}/correct",
    include_in_schema=False,
    access=flows.LEAD,
    status_code=303,
)
async def correct(request: Request[Any, Any, Any], service_id: RowId) -> Answer:
    """Put another record in its place, or none."""

    async def act(form: MinutesForm) -> int | None:
        return await correct_service(service_id, form.minutes, reason=form.reason, actor=current_actor())

    return await _act_on_service(request, service_id, MinutesForm, act)


HANDLERS = [show_mine, issue, export, show_service, confirm, dispute, witness, correct]
