"""Roles, for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.people import queries, rules
from core.people.queries import GrantView
from core.people.services import grant_or_propose, revoke_role
from web.access import SIGNED_IN
from web.forms import PHONE
from web.parameters import Before, RowId, Word
from web.roles.pages import OWN_MOST, PAGE_SIZE, place_in_charge
from web.visit import current_actor


class GrantOut(msgspec.Struct):
    """A role that is or was held. `is_held`: today."""

    id: int
    person_id: int
    name: str
    role: str
    scope_kind: str
    scope_id: int
    granted_at: datetime
    ends_on: date | None
    revoked_at: datetime | None
    reason: str
    is_held: bool


class GrantIn(msgspec.Struct):
    """Whom, what, until when; phone and name must be of one person."""

    phone: Annotated[str, PHONE]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    role: Annotated[str, msgspec.Meta(max_length=60)]
    ends_on: date | None = None


class GrantedOut(msgspec.Struct):
    """`approval_id`: the approval that it waits for; null: it is granted."""

    approval_id: int | None


class RevokeIn(msgspec.Struct):
    """Why."""

    reason: Annotated[str, msgspec.Meta(max_length=rules.REASON_MOST)]


def _out(grant: GrantView) -> GrantOut:
    return GrantOut(
        id=grant.id,
        person_id=grant.person_id,
        name=grant.person,
        role=grant.role,
        scope_kind=grant.scope.kind,
        scope_id=grant.scope.id,
        granted_at=grant.granted_at,
        ends_on=grant.ends_on,
        revoked_at=grant.revoked_at,
        reason=grant.reason,
        is_held=grant.holds_on(clock.today()),
    )


@get("/roles", summary="我的角色", tags=["roles"], access=SIGNED_IN)
async def list_own_roles() -> list[GrantOut]:
    """One's own roles, now and before, newest first."""
    return [_out(one) for one in await queries.grants_of(current_actor().person_id, limit=OWN_MOST)]


@get("/roles/{scope_kind:str}/{scope_id:int}", summary="角色名单", tags=["roles"], access=rules.GRANT)
async def list_grants(scope_kind: Word, scope_id: RowId, before: Before = None) -> list[GrantOut]:
    """Twenty grants in a place (`platform/1`, `organization/7`), newest first, older than `before`."""
    scope = await place_in_charge(scope_kind, scope_id)
    return [_out(one) for one in await queries.grants_in(scope, before_id=before, limit=PAGE_SIZE)]


@post(
    "/roles/{scope_kind:str}/{scope_id:int}",
    summary="授予角色",
    tags=["roles"],
    access=rules.GRANT,
    status_code=200,
)
async def post_grant(scope_kind: Word, scope_id: RowId, data: JSONBody[GrantIn]) -> GrantedOut:
    """Grant a role there, or propose it where somebody else has to agree. Repeating it changes nothing."""
    scope = await place_in_charge(scope_kind, scope_id)
    person_id = await queries.person_id_of(data.phone, data.name)
    actor_id = current_actor().person_id
    return GrantedOut(
        await grant_or_propose(person_id, data.role, scope, actor_id=actor_id, ends_on=data.ends_on)
    )


@post(
    "/roles/grants/{grant_id:int}/revoke",
    summary="收回角色",
    tags=["roles"],
    access=rules.GRANT,
    status_code=204,
)
async def post_revocation(grant_id: RowId, data: JSONBody[RevokeIn]) -> None:
    """Take a role away. Repeating it changes nothing."""
    await revoke_role(grant_id, reason=data.reason, actor_id=current_actor().person_id)


HANDLERS = [list_own_roles, list_grants, post_grant, post_revocation]
