"""Reads of stars: one's own, those that the public sees, those that staff have to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.people.identity import is_minor
from core.people.masks import MINOR, mask_name
from core.people.rules import SERVE, Actor
from core.reference import PLATFORM
from core.volunteers.errors.stars import StarNotFound
from core.volunteers.rules import stars as rules
from core.volunteers.rules.terms import volunteer_number

KIND = rules.STARS.code


@dataclass(frozen=True)
class StarView:
    """A star as its holder and the staff see it."""

    id: int
    person_id: int
    person: str
    born_on: date | None
    region_id: int
    region: str
    stars: int
    minutes: int
    state: str
    applied_at: datetime
    published_until: date
    held_on: date | None
    review_on: date | None
    reason: str

    @property
    def is_in_force(self) -> bool:
        """Does the person have it now?"""
        return self.state in rules.IN_FORCE

    @property
    def shown_name(self) -> str:
        """What the public reads: the family name, and of a minor not even that."""
        return MINOR if is_minor(self.born_on, clock.today()) else mask_name(self.person)

    @property
    def shown_number(self) -> str:
        """The last four digits of the volunteer's number."""
        return volunteer_number(self.person_id)[-4:]


@dataclass(frozen=True)
class ReviewView:
    """A year's review of a star; `keeps` and `restores` None: not decided, not answered."""

    id: int
    star_id: int
    due_on: date
    ground: str
    last_served_on: date | None
    absences: int
    keeps: bool | None
    reason: str
    decided_by: int | None
    decided_at: datetime | None
    appeal: str
    restores: bool | None
    answer: str
    answered_at: datetime | None


_STAR = """
select s.id, s.person as person_id, p.name as person, p.born_on, s.region as region_id, r.name as region,
    s.stars, s.minutes, s.state, s.applied_at, s.published_until, s.held_on, s.review_on, s.reason
from volunteer_star s join person p on p.id = s.person join region r on r.id = s.region"""


async def star(star_id: int, *, lock: bool = False) -> StarView:
    """One star, its row locked until COMMIT if asked; raises StarNotFound."""
    row = await fetch_row(f"{_STAR} where s.id = $1" + (" for no key update of s" if lock else ""), star_id)
    if row is None:
        raise StarNotFound
    return StarView(**dict(row))


async def stars_of(person_id: int, *, limit: int) -> list[StarView]:
    """A person's stars whatever became of them, newest first."""
    return _views(await fetch(f"{_STAR} where s.person = $1 order by s.id desc limit $2", person_id, limit))


async def in_force(person_id: int) -> StarView | None:
    """The star that the person has now."""
    found = await fetch(f"{_STAR} where s.person = $1 and s.state = any($2)", person_id, list(rules.IN_FORCE))
    return _views(found)[0] if found else None


async def published(*, before_id: int | None, limit: int) -> list[StarView]:
    """Who is to get a star, for everybody to see, newest first."""
    return await _in_states((rules.PUBLISHED,), before_id, limit)


async def holders(*, before_id: int | None, limit: int) -> list[StarView]:
    """Who has one, newest first."""
    return await _in_states(rules.IN_FORCE, before_id, limit)


async def _in_states(states: Sequence[str], before_id: int | None, limit: int) -> list[StarView]:
    return _views(
        await fetch(
            f"{_STAR} where s.state = any($1) and p.gone_at is null and ($2::bigint is null or s.id < $2)"
            " order by s.id desc limit $3",
            list(states),
            before_id,
            limit,
        )
    )


async def for_staff(worker: Actor, state: str, *, limit: int) -> list[StarView]:
    """Those in a state in the worker's places, oldest first."""
    everywhere = worker.may(SERVE, PLATFORM)
    places = [scope.id for scope in worker.scopes(SERVE) if scope.kind == "region"]
    rows = await fetch(
        f"{_STAR} where s.state = $1 and p.gone_at is null and ($2 or s.region in (with recursive down as ("
        " select unnest($3::bigint[]) as id"
        " union select c.id from region c join down on c.parent = down.id) select id from down))"
        " order by s.id limit $4",
        state,
        everywhere,
        places,
        limit,
    )
    return _views(rows)


def _views(rows: Sequence[Any]) -> list[StarView]:
    return [StarView(**dict(row)) for row in rows]


async def reviews(star_id: int) -> list[ReviewView]:
    """The years of a star, newest first."""
    rows = await fetch(
        "select id, star as star_id, due_on, ground, last_served_on, absences, keeps, reason, decided_by,"
        " decided_at, appeal, restores, answer, answered_at from volunteer_star_review"
        " where star = $1 order by id desc limit 50",
        star_id,
    )
    return [ReviewView(**dict(row)) for row in rows]


async def withdrawn_on(person_id: int) -> date | None:
    """When a review last took a star from the person, and no appeal gave it back."""
    found: datetime | None = await fetch_value(
        "select max(r.decided_at) from volunteer_star s join volunteer_star_review r on r.star = s.id"
        " where s.person = $1 and not r.keeps and r.restores is not true",
        person_id,
    )
    return clock.local(found).date() if found else None


async def family(person_id: int) -> set[int]:
    """The person and who lives in the same household now."""
    rows = await fetch(
        "select b.person from household_member a join household_member b on b.household = a.household"
        " and b.left_on is null where a.person = $1 and a.left_on is null limit 100",
        person_id,
    )
    return {person_id, *(row["person"] for row in rows)}


async def published_until_yesterday(today: date, *, limit: int) -> list[tuple[int, int]]:
    """(star, person) whose publicity is over, locked."""
    rows = await fetch(
        "select s.id, s.person from volunteer_star s join person p on p.id = s.person and p.gone_at is null"
        " where s.state = 'published' and s.published_until < $1"
        " order by s.id limit $2 for no key update of s",
        today,
        limit,
    )
    return [(row["id"], row["person"]) for row in rows]


@dataclass(frozen=True)
class Due:
    """A star whose year is over, with what its holder has done."""

    id: int
    region_id: int
    review_on: date
    year: rules.Year


_DUE = """
select s.id, s.region as region_id, s.review_on,
    (select (max(v.begins_at) at time zone 'Asia/Shanghai')::date from volunteer_service v
        where v.person = s.person and v.state = 'confirmed') as last_served_on,
    (select count(*) from volunteer_sign_up u join volunteer_shift h on h.id = u.shift
        where u.person = s.person and u.state = 'absent' and h.ends_at > $2) as absences
from volunteer_star s join person p on p.id = s.person and p.gone_at is null
where s.state = 'held' and s.review_on <= $1
order by s.review_on, s.id limit $3 for no key update of s"""


async def due(today: date, since: datetime, *, limit: int) -> list[Due]:
    """Stars to be reviewed, locked; absences are counted from `since` on."""
    return [
        Due(
            row["id"],
            row["region_id"],
            row["review_on"],
            rules.Year(row["last_served_on"], row["absences"]),
        )
        for row in await fetch(_DUE, today, since, limit)
    ]
