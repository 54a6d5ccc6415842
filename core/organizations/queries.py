"""Reads of organizations."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import plugins
from core.database import fetch
from core.manifest import DossierPart, ParameterScope, Thing
from core.organizations.errors import OrganizationNotFound, ScopeNotFound
from core.reference import PLATFORM, Ref
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


async def organizations_in(region_id: int, *, limit: int) -> list[OrganizationName]:
    """Those whose region is this very one, by id."""
    rows = await fetch(
        "select id, name, kind, region as region_id from organization where region = $1 order by id limit $2",
        region_id,
        limit,
    )
    return [OrganizationName(**dict(row)) for row in rows]


async def parameter_scopes(organization_id: int) -> list[Ref]:
    """Where rules for this organization may be set, near to far: itself, its region, up to the platform."""
    return [place.scope for place in await scope_path(Ref(OWNER, organization_id))]


async def scope_path(scope: Ref) -> list[ParameterScope]:
    """A scope of rules and those that it takes them from, near to far; raises ScopeNotFound.

    A plugin's own thing belongs to the organization that runs it; the platform's title is "".
    """
    if scope == PLATFORM:
        return [ParameterScope(scope=PLATFORM, title="")]
    if scope.kind == "region":
        places = await regions.upwards(scope.id)
        if not places:
            raise ScopeNotFound
        up = [ParameterScope(scope=Ref("region", place.id), title=place.name) for place in places]
        return [*up, *await scope_path(PLATFORM)]
    organization_id = await owner_of(scope)
    if organization_id is None:
        raise ScopeNotFound
    owner = await organization(organization_id)
    own = ParameterScope(scope=Ref(OWNER, owner.id), title=owner.name)
    path = [own, *await scope_path(Ref("region", owner.region_id))]
    if scope == own.scope:
        return path
    theirs = [place for place in await things_of(owner.id) if place.scope == scope]
    return [*(theirs or [ParameterScope(scope=scope, title=str(scope))]), *path]


async def owner_of(scope: Ref) -> int | None:
    """The id of the organization that a scope of rules is, or that runs it; None for other scopes."""
    if scope.kind in (OWNER, "region", PLATFORM.kind):
        return scope.id if scope.kind == OWNER else None
    found: int | None = await plugins.decide(
        "decide_organization_of", scope_kind=scope.kind, scope_id=scope.id
    )
    return found


async def in_charge(scope: Ref) -> Ref:
    """Where one must hold a permission to use it on this scope: at the organization that runs it."""
    organization_id = await owner_of(scope)
    return scope if organization_id is None else Ref(OWNER, organization_id)


async def things_of(organization_id: int) -> list[ParameterScope]:
    """What plugins have of the organization for which rules may be set."""
    return await plugins.collect("collect_parameter_scopes", organization_id=organization_id)


async def scopes_below(scope: Ref, *, limit: int) -> list[ParameterScope]:
    """The scopes right below: regions, then organizations, then their things."""
    if scope.kind == OWNER:
        return (await things_of(scope.id))[:limit]
    if scope.kind not in (PLATFORM.kind, "region"):
        return []
    parent_id = scope.id if scope.kind == "region" else None
    found = [
        ParameterScope(scope=Ref("region", r.id), title=r.name)
        for r in await regions.children(parent_id, limit=limit)
    ]
    if parent_id is not None:
        here = await organizations_in(parent_id, limit=limit)
        found += [ParameterScope(scope=Ref(OWNER, o.id), title=o.name) for o in here]
    return found[:limit]


async def things(after_id: int, limit: int) -> list[Thing]:
    """Organizations as search finds them: their page is the public account."""
    rows = await fetch(
        "select id, name from organization where id > $1 order by id limit $2", after_id, limit
    )
    return [Thing(id=row["id"], name=row["name"], path=f"/accounts/{row['id']}") for row in rows]


async def dossier(subject: Ref) -> list[DossierPart]:
    """An organization's own record, and who has held which role in it."""
    if subject.kind != OWNER:
        return []
    own = await fetch(
        "select id, name, kind, region, uscc, registered_at from organization where id = $1", subject.id
    )
    roles = await fetch(
        "select id, person, role, granted_by, granted_at, ends_on, revoked_at, revoked_by from role_grant"
        " where scope_kind = $1 and scope_id = $2 order by id",
        *subject,
    )
    return [
        DossierPart(name="organization", rows=[dict(row) for row in own], subjects=[subject]),
        DossierPart(name="roles", rows=[dict(row) for row in roles], subjects=[]),
    ]
