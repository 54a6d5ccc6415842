"""What a leader has noted without a network: who came and went, and when. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from core.volunteers.errors import NoteMalformed, NotesMissing, TooManyNotes
from core.volunteers.rules.figures import EARLIEST
from core.volunteers.rules.terms import Span

NOTES_MOST = 200
CAME, WENT = "came", "went"
_WORDS = {"到": CAME, "in": CAME, "走": WENT, "out": WENT}
_LINE = re.compile(r"(\d{1,15})\s*(到|走|in|out)\s*([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Note:
    """One line: whose sign-up, what, and the minute."""

    line: str
    sign_up_id: int
    what: str
    at: datetime


def notes_of(text: str, shift: Span) -> list[Note]:
    """Lines such as `12 到 09:01`; raises NotesMissing, TooManyNotes or NoteMalformed."""
    lines = [line.strip() for line in unicodedata.normalize("NFKC", text).splitlines() if line.strip()]
    if not lines:
        raise NotesMissing
    if len(lines) > NOTES_MOST:
        raise TooManyNotes(most=NOTES_MOST)
    return [_note(line, number, shift) for number, line in enumerate(lines, 1)]


def _note(line: str, number: int, shift: Span) -> Note:
    found = _LINE.fullmatch(line)
    if found is None:
        raise NoteMalformed(line=number)
    at = minute_of(int(found[3]), int(found[4]), shift)
    return Note(line, int(found[1]), _WORDS[found[2]], at)


def minute_of(hours: int, minutes: int, shift: Span) -> datetime:
    """That minute of the shift's day; of one that lasts beyond midnight, after it where it must be."""
    first = shift.begins_at - EARLIEST
    at = clock.begin_of(clock.local(first).date()) + timedelta(hours=hours, minutes=minutes)
    return at if at >= first else at + timedelta(days=1)
