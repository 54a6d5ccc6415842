"""A leader without a network: the codes of a whole shift taken along, and what was noted sent later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import clock, settings
from core.database import unit_of_work
from core.errors import YijiError
from core.people.rules import Actor
from core.volunteers.queries import opportunities
from core.volunteers.rules import codes
from core.volunteers.rules.notes import CAME, Note
from core.volunteers.services.attendance import mark_left, mark_present
from core.volunteers.services.opportunities import led_shift


@dataclass(frozen=True)
class Codes:
    """One code each half minute from `first_at` on."""

    first_at: datetime
    codes: list[str]


@dataclass(frozen=True)
class Refused:
    """A note that was not taken, and why."""

    note: Note
    reason: YijiError


async def codes_of_shift(shift_id: int, *, actor: Actor) -> Codes:
    """What the leader's phone shows from the opening of the door until it is closed, to be taken along.

    Raises ShiftNotFound, OpportunityNotFound.
    """
    shift, opportunity = await led_shift(shift_id, actor)
    own_terms = await opportunities.terms_of(opportunity.organization_id, clock.today())
    first_at, last_at = shift.begins_at - own_terms.early, shift.ends_at + own_terms.late
    return Codes(first_at, codes.codes_between(settings.load().secret, shift_id, first_at, last_at))


async def take_notes(shift_id: int, notes: Sequence[Note], *, actor: Actor) -> list[Refused]:
    """Take over who came and went, each by itself; what is noted already changes nothing.

    Returns what was refused. Raises ShiftNotFound, OpportunityNotFound.
    """
    await led_shift(shift_id, actor)
    refused = []
    async with unit_of_work():
        for note in notes:
            mark = mark_present if note.what == CAME else mark_left
            try:
                async with unit_of_work():
                    await mark(note.sign_up_id, actor=actor, at=note.at, shift_id=shift_id)
            except YijiError as reason:
                refused.append(Refused(note, reason))
    return refused
