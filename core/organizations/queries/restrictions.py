"""Restrictions: what holds, and whether an organization may take part."""

from typing import Any

from core import clock
from core.database import fetch, fetch_row
from core.language import mark
from core.manifest import Todo
from core.organizations.errors.records import RestrictionNotFound
from core.organizations.queries import organization, reviewed_places
from core.organizations.rules.restrictions import Restriction, check_eligible, hardest
from core.people.rules import Actor

SHOWN_MOST = 20
_COLUMNS = """
select id, organization as organization_id, grade, state, reason, from_on, until_on, imposed_by, imposed_at,
    appeal, answer, decided_at
from organization_restriction"""


async def restriction(restriction_id: int, *, organization_id: int, lock: bool = False) -> Restriction:
    """One of the organization's; raises RestrictionNotFound."""
    row = await fetch_row(
        f"{_COLUMNS} where id = $1 and organization = $2" + (" for no key update" if lock else ""),
        restriction_id,
        organization_id,
    )
    if row is None:
        raise RestrictionNotFound
    return _restriction(row)


async def restrictions(organization_id: int) -> list[Restriction]:
    """All of them, those that are over too, the newest first."""
    rows = await fetch(
        f"{_COLUMNS} where organization = $1 order by id desc limit $2", organization_id, SHOWN_MOST
    )
    return [_restriction(row) for row in rows]


async def in_force(organization_id: int) -> list[Restriction]:
    """Those that hold today; everybody may read them."""
    rows = await fetch(
        f"{_COLUMNS} where organization = $1 and state <> 'lifted' and $2 between from_on and until_on"
        " order by id desc limit $3",
        organization_id,
        clock.today(),
        SHOWN_MOST,
    )
    return [_restriction(row) for row in rows]


async def require_eligible(organization_id: int, *, begins: bool = False) -> None:
    """Raise OrganizationBarred or, for who `begins` something new, OrganizationLimited.

    Whoever lets organizations take part in something asks this inside the unit of work that lets them.
    """
    found = hardest(await in_force(organization_id))
    if found is not None:
        check_eligible((await organization(organization_id)).name, found, begins=begins)


async def appeals_for(actor: Actor, *, limit: int) -> list[tuple[Restriction, str]]:
    """Appeals that the person may decide, with the organization's name, the oldest first."""
    places, is_everywhere = await reviewed_places(actor)
    if not places and not is_everywhere:
        return []
    rows = await fetch(
        "select s.id, s.organization as organization_id, s.grade, s.state, s.reason, s.from_on, s.until_on,"
        " s.imposed_by, s.imposed_at, s.appeal, s.answer, s.decided_at, o.name"
        " from organization_restriction s join organization o on o.id = s.organization"
        " where s.state = 'appealed' and s.imposed_by <> $3 and ($2 or o.region = any($1))"
        " order by s.id limit $4",
        places,
        is_everywhere,
        actor.person_id,
        limit,
    )
    return [(_restriction({k: v for k, v in row.items() if k != "name"}), row["name"]) for row in rows]


async def todos(actor: Actor) -> list[Todo]:
    """Appeals to be decided."""
    return [
        Todo(
            title=mark("决定组织申诉：%(name)s"),
            params={"name": name},
            path=f"/organizations/{one.organization_id}/restrictions/{one.id}",
        )
        for one, name in await appeals_for(actor, limit=10)
    ]


def _restriction(row: Any) -> Restriction:
    return Restriction(**dict(row))
