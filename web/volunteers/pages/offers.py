"""What is offered, and one shift: sign up, see one's place, check in and out, cancel."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import QueryParameter

from core import clock
from core.reference import Ref
from core.registration.queries import children_of
from core.volunteers.errors import OpportunityNotFound, SignUpNotFound
from core.volunteers.queries import opportunities, sign_ups
from core.volunteers.queries.opportunities import OpportunityView, Wanted
from core.volunteers.rules import flows, terms
from core.volunteers.services import attendance
from core.volunteers.services.absences import plead
from core.volunteers.services.sign_ups import cancel_sign_up, sign_up
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, ButtonForm, Form, clean, searched, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import VISIT, current_actor
from web.volunteers.forms import CodeForm, HereForm, OfferSearch, ReasonForm, SignUpForm

PAGE, SHIFTS_MOST = 20, 50
TypedCode = Annotated[str, QueryParameter(max_length=20)]


@get("/volunteers", include_in_schema=False, access=PUBLIC)
async def show_offers(request: Request[Any, Any, Any]) -> Answer:
    """Where volunteers are wanted, the next shift first."""
    asked, form = searched(request, OfferSearch)
    asked = asked or OfferSearch()
    wanted = Wanted(clean(asked.words), asked.region, asked.day, asked.age)
    found = await opportunities.offers(wanted, offset=(asked.number - 1) * PAGE, limit=PAGE + 1)
    return page(
        "web/volunteers.html",
        status=422 if form.reasons else 200,
        form=form,
        offers=found[:PAGE],
        number=asked.number,
        has_more=len(found) > PAGE,
        regions=[(region.id, region.name) for region in await opportunities.regions_with_offers()],
    )


async def readable_opportunity(opportunity_id: int) -> OpportunityView:
    """For everybody once it is published, before that for who leads it; raises OpportunityNotFound."""
    found = await opportunities.opportunity(opportunity_id)
    actor = VISIT.get().actor
    leads = actor is not None and actor.may(flows.LEAD, Ref("organization", found.organization_id))
    if found.state == flows.DRAFT and not leads:
        raise OpportunityNotFound
    return found


def person_id() -> int | None:
    """Who looks, if somebody is signed in."""
    actor = VISIT.get().actor
    return actor.person_id if actor else None


@get("/volunteers/{opportunity_id:int}", include_in_schema=False, access=PUBLIC)
async def show_opportunity(opportunity_id: RowId) -> Answer:
    """What is to be done, under which conditions, and when."""
    found = await readable_opportunity(opportunity_id)
    actor = VISIT.get().actor
    return page(
        "web/volunteer_opportunity.html",
        opportunity=found,
        shifts=await opportunities.shifts(
            found.id, person_id=person_id(), after=clock.now(), limit=SHIFTS_MOST
        ),
        leads=actor is not None and actor.may(flows.LEAD, Ref("organization", found.organization_id)),
        flow=flows.OPPORTUNITIES,
        sign_up_flow=flows.SIGN_UPS,
        now=clock.now(),
    )


@get("/volunteers/shifts/{shift_id:int}", include_in_schema=False, access=PUBLIC)
async def show_shift(shift_id: RowId, code: TypedCode = "") -> Answer:
    """One shift, as the person who looks stands to it. A QR code brings the code along."""
    return await _shift_page(shift_id, Form({"code": clean(code)}) if code else Form())


async def _shift_page(shift_id: int, form: Form, status: int = 200) -> Answer:
    viewer, own = person_id(), None
    shift = await opportunities.shift(shift_id, person_id=viewer)
    if viewer is not None and shift.own_state not in ("", flows.CANCELLED):
        own = await sign_ups.sign_up_at(shift_id, viewer)
    found = await readable_opportunity(shift.opportunity_id)
    own_terms = await opportunities.terms_of(found.organization_id, clock.today())
    return page(
        "web/volunteer_shift.html",
        status=status,
        opportunity=found,
        shift=shift,
        own=own,
        now=clock.now(),
        opens_at=shift.begins_at - own_terms.early,
        closes_at=shift.ends_at + own_terms.late,
        terms=own_terms,
        agreement=terms.AGREEMENT,
        flow=flows.SIGN_UPS,
        children=await children_of(viewer) if viewer is not None else [],
        form=form,
    )


async def _act_on_shift(
    request: Request[Any, Any, Any],
    shift_id: int,
    shape: type[msgspec.Struct],
    act: Callable[[Any], Awaitable[object]],
) -> Answer:
    async def done(form: msgspec.Struct) -> Answer:
        await act(form)
        return see_other(f"/volunteers/shifts/{shift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _shift_page(shift_id, form, status)

    return await submit(request, shape, done, again)


@post("/volunteers/shifts/{shift_id:int}/sign-up", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def join(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Take a place, or the next one in the queue."""

    async def act(form: SignUpForm) -> int:
        return await sign_up(shift_id, agreed=form.agreed, meets=form.meets, actor=current_actor())

    return await _act_on_shift(request, shift_id, SignUpForm, act)


@post("/volunteers/shifts/{shift_id:int}/cancel", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def leave(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Give the place to the next."""

    async def act(_: ButtonForm) -> None:
        actor = current_actor()
        try:
            own = await sign_ups.sign_up_at(shift_id, actor.person_id)
        except SignUpNotFound:
            return  # the second click
        await cancel_sign_up(own.id, actor=actor)

    return await _act_on_shift(request, shift_id, ButtonForm, act)


@post(
    "/volunteers/shifts/{shift_id:int}/check-in", include_in_schema=False, access=SIGNED_IN, status_code=303
)
async def come(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Check in by the code."""

    async def act(form: CodeForm) -> None:
        seen_at = form.moment((await opportunities.shift(shift_id)).span)
        await attendance.check_in(shift_id, form.code, actor=current_actor(), seen_at=seen_at)

    return await _act_on_shift(request, shift_id, CodeForm, act)


@post(
    "/volunteers/shifts/{shift_id:int}/check-in-here",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def come_here(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Check in by being there."""

    async def act(form: HereForm) -> None:
        await attendance.check_in_here(shift_id, form.here, actor=current_actor())

    return await _act_on_shift(request, shift_id, HereForm, act)


@post(
    "/volunteers/shifts/{shift_id:int}/check-out", include_in_schema=False, access=SIGNED_IN, status_code=303
)
async def go(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Check out by the code."""

    async def act(form: CodeForm) -> None:
        seen_at = form.moment((await opportunities.shift(shift_id)).span)
        await attendance.check_out(shift_id, form.code, actor=current_actor(), seen_at=seen_at)

    return await _act_on_shift(request, shift_id, CodeForm, act)


@post("/volunteers/shifts/{shift_id:int}/plead", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def appeal(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Say why one's absence should not count."""

    async def act(form: ReasonForm) -> None:
        own = await sign_ups.sign_up_at(shift_id, current_actor().person_id)
        await plead(own.id, form.reason, actor=current_actor())

    return await _act_on_shift(request, shift_id, ReasonForm, act)


HANDLERS = [show_offers, show_opportunity, show_shift, join, leave, come, come_here, go, appeal]
