"""An organization's own account at a payment provider: connect it, test it, disconnect it."""

import asyncio
import json
from collections.abc import Mapping

import asyncpg

from core import clock
from core.audit.services import record_audit
from core.cipher import decrypt, encrypt
from core.database import current_unit, fetch_value, unit_of_work
from core.jobs.services import add_job
from core.organizations import queries as organizations
from core.payments import queries, rules
from core.payments.errors import DeploymentKeyTaken, MerchantBusy, MerchantNotFound
from core.payments.providers import Credentials, PaymentProvider, ProviderRefused, check_fields, provider
from core.people.rules import Actor
from core.reference import Ref
from core.settings import load

CHECK_MERCHANT = "core.check_merchant"
STRIPE = "stripe"


async def connect_merchant(
    organization_id: int, provider_id: str, values: Mapping[str, str], *, actor: Actor | None
) -> None:
    """Let the organization's money arrive in its own account, in place of what was there. It is tested next.

    `values`: of the provider's fields. With none at all the deployment's own are used, if it has some, by
    one organization alone. Needs `core.payments.connect` there. Raises MerchantNotFound for a provider that
    is not there, CredentialsRefused, DeploymentKeyTaken.
    """
    if actor is not None:
        actor.require(rules.CONNECT, Ref("organization", organization_id))
    adapter = known_provider(provider_id)
    own = None
    if any(values.values()) or deployment_credentials(provider_id) is None:
        own = check_fields(adapter.fields, values)
    await organizations.organization(organization_id)
    try:
        async with unit_of_work():
            await _write(organization_id, adapter, own, actor)
    except asyncpg.UniqueViolationError:
        raise DeploymentKeyTaken from None


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


async def _write(
    organization_id: int, adapter: PaymentProvider, own: Credentials | None, actor: Actor | None
) -> None:
    purpose = _purpose(organization_id, adapter.id)
    used = own or deployment_credentials(adapter.id)
    assert used is not None
    merchant_id: int = await current_unit().connection.fetchval(
        "insert into payment_merchant (organization, provider, secrets, uses_deployment, is_live,"
        " has_webhook, connected_by, connected_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
        " on conflict (organization, provider) do update set secrets = excluded.secrets,"
        " uses_deployment = excluded.uses_deployment, is_live = excluded.is_live,"
        " has_webhook = excluded.has_webhook, connected_by = excluded.connected_by,"
        " connected_at = excluded.connected_at, is_active = true, checked_at = null, check_failed = false"
        " returning id",
        organization_id,
        adapter.id,
        encrypt(json.dumps(dict(own.values)).encode(), purpose) if own else None,
        own is None,
        adapter.is_live(used),
        adapter.can_verify(used),
        actor.person_id if actor else None,
        clock.now(),
    )
    record_audit(
        "merchant.connected",
        Ref("organization", organization_id),
        actor_id=actor.person_id if actor else None,
        merchant=merchant_id,
    )
    _ask_to_check(merchant_id)


def _purpose(organization_id: int, provider_id: str) -> str:
    return f"core.merchant:{organization_id}:{provider_id}"


def _ask_to_check(merchant_id: int) -> None:
    add_job(CHECK_MERCHANT, {"merchant_id": merchant_id}, priority=-1)


def credentials_of(merchant: queries.MerchantView) -> Credentials:
    """What opens the account; raises ProviderRefused where nothing does any more."""
    if merchant.uses_deployment and (found := deployment_credentials(merchant.provider)):
        return found
    if merchant.secrets is None:
        raise ProviderRefused("no key")
    purpose = _purpose(merchant.organization_id, merchant.provider)
    return Credentials(json.loads(decrypt(merchant.secrets, purpose)))


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


async def disconnect_merchant(organization_id: int, provider_id: str, *, actor: Actor) -> None:
    """Take no more money online, and forget the key. Raises MerchantNotFound, MerchantBusy."""
    actor.require(rules.CONNECT, Ref("organization", organization_id))
    async with unit_of_work() as unit:
        merchant = await queries.merchant(organization_id, provider_id)
        under_way = await fetch_value(
            "select count(*) from payment_attempt where merchant = $1 and state = any($2)",
            merchant.id,
            list(rules.OPEN_STATES),
        )
        if under_way:
            raise MerchantBusy(count=under_way)
        await unit.connection.execute(
            "update payment_merchant set is_active = false, secrets = null, uses_deployment = false,"
            " has_webhook = false where id = $1",
            merchant.id,
        )
        record_audit(
            "merchant.disconnected",
            Ref("organization", organization_id),
            actor_id=actor.person_id,
            merchant=merchant.id,
        )
