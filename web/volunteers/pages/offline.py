"""A leader without a network: the list and the codes taken along, and what was noted sent later."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, get, post

from core import clock
from core.language import explain
from core.privacy.rules import SEEN_ATTENDEES
from core.privacy.services import note_seen
from core.volunteers.queries import opportunities, sign_ups
from core.volunteers.rules import codes, flows
from core.volunteers.rules.notes import NOTES_MOST, notes_of
from core.volunteers.services import opportunities as offering
from core.volunteers.services.notes import Refused, codes_of_shift, take_notes
from web.forms import Answer, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor
from web.volunteers.forms import NotesForm

_SHIFT = "/volunteers/lead/shifts/{shift_id:int}"


@get(f"{_SHIFT}/offline", include_in_schema=False, access=flows.LEAD)
async def show_offline(shift_id: RowId) -> Answer:
    """The list and all codes of the shift, to be kept open where there is no network."""
    return await _offline_page(shift_id, Form())


async def _offline_page(
    shift_id: int, form: Form, status: int = 200, refused: Sequence[Refused] = ()
) -> Answer:
    shift, opportunity = await offering.led_shift(shift_id, current_actor())
    found = await sign_ups.attendees(shift_id, after_id=0, limit=NOTES_MOST)
    await note_seen([one.person_id for one in found], SEEN_ATTENDEES, viewer=current_actor())
    return page(
        "web/volunteer_offline.html",
        status=status,
        shift=shift,
        opportunity=opportunity,
        attendees=[one for one in found if one.person_id != current_actor().person_id],
        codes=await codes_of_shift(shift_id, actor=current_actor()),
        changes_s=codes.CHANGES_S,
        now=clock.now(),
        refused=[(one.note.line, explain(one.reason)) for one in refused],
        flow=flows.SIGN_UPS,
        form=form,
    )


@post(f"{_SHIFT}/notes", include_in_schema=False, access=flows.LEAD, status_code=303)
async def send_notes(request: Request[Any, Any, Any], shift_id: RowId) -> Answer:
    """Take over what was noted; what cannot be taken stays in the form with its reason."""

    async def act(form: NotesForm) -> Answer:
        notes = notes_of(form.notes, (await opportunities.shift(shift_id)).span)
        refused = await take_notes(shift_id, notes, actor=current_actor())
        if not refused:
            return see_other(f"/volunteers/lead/shifts/{shift_id}")
        left = Form({"notes": "\n".join(one.note.line for one in refused)})
        return await _offline_page(shift_id, left, 409, refused)

    async def again(form: Form, status: int) -> Answer:
        return await _offline_page(shift_id, form, status)

    return await submit(request, NotesForm, act, again)


HANDLERS = [show_offline, send_notes]
