"""Reads of what is known of a person: by the person, and by whoever serves the place."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.people import finding, names
from core.people.identity import is_minor
from core.people.rules import SERVE, Actor
from core.privacy.errors import (
    ApprovalsOpen,
    ChildrenLeft,
    OrdersOwed,
    RefundsUnderWay,
    RequestsOpen,
    RolesHeld,
    ShiftsAhead,
)
from core.reference import PLATFORM
from core.regions import queries as regions
from core.registration.errors import ResidentNotFound

PHONE_DIGITS = 11


@dataclass(frozen=True)
class Profile:
    """A person; phone and e-mail in full, for masks to shorten."""

    id: int
    name: str
    phone: str | None
    email: str | None
    language: str
    registered_at: datetime
    born_on: date | None
    guardian_id: int | None
    guardian: str | None
    household_id: int | None
    place: str | None
    verified_at: datetime | None

    @property
    def is_minor(self) -> bool:
        """Known to be younger than 18."""
        return is_minor(self.born_on, clock.today())


_PROFILE = """
select p.id, p.name, p.phone, p.email, p.language, p.registered_at, p.born_on, p.guardian as guardian_id,
    g.name as guardian, h.id as household_id, r.name as place, i.verified_at
from person p
left join person g on g.id = p.guardian
left join household_member m on m.person = p.id and m.left_on is null
left join household h on h.id = m.household
left join region r on r.id = h.region
left join person_identity i on i.person = p.id
where p.gone_at is null and {which}"""


async def profile(person_id: int) -> Profile:
    """What is known of a person; raises ResidentNotFound for one whose account has ended."""
    row = await fetch_row(_PROFILE.format(which="p.id = $1"), person_id)
    if row is None:
        raise ResidentNotFound
    return Profile(**dict(row))


_RESIDENTS = _PROFILE.format(
    which="""p.id in (
    select unnest($1::bigint[]) union select id from person where phone = $2
    union select person from household_member where household = $3 and left_on is null)
and ($4::bigint[] is null or h.region = any($4)) order by array_position($1, p.id), p.name, p.id limit $5"""
)


@dataclass(frozen=True)
class Residents:
    """Whom a worker finds; `is_near`: nobody is called so, these sound or look like it."""

    profiles: list[Profile]
    is_near: bool


async def residents(words: str, *, worker: Actor, limit: int) -> Residents:
    """Residents of the worker's places, on duty for the platform: everybody.

    By a name or a part of it, as characters, pinyin or initials; by a phone or its last four digits; by a
    household's number. Raises QueryTooLong.
    """
    asked = names.asked(words)
    everywhere = worker.may(SERVE, PLATFORM)
    served = [one.id for one in worker.scopes(SERVE) if one.kind == "region"]
    places = [finding.EVERYWHERE] if everywhere else await regions.below(served)
    if asked is None or not places:
        return Residents([], False)
    ids, is_near = await finding.found(asked, places, limit=limit)
    number = asked.exact if asked.exact.isascii() and asked.exact.isdigit() else ""
    rows = await fetch(
        _RESIDENTS,
        ids,
        number if len(number) == PHONE_DIGITS else None,
        int(number) if 0 < len(number) < PHONE_DIGITS else None,
        None if everywhere else places,
        limit,
    )
    return Residents([Profile(**dict(row)) for row in rows], is_near and bool(rows))


async def possible_guardians(resident: Profile) -> list[tuple[int, str]]:
    """(id, name) of the grown-ups that live with a minor."""
    rows = await fetch(
        "select p.id, p.name, p.born_on from household_member m join person p on p.id = m.person"
        " where m.household = $1 and m.left_on is null and p.id <> $2 order by p.id limit 50",
        resident.household_id,
        resident.id,
    )
    return [(row["id"], row["name"]) for row in rows if not is_minor(row["born_on"], clock.today())]


@dataclass(frozen=True)
class Access:
    """Somebody on duty has looked; `what` is a message to be translated."""

    id: int
    viewer: str
    what: str
    seen_at: datetime


async def accesses(person_id: int, *, before_id: int | None, limit: int) -> list[Access]:
    """Who has looked at what is known of the person, newest first."""
    rows = await fetch(
        "select a.id, v.name as viewer, a.what, a.seen_at"
        " from person_access a join person v on v.id = a.viewer"
        " where a.person = $1 and ($2::bigint is null or a.id < $2) order by a.id desc limit $3",
        person_id,
        before_id,
        limit,
    )
    return [Access(**dict(row)) for row in rows]


async def copies_today(person_id: int, task: str) -> int:
    """How many copies the person has asked for within a day."""
    found = await fetch_value(
        "select count(*) from audit_event where actor_id = $1 and action = 'file.asked'"
        " and happened_at > $2 and facts->>'task' = $3",
        person_id,
        clock.now() - timedelta(days=1),
        task,
    )
    return int(found)


@dataclass(frozen=True)
class Deletion:
    """The end of an account that was asked for."""

    id: int
    person_id: int
    due_at: datetime


async def waiting_deletion(person_id: int) -> Deletion | None:
    """The one that can still be taken back."""
    row = await fetch_row(
        "select id, person as person_id, due_at from person_deletion where person = $1 and state = 'waiting'",
        person_id,
    )
    return Deletion(**dict(row)) if row else None


async def due_deletions(*, limit: int) -> list[Deletion]:
    """Those whose time to be taken back is over, the oldest first."""
    rows = await fetch(
        "select id, person as person_id, due_at from person_deletion"
        " where state = 'waiting' and due_at <= $1 order by due_at, id limit $2",
        clock.now(),
        limit,
    )
    return [Deletion(**dict(row)) for row in rows]


_HINDRANCES = (
    (
        RolesHeld,
        "role_grant g where g.person = me.id and g.revoked_at is null"
        " and (g.ends_on is null or g.ends_on >= me.today)",
    ),
    (OrdersOwed, "payment_order o where o.payer = me.id and o.state = 'open'"),
    (
        RefundsUnderWay,
        'payment_refund r join payment_order o on o.id = r."order"'
        " where o.payer = me.id and r.state in ('asked', 'sending')",
    ),
    (
        RequestsOpen,
        "fund_request r where r.asked_by = me.id"
        " and r.state not in ('reported', 'refused', 'withdrawn', 'released')",
    ),
    (
        ApprovalsOpen,
        "approval a where a.state = 'open' and (a.maker = me.id"
        " or exists (select from approval_voter v where v.approval = a.id and v.person = me.id))",
    ),
    (
        ShiftsAhead,
        "volunteer_sign_up s join volunteer_shift h on h.id = s.shift"
        " where s.person = me.id and s.state in ('waiting', 'placed', 'present') and h.ends_at > me.now",
    ),
    (
        ChildrenLeft,
        "person p where p.guardian = me.id and p.born_on > me.today - interval '18 years'",
    ),
)


async def check_nothing_left(person_id: int) -> None:
    """Raise what stands against the end of the account in core's own areas."""
    me = "(select $1::bigint as id, $2::timestamptz as now, $3::date as today) me"
    for hindrance, rest in _HINDRANCES:
        sql = f"select from {me} cross join lateral (select from {rest} limit 1) found"
        if await fetch(sql, person_id, clock.now(), clock.today()):
            raise hindrance
