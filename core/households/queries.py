"""Reads of households."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import clock
from core.database import fetch, fetch_row
from core.households.errors import HouseholdNotFound, PlaceUnknown, RequestNotFound
from core.language import mark
from core.manifest import Todo
from core.people.rules import SERVE, Actor
from core.reference import PLATFORM
from core.regions import queries as regions

REQUESTS_MOST = 50


@dataclass(frozen=True)
class Member:
    """Somebody who lives in the household now."""

    person_id: int
    name: str
    joined_on: date
    is_head: bool
    is_minor: bool = False


@dataclass(frozen=True)
class HouseholdView:
    """A household with those who live in it, the head first."""

    id: int
    region_id: int
    head_id: int | None
    is_open: bool
    members: Sequence[Member]

    @property
    def member_ids(self) -> list[int]:
        """Ids of its members."""
        return [member.person_id for member in self.members]


@dataclass(frozen=True)
class RequestView:
    """A request with the words that its page needs; `person` is who wants to join or is to head."""

    id: int
    kind: str
    household_id: int
    person_id: int | None
    person: str | None
    other_id: int | None
    region_id: int | None
    region: str | None
    members: Sequence[int]
    state: str
    asked_by: int
    asked_at: datetime
    head_id: int | None
    other_head_id: int | None


async def household(household_id: int) -> HouseholdView:
    """An open household, raises HouseholdNotFound."""
    row = await fetch_row(
        "select id, region as region_id, head as head_id, closed_at is null as is_open from household"
        " where id = $1 and closed_at is null",
        household_id,
    )
    if row is None:
        raise HouseholdNotFound
    rows = await fetch(
        "select m.person as person_id, p.name, m.joined_on, m.person = h.head as is_head,"
        " coalesce(p.born_on > $2::date - interval '18 years', false) as is_minor"
        " from household_member m join person p on p.id = m.person join household h on h.id = m.household"
        " where m.household = $1 and m.left_on is null order by m.person <> h.head, m.id limit 100",
        household_id,
        clock.today(),
    )
    members = [Member(**{**row, "is_head": bool(row["is_head"])}) for row in map(dict, rows)]
    return HouseholdView(**dict(row), members=members)


@dataclass(frozen=True)
class Invitation:
    """A code that still lets somebody in."""

    code: str
    expires_at: datetime


async def invitations(household_id: int) -> list[Invitation]:
    """Those that nobody has used yet."""
    rows = await fetch(
        "select code, expires_at from household_invitation"
        " where household = $1 and child is null and used_at is null and expires_at > $2"
        " order by id desc limit 20",
        household_id,
        clock.now(),
    )
    return [Invitation(**dict(row)) for row in rows]


async def child_codes(guardian_id: int) -> dict[int, Invitation]:
    """Child -> the newest code that its guardian has made and nobody has used yet."""
    rows = await fetch(
        "select distinct on (child) child, code, expires_at from household_invitation where made_by = $1"
        " and child is not null and used_at is null and expires_at > $2 order by child, id desc",
        guardian_id,
        clock.now(),
    )
    return {row["child"]: Invitation(row["code"], row["expires_at"]) for row in rows}


_REQUEST = """
select r.id, r.kind, r.household as household_id, r.person as person_id, p.name as person,
    r.other as other_id, r.region as region_id, g.name as region, r.members, r.state, r.asked_by, r.asked_at,
    h.head as head_id, o.head as other_head_id
from household_request r
join household h on h.id = r.household
left join household o on o.id = r.other
left join person p on p.id = r.person
left join region g on g.id = r.region"""


async def request(request_id: int) -> RequestView:
    """One request; raises RequestNotFound."""
    row = await fetch_row(f"{_REQUEST} where r.id = $1", request_id)
    if row is None:
        raise RequestNotFound
    return RequestView(**dict(row))


async def waiting_for(person_id: int) -> list[RequestView]:
    """What the person, as a head or a head to be, has to answer; oldest first."""
    return await _waiting(
        "(r.kind = 'join' and h.head = $1 or r.kind = 'merge' and o.head = $1"
        " or r.kind = 'split' and r.person = $1)",
        person_id,
    )


async def asked_by(person_id: int) -> list[RequestView]:
    """What the person has asked and nobody has answered yet."""
    return await _waiting("r.asked_by = $1", person_id)


async def moves_for(worker: Actor) -> list[RequestView]:
    """Households that want to move to a place in the worker's charge."""
    if worker.may(SERVE, PLATFORM):
        return await _waiting("r.kind = 'move' and $1::bigint > 0", worker.person_id)
    places = [scope.id for scope in worker.scopes(SERVE) if scope.kind == "region"]
    return await _waiting(
        "r.kind = 'move' and r.region in (with recursive down as (select unnest($1::bigint[]) as id union"
        " select c.id from region c join down on c.parent = down.id) select id from down)",
        places,
    )


async def _waiting(which: str, value: Any) -> list[RequestView]:
    rows = await fetch(
        f"{_REQUEST} where r.state = 'waiting' and {which} order by r.id limit {REQUESTS_MOST}", value
    )
    return [RequestView(**dict(row)) for row in rows]


async def check_place(region_id: int) -> None:
    """Raise PlaceUnknown unless households live in such a place."""
    row = await fetch_row(
        "select from region where id = $1 and level in ('community', 'estate') and valid_to is null",
        region_id,
    )
    if row is None:
        raise PlaceUnknown


async def region_names(region_id: int) -> list[str]:
    """The place and those that it lies in, from the largest."""
    return [place.name for place in reversed(await regions.upwards(region_id))]


async def todos(actor: Actor) -> list[Todo]:
    """Requests that wait for the person."""
    own = len(await waiting_for(actor.person_id)) if actor.household_id else 0
    moves = len(await moves_for(actor)) if actor.may(SERVE) else 0
    answer, move = mark("答复家庭户的申请"), mark("答复搬入的申请")
    found = [Todo(title=answer, path="/household", count=own)] if own else []
    return found + ([Todo(title=move, path="/residents", count=moves)] if moves else [])
