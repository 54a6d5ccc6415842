"""The verbs of roles. Whoever grants or revokes is asked for his own roles of this very moment."""

from datetime import date
from typing import Any

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.people import queries, rules
from core.people.errors import GrantNotFound, PermissionMissing, RoleHeldAlready, RoleNeedsApproval
from core.reference import Ref


async def grant_role(
    person_id: int, role: str, scope: Ref, *, actor_id: int | None, ends_on: date | None = None
) -> None:
    """Grant a declared role in a scope of its kind; granting it again changes nothing.

    `actor_id` needs `core.roles.grant` there; None is the system itself. Raises RoleUnknown,
    PermissionMissing, OwnRole, EndInThePast, RoleHeldAlready where the end differs, and RoleNeedsApproval
    where nobody grants it alone: `propose_role`.
    """
    rules.check_role(role, scope)
    rules.check_end(ends_on, clock.today())
    async with unit_of_work():
        await check_granter(actor_id, person_id, scope)
        if actor_id is not None and rules.roles()[role].needs_approval:
            raise RoleNeedsApproval
        await write_grant(person_id, role, scope, actor_id=actor_id, ends_on=ends_on)


async def write_grant(
    person_id: int, role: str, scope: Ref, *, actor_id: int | None, ends_on: date | None
) -> None:
    """Grant what is checked or approved; raises RoleHeldAlready where the end differs."""
    async with unit_of_work() as unit:
        await _close_lapsed(person_id, role, scope)
        granted = await unit.connection.fetchval(
            "insert into role_grant (person, role, scope_kind, scope_id, granted_by, granted_at, ends_on,"
            " reason) values ($1, $2, $3, $4, $5, $6, $7, '') on conflict do nothing returning id",
            person_id,
            role,
            *scope,
            actor_id,
            clock.now(),
            ends_on,
        )
        if granted:
            record_audit("role.granted", scope, actor_id=actor_id, role=role, person_id=person_id)
        elif not await _is_held_until(ends_on, person_id, role, scope):
            raise RoleHeldAlready


async def revoke_role(grant_id: int, *, reason: str, actor_id: int | None) -> None:
    """Take a role away; of two clicks the second changes nothing.

    `actor_id` needs `core.roles.grant` where the role is held; None is the system itself. Raises
    GrantNotFound, OwnRole, ReasonMissing, LastAdministrator.
    """
    rules.check_reason(reason)
    async with unit_of_work():
        held = await queries.grant(grant_id)
        if held is None:
            raise GrantNotFound
        try:
            await check_granter(actor_id, held.person_id, held.scope)
        except PermissionMissing:
            raise GrantNotFound from None
        of_same_role = await _lock_same_role(grant_id)
        if grant_id not in of_same_role:  # it is revoked already
            return
        ends = of_same_role.items()
        rules.check_still_led(held.role, [ends_on for id_, ends_on in ends if id_ != grant_id])
        await write_end(held, reason=reason, actor_id=actor_id)


async def write_end(held: queries.GrantView, *, reason: str, actor_id: int | None) -> None:
    """End a grant that is held, and whose end is checked."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update role_grant set revoked_at = $2, revoked_by = $3, reason = $4 where id = $1",
            held.id,
            clock.now(),
            actor_id,
            reason.strip(),
        )
        facts: dict[str, Any] = {"role": held.role, "person_id": held.person_id}
        record_audit("role.revoked", held.scope, actor_id=actor_id, **facts)


async def check_granter(actor_id: int | None, person_id: int, scope: Ref) -> None:
    """Raise PermissionMissing or OwnRole by the roles of this moment; the system (None) may."""
    if actor_id is not None:
        granter = await queries.actor(actor_id)
        if granter is None:
            raise PermissionMissing
        rules.check_granter(granter, person_id, scope)


async def _close_lapsed(person_id: int, role: str, scope: Ref) -> None:
    """A grant whose last day is over makes room for a new one."""
    await current_unit().connection.execute(
        "update role_grant set revoked_at = $5 where person = $1 and role = $2 and scope_kind = $3"
        " and scope_id = $4 and revoked_at is null and ends_on < $6",
        person_id,
        role,
        *scope,
        clock.now(),
        clock.today(),
    )


async def _is_held_until(ends_on: date | None, person_id: int, role: str, scope: Ref) -> bool:
    return bool(
        await current_unit().connection.fetchval(
            "select exists (select from role_grant where person = $1 and role = $2 and scope_kind = $3"
            " and scope_id = $4 and revoked_at is null and ends_on is not distinct from $5)",
            person_id,
            role,
            *scope,
            ends_on,
        )
    )


async def _lock_same_role(grant_id: int) -> dict[int, date | None]:
    """Grant id -> last day of all who hold the same role there; revocations queue up behind each other."""
    rows = await current_unit().connection.fetch(
        """
        select id, ends_on from role_grant
        where (role, scope_kind, scope_id) =
                (select role, scope_kind, scope_id from role_grant where id = $1)
            and revoked_at is null
        order by id for no key update""",
        grant_id,
    )
    return {row["id"]: row["ends_on"] for row in rows}
