"""An organization's own account at a payment provider: connect it, test it, disconnect it."""

import asyncio
import functools
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import asyncpg

from core import clock
from core.audit.services import record_audit
from core.cipher import Undecipherable, decrypt, encrypt
from core.database import current_unit, fetch_value, unit_of_work
from core.jobs.services import add_job
from core.organizations import queries as organizations
from core.payments import queries, rules
from core.payments.errors import DeploymentKeyTaken, MerchantBusy, MerchantNotFound
from core.payments.providers import (
    Credentials,
    PaymentProvider,
    ProviderRefused,
    SettlementLine,
    check_fields,
    provider,
)
from core.people.rules import Actor
from core.reference import Ref
from core.settings import load

Answer = TypeVar("Answer")
CHECK_MERCHANT = "core.check_merchant"
STRIPE = "stripe"


async def connect_merchant(organization_id: int, provider_id: str, values: Mapping[str, str]) -> None:
    """Let the organization's money arrive in its own account, in place of what was there. It is tested next.

    For deployments and their demo; a person asks by `ask_to_connect`. `values`: of the provider's fields.
    With none at all the deployment's own are used, if it has some, by one organization alone. Raises
    MerchantNotFound for a provider that is not there, CredentialsRefused, DeploymentKeyTaken.
    """
    adapter = known_provider(provider_id)
    own = own_keys(adapter, values)
    await organizations.organization(organization_id)
    try:
        async with unit_of_work():
            await set_keys(organization_id, adapter, own, actor_id=None)
    except asyncpg.UniqueViolationError:
        raise DeploymentKeyTaken from None


def own_keys(adapter: PaymentProvider, values: Mapping[str, str]) -> Credentials | None:
    """The organization's own keys; None: the deployment's are to be used. Raises CredentialsRefused."""
    if any(values.values()) or deployment_credentials(adapter.id) is None:
        return check_fields(adapter.fields, values)
    return None


def known_provider(provider_id: str) -> PaymentProvider:
    """The provider that an address names; raises MerchantNotFound."""
    try:
        return provider(provider_id)
    except LookupError:
        raise MerchantNotFound from None


def deployment_credentials(provider_id: str) -> Credentials | None:
    """The account at this provider that the settings of the deployment open."""
    known = load()
    if provider_id != STRIPE or known.stripe_key is None:
        return None
    secret = known.stripe_webhook_secret or ""
    return Credentials({"secret_key": known.stripe_key, "webhook_secret": secret})


def notify_url(provider_id: str, organization_id: int) -> str:
    """Where the provider tells of payments to this organization."""
    return f"{load().public_url}/api/v1/payments/notify/{provider_id}/{organization_id}"


async def set_keys(
    organization_id: int, adapter: PaymentProvider, own: Credentials | None, *, actor_id: int | None
) -> None:
    """The account is opened by these keys from now on, in the caller's unit of work; they are tested next."""
    used = own or deployment_credentials(adapter.id)
    assert used is not None
    merchant_id: int = await current_unit().connection.fetchval(
        "insert into payment_merchant (organization, provider, secrets, uses_deployment, is_live,"
        " has_webhook, connected_by, connected_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
        " on conflict (organization, provider) do update set secrets = excluded.secrets,"
        " uses_deployment = excluded.uses_deployment, is_live = excluded.is_live,"
        " former_secrets = coalesce(payment_merchant.secrets, payment_merchant.former_secrets),"
        " has_webhook = excluded.has_webhook, connected_by = excluded.connected_by,"
        " connected_at = excluded.connected_at, is_active = true, checked_at = null, check_failed = false"
        " returning id",
        organization_id,
        adapter.id,
        sealed(organization_id, adapter.id, own) if own else None,
        own is None,
        adapter.is_live(used),
        adapter.can_verify(used),
        actor_id,
        clock.now(),
    )
    owner = Ref("organization", organization_id)
    record_audit("merchant.connected", owner, actor_id=actor_id, merchant=merchant_id)
    _ask_to_check(merchant_id)


def _purpose(organization_id: int, provider_id: str) -> str:
    return f"core.merchant:{organization_id}:{provider_id}"


def sealed(organization_id: int, provider_id: str, keys: Credentials) -> bytes:
    """The keys as they are stored: for this account alone."""
    return encrypt(json.dumps(dict(keys.values)).encode(), _purpose(organization_id, provider_id))


@functools.lru_cache(maxsize=256)
def unsealed(organization_id: int, provider_id: str, secrets: bytes) -> Credentials:
    """What was stored. Other keys are stored as other bytes, so what is remembered cannot be old."""
    return Credentials(json.loads(decrypt(secrets, _purpose(organization_id, provider_id))))


def _ask_to_check(merchant_id: int) -> None:
    add_job(CHECK_MERCHANT, {"merchant_id": merchant_id}, priority=-1)


def credentials_of(merchant: queries.MerchantView) -> Credentials:
    """What opens the account; raises ProviderRefused where nothing does any more."""
    if merchant.uses_deployment and (found := deployment_credentials(merchant.provider)):
        return found
    if merchant.secrets is None:
        raise ProviderRefused("no key")
    try:
        return unsealed(merchant.organization_id, merchant.provider, merchant.secrets)
    except Undecipherable:  # the deployment's encryption key is another one now
        raise ProviderRefused("a key that cannot be read") from None


async def ask_account(merchant: queries.MerchantView, call: Callable[[Credentials], Answer]) -> Answer:
    """What the provider answers about a payment that has begun. Raises ProviderSilent, ProviderRefused.

    What the account does not know, the one before may: keys may be replaced by those of another account
    while people pay, and money that arrived there is to be seen, and to be given back from there.
    """
    try:
        return await asyncio.to_thread(call, credentials_of(merchant))
    except ProviderRefused:
        if (former := _former(merchant)) is None:
            raise
    return await asyncio.to_thread(call, credentials_of(former))


def _former(merchant: queries.MerchantView) -> queries.MerchantView | None:
    """As it was opened before its keys were replaced."""
    if merchant.former_secrets is None:
        return None
    return replace(merchant, secrets=merchant.former_secrets, uses_deployment=False)


async def settlements_of(merchant: queries.MerchantView, since: datetime) -> list[SettlementLine]:
    """The provider's own books since then, of the account and of the one before, each line once.

    Raises ProviderSilent, and ProviderRefused where the account's own key opens nothing.
    """
    adapter = provider(merchant.provider)
    lines = await asyncio.to_thread(adapter.settlements, since, credentials_of(merchant))
    before: Sequence[SettlementLine] = ()
    if former := _former(merchant):
        with suppress(ProviderRefused):  # its key may have been withdrawn since
            before = await asyncio.to_thread(adapter.settlements, since, credentials_of(former))
    return list({line.external_id: line for line in (*before, *lines)}.values())


def identify_url(merchant: queries.MerchantView, device: str, back: str, state: str) -> str:
    """Where the payer's browser goes before it pays at this account; "": nowhere, or nobody can say."""
    try:
        return provider(merchant.provider).identify(credentials_of(merchant), device, back, state)
    except ProviderRefused:
        return ""


async def retest_merchant(organization_id: int, provider_id: str, *, actor: Actor) -> None:
    """Have the provider asked once more whether the key opens an account. Raises MerchantNotFound."""
    actor.require(rules.CONNECT, Ref("organization", organization_id))
    async with unit_of_work():
        merchant = await queries.merchant(organization_id, provider_id)
        _ask_to_check(merchant.id)


async def check_merchant(merchant_id: int) -> None:
    """Ask the provider whether the key opens an account, and note the answer; raises ProviderSilent."""
    (merchant,) = await queries.merchants(ids=[merchant_id])
    try:
        await asyncio.to_thread(provider(merchant.provider).check, credentials_of(merchant))
        has_failed = False
    except ProviderRefused:
        has_failed = True
    async with unit_of_work() as unit:
        await unit.connection.execute(
            # What was connected meanwhile is tested by its own job.
            "update payment_merchant set checked_at = $3, check_failed = $4"
            " where id = $1 and secrets is not distinct from $2",
            merchant_id,
            merchant.secrets,
            clock.now(),
            has_failed,
        )


async def check_idle(merchant_id: int) -> None:
    """Raise MerchantBusy while payments are under way that only this account's key can ask about.

    None begins until the caller's COMMIT.
    """
    await fetch_value("select id from payment_merchant where id = $1 for update", merchant_id)
    under_way = await fetch_value(
        "select count(*) from payment_attempt where merchant = $1 and state = any($2)",
        merchant_id,
        list(rules.OPEN_STATES),
    )
    if under_way:
        raise MerchantBusy(count=under_way)


async def forget_keys(merchant: queries.MerchantView, *, actor_id: int | None) -> None:
    """Take no more money there, in the caller's unit of work."""
    await current_unit().connection.execute(
        "update payment_merchant set is_active = false, secrets = null, former_secrets = null,"
        " uses_deployment = false, has_webhook = false where id = $1",
        merchant.id,
    )
    owner = Ref("organization", merchant.organization_id)
    record_audit("merchant.disconnected", owner, actor_id=actor_id, merchant=merchant.id)
