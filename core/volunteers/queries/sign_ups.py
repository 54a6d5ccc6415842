"""Reads of who comes: a person's sign-ups, and the list of a shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database import fetch, fetch_row, fetch_value
from core.volunteers.errors import SignUpNotFound
from core.volunteers.rules.terms import REMINDED, Span


@dataclass(frozen=True)
class SignUpView:
    """A sign-up with its shift. `ahead`: how many wait before it."""

    id: int
    person_id: int
    state: str
    came_at: datetime | None
    left_at: datetime | None
    shift_id: int
    shift_state: str
    begins_at: datetime
    ends_at: datetime
    opportunity_id: int
    organization_id: int
    title: str
    place: str
    kind: str
    plea: str
    answer: str
    agreement_version: int
    ahead: int

    @property
    def span(self) -> Span:
        """When its shift is."""
        return Span(self.begins_at, self.ends_at)


@dataclass(frozen=True)
class Attendee:
    """Somebody on the list of a shift, with the record of the service if there is one.

    `by_guardian`: a child; the phone is the guardian's.
    """

    sign_up_id: int
    person_id: int
    name: str
    phone: str
    by_guardian: bool
    state: str
    came_at: datetime | None
    left_at: datetime | None
    plea: str
    answer: str
    service_id: int | None
    service_state: str
    minutes: int


_SIGN_UP = """
select u.id, u.person as person_id, u.state, u.came_at, u.left_at, s.id as shift_id, s.state as shift_state,
    s.begins_at, s.ends_at, o.id as opportunity_id, o.organization as organization_id, o.title, o.place,
    o.kind, u.plea, u.answer, u.agreement_version,
    case when u.state = 'waiting' then (select count(*) from volunteer_sign_up w
        where w.shift = s.id and w.state = 'waiting' and w.id < u.id) else 0 end as ahead
from volunteer_sign_up u
join volunteer_shift s on s.id = u.shift
join volunteer_opportunity o on o.id = s.opportunity"""


async def sign_up(sign_up_id: int, *, lock: bool = False) -> SignUpView:
    """One sign-up, its row locked until COMMIT if asked; raises SignUpNotFound."""
    return _one(
        await fetch_row(
            f"{_SIGN_UP} where u.id = $1" + (" for no key update of u" if lock else ""), sign_up_id
        )
    )


async def sign_up_at(shift_id: int, person_id: int, *, lock: bool = False) -> SignUpView:
    """The person's sign-up for the shift that is not cancelled; raises SignUpNotFound."""
    return _one(
        await fetch_row(
            f"{_SIGN_UP} where s.id = $1 and u.person = $2 and u.state <> 'cancelled'"
            + (" for no key update of u" if lock else ""),
            shift_id,
            person_id,
        )
    )


def _one(row: Any) -> SignUpView:
    if row is None:
        raise SignUpNotFound
    return SignUpView(**dict(row))


async def coming(person_id: int, now: datetime, *, limit: int) -> list[SignUpView]:
    """The person's sign-ups for shifts that are not over, the first to come first."""
    rows = await fetch(
        f"{_SIGN_UP} where u.person = $1 and u.state in ('waiting', 'placed', 'present') and s.ends_at > $2"
        " order by s.begins_at, u.id limit $3",
        person_id,
        now,
        limit,
    )
    return [SignUpView(**dict(row)) for row in rows]


async def absences(person_id: int, since: datetime, *, limit: int) -> list[SignUpView]:
    """Shifts since a moment where the person was missed, excused or not, the latest first."""
    rows = await fetch(
        f"{_SIGN_UP} where u.person = $1 and u.state in ('absent', 'excused') and s.ends_at > $2"
        " order by s.ends_at desc, u.id desc limit $3",
        person_id,
        since,
        limit,
    )
    return [SignUpView(**dict(row)) for row in rows]


async def absences_at(person_id: int, organization_id: int) -> list[datetime]:
    """When the shifts ended at which an organization missed the person and has not excused it."""
    rows = await fetch(
        "select s.ends_at from volunteer_sign_up u join volunteer_shift s on s.id = u.shift"
        " join volunteer_opportunity o on o.id = s.opportunity"
        " where u.person = $1 and u.state = 'absent' and o.organization = $2"
        " order by s.ends_at desc limit 100",
        person_id,
        organization_id,
    )
    return [row["ends_at"] for row in rows]


async def busy_then(person_id: int, span: Span, *, except_shift_id: int) -> str | None:
    """The title of what else the person has signed up for at that time; None: nothing."""
    title: str | None = await fetch_value(
        "select o.title from volunteer_sign_up u join volunteer_shift s on s.id = u.shift"
        " join volunteer_opportunity o on o.id = s.opportunity where u.person = $1"
        " and u.state in ('waiting', 'placed', 'present', 'left') and s.id <> $4"
        " and s.begins_at < $3 and s.ends_at > $2 limit 1",
        person_id,
        span.begins_at,
        span.ends_at,
        except_shift_id,
    )
    return title


_ATTENDEES = """
select u.id as sign_up_id, p.id as person_id, p.name, coalesce(p.phone, g.phone, '') as phone,
    p.phone is null and g.phone is not null as by_guardian, u.state,
    u.came_at, u.left_at, u.plea, u.answer, v.id as service_id, coalesce(v.state, '') as service_state,
    coalesce(v.minutes, 0) as minutes
from volunteer_sign_up u
join person p on p.id = u.person
left join person g on g.id = p.guardian
left join volunteer_service v on v.sign_up = u.id and v.state <> 'revoked'"""


async def attendees(shift_id: int, *, after_id: int, limit: int) -> list[Attendee]:
    """Who has signed up for a shift and not cancelled, in that order."""
    rows = await fetch(
        f"{_ATTENDEES} where u.shift = $1 and u.state <> 'cancelled' and u.id > $2 order by u.id limit $3",
        shift_id,
        after_id,
        limit,
    )
    return [Attendee(**dict(row)) for row in rows]


async def unrecorded(shift_id: int, *, limit: int) -> list[Attendee]:
    """Who has checked in and out and has no record yet, in the order of their sign-ups."""
    rows = await fetch(
        f"{_ATTENDEES} where u.shift = $1 and u.state = 'left' and u.came_at is not null and v.id is null"
        " order by u.id limit $2",
        shift_id,
        limit,
    )
    return [Attendee(**dict(row)) for row in rows]


async def attendee(sign_up_id: int) -> Attendee:
    """One of them; raises SignUpNotFound."""
    row = await fetch_row(f"{_ATTENDEES} where u.id = $1", sign_up_id)
    if row is None:
        raise SignUpNotFound
    return Attendee(**dict(row))


async def to_remind(now: datetime, *, limit: int) -> Sequence[int]:
    """Sign-ups with a place in a shift of the next day, whose persons were not reminded yet."""
    rows = await fetch(
        "select u.id from volunteer_shift s join volunteer_sign_up u on u.shift = s.id"
        " where s.state = 'planned' and s.begins_at > $1 and s.begins_at <= $2 and u.state = 'placed'"
        " and u.reminded_at is null order by u.id limit $3 for no key update of u",
        now,
        now + REMINDED,
        limit,
    )
    return [row["id"] for row in rows]
