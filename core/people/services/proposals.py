"""The verbs of roles that nobody grants alone: one proposes, another one agrees."""

from datetime import date

import asyncpg

from core import clock
from core.approvals.errors import ApprovalOpenAlready
from core.approvals.rules import APPROVED
from core.approvals.services import open_approval
from core.database import current_unit, fetch_value, unit_of_work
from core.people import queries, rules
from core.people.errors import RoleHeldAlready
from core.people.services.roles import check_granter, grant_role, write_grant
from core.reference import Ref


async def grant_or_propose(
    person_id: int, role: str, scope: Ref, *, actor_id: int, ends_on: date | None = None
) -> int | None:
    """Grant the role; or, where nobody grants it alone, propose it and return the approval's id."""
    rules.check_role(role, scope)
    if rules.roles()[role].needs_approval:
        return await propose_role(person_id, role, scope, actor_id=actor_id, ends_on=ends_on)
    await grant_role(person_id, role, scope, actor_id=actor_id, ends_on=ends_on)
    return None


async def propose_role(
    person_id: int, role: str, scope: Ref, *, actor_id: int, ends_on: date | None = None
) -> int:
    """Ask the others who may grant roles in the scope; returns the approval's id.

    Granted when it is approved. A second click returns the first approval. Raises what `grant_role` does,
    TooFewVoters, and ApprovalOpenAlready while another person's proposal of the same is waiting.
    """
    rules.check_role(role, scope)
    rules.check_end(ends_on, clock.today())
    try:
        async with unit_of_work():
            await check_granter(actor_id, person_id, scope)
            if await queries.holds(person_id, role, scope):
                raise RoleHeldAlready
            proposal_id = await _insert(person_id, role, scope, actor_id, ends_on)
            question = rules.proposal_question(
                proposal_id, person_id, role, scope, maker_id=actor_id, now=clock.now()
            )
            return await open_approval(question, voter_ids=await queries.holders(rules.GRANT, scope))
    except asyncpg.UniqueViolationError as taken:
        if taken.constraint_name != "role_proposal_open":
            raise
        if repeated := await _open_approval(person_id, role, scope, actor_id):
            return repeated
        raise ApprovalOpenAlready from None


async def _open_approval(person_id: int, role: str, scope: Ref, actor_id: int) -> int | None:
    """The approval of the same proposal by the same person, if it is still open."""
    found: int | None = await fetch_value(
        "select a.id from role_proposal p"
        " join approval a on a.subject_kind = $5 and a.subject_id = p.id and a.state = 'open'"
        " where p.person = $1 and p.role = $2 and p.scope_kind = $3 and p.scope_id = $4"
        " and p.decided_at is null and p.proposed_by = $6",
        person_id,
        role,
        *scope,
        rules.PROPOSAL,
        actor_id,
    )
    return found


async def _insert(person_id: int, role: str, scope: Ref, actor_id: int, ends_on: date | None) -> int:
    return int(
        await current_unit().connection.fetchval(
            "insert into role_proposal (person, role, scope_kind, scope_id, ends_on, proposed_by)"
            " values ($1, $2, $3, $4, $5, $6) returning id",
            person_id,
            role,
            *scope,
            ends_on,
            actor_id,
        )
    )


async def settle_proposal(proposal_id: int, outcome: str) -> None:
    """Its approval has ended; if approved, grant the role, in the unit of work of the event's receipt.

    Whose account has ended meanwhile gets none.
    """
    row = await current_unit().connection.fetchrow(
        "update role_proposal set decided_at = $2 where id = $1 and decided_at is null"
        " returning person, role, scope_kind, scope_id, ends_on, proposed_by",
        proposal_id,
        clock.now(),
    )
    if row is None or outcome != APPROVED:
        return
    scope = Ref(row["scope_kind"], row["scope_id"])
    is_gone = await fetch_value("select gone_at is not null from person where id = $1", row["person"])
    if not is_gone and not await queries.holds(row["person"], row["role"], scope):
        await write_grant(
            row["person"], row["role"], scope, actor_id=row["proposed_by"], ends_on=row["ends_on"]
        )
