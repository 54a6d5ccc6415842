"""The verbs of organizations."""

from datetime import date

from core import clock
from core.audit.services import record_audit
from core.database import unit_of_work
from core.organizations import queries
from core.organizations.tables import Organization
from core.parameters import services as parameters
from core.people.rules import SET_PARAMETERS, Actor
from core.reference import Ref
from core.search.services import index_thing


async def register_organization(name: str, *, kind: str, region_id: int, uscc: str | None = None) -> int:
    """Register an organization and return its id."""
    async with unit_of_work():
        organization = Organization(
            name=name, kind=kind, region=region_id, uscc=uscc, registered_at=clock.now()
        )
        await organization.save()
        ref = Ref("organization", organization.id)
        await index_thing(ref, name=name, path=f"/accounts/{organization.id}")
        record_audit("organization.registered", ref, actor_id=None)
        return int(organization.id)


async def set_rule(code: str, scope: Ref, value: int, *, effective_on: date, actor: Actor) -> None:
    """Decide a parameter for a scope whose rules the actor may set; raises PermissionMissing.

    Also ScopeNotFound, and whatever `parameters.services.set_parameter` raises.
    """
    async with unit_of_work():
        _nearest, *beyond = await _settable(scope, actor)
        await parameters.set_parameter(
            code, scope, value, effective_on=effective_on, actor_id=actor.person_id, beyond=beyond
        )


async def withdraw_rule(code: str, scope: Ref, *, effective_on: date, actor: Actor) -> None:
    """Take back a planned decision; raises PermissionMissing, ScopeNotFound or NothingPlanned."""
    async with unit_of_work():
        await _settable(scope, actor)
        await parameters.withdraw_parameter(code, scope, effective_on=effective_on, actor_id=actor.person_id)


async def _settable(scope: Ref, actor: Actor) -> list[Ref]:
    """The scope and those beyond it, if the actor may set rules there."""
    path = await queries.scope_path(scope)
    actor.require(SET_PARAMETERS, await queries.in_charge(scope))
    return [place.scope for place in path]
