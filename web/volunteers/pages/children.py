"""What a guardian does for a child: find a shift, sign it up, see its minutes and confirm them."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, get, post

from core import clock
from core.people.identity import age
from core.registration.queries import Child, own_child
from core.registration.rules import VOLUNTEERING
from core.volunteers.errors import SignUpNotFound
from core.volunteers.queries import certificates, opportunities, records, sign_ups, stars
from core.volunteers.rules import flows, terms
from core.volunteers.services.absences import plead
from core.volunteers.services.certificates import issue_certificate
from core.volunteers.services.sign_ups import cancel_sign_up, sign_up
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import current_actor
from web.volunteers.forms import CertificateForm, ReasonForm, SignUpForm
from web.volunteers.pages.mine import ABSENCES_SINCE, CERTIFICATES_MOST, COMING_MOST, PAGE
from web.volunteers.pages.offers import readable_opportunity

_CHILD = "/volunteers/children/{child_id:int}"
_SHIFT = f"{_CHILD}/shifts/{{shift_id:int}}"
_Request = Request[Any, Any, Any]


@get(_CHILD, include_in_schema=False, access=SIGNED_IN)
async def show_child(child_id: RowId, before: Before = None) -> Answer:
    """Shifts to come, records, hours and certificates of one's child."""
    return await _child_page(child_id, before, Form())


async def _child_page(child_id: int, before: int | None, form: Form, status: int = 200) -> Answer:
    child, now = await own_child(child_id, current_actor().person_id), clock.now()
    found = await records.services_of(child_id, before_id=before, limit=PAGE + 1)
    minutes = await records.minutes_of(child_id)
    return page(
        "web/volunteer_child.html",
        status=status,
        child=child,
        age=age(child.born_on, clock.today()),
        has_agreed=VOLUNTEERING.code in child.agreed,
        coming=await sign_ups.coming(child_id, now, limit=COMING_MOST),
        absences=await sign_ups.absences(child_id, now - ABSENCES_SINCE, limit=COMING_MOST),
        services=found[:PAGE],
        older_than=found[PAGE - 1].id if len(found) > PAGE else None,
        minutes=minutes,
        star=await records.star_of(minutes, child_id, clock.today()),
        held=await stars.in_force(child_id),
        sums=await records.sums(child_id),
        certificates=await certificates.certificates_of(child_id, limit=CERTIFICATES_MOST),
        hours=terms.hours_shown,
        number=terms.volunteer_number(child_id),
        flow=flows.SERVICES,
        sign_up_flow=flows.SIGN_UPS,
        form=form,
    )


@post(f"{_CHILD}/certificates", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def issue_for_child(request: _Request, child_id: RowId) -> Answer:
    """Get a certificate of what one organization has confirmed for one's child."""

    async def act(form: CertificateForm) -> Answer:
        id_ = await issue_certificate(
            form.organization_id, shows_name=form.shows_name, actor=current_actor(), child_id=child_id
        )
        return see_other(f"/volunteers/certificates/{id_}")

    async def again(form: Form, status: int) -> Answer:
        return await _child_page(child_id, None, form, status)

    return await submit(request, CertificateForm, act, again)


@get(_SHIFT, include_in_schema=False, access=SIGNED_IN)
async def show_child_shift(child_id: RowId, shift_id: RowId) -> Answer:
    """One shift, as one's child stands to it."""
    return await _shift_page(child_id, shift_id, Form())


async def _shift_page(child_id: int, shift_id: int, form: Form, status: int = 200) -> Answer:
    child: Child = await own_child(child_id, current_actor().person_id)
    shift = await opportunities.shift(shift_id, person_id=child_id)
    own = None
    if shift.own_state not in ("", flows.CANCELLED):
        own = await sign_ups.sign_up_at(shift_id, child_id)
    found = await readable_opportunity(shift.opportunity_id)
    return page(
        "web/volunteer_child_shift.html",
        status=status,
        child=child,
        has_agreed=VOLUNTEERING.code in child.agreed,
        opportunity=found,
        shift=shift,
        own=own,
        now=clock.now(),
        terms=await opportunities.terms_of(found.organization_id, clock.today()),
        agreement=terms.AGREEMENT,
        flow=flows.SIGN_UPS,
        form=form,
    )


async def _act(
    request: _Request,
    child_id: int,
    shift_id: int,
    shape: type[msgspec.Struct],
    act: Callable[[Any], Awaitable[object]],
) -> Answer:
    async def done(form: msgspec.Struct) -> Answer:
        await act(form)
        return see_other(f"/volunteers/children/{child_id}/shifts/{shift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _shift_page(child_id, shift_id, form, status)

    return await submit(request, shape, done, again)


@post(f"{_SHIFT}/sign-up", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def join_for_child(request: _Request, child_id: RowId, shift_id: RowId) -> Answer:
    """Take a place for one's child, or the next one in the queue."""

    async def act(form: SignUpForm) -> int:
        ticked = {"agreed": form.agreed, "meets": form.meets}
        return await sign_up(shift_id, **ticked, actor=current_actor(), child_id=child_id)

    return await _act(request, child_id, shift_id, SignUpForm, act)


@post(f"{_SHIFT}/cancel", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def leave_for_child(request: _Request, child_id: RowId, shift_id: RowId) -> Answer:
    """Give the place to the next."""

    async def act(_: ButtonForm) -> None:
        actor = current_actor()
        await own_child(child_id, actor.person_id)
        try:
            own = await sign_ups.sign_up_at(shift_id, child_id)
        except SignUpNotFound:
            return  # the second click
        await cancel_sign_up(own.id, actor=actor)

    return await _act(request, child_id, shift_id, ButtonForm, act)


@post(f"{_SHIFT}/plead", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def appeal_for_child(request: _Request, child_id: RowId, shift_id: RowId) -> Answer:
    """Say why the child's absence should not count."""

    async def act(form: ReasonForm) -> None:
        actor = current_actor()
        await own_child(child_id, actor.person_id)
        own = await sign_ups.sign_up_at(shift_id, child_id)
        await plead(own.id, form.reason, actor=actor)

    return await _act(request, child_id, shift_id, ReasonForm, act)


HANDLERS = [
    show_child, issue_for_child, show_child_shift, join_for_child, leave_for_child, appeal_for_child,
]  # fmt: skip
