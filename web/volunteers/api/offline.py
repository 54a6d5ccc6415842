"""For programs of leaders who have no network on the spot."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.language import explain
from core.volunteers.rules import flows
from core.volunteers.rules.notes import NOTES_MOST, Note
from core.volunteers.services.notes import codes_of_shift, take_notes
from web.parameters import RowId
from web.visit import current_actor

_SHIFT = "/volunteers/lead/shifts/{shift_id:int}"
_Id = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class CodesOut(msgspec.Struct):
    """One code each half minute from `first_at` on."""

    first_at: datetime
    codes: list[str]


class NoteIn(msgspec.Struct):
    """Who came or went, and when."""

    sign_up_id: _Id
    what: Annotated[str, msgspec.Meta(pattern=r"^(came|went)$(?!\n)")]
    at: Annotated[datetime, msgspec.Meta(tz=True)]


class NotesIn(msgspec.Struct):
    """What was noted without a network."""

    notes: Annotated[list[NoteIn], msgspec.Meta(min_length=1, max_length=NOTES_MOST)]


class NoteRefusedOut(msgspec.Struct):
    """A note that was not taken, and why."""

    sign_up_id: int
    what: str
    reason: str


class NotesOut(msgspec.Struct):
    """The others were taken, now or before."""

    refused: list[NoteRefusedOut]


@get(f"{_SHIFT}/codes", summary="整班签到码", tags=["volunteers"], access=flows.LEAD)
async def list_codes(shift_id: RowId) -> CodesOut:
    """All codes of the shift, to be taken along where there is no network."""
    found = await codes_of_shift(shift_id, actor=current_actor())
    return CodesOut(found.first_at, found.codes)


@post(f"{_SHIFT}/notes", summary="补传到场记录", tags=["volunteers"], access=flows.LEAD, status_code=200)
async def send_notes(shift_id: RowId, data: JSONBody[NotesIn]) -> NotesOut:
    """Take over who came and went without a network; the same again changes nothing."""
    notes = [Note("", one.sign_up_id, one.what, one.at) for one in data.notes]
    refused = await take_notes(shift_id, notes, actor=current_actor())
    return NotesOut(
        [NoteRefusedOut(one.note.sign_up_id, one.note.what, explain(one.reason)) for one in refused]
    )


HANDLERS = [list_codes, send_notes]
