"""Reads of organizations."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.database import fetch
from core.manifest import Thing
from core.organizations.errors import OrganizationNotFound
from core.reference import Ref
from core.regions import queries as regions

OWNER = "organization"


@dataclass(frozen=True)
class OrganizationName:
    """What pages show of an organization."""

    id: int
    name: str
    kind: str
    region_id: int


async def organization(organization_id: int) -> OrganizationName:
    """The organization; raises OrganizationNotFound."""
    found = await organizations([organization_id])
    if not found:
        raise OrganizationNotFound
    return found[0]


async def organizations(ids: Sequence[int]) -> list[OrganizationName]:
    """Those of `ids` that exist, by name."""
    rows = await fetch(
        "select id, name, kind, region as region_id from organization where id = any($1) order by name, id",
        list(ids),
    )
    return [OrganizationName(**dict(row)) for row in rows]


async def named(words: str, *, offset: int, limit: int) -> list[OrganizationName]:
    """Some of all organizations whose names contain `words`, by name."""
    rows = await fetch(
        "select id, name, kind, region as region_id from organization"
        " where strpos(name, $1) > 0 order by name, id offset $2 limit $3",
        words,
        offset,
        limit,
    )
    return [OrganizationName(**dict(row)) for row in rows]


async def parameter_scopes(organization_id: int) -> list[Ref]:
    """Where rules for this organization may be set, near to far: itself, its region, the parents."""
    found = await organization(organization_id)
    return [
        Ref(OWNER, found.id),
        *(Ref("region", region_id) for region_id in await regions.chain(found.region_id)),
    ]


async def things(after_id: int, limit: int) -> list[Thing]:
    """Organizations as search finds them: their page is the public account."""
    rows = await fetch(
        "select id, name from organization where id > $1 order by id limit $2", after_id, limit
    )
    return [Thing(id=row["id"], name=row["name"], path=f"/accounts/{row['id']}") for row in rows]
