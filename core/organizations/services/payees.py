"""Setting the account where an organization is paid: one person writes it down, another one confirms."""

import asyncpg

from core import cipher, clock
from core.audit.services import advance, record_audit
from core.database import fetch_value, unit_of_work
from core.organizations import queries
from core.organizations.errors import OrganizationNotFound
from core.organizations.errors.payees import PayeeProposedAlready
from core.organizations.errors.records import NotApproved
from core.organizations.queries import payees
from core.organizations.rules import APPROVED
from core.organizations.rules import payees as rules
from core.organizations.rules.payees import BankAccount
from core.people.rules import REPRESENT, Actor
from core.reference import Ref


async def propose_payee(organization_id: int, said: BankAccount, *, actor: Actor) -> int:
    """Write down the account where one's organization is to be paid; returns the proposal's id.

    The second click returns the first one. Raises PermissionMissing, NotApproved, PayeeProposedAlready, and
    what `BankAccount.checked` raises.
    """
    try:
        async with unit_of_work() as unit:
            file = await queries.file(organization_id, lock=True)
            actor.require(REPRESENT, Ref(queries.OWNER, organization_id))
            if file.state != APPROVED:
                raise NotApproved
            account = said.checked(file.name)
            if (repeated := await _same_proposal(organization_id, account, actor)) is not None:
                return repeated
            payee_id = int(await fetch_value("select nextval('organization_payee_id_seq')"))
            sealed = cipher.encrypt(account.number.encode(), payees.purpose(payee_id))
            await unit.connection.execute(
                "insert into organization_payee"
                " (id, organization, bank, holder, sealed, last4, proposed_by, proposed_at)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8)",
                payee_id, organization_id, account.bank, account.holder, sealed, account.number[-4:],
                actor.person_id, clock.now(),
            )  # fmt: skip
            ref = Ref(rules.PAYEE, payee_id)
            record_audit("organization_payee.proposed", ref, actor_id=actor.person_id)
            return payee_id
    except asyncpg.UniqueViolationError:
        raise PayeeProposedAlready from None


async def _same_proposal(organization_id: int, account: BankAccount, actor: Actor) -> int | None:
    """The same person's proposal of the very same account, if it waits already."""
    for waiting in await payees.payees(organization_id):
        if (waiting.state, waiting.proposed_by, waiting.bank) == (
            rules.PROPOSED,
            actor.person_id,
            account.bank,
        ):
            return waiting.id if await payees.number_of(waiting.id) == account.number else None
    return None


async def decide_payee(
    payee_id: int, *, is_confirmed: bool, reason: str, organization_id: int, actor: Actor
) -> None:
    """Confirm an account, which replaces the one before, or reject it; the second click changes nothing.

    For another representative, or for the staff of the region. Raises OrganizationNotFound, PayeeNotFound,
    OwnProposal, ReasonMissing, WrongState.
    """
    async with unit_of_work():
        file = await queries.file(organization_id, lock=True)
        is_own = actor.may(REPRESENT, Ref(queries.OWNER, organization_id))
        if not is_own and not await queries.may_review(actor, file.region_id):
            raise OrganizationNotFound
        found = await payees.payee(payee_id, organization_id=organization_id, lock=True)
        outcome = rules.CONFIRMED if is_confirmed else rules.REJECTED
        if found.state == outcome:
            return
        rules.check_decision(
            proposed_by=found.proposed_by,
            decider_id=actor.person_id,
            is_confirmed=is_confirmed,
            reason=reason,
        )
        rules.PAYEES.check(f"organization_payee.{outcome}", found, clock.now())
        if is_confirmed:
            await _replace(organization_id, actor)
        await advance(
            rules.PAYEES,
            f"organization_payee.{outcome}",
            payee_id,
            actor_id=actor.person_id,
            decided_by=actor.person_id,
            decided_at=clock.now(),
            reason=reason,
        )


async def _replace(organization_id: int, actor: Actor) -> None:
    """What is paid to until now is no more."""
    current = await payees.payee_of(organization_id)
    if current is not None:
        await advance(rules.PAYEES, "organization_payee.replaced", current.id, actor_id=actor.person_id)
