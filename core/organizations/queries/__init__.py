"""Reads of organizations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import plugins
from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import ParameterScope, Thing, Todo
from core.organizations import rules
from core.organizations.errors import NameAmbiguous, OrganizationNotFound, ScopeNotFound
from core.people import queries as people
from core.people.rules import Actor
from core.reference import PLATFORM, Ref
from core.regions import queries as regions
from core.search import queries as search
from core.search import rules as search_rules

OWNER, EXPORT = "organization", "core.export_organizations"
MATCHES_MOST, NARROWED_MOST = 500, 5_000


@dataclass(frozen=True)
class OrganizationName:
    """What pages show of an organization."""

    id: int
    name: str
    kind: str
    region_id: int


@dataclass(frozen=True)
class Found:
    """A page of the directory; `is_near`: no name holds the words, these differ by one character."""

    organizations: list[OrganizationName]
    is_near: bool


@dataclass(frozen=True)
class OrganizationFile:
    """All that is registered of an organization."""

    id: int
    name: str
    kind: str
    region_id: int
    region: str
    uscc: str | None
    state: str
    registrant_id: int | None
    reason: str
    registered_at: datetime


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


_FILE = """
select o.id, o.name, o.kind, o.region as region_id, r.name as region, o.uscc, o.state,
    o.registrant as registrant_id, o.reason, o.registered_at
from organization o join region r on r.id = o.region"""


async def file(organization_id: int, *, lock: bool = False) -> OrganizationFile:
    """What is registered of it, its row locked until COMMIT if asked; raises OrganizationNotFound."""
    row = await fetch_row(
        f"{_FILE} where o.id = $1" + (" for no key update of o" if lock else ""), organization_id
    )
    if row is None:
        raise OrganizationNotFound
    return OrganizationFile(**dict(row))


async def visible_file(organization_id: int, actor: Actor | None) -> OrganizationFile:
    """The same for everybody once approved; before, for who registered it and who may review it."""
    found = await file(organization_id)
    if found.state != rules.APPROVED:
        is_own = actor is not None and found.registrant_id == actor.person_id
        if actor is None or not (is_own or await may_review(actor, found.region_id)):
            raise OrganizationNotFound
    return found


async def may_review(actor: Actor, region_id: int) -> bool:
    """Is the person on the staff of the region, or of one that it lies in?"""
    if not actor.may(rules.REVIEW):
        return False
    return any(actor.may(rules.REVIEW, Ref("region", place)) for place in await regions.chain(region_id))


async def reviewers(organization_id: int) -> list[int]:
    """The staff of the organization's region, and of those that it lies in."""
    places = await regions.chain((await file(organization_id)).region_id)
    return await people.holders_at(rules.REVIEW, [*(Ref("region", place) for place in places), PLATFORM])


async def files_of(registrant_id: int, *, limit: int) -> list[OrganizationFile]:
    """What the person has registered and is not approved, newest first."""
    rows = await fetch(
        f"{_FILE} where o.registrant = $1 and o.state <> 'approved' order by o.id desc limit $2",
        registrant_id,
        limit,
    )
    return [OrganizationFile(**dict(row)) for row in rows]


async def under_review_of(registrant_id: int) -> int:
    """How many registrations of the person wait."""
    return int(
        await fetch_value(
            "select count(*) from organization where registrant = $1 and state in ('pending', 'returned')",
            registrant_id,
        )
    )


async def waiting_for(actor: Actor, *, limit: int) -> list[OrganizationFile]:
    """Registrations that the person may review, the oldest first."""
    places, is_everywhere = await reviewed_places(actor)
    if not places and not is_everywhere:
        return []
    rows = await fetch(
        f"{_FILE} where o.state = 'pending' and ($2 or o.region = any($1)) order by o.id limit $3",
        places,
        is_everywhere,
        limit,
    )
    return [OrganizationFile(**dict(row)) for row in rows]


async def reviewed_places(actor: Actor) -> tuple[list[int], bool]:
    """(ids of all regions whose organizations the person reviews, does that mean everywhere?)."""
    if not actor.may(rules.REVIEW):
        return [], False
    scopes = [scope.id for scope in actor.scopes(rules.REVIEW)]
    return await regions.below(scopes), actor.may(rules.REVIEW, PLATFORM)


async def todos(actor: Actor) -> list[Todo]:
    """Registrations to be reviewed, and one's own that was sent back."""
    sent_back = [f for f in await files_of(actor.person_id, limit=5) if f.state == rules.RETURNED]
    waiting = await waiting_for(actor, limit=10)
    return [
        *(_todo(mark("审核组织登记：%(name)s"), file) for file in waiting),
        *(_todo(mark("修改组织登记：%(name)s"), file) for file in sent_back),
    ]


def _todo(title: str, file: OrganizationFile) -> Todo:
    return Todo(title=title, params={"name": file.name}, path=f"/organizations/{file.id}")


async def named(
    words: str, *, offset: int, limit: int, kind: str = "", region_id: int | None = None
) -> list[OrganizationName]:
    """Some of the registered organizations that `find` finds."""
    found = await find(words, kind=kind, region_id=region_id, offset=offset, limit=limit)
    return found.organizations


async def called(words: str) -> int | None:
    """The registered organization of this whole name or code (USCC); raises NameAmbiguous."""
    rows = await fetch(
        "select id from organization where state = 'approved' and (name = $1 or uscc = upper($1)) limit 2",
        words.strip(),
    )
    if len(rows) > 1:
        raise NameAmbiguous
    return rows[0]["id"] if rows else None


async def find(words: str, *, kind: str = "", region_id: int | None = None, offset: int, limit: int) -> Found:
    """Registered organizations, of a kind and in or below a region if given: by name, or the best first.

    Words are looked up in the index of search: of very many matches the best MATCHES_MOST are listed.
    """
    wanted = search_rules.words(words)
    if words.strip() and not wanted:
        return Found([], False)
    below = None if region_id is None else await regions.below([region_id])
    if not wanted:
        return Found(await _listed(None, kind, below, offset, limit), False)
    first = MATCHES_MOST if kind or region_id else min(MATCHES_MOST, offset + limit)
    ids, is_near = await search.matches(OWNER, wanted, most=first)
    found = await _listed(ids, kind, below, offset, limit)
    if (kind or region_id) and len(found) < limit and len(ids) == first:  # most of them are elsewhere
        ids, _ = await search.matches(OWNER, wanted, most=NARROWED_MOST)
        found = await _listed(ids, kind, below, offset, limit)
    return Found(found, is_near)


async def _listed(
    ids: list[int] | None, kind: str, below: list[int] | None, offset: int, limit: int
) -> list[OrganizationName]:
    """Those of `ids` in their order, or all by name."""
    args: list[Any] = []
    conditions = ["state = 'approved'"]
    for condition, value in (
        ("kind = ${}", kind or None),
        ("region = any(${})", below),
        ("id = any(${})", ids),
    ):
        if value is not None:
            args.append(value)
            conditions.append(condition.format(len(args)))
    order = f"array_position(${len(args)}, id)" if ids is not None else "name, id"
    rows = await fetch(
        "select id, name, kind, region as region_id from organization"
        f" where {' and '.join(conditions)} order by {order} offset {offset:d} limit {limit:d}",
        *args,
    )
    return [OrganizationName(**dict(row)) for row in rows]


async def organizations_in(region_id: int, *, limit: int) -> list[OrganizationName]:
    """Those whose region is this very one, by id."""
    rows = await fetch(
        "select id, name, kind, region as region_id from organization"
        " where region = $1 and state = 'approved' order by id limit $2",
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
    """Organizations as search finds them."""
    rows = await fetch(
        "select id, name from organization where id > $1 and state = 'approved' order by id limit $2",
        after_id,
        limit,
    )
    return [Thing(id=row["id"], name=row["name"], path=f"/organizations/{row['id']}") for row in rows]
