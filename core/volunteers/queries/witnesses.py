"""Reads of witnesses: who can be one, who was asked, what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_row


@dataclass(frozen=True)
class WitnessView:
    """Somebody who was asked; `agrees` None: no answer yet."""

    person_id: int
    name: str
    agrees: bool | None
    asked_at: datetime


@dataclass(frozen=True)
class PresentView:
    """Somebody who has checked in at a shift."""

    person_id: int
    name: str


@dataclass(frozen=True)
class OwnSignUp:
    """How somebody stands to a shift who was not expected."""

    id: int
    state: str
    agreement_version: int


async def witnesses_of(service_id: int) -> list[WitnessView]:
    """Who was asked about a record, in the order in which they were named."""
    rows = await fetch(
        "select w.person as person_id, p.name, w.agrees, v.proposed_at as asked_at from volunteer_witness w"
        " join person p on p.id = w.person join volunteer_service v on v.id = w.service"
        " where w.service = $1 order by w.id",
        service_id,
    )
    return [WitnessView(**dict(row)) for row in rows]


async def asked_about(sign_up_id: int) -> Sequence[tuple[int, int]]:
    """(record, person) of those who still have to answer about a sign-up."""
    rows = await fetch(
        "select w.service, w.person from volunteer_witness w join volunteer_service v on v.id = w.service"
        " where v.sign_up = $1 and v.state = 'witnessing' and w.agrees is null order by w.id",
        sign_up_id,
    )
    return [(row["service"], row["person"]) for row in rows]


async def present(shift_id: int) -> list[PresentView]:
    """Who has checked in at a shift, by name."""
    rows = await fetch(
        "select p.id as person_id, p.name from volunteer_sign_up u join person p on p.id = u.person"
        " where u.shift = $1 and u.came_at is not null and u.state in ('present', 'left')"
        " order by p.name, p.id limit 500",
        shift_id,
    )
    return [PresentView(**dict(row)) for row in rows]


async def own_sign_up(shift_id: int, person_id: int) -> OwnSignUp | None:
    """The person's sign-up for the shift that is not cancelled, its row locked until COMMIT."""
    row = await fetch_row(
        "select id, state, agreement_version from volunteer_sign_up"
        " where shift = $1 and person = $2 and state <> 'cancelled' for no key update",
        shift_id,
        person_id,
    )
    return OwnSignUp(**dict(row)) if row else None
