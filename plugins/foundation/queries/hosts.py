"""Host names, and whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.database import fetch, fetch_row
from core.language import mark
from core.manifest import Todo
from core.organizations.queries import OWNER, may_review, reviewed_places
from core.organizations.rules import REVIEW
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.campaigns import HostNotFound
from plugins.foundation.rules import hosts as rules
from plugins.foundation.rules.taking import Host


@dataclass(frozen=True)
class HostView:
    """A name and the charity that it is, or shall be, of."""

    id: int
    organization_id: int
    organization: str
    region_id: int
    name: str
    state: str
    asked_by: int

    @property
    def foundation(self) -> Ref:
        """Where who asks for it holds the role."""
        return Ref(OWNER, self.organization_id)


_HOST = """
select h.id, h.organization as organization_id, o.name as organization, o.region as region_id, h.name,
    h.state, h.asked_by
from foundation_host h join organization o on o.id = h.organization"""


async def at(header: str) -> Host:
    """Where a visitor is, by the Host header of the request, and whose name that is."""
    name = rules.host_of(header)[:100]
    row = await fetch_row(
        "select organization from foundation_host where name = $1 and state = 'confirmed'", name
    )
    return Host(name, row["organization"] if row else None)


async def host(host_id: int, *, lock: bool = False) -> HostView:
    """One name, its row locked until COMMIT if asked; raises HostNotFound."""
    row = await fetch_row(f"{_HOST} where h.id = $1" + (" for no key update of h" if lock else ""), host_id)
    if row is None:
        raise HostNotFound
    return HostView(**dict(row))


async def reviewed_host(host_id: int, actor: Actor) -> HostView:
    """A name of the actor's region, locked; raises HostNotFound."""
    found = await host(host_id, lock=True)
    if not await may_review(actor, found.region_id):
        raise HostNotFound
    return found


async def hosts_of(organization_id: int) -> list[HostView]:
    """The names of a foundation, the newest first."""
    rows = await fetch(f"{_HOST} where h.organization = $1 order by h.id desc limit 20", organization_id)
    return [HostView(**dict(row)) for row in rows]


async def waiting(actor: Actor, *, limit: int) -> Sequence[HostView]:
    """Names that wait for the staff of this person's regions, the oldest first."""
    places, is_everywhere = await reviewed_places(actor)
    rows = await fetch(
        f"{_HOST} where h.state = 'asked' and ($2 or o.region = any($1)) order by h.id limit $3",
        places,
        is_everywhere,
        limit,
    )
    return [HostView(**dict(row)) for row in rows]


async def todos(actor: Actor) -> list[Todo]:
    """Names to be checked."""
    if not actor.may(REVIEW):
        return []
    return [
        Todo(title=mark("请核对专属网址：%(name)s"), params={"name": one.name}, path="/foundation/hosts")
        for one in await waiting(actor, limit=5)
        if one.asked_by != actor.person_id
    ]
