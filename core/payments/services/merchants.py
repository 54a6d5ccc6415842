"""An organization's own account at a payment provider: connect it, test it, disconnect it."""

import asyncio
import json

import asyncpg

from core import clock
from core.audit.services import record_audit
from core.cipher import decrypt, encrypt
from core.database import current_unit, fetch_value, unit_of_work
from core.jobs.services import add_job
from core.organizations import queries as organizations
from core.payments import queries, rules
from core.payments.errors import DeploymentKeyMissing, DeploymentKeyTaken, MerchantBusy
from core.payments.providers import Credentials, ProviderRefused, provider
from core.people.rules import Actor
from core.reference import Ref
from core.settings import load

CHECK_MERCHANT = "core.check_merchant"
STRIPE = "stripe"


async def connect_merchant(
    organization_id: int, *, key: str, webhook_secret: str, actor: Actor | None, provider_id: str = STRIPE
) -> None:
    """Let the organization's money arrive in its own account, in place of what was there. It is tested next.

    Without a key, the deployment's own is used, by one organization alone. Needs `core.payments.connect`
    there. Raises KeyMalformed, WebhookSecretMalformed, DeploymentKeyMissing, DeploymentKeyTaken.
    """
    if actor is not None:
        actor.require(rules.CONNECT, Ref("organization", organization_id))
    if key:
        rules.check_key(key)
        rules.check_webhook_secret(webhook_secret)
    elif not load().stripe_key:
        raise DeploymentKeyMissing
    await organizations.organization(organization_id)
    try:
        async with unit_of_work():
            await _write(organization_id, provider_id, key, webhook_secret, actor)
    except asyncpg.UniqueViolationError:
        raise DeploymentKeyTaken from None


async def _write(
    organization_id: int, provider_id: str, key: str, webhook_secret: str, actor: Actor | None
) -> None:
    secrets = json.dumps({"key": key, "webhook_secret": webhook_secret}).encode()
    merchant_id: int = await current_unit().connection.fetchval(
        "insert into payment_merchant (organization, provider, secrets, uses_deployment, is_live,"
        " has_webhook, connected_by, connected_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
        " on conflict (organization, provider) do update set secrets = excluded.secrets,"
        " uses_deployment = excluded.uses_deployment, is_live = excluded.is_live,"
        " has_webhook = excluded.has_webhook, connected_by = excluded.connected_by,"
        " connected_at = excluded.connected_at, is_active = true, checked_at = null, check_failed = false"
        " returning id",
        organization_id,
        provider_id,
        encrypt(secrets, _purpose(organization_id, provider_id)) if key else None,
        not key,
        rules.is_live_key(key or load().stripe_key or "__"),
        bool(webhook_secret if key else load().stripe_webhook_secret),
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
    if merchant.uses_deployment and (key := load().stripe_key):
        return Credentials(key=key, webhook_secret=load().stripe_webhook_secret or "")
    if merchant.secrets is None:
        raise ProviderRefused("no key")
    purpose = _purpose(merchant.organization_id, merchant.provider)
    return Credentials(**json.loads(decrypt(merchant.secrets, purpose)))


async def retest_merchant(organization_id: int, *, actor: Actor) -> None:
    """Have the provider asked once more whether the key opens an account. Raises MerchantNotFound."""
    actor.require(rules.CONNECT, Ref("organization", organization_id))
    async with unit_of_work():
        merchant = await queries.merchant(organization_id)
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


async def disconnect_merchant(organization_id: int, *, actor: Actor) -> None:
    """Take no more money online, and forget the key. Raises MerchantNotFound, MerchantBusy."""
    actor.require(rules.CONNECT, Ref("organization", organization_id))
    async with unit_of_work() as unit:
        merchant = await queries.merchant(organization_id)
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
