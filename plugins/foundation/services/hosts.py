"""The verbs of host names: a charity asks for one, its region's staff confirm that it is its own."""

from urllib.parse import urlsplit

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.organizations import queries as organizations
from core.organizations.queries.records import holds_role
from core.people.rules import Actor
from core.reference import Ref
from core.settings import load
from plugins.foundation.errors.campaigns import HostNotFound, HostTaken
from plugins.foundation.queries import hosts as queries
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.rules import hosts as rules
from plugins.foundation.rules.campaigns import PLAN
from plugins.foundation.tables.campaigns import HostName


async def ask_for_host(organization_id: int, typed: str, *, actor: Actor) -> int:
    """Ask that a name be the foundation's alone; returns its id, the second click's too.

    Raises FoundationNotFound, PermissionMissing, HostMalformed, HostShownToAll or HostTaken.
    """
    name = rules.checked_name(typed, shared=urlsplit(load().public_url).hostname or "")
    async with unit_of_work():
        await foundation(organization_id)
        actor.require(PLAN, Ref(organizations.OWNER, organization_id))
        for one in await queries.hosts_of(organization_id):
            if one.name == name and one.state in (rules.ASKED, rules.CONFIRMED):
                return one.id
        if (await queries.at(name)).owner_id is not None:
            raise HostTaken
        row = HostName(
            organization=organization_id, name=name, asked_by=actor.person_id, asked_at=clock.now()
        )
        await row.save()
        record_audit("foundation.host_asked", Ref(rules.HOST, row.id), actor_id=actor.person_id)
        return int(row.id)


async def confirm_host(host_id: int, *, actor: Actor) -> None:
    """The staff have seen that the name is the charity's alone. Raises HostNotFound, OwnHost, HostTaken."""
    try:
        await _check(host_id, "foundation.host_confirmed", actor)
    except asyncpg.UniqueViolationError:
        raise HostTaken from None


async def refuse_host(host_id: int, *, actor: Actor) -> None:
    """It is not. Raises HostNotFound, OwnHost or WrongState."""
    await _check(host_id, "foundation.host_refused", actor)


async def _check(host_id: int, code: str, actor: Actor) -> None:
    async with unit_of_work():
        found = await queries.reviewed_host(host_id, actor)
        holds_office = await holds_role(actor.person_id, found.organization_id, clock.today())
        rules.check_checker(actor.person_id, found.asked_by, holds_office=holds_office)
        if found.state == rules.HOSTS.transition(code).target:
            return
        rules.HOSTS.check(code, found, clock.now())
        me, now = actor.person_id, clock.now()
        await advance(rules.HOSTS, code, host_id, actor_id=me, checked_by=me, checked_at=now)


async def give_up_host(host_id: int, *, actor: Actor) -> None:
    """The foundation does not use it any more. Raises HostNotFound or WrongState."""
    async with unit_of_work():
        found = await queries.host(host_id, lock=True)
        if not actor.may(PLAN, found.foundation):
            raise HostNotFound
        if found.state != rules.GIVEN_UP:
            rules.HOSTS.check("foundation.host_given_up", found, clock.now())
            await advance(rules.HOSTS, "foundation.host_given_up", host_id, actor_id=actor.person_id)
