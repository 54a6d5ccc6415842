"""Paying an order online: open the provider's page, ask what became of it, book what has moved.

Only the worker talks to the provider. Whatever tells us of a payment (a notification, the payer's return,
the timetable) ends in `settle`, which asks the provider and writes what is missing.
"""

import asyncio
import secrets
from collections.abc import Sequence

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.jobs.services import add_job
from core.organizations import queries as organizations
from core.payments import queries, rules
from core.payments.errors import OnlineNotOffered, OrderNotFound, PayingElsewhere
from core.payments.providers import DESKTOP, PaymentIntent, ProviderRefused, Snapshot, provider
from core.payments.rules.online import CREATED
from core.payments.services.merchants import ask_account, credentials_of, notify_url
from core.payments.services.orders import SETTLE, close_attempts
from core.payments.services.settlement import Settlement
from core.people.rules import Actor
from core.reference import Ref
from core.settings import load

OPEN_PAYMENT = "core.open_payment"


async def start_payment(
    order_id: int, *, actor: Actor | None, provider_id: str = "", device: str = DESKTOP, payer: str = ""
) -> int:
    """Begin to pay an order online; returns the attempt's id. A second click returns the same one.

    `actor` None: whoever came by the order's own page, whose address nobody else knows. `provider_id`:
    where; the payee's first account, if none is named. `device` and `payer`: as in a PaymentIntent; what
    stands in `payer` is forgotten as soon as the page is open. That page is opened by a job: it stands in
    the attempt shortly after. Raises OrderNotFound for an order that is not the actor's,
    OrderPaidAlready, OrderNotOpen, OnlineNotOffered, PayingElsewhere.
    """
    async with unit_of_work():
        order = await queries.order(order_id, lock=True)
        if actor is not None and not rules.is_own(order, actor):
            raise OrderNotFound
        rules.check_payable(order, clock.now())
        found = await queries.taking_merchants(order.payee_id)
        chosen = [one for one in found if provider_id in ("", one.provider)]
        if not chosen or not order.total_fen:
            raise OnlineNotOffered
        if under_way := await queries.open_attempts(order_id):
            if provider_id and under_way[0].merchant_id != chosen[0].id:
                raise PayingElsewhere
            return under_way[0].id
        return await _begin(order, chosen[0], actor, device=device, payer=payer)


async def _begin(
    order: rules.Order, merchant: queries.MerchantView, actor: Actor | None, *, device: str, payer: str
) -> int:
    now = clock.now()
    # Locked as `check_idle` does: an account that ends has no payment that begins meanwhile.
    attempt_id: int | None = await current_unit().connection.fetchval(
        'insert into payment_attempt ("order", merchant, reference, amount_fen, created_at, expires_at,'
        " device, payer_hint) select $1, m.id, $3, $4, $5, $6, $7, $8 from payment_merchant m"
        " where m.id = $2 and m.is_active for key share of m returning id",
        order.id,
        merchant.id,
        secrets.token_hex(16),
        order.total_fen,
        now,
        rules.attempt_expiry(now, order.expires_at),
        device,
        payer,
    )
    if attempt_id is None:
        raise OnlineNotOffered
    actor_id = actor.person_id if actor else None
    record_audit("payment.started", Ref("payment", attempt_id), actor_id=actor_id)
    add_job(OPEN_PAYMENT, {"attempt_id": attempt_id}, priority=-1)
    return attempt_id


async def leave_payment(order_id: int, *, actor: Actor | None) -> None:
    """The payer wants another way: have the provider take no money any more. A second click changes nothing.

    Whatever was paid meanwhile is found by it. `actor` as in `start_payment`. Raises OrderNotFound.
    """
    async with unit_of_work():
        order = await queries.order(order_id, lock=True)
        if actor is not None and not rules.is_own(order, actor):
            raise OrderNotFound
        await close_attempts(order_id)


async def ask_to_settle(order_id: int, *, actor: Actor | None) -> None:
    """The payer has come back: have the provider asked what became of it. Raises OrderNotFound."""
    async with unit_of_work():
        order = await queries.order(order_id)
        if actor is not None and not rules.is_own(order, actor):
            raise OrderNotFound
        moment = int(clock.now().timestamp()) // 5
        for attempt in await queries.open_attempts(order_id):
            add_job(
                SETTLE,
                {"attempt_id": attempt.id, "close": False},
                priority=-1,
                key=f"settle-payment:{attempt.id}:{moment}",
            )


async def open_payment(attempt_id: int) -> None:
    """Open the attempt's page at the provider; killed half way, it finds the same page again.

    Raises ProviderSilent: to be repeated.
    """
    attempt = await queries.attempt(attempt_id)
    if attempt.external_id is not None or attempt.state != CREATED:
        return
    (merchant,) = await queries.merchants(ids=[attempt.merchant_id])
    order = f"{load().public_url}{(await queries.order(attempt.order_id)).address}"
    payee = await organizations.organization(merchant.organization_id)
    intent = PaymentIntent(
        reference=attempt.reference,
        amount_fen=attempt.amount_fen,
        title=f"{payee.name} 缴费单 {attempt.order_id}",
        return_url=f"{order}/return",
        cancel_url=order,
        notify_url=notify_url(merchant.provider, merchant.organization_id),
        expires_at=attempt.expires_at,
        device=attempt.device,
        payer=attempt.payer_hint,
    )
    try:
        started = await asyncio.to_thread(provider(merchant.provider).start, intent, credentials_of(merchant))
    except ProviderRefused as refused:
        await _note_refusal(attempt_id, str(refused))
        return
    async with unit_of_work():
        await advance(
            rules.ATTEMPTS,
            "payment.pending",
            attempt_id,
            actor_id=None,
            external_id=started.external_id,
            url=started.url,
            flow=started.flow,
            payer_hint="",
        )


async def _note_refusal(attempt_id: int, why: str) -> None:
    async with unit_of_work():
        await advance(
            rules.ATTEMPTS,
            "payment.failed",
            attempt_id,
            actor_id=None,
            facts={"why": why[:80]},
            problem="refused",
            payer_hint="",
        )


async def settle(attempt_id: int, *, close: bool = False) -> None:
    """Ask the provider what became of the attempt, and write what is missing.

    With `close` it is first asked to take no more money. Raises ProviderSilent, ProviderRefused.
    """
    await open_payment(attempt_id)
    attempt = await queries.attempt(attempt_id)
    if attempt.external_id is None:
        return
    (merchant,) = await queries.merchants(ids=[attempt.merchant_id])
    refunds = await queries.refund_names([attempt_id])
    # Before any row is locked: an answer may take its time.
    snapshot = await ask_provider(merchant, attempt, refunds.get(attempt_id, ()), close=close)
    async with unit_of_work():
        await Settlement(merchant.organization_id, {attempt_id: snapshot}).write()


async def ask_provider(
    merchant: queries.MerchantView, attempt: rules.Attempt, refunds: Sequence[str], *, close: bool = False
) -> Snapshot:
    """What the provider says of an attempt that it knows. Raises ProviderSilent, ProviderRefused.

    `refunds`: those of it that we know of, for a provider that does not list them. What is past its time is
    closed too: not every provider ends it by itself.
    """
    adapter = provider(merchant.provider)
    ends = attempt.state in rules.OPEN_STATES and (close or clock.now() >= attempt.expires_at)
    ask = adapter.close if ends else adapter.fetch
    snapshot = await ask_account(merchant, lambda keys: ask(attempt.external_id or "", keys, refunds))
    if snapshot.reference != attempt.reference:
        raise LookupError(f"payment attempt {attempt.id}: the provider speaks of another one")
    return snapshot
