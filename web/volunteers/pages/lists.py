"""A leader on the spot: the list of a shift, the code at the door, what everybody has served."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import QueryParameter

from core import clock
from core.privacy.rules import SEEN_ATTENDEES
from core.privacy.services import note_seen
from core.volunteers.queries import opportunities, records, sign_ups
from core.volunteers.rules import codes, flows, terms
from core.volunteers.rules.terms import Span
from core.volunteers.services import attendance
from core.volunteers.services import opportunities as offering
from core.volunteers.services.records import ALL_AT_ONCE, propose_clocked, propose_service
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId
from web.pictures import absolute, draw_qr
from web.templates import page
from web.visit import current_actor
from web.volunteers.forms import MinutesForm, ReasonForm

PAGE = 50
After = Annotated[int, QueryParameter(ge=0, le=2**53 - 1)]
_SHIFT, _SIGN_UP = "/volunteers/lead/shifts/{shift_id:int}", "/volunteers/lead/sign-ups/{sign_up_id:int}"
_MARKS = {
    "present": attendance.mark_present,
    "left": attendance.mark_left,
    "absent": attendance.mark_absent,
}


@get(_SHIFT, include_in_schema=False, access=flows.LEAD)
async def show_list(shift_id: RowId, after: After = 0) -> Answer:
    """Who has signed up, who has come, what they have served."""
    return await _list_page(shift_id, after, Form())


async def _list_page(shift_id: int, after: int, form: Form, status: int = 200) -> Answer:
    shift, opportunity = await offering.led_shift(shift_id, current_actor())
    found = await sign_ups.attendees(shift_id, after_id=after, limit=PAGE + 1)
    own_terms = await opportunities.terms_of(opportunity.organization_id, clock.today())
    await note_seen([one.person_id for one in found[:PAGE]], SEEN_ATTENDEES, viewer=current_actor())
    return page(
        "web/volunteer_list.html",
        status=status,
        shift=shift,
        opportunity=opportunity,
        attendees=found[:PAGE],
        next_after=found[PAGE - 1].sign_up_id if len(found) > PAGE else None,
        opens_at=shift.begins_at - own_terms.early,
        closes_at=shift.ends_at + own_terms.late,
        now=clock.now(),
        person_id=current_actor().person_id,
        clocked=len(await sign_ups.unrecorded(shift_id, limit=ALL_AT_ONCE)),
        flow=flows.SIGN_UPS,
        service_flow=flows.SERVICES,
        form=form,
    )


@get(f"{_SHIFT}/code", include_in_schema=False, access=flows.LEAD)
async def show_code(shift_id: RowId) -> Answer:
    """The code of this moment, for all to see; the page loads itself anew when it changes."""
    shift, opportunity = await offering.led_shift(shift_id, current_actor())
    code = await attendance.code_shown(shift_id, actor=current_actor())
    return page(
        "web/volunteer_code.html",
        shift=shift,
        opportunity=opportunity,
        code=code,
        seconds=codes.seconds_left(clock.now()),
        qr=draw_qr(absolute(f"/volunteers/shifts/{shift_id}?code={code}")),
    )


@post(f"{_SHIFT}/cancel", include_in_schema=False, access=flows.LEAD, status_code=303)
async def call_off(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Call the shift off."""

    async def act(form: ReasonForm) -> None:
        await offering.cancel_shift(shift_id, reason=form.reason, actor=current_actor())

    return await _act_on_list(request, shift_id, ReasonForm, act)


async def _act_on_list(
    request: Request[Any, Any, Any],
    shift_id: int,
    shape: type[msgspec.Struct],
    act: Callable[[Any], Awaitable[object]],
) -> Answer:
    async def done(form: msgspec.Struct) -> Answer:
        await act(form)
        return see_other(f"/volunteers/lead/shifts/{shift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _list_page(shift_id, 0, form, status)

    return await submit(request, shape, done, again)


@post(f"{_SHIFT}/record", include_in_schema=False, access=flows.LEAD, status_code=303)
async def record_all(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Record what the clock says for all who have checked in and out."""

    async def act(_: ButtonForm) -> None:
        await propose_clocked(shift_id, actor=current_actor())

    return await _act_on_list(request, shift_id, ButtonForm, act)


async def _mark(request: Request[Any, Any, Any], sign_up_id: int, what: str) -> Answer:
    async def act(_: ButtonForm) -> None:
        await _MARKS[what](sign_up_id, actor=current_actor())

    found = await sign_ups.sign_up(sign_up_id)
    await offering.led_shift(found.shift_id, current_actor())
    return await _act_on_list(request, found.shift_id, ButtonForm, act)


@post(f"{_SIGN_UP}/present", include_in_schema=False, access=flows.LEAD, status_code=303)
async def mark_present(request: Request[Any, Any, Any], sign_up_id: RowId) -> Answer:
    """Somebody has come."""
    return await _mark(request, sign_up_id, "present")


@post(f"{_SIGN_UP}/left", include_in_schema=False, access=flows.LEAD, status_code=303)
async def mark_left(request: Request[Any, Any, Any], sign_up_id: RowId) -> Answer:
    """Somebody goes."""
    return await _mark(request, sign_up_id, "left")


@post(f"{_SIGN_UP}/absent", include_in_schema=False, access=flows.LEAD, status_code=303)
async def mark_absent(request: Request[Any, Any, Any], sign_up_id: RowId) -> Answer:
    """Somebody has not come."""
    return await _mark(request, sign_up_id, "absent")


@get(f"{_SIGN_UP}/record", include_in_schema=False, access=flows.LEAD)
async def show_record(sign_up_id: RowId) -> Answer:
    """The form that records what somebody has served."""
    return await _record_page(sign_up_id, Form())


async def _record_page(sign_up_id: int, form: Form, status: int = 200) -> Answer:
    found = await sign_ups.sign_up(sign_up_id)
    shift, opportunity = await offering.led_shift(found.shift_id, current_actor())
    await note_seen([found.person_id], SEEN_ATTENDEES, viewer=current_actor())
    return page(
        "web/volunteer_record.html",
        status=status,
        found=found,
        opportunity=opportunity,
        attendee=await sign_ups.attendee(sign_up_id),
        clocked=terms.served(shift.span, found.came_at, found.left_at),
        most=Span(shift.begins_at, max(shift.begins_at, min(shift.ends_at, clock.now()))).minutes,
        has_record=await records.has_record(sign_up_id),
        form=form,
    )


@post(f"{_SIGN_UP}/record", include_in_schema=False, access=flows.LEAD, status_code=303)
async def record(request: Request[Any, Any, Any], sign_up_id: RowId) -> Answer:
    """Record it, for the volunteer to confirm."""
    shift_id = (await sign_ups.sign_up(sign_up_id)).shift_id

    async def act(form: MinutesForm) -> Answer:
        await propose_service(sign_up_id, form.minutes, reason=form.reason, actor=current_actor())
        return see_other(f"/volunteers/lead/shifts/{shift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _record_page(sign_up_id, form, status)

    return await submit(request, MinutesForm, act, again)


HANDLERS = [
    show_list,
    show_code,
    call_off,
    record_all,
    mark_present,
    mark_left,
    mark_absent,
    show_record,
    record,
]
