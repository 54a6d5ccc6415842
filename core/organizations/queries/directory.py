"""The directory as a list for a file."""

from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.database import fetch
from core.organizations.queries import NARROWED_MOST, OWNER
from core.regions import queries as regions
from core.search import queries as search
from core.search import rules as search_rules

_LISTED = """
select o.id, o.name, o.kind, o.uscc, r.name as region, o.registered_at,
    coalesce(rating.value, '') as rating, coalesce(charity.value, '') = 'granted' as is_charity
from organization o join region r on r.id = o.region
left join lateral (
    select case when valid_until >= $1 then value end as value from organization_record
    where organization = o.id and kind = 'rating' order by id desc limit 1) rating on true
left join lateral (
    select value from organization_record
    where organization = o.id and kind = 'charity' order by id desc limit 1) charity on true
where o.state = 'approved' and $2 in ('', o.kind) and ($3::bigint[] is null or o.region = any($3))
    and ($4::bigint[] is null or o.id = any($4)) and (o.name, o.id) > ($5, $6)
order by o.name, o.id limit $7"""


@dataclass(frozen=True)
class Narrowed:
    """What the list is narrowed down to."""

    kind: str
    places: list[int] | None
    ids: list[int] | None


@dataclass(frozen=True)
class Listed:
    """A line of the list."""

    id: int
    name: str
    kind: str
    uscc: str | None
    region: str
    registered_at: datetime
    rating: str
    is_charity: bool


async def narrowed(words: str, *, kind: str, region_id: int | None) -> Narrowed:
    """As the page of the directory understands it."""
    wanted = search_rules.words(words)
    ids = (await search.matches(OWNER, wanted, most=NARROWED_MOST))[0] if wanted else None
    return Narrowed(kind, None if region_id is None else await regions.below([region_id]), ids)


async def listed(asked: Narrowed, *, after: tuple[str, int], limit: int) -> list[Listed]:
    """The next organizations by name, after the one of this name and id."""
    today: date = clock.today()
    rows = await fetch(_LISTED, today, asked.kind, asked.places, asked.ids, *after, limit)
    return [Listed(**dict(row)) for row in rows]


async def count(asked: Narrowed, *, most: int) -> int:
    """How many there are, counted up to `most`."""
    rows = await fetch(
        "select count(*) as n from (select from organization where state = 'approved' and $1 in ('', kind)"
        " and ($2::bigint[] is null or region = any($2)) and ($3::bigint[] is null or id = any($3))"
        " limit $4) counted",
        asked.kind,
        asked.places,
        asked.ids,
        most,
    )
    return int(rows[0]["n"])
