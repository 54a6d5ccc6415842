"""The verbs of organizations."""

from datetime import date

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.errors import YijiError
from core.events.services import record_event
from core.organizations import queries, rules
from core.organizations.errors import (
    CodeTaken,
    NotTheRegistrant,
    OrganizationNotFound,
    ProposedAlready,
    RegionUnknown,
)
from core.organizations.rules import Registration
from core.organizations.tables import Organization
from core.parameters import services as parameters
from core.people.rules import MANAGER, SET_PARAMETERS, Actor
from core.people.services.roles import write_grant
from core.reference import Ref
from core.search.services import index_thing


async def register_organization(name: str, *, kind: str, region_id: int, uscc: str | None = None) -> int:
    """Register an organization at once, on nobody's request, and return its id."""
    async with unit_of_work():
        organization = Organization(
            name=name,
            kind=kind,
            region=region_id,
            uscc=uscc,
            state=rules.APPROVED,
            registered_at=clock.now(),
        )
        await organization.save()
        ref = Ref(queries.OWNER, organization.id)
        await index_thing(ref, name=name, path=f"/organizations/{organization.id}")
        record_audit("organization.registered", ref, actor_id=None)
        return int(organization.id)


async def propose_organization(said: Registration, *, actor: Actor) -> int:
    """Ask that an organization be registered; whoever asks becomes its manager when it is approved.

    The second click returns the first one. Raises NameMissing, CodeMissing, CodeMalformed,
    CodeOfAnotherKind, CodeTaken, RegionUnknown, TooManyUnderReview.
    """
    said = said.checked()
    try:
        async with unit_of_work() as unit:
            repeated = await unit.connection.fetchval(_SAME, actor.person_id, said.name)
            if repeated is not None:
                return int(repeated)
            rules.check_under_review(await queries.under_review_of(actor.person_id))
            organization = Organization(
                name=said.name,
                kind=said.kind,
                region=said.region_id,
                uscc=said.uscc,
                registrant=actor.person_id,
                registered_at=clock.now(),
            )
            await organization.save()
            ref = Ref(queries.OWNER, organization.id)
            record_audit("organization.proposed", ref, actor_id=actor.person_id)
            return int(organization.id)
    except asyncpg.IntegrityConstraintViolationError as refused:
        raise _explained(refused) or refused from None


_SAME = "select id from organization where registrant = $1 and name = $2 and state in ('pending', 'returned')"


def _explained(refused: asyncpg.IntegrityConstraintViolationError) -> Exception | None:
    reasons: dict[str | None, type[YijiError]] = {
        "organization_uscc": CodeTaken,
        "organization_region_fkey": RegionUnknown,
        "organization_proposed": ProposedAlready,
    }
    found = reasons.get(refused.constraint_name)
    return found() if found else None


async def correct_organization(organization_id: int, said: Registration, *, actor: Actor) -> None:
    """Change what was sent back and hand it in again; raises NotTheRegistrant, WrongState and as above."""
    said = said.checked()
    try:
        async with unit_of_work():
            file = await queries.file(organization_id, lock=True)
            if file.registrant_id != actor.person_id:
                raise NotTheRegistrant
            rules.ORGANIZATIONS.check("organization.corrected", file, clock.now())
            await advance(
                rules.ORGANIZATIONS,
                "organization.corrected",
                organization_id,
                actor_id=actor.person_id,
                name=said.name,
                kind=said.kind,
                region=said.region_id,
                uscc=said.uscc,
            )
    except asyncpg.IntegrityConstraintViolationError as refused:
        raise _explained(refused) or refused from None


async def review_organization(organization_id: int, outcome: str, *, reason: str = "", actor: Actor) -> None:
    """Approve, return or refuse a registration of one's region; approved, its registrant manages it.

    The second click changes nothing.
    Raises OrganizationNotFound, OwnRegistration, ReasonMissing, WrongState.
    """
    async with unit_of_work():
        file = await queries.file(organization_id, lock=True)
        if not await queries.may_review(actor, file.region_id):
            raise OrganizationNotFound
        rules.check_review(outcome, reason, registrant_id=file.registrant_id, reviewer_id=actor.person_id)
        said = "" if outcome == rules.APPROVED else reason  # the public reads the page of what is approved
        if (file.state, file.reason) == (outcome, said):
            return
        code = f"organization.{outcome}"
        rules.ORGANIZATIONS.check(code, file, clock.now())
        await advance(rules.ORGANIZATIONS, code, organization_id, actor_id=actor.person_id, reason=said)
        ref = Ref(queries.OWNER, organization_id)
        if outcome == rules.APPROVED and file.registrant_id is not None:
            await index_thing(ref, name=file.name, path=f"/organizations/{organization_id}")
            await write_grant(file.registrant_id, MANAGER, ref, actor_id=actor.person_id, ends_on=None)
        record_event("organization_reviewed", ref, organization_id=organization_id, outcome=outcome)


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
