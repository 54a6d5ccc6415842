"""A leader and what is not as usual: an absence to be answered, a service that was forgotten."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.privacy.rules import SEEN_ATTENDEES
from core.privacy.services import note_seen
from core.volunteers.queries import opportunities, sign_ups, witnesses
from core.volunteers.rules import flows
from core.volunteers.services import opportunities as offering
from core.volunteers.services.absences import answer_absence
from core.volunteers.services.witnesses import backfill
from web.forms import Answer, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor
from web.volunteers.forms import AbsenceForm, BackfillForm

_ABSENCE = "/volunteers/lead/sign-ups/{sign_up_id:int}/absence"
_BACKFILL = "/volunteers/lead/shifts/{shift_id:int}/backfill"


@get(_ABSENCE, include_in_schema=False, access=flows.LEAD)
async def show_absence(sign_up_id: RowId) -> Answer:
    """Who was missed, what they say, and the leader's answer."""
    return await _absence_page(sign_up_id, Form())


async def _absence_page(sign_up_id: int, form: Form, status: int = 200) -> Answer:
    found = await sign_ups.sign_up(sign_up_id)
    await offering.led_shift(found.shift_id, current_actor())
    await note_seen([found.person_id], SEEN_ATTENDEES, viewer=current_actor())
    return page(
        "web/volunteer_absence.html",
        status=status,
        found=found,
        attendee=await sign_ups.attendee(sign_up_id),
        flow=flows.SIGN_UPS,
        form=form,
    )


@post(_ABSENCE, include_in_schema=False, access=flows.LEAD, status_code=303)
async def answer(request: Request[Any, Any, Any], sign_up_id: RowId) -> Answer:
    """Excuse it, or decline the plea."""

    async def act(form: AbsenceForm) -> Answer:
        await answer_absence(
            sign_up_id, form.reason, is_excused=form.verdict == "excused", actor=current_actor()
        )
        return see_other(f"/volunteers/lead/sign-ups/{sign_up_id}/absence")

    async def again(form: Form, status: int) -> Answer:
        return await _absence_page(sign_up_id, form, status)

    return await submit(request, AbsenceForm, act, again)


@get(_BACKFILL, include_in_schema=False, access=flows.LEAD)
async def show_backfill(shift_id: RowId) -> Answer:
    """The form for who came without a place on the list."""
    return await _backfill_page(shift_id, Form())


async def _backfill_page(shift_id: int, form: Form, status: int = 200) -> Answer:
    shift, opportunity = await offering.led_shift(shift_id, current_actor())
    there = await witnesses.present(shift_id)
    await note_seen([one.person_id for one in there], SEEN_ATTENDEES, viewer=current_actor())
    return page(
        "web/volunteer_backfill.html",
        status=status,
        shift=shift,
        opportunity=opportunity,
        most=shift.span.minutes,
        present=[(one.person_id, one.name) for one in there],
        terms=await opportunities.terms_of(opportunity.organization_id, clock.today()),
        form=form,
    )


@post(_BACKFILL, include_in_schema=False, access=flows.LEAD, status_code=303)
async def record(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Record it, for two witnesses and then the volunteer to confirm."""

    async def act(form: BackfillForm) -> Answer:
        service_id = await backfill(
            shift_id,
            phone=form.phone,
            name=form.name,
            minutes=form.minutes,
            reason=form.reason,
            witness_ids=(form.first_id, form.second_id),
            actor=current_actor(),
        )
        return see_other(f"/volunteers/services/{service_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _backfill_page(shift_id, form, status)

    return await submit(request, BackfillForm, act, again)


HANDLERS = [show_absence, answer, show_backfill, record]
