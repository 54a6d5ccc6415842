"""Reads of the tree."""

from core.database import fetch

_UPWARDS = """
with recursive up as (
    select id, parent, name, 0 as steps from region where id = $1
    union all
    select r.id, r.parent, r.name, up.steps + 1 from region r join up on r.id = up.parent)
select id, name from up order by steps"""


async def chain(region_id: int) -> list[int]:
    """Ids from the region up to its root, itself first."""
    return [row["id"] for row in await fetch(_UPWARDS, region_id)]
