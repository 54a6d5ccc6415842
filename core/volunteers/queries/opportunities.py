"""Reads of what is offered: for everybody who looks for something to do, and for those who lead it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import ProjectLine, ProjectPart, Thing
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.regions.queries import RegionName
from core.volunteers.errors import OpportunityNotFound, ShiftNotFound
from core.volunteers.rules import figures, terms
from core.volunteers.rules.places import Position
from core.volunteers.rules.terms import Span, Terms

KIND = "volunteer_opportunity"


@dataclass(frozen=True)
class Offer:
    """An opportunity in a list, with the first of its shifts to come and their free places."""

    id: int
    title: str
    place: str
    organization: str
    region: str
    risk: str
    next_at: datetime
    free: int


@dataclass(frozen=True)
class OpportunityView:
    """An opportunity as its page shows it."""

    id: int
    organization_id: int
    organization: str
    region: str
    title: str
    task: str
    place: str
    risk: str
    insurance: str
    requirements: str
    age_least: int
    state: str
    project_id: int | None
    project: str | None
    kind: str
    training_id: int | None
    training: str | None
    latitude: int | None
    longitude: int | None

    @property
    def position(self) -> Position | None:
        """Where one meets, if one can check in by being there."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude)


@dataclass(frozen=True)
class ShiftView:
    """A shift with its places, and how the person who looks stands to it ("" not at all)."""

    id: int
    opportunity_id: int
    begins_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    waiting: int
    state: str
    reason: str
    own_state: str = ""

    @property
    def span(self) -> Span:
        """When it is."""
        return Span(self.begins_at, self.ends_at)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; `words` "" and None mean that it does not matter. `age`: of a minor."""

    words: str = ""
    region_id: int | None = None
    day: date | None = None
    age: int | None = None


_OFFERS = """
with recursive below as (
    select id from region where id = $3
    union all select r.id from region r join below on r.parent = below.id)
select o.id, o.title, o.place, org.name as organization, r.name as region, o.risk, s.next_at, s.free
from volunteer_opportunity o
join organization org on org.id = o.organization
join region r on r.id = o.region
join lateral (
    select min(s.begins_at) as next_at, sum(s.capacity - s.taken)::int as free from volunteer_shift s
    where s.opportunity = o.id and s.state = 'planned' and s.begins_at > $1
        and ($4::timestamptz is null or s.begins_at >= $4 and s.begins_at < $5)) s on s.next_at is not null
where o.state = 'open' and ($2 = '' or strpos(o.title, $2) > 0 or strpos(org.name, $2) > 0)
    and ($3::bigint is null or o.region in (select id from below))
    and ($6::int is null or o.age_least <= $6 and o.risk = 'low')
order by s.next_at, o.id offset $7 limit $8"""


async def offers(wanted: Wanted, *, offset: int, limit: int) -> list[Offer]:
    """Open opportunities with a shift to come, the next one first; nothing is planned beyond a year."""
    today = clock.today()
    if wanted.day and not today <= wanted.day <= today + terms.AHEAD_MOST:
        return []
    rows = await fetch(
        _OFFERS,
        clock.now(),
        wanted.words,
        wanted.region_id,
        clock.begin_of(wanted.day) if wanted.day else None,
        clock.end_of(wanted.day) if wanted.day else None,
        wanted.age,
        offset,
        limit,
    )
    return [Offer(**dict(row)) for row in rows]


async def regions_with_offers() -> list[RegionName]:
    """Where something is offered, by name."""
    rows = await fetch(
        "select id, name from region where id in (select region from volunteer_opportunity"
        " where state = 'open') order by name, id limit 200"
    )
    return [RegionName(**dict(row)) for row in rows]


_OPPORTUNITY = """
select o.id, o.organization as organization_id, org.name as organization, r.name as region, o.title, o.task,
    o.place, o.risk, o.insurance, o.requirements, o.age_least, o.state, o.project as project_id,
    p.title as project, o.kind, t.id as training_id, t.title as training, o.latitude,
    o.longitude
from volunteer_opportunity o
join organization org on org.id = o.organization
join region r on r.id = o.region
left join project p on p.id = o.project
left join volunteer_opportunity t on t.id = o.training"""


async def opportunity(opportunity_id: int, *, lock: bool = False) -> OpportunityView:
    """The opportunity, its row locked until COMMIT if asked; raises OpportunityNotFound."""
    row = await fetch_row(
        f"{_OPPORTUNITY} where o.id = $1" + (" for no key update of o" if lock else ""), opportunity_id
    )
    if row is None:
        raise OpportunityNotFound
    return OpportunityView(**dict(row))


async def trainings(organization_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Trainings of some organizations that were published, newest first: (id, title)."""
    rows = await fetch(
        "select id, title from volunteer_opportunity where organization = any($1) and kind = 'training'"
        " and state <> 'draft' order by id desc limit 100",
        list(organization_ids),
    )
    return [(row["id"], row["title"]) for row in rows]


async def has_learned(person_id: int, training_id: int) -> bool:
    """Has the person checked in at a shift of the training?"""
    return bool(
        await fetch_value(
            "select exists (select from volunteer_sign_up u join volunteer_shift s on s.id = u.shift"
            " where u.person = $1 and s.opportunity = $2 and u.state in ('present', 'left'))",
            person_id,
            training_id,
        )
    )


async def opportunities_of(
    organization_ids: Sequence[int] | None, *, before_id: int | None, limit: int
) -> list[OpportunityView]:
    """Those of some organizations, or of all, whatever their state, newest first."""
    rows = await fetch(
        f"{_OPPORTUNITY} where ($1::bigint[] is null or o.organization = any($1))"
        " and ($2::bigint is null or o.id < $2) order by o.id desc limit $3",
        None if organization_ids is None else list(organization_ids),
        before_id,
        limit,
    )
    return [OpportunityView(**dict(row)) for row in rows]


_SHIFTS = """
select s.id, s.opportunity as opportunity_id, s.begins_at, s.ends_at, s.capacity, s.taken, s.state, s.reason,
    (select count(*) from volunteer_sign_up w where w.shift = s.id and w.state = 'waiting') as waiting,
    coalesce((select u.state from volunteer_sign_up u where u.shift = s.id and u.person = $2
        order by u.id desc limit 1), '') as own_state
from volunteer_shift s"""


async def shifts(
    opportunity_id: int, *, person_id: int | None, after: datetime, limit: int
) -> list[ShiftView]:
    """Shifts of an opportunity that end after a moment, the first to come first."""
    rows = await fetch(
        f"{_SHIFTS} where s.opportunity = $1 and s.ends_at > $3 order by s.begins_at, s.id limit $4",
        opportunity_id,
        person_id,
        after,
        limit,
    )
    return [ShiftView(**dict(row)) for row in rows]


async def planned(
    opportunity_id: int, *, now: datetime, over: bool, since: datetime | None, offset: int, limit: int
) -> list[ShiftView]:
    """For who leads it: shifts to come, the next first; or those that are over, the last first.

    With `since` all that begin from then on, the first first.
    """
    which, order = "s.ends_at > $3", "asc"
    if since is not None:
        which = "s.begins_at >= $3"
    elif over:
        which, order = "s.ends_at <= $3", "desc"
    rows = await fetch(
        f"{_SHIFTS} where s.opportunity = $1 and {which}"
        f" order by s.begins_at {order}, s.id {order} offset $4 limit $5",
        opportunity_id,
        None,
        since or now,
        offset,
        limit,
    )
    return [ShiftView(**dict(row)) for row in rows]


async def shift(shift_id: int, *, person_id: int | None = None, lock: bool = False) -> ShiftView:
    """One shift, its row locked until COMMIT if asked; raises ShiftNotFound."""
    row = await fetch_row(
        f"{_SHIFTS} where s.id = $1" + (" for no key update of s" if lock else ""), shift_id, person_id
    )
    if row is None:
        raise ShiftNotFound
    return ShiftView(**dict(row))


async def project_parts(project_id: int) -> list[ProjectPart]:
    """What volunteers do for a project: its open opportunities, and what was served so far."""
    rows = await fetch(
        """
        select o.id, o.title, o.state, count(v.id) as services, coalesce(sum(v.minutes), 0)::int as minutes
        from volunteer_opportunity o
        left join volunteer_shift s on s.opportunity = o.id
        left join volunteer_sign_up u on u.shift = s.id
        left join volunteer_service v on v.sign_up = u.id and v.state = 'confirmed'
        where o.project = $1 and o.state <> 'draft' group by o.id order by o.id desc limit 50""",
        project_id,
    )
    lines = [
        ProjectLine(
            text=mark("%(title)s：已服务 %(services)s 人次，%(hours)s 小时"),
            params={
                "title": row["title"],
                "services": row["services"],
                "hours": terms.hours_shown(row["minutes"]),
            },
            path=f"/volunteers/{row['id']}",
        )
        for row in rows
    ]
    return [ProjectPart(title=mark("志愿服务"), order=30, lines=lines)] if lines else []


async def served_for(project_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Project id -> (services, minutes) that were confirmed for it."""
    rows = await fetch(
        """
        select o.project, count(*)::int as services, sum(v.minutes)::int as minutes
        from volunteer_opportunity o join volunteer_shift s on s.opportunity = o.id
        join volunteer_sign_up u on u.shift = s.id
        join volunteer_service v on v.sign_up = u.id and v.state = 'confirmed'
        where o.project = any($1) and o.state <> 'draft' group by o.project""",
        list(project_ids),
    )
    return {row["project"]: (row["services"], row["minutes"]) for row in rows}


async def terms_of(organization_id: int, on: date) -> Terms:
    """The rules as they hold for an organization on a civil date."""
    scopes = await organizations.parameter_scopes(organization_id)
    codes = [parameter.code for parameter in figures.TERMS]
    return Terms.from_parameters(await parameters.effective(codes, scopes, on))


async def things(after_id: int, limit: int) -> list[Thing]:
    """Open opportunities as search finds them."""
    rows = await fetch(
        "select o.id, o.title, org.name from volunteer_opportunity o"
        " join organization org on org.id = o.organization"
        " where o.state = 'open' and o.id > $1 order by o.id limit $2",
        after_id,
        limit,
    )
    return [
        Thing(id=row["id"], name=row["title"], path=f"/volunteers/{row['id']}", detail=row["name"])
        for row in rows
    ]
