"""Other keys for an account where money is taken, or none: asked for by one person, agreed to by another.

Where the organization has nobody else, the staff of its region are asked.

Whoever holds the keys decides where everybody's money arrives. Until the second person agrees, the old ones
serve; the new ones are tested meanwhile, so that it is known whether they open anything.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import asyncpg

from core import clock
from core.approvals.services import open_approval
from core.audit.services import advance, record_audit
from core.database import current_unit, fetch, fetch_value, unit_of_work
from core.jobs.services import add_job
from core.organizations import queries as organizations
from core.payments import queries, rules
from core.payments.errors import ChangeWaiting, DeploymentKeyTaken, MerchantBusy, NoSecondPerson
from core.payments.providers import Credentials, ProviderRefused, provider
from core.payments.rules import merchants
from core.payments.rules.merchants import CHANGE_ASKED, MERCHANT_CHANGES, MerchantChange
from core.payments.services.merchants import (
    check_idle,
    deployment_credentials,
    forget_keys,
    known_provider,
    own_keys,
    sealed,
    set_keys,
    unsealed,
)
from core.people.rules import Actor
from core.reference import Ref

CHECK_CHANGE = "core.check_merchant_change"


async def ask_to_connect(
    organization_id: int, provider_id: str, values: Mapping[str, str], *, actor: Actor
) -> int:
    """Ask that the organization's money arrive in this account; returns the change's id.

    `values`: of the provider's fields, or none for the deployment's own. The second click returns the first
    one. Needs `core.payments.connect` there. Raises MerchantNotFound for a provider that is not there,
    CredentialsRefused, DeploymentKeyTaken, ChangeWaiting, NoSecondPerson.
    """
    actor.require(rules.CONNECT, Ref("organization", organization_id))
    adapter = known_provider(provider_id)
    own = own_keys(adapter, values)
    await organizations.organization(organization_id)
    if own is None and await _is_taken(organization_id, provider_id):
        raise DeploymentKeyTaken
    try:
        async with unit_of_work():
            change_id = await _ask(organization_id, provider_id, own, actor=actor, ends=False)
            add_job(CHECK_CHANGE, {"change_id": change_id}, priority=-1)
            return change_id
    except asyncpg.UniqueViolationError:
        return await _repeated(organization_id, provider_id, own, actor=actor, ends=False)


async def _is_taken(organization_id: int, provider_id: str) -> bool:
    """Does the deployment's key serve another payee?"""
    return bool(
        await fetch_value(
            "select exists (select from payment_merchant"
            " where provider = $1 and uses_deployment and organization <> $2)",
            provider_id,
            organization_id,
        )
    )


async def _ask(
    organization_id: int, provider_id: str, own: Credentials | None, *, actor: Actor, ends: bool
) -> int:
    seconds = await queries.second_persons(organization_id, actor.person_id)
    if not seconds.person_ids:
        raise NoSecondPerson
    change_id: int = await current_unit().connection.fetchval(
        "insert into payment_merchant_change (organization, provider, ends, secrets, uses_deployment,"
        " asked_by, asked_at) values ($1, $2, $3, $4, $5, $6, $7) returning id",
        organization_id,
        provider_id,
        ends,
        sealed(organization_id, provider_id, own) if own else None,
        not ends and own is None,
        actor.person_id,
        clock.now(),
    )
    owner = Ref("organization", organization_id)
    facts = {"change": change_id, "ends": ends, "asks_staff": seconds.are_staff}
    record_audit("merchant.change_asked", owner, actor_id=actor.person_id, **facts)
    question = merchants.change_question(
        change_id, organization_id, provider_id, ends=ends, maker_id=actor.person_id, now=clock.now()
    )
    await open_approval(question, voter_ids=seconds.person_ids)
    return change_id


async def _repeated(
    organization_id: int, provider_id: str, own: Credentials | None, *, actor: Actor, ends: bool
) -> int:
    """A second click of the same person with the very same keys; otherwise ChangeWaiting."""
    waiting = await queries.waiting_change(organization_id, provider_id)
    if waiting is None or (waiting.asked_by, waiting.ends) != (actor.person_id, ends):
        raise ChangeWaiting
    kept = await queries.sealed_keys(waiting.id)
    known = unsealed(organization_id, provider_id, kept) if kept else None
    if (known and known.values) != (own and own.values):
        raise ChangeWaiting
    return waiting.id


async def ask_to_disconnect(organization_id: int, provider_id: str, *, actor: Actor) -> int:
    """Ask that no more money be taken there; returns the change's id. The second click returns the first.

    Raises MerchantNotFound, MerchantBusy, ChangeWaiting, NoSecondPerson.
    """
    actor.require(rules.CONNECT, Ref("organization", organization_id))
    merchant = await queries.merchant(organization_id, provider_id)
    try:
        async with unit_of_work():
            await check_idle(merchant.id)
            return await _ask(organization_id, provider_id, None, actor=actor, ends=True)
    except asyncpg.UniqueViolationError:
        return await _repeated(organization_id, provider_id, None, actor=actor, ends=True)


async def check_change(change_id: int) -> None:
    """Ask the provider whether the keys that are asked for open an account; raises ProviderSilent."""
    change = await queries.merchant_change(change_id)
    keys = await _keys(change)
    if change.state != CHANGE_ASKED or keys is None:
        return
    try:
        await asyncio.to_thread(provider(change.provider).check, keys)
        has_failed = False
    except ProviderRefused:
        has_failed = True
    async with unit_of_work():
        await fetch(
            "update payment_merchant_change set checked_at = $2, check_failed = $3 where id = $1",
            change_id,
            clock.now(),
            has_failed,
        )


async def _keys(change: MerchantChange) -> Credentials | None:
    """What is asked for; None once it is forgotten."""
    if change.uses_deployment:
        return deployment_credentials(change.provider)
    kept = await queries.sealed_keys(change.id)
    return unsealed(change.organization_id, change.provider, kept) if kept else None


async def settle_change_vote(change_id: int, outcome: str) -> None:
    """A second person has decided, or nobody in time. The keys are forgotten here in any case."""
    async with unit_of_work():
        change = await queries.merchant_change(change_id, lock=True)
        if change.state != CHANGE_ASKED:
            return
        problem = await _make(change) if outcome == "approved" else "not_agreed"
        code = "merchant_change.refused" if problem else "merchant_change.made"
        more: dict[str, Any] = {"problem": problem, "ended_at": clock.now(), "secrets": None}
        await advance(MERCHANT_CHANGES, code, change_id, actor_id=None, **more)


async def _make(change: MerchantChange) -> str:
    """Do what was asked for, or say why it cannot be done."""
    if change.check_failed:
        return "refused"
    if change.ends:
        merchant = await queries.merchant(change.organization_id, change.provider)
        try:
            await check_idle(merchant.id)
        except MerchantBusy:
            return "busy"
        await forget_keys(merchant, actor_id=change.asked_by)
        return ""
    try:
        async with unit_of_work():
            own = None if change.uses_deployment else await _keys(change)
            adapter = known_provider(change.provider)
            await set_keys(change.organization_id, adapter, own, actor_id=change.asked_by)
    except asyncpg.UniqueViolationError:
        return "taken"
    await _keep_test(change)
    return ""


async def _keep_test(change: MerchantChange) -> None:
    """They were tested while they waited: no payer has to wait for it again."""
    await fetch(
        "update payment_merchant set checked_at = $3 where organization = $1 and provider = $2",
        change.organization_id,
        change.provider,
        change.checked_at,
    )
