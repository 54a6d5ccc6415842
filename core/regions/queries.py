"""Reads of the tree."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.database import fetch

_UPWARDS = """
with recursive up as (
    select id, parent, name, 0 as steps from region where id = $1
    union all
    select r.id, r.parent, r.name, up.steps + 1 from region r join up on r.id = up.parent)
select id, name from up order by steps"""


@dataclass(frozen=True)
class RegionName:
    """What pages show of a region."""

    id: int
    name: str


async def upwards(region_id: int) -> list[RegionName]:
    """The region and those that it lies in, itself first; empty if there is none."""
    return [RegionName(**dict(row)) for row in await fetch(_UPWARDS, region_id)]


async def chain(region_id: int) -> list[int]:
    """Ids from the region up to its root, itself first."""
    return [region.id for region in await upwards(region_id)]


async def children(region_id: int | None, *, limit: int) -> list[RegionName]:
    """The regions right below, by id; those of the top without a parent."""
    where = "parent is null and $1::bigint is null" if region_id is None else "parent = $1"
    rows = await fetch(
        f"select id, name from region where {where} and valid_to is null order by id limit $2",
        region_id,
        limit,
    )
    return [RegionName(**dict(row)) for row in rows]


async def below(region_ids: Sequence[int]) -> list[int]:
    """Ids of the regions and of all that lie in them."""
    rows = await fetch(
        "with recursive down as (select id from region where id = any($1)"
        " union select r.id from region r join down on r.parent = down.id) select id from down",
        list(region_ids),
    )
    return [row["id"] for row in rows]


_PLACES = """
with recursive tree as (
    select id, name, name::text as path, level, array[id] as line from region
    where parent is null and valid_to is null
    union all
    select r.id, r.name, tree.path || ' ' || r.name, r.level, tree.line || r.id
    from region r join tree on r.parent = tree.id where r.valid_to is null)
select id, path as name from tree where level in ('county', 'street', 'community') order by line limit $1"""


async def places(*, limit: int) -> list[RegionName]:
    """Where somebody may be at home: from the county down to the community, named from the top."""
    return [RegionName(**dict(row)) for row in await fetch(_PLACES, limit)]


async def counties(*, limit: int) -> list[RegionName]:
    """Counties and districts, each with the city that it lies in before it, by code."""
    rows = await fetch(
        "select r.id, coalesce(city.name || ' ', '') || r.name as name from region r"
        " left join region city on city.id = r.parent"
        " where r.level = 'county' and r.valid_to is null order by r.code, r.id limit $1",
        limit,
    )
    return [RegionName(**dict(row)) for row in rows]


_COMMUNITIES = """
with recursive found as (
    select id, name, parent from region
    where level in ('community', 'estate') and valid_to is null and strpos(name, $1) > 0
    order by name, id limit $2
), up as (
    select id, name::text as path, parent, 0 as steps from found
    union all
    select up.id, r.name || up.path, r.parent, up.steps + 1 from up join region r on r.id = up.parent)
select distinct on (id) id, path as name from up order by id, steps desc"""


async def communities(words: str, *, limit: int) -> list[RegionName]:
    """Communities and estates whose names contain `words`, by name, each with the places above before it."""
    rows = await fetch(_COMMUNITIES, words, limit)
    return sorted((RegionName(**dict(row)) for row in rows), key=lambda place: place.name)
