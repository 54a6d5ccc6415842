"""Paying an order online: open the provider's page, ask what became of it, book what has moved.

Only the worker talks to the provider. Whatever tells us of a payment (a notification, the payer's return,
the timetable) ends in `settle`, which asks the provider and writes what is missing.
"""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.jobs.services import add_job
from core.ledger import services as ledger
from core.ledger.errors import BalanceTooLow
from core.ledger.rules import Transfer
from core.organizations import queries as organizations
from core.payments import postings, queries, rules
from core.payments.errors import OnlineNotOffered, OrderNotFound
from core.payments.providers import (
    CAPTURED,
    REFUND_FAILED,
    Move,
    PaymentIntent,
    ProviderRefused,
    Snapshot,
    provider,
)
from core.payments.rules.online import CREATED, CURRENCY, FAILED
from core.payments.services.merchants import credentials_of
from core.payments.services.orders import SETTLE, tell_paid
from core.people.rules import Actor
from core.reference import Ref
from core.settings import load

OPEN_PAYMENT = "core.open_payment"
_UNASSIGNED = ("amount", "second", "order_over")


async def start_payment(order_id: int, *, actor: Actor) -> int:
    """Begin to pay an order online; returns the attempt's id. A second click returns the same one.

    Its page at the provider is opened by a job: it stands in the attempt shortly after. Raises
    OrderNotFound for an order that is not the actor's, OrderPaidAlready, OrderNotOpen, OnlineNotOffered.
    """
    async with unit_of_work():
        order = await queries.order(order_id, lock=True)
        if not rules.is_own(order, actor):
            raise OrderNotFound
        rules.check_payable(order, clock.now())
        merchant = await queries.taking_merchant(order.payee_id)
        if merchant is None or not order.total_fen:
            raise OnlineNotOffered
        if under_way := await queries.open_attempts(order_id):
            return under_way[0].id
        return await _begin(order, merchant, actor)


async def _begin(order: rules.Order, merchant: queries.MerchantView, actor: Actor) -> int:
    now = clock.now()
    attempt_id: int = await current_unit().connection.fetchval(
        'insert into payment_attempt ("order", merchant, reference, amount_fen, created_at, expires_at)'
        " values ($1, $2, $3, $4, $5, $6) returning id",
        order.id,
        merchant.id,
        secrets.token_hex(16),
        order.total_fen,
        now,
        rules.attempt_expiry(now, order.expires_at),
    )
    record_audit("payment.started", Ref("payment", attempt_id), actor_id=actor.person_id)
    add_job(OPEN_PAYMENT, {"attempt_id": attempt_id}, priority=-1)
    return attempt_id


async def ask_to_settle(order_id: int, *, actor: Actor) -> None:
    """The payer has come back: have the provider asked what became of it. Raises OrderNotFound."""
    async with unit_of_work():
        order = await queries.order(order_id)
        if not rules.is_own(order, actor):
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
    order = f"{load().public_url}/orders/{attempt.order_id}"
    payee = await organizations.organization(merchant.organization_id)
    intent = PaymentIntent(
        reference=attempt.reference,
        amount_fen=attempt.amount_fen,
        title=f"{payee.name} 缴费单 {attempt.order_id}",
        return_url=f"{order}/return",
        cancel_url=order,
        expires_at=attempt.expires_at,
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
    adapter = provider(merchant.provider)
    ask = adapter.close if close and attempt.state in rules.OPEN_STATES else adapter.fetch
    # Before any row is locked: an answer may take its time.
    snapshot = await asyncio.to_thread(ask, attempt.external_id, credentials_of(merchant))
    if snapshot.reference != attempt.reference:
        raise LookupError(f"payment attempt {attempt_id}: the provider speaks of another one")
    async with unit_of_work():
        await _Settlement(attempt_id, merchant.organization_id, snapshot).write()


class _Settlement:
    """One attempt against what the provider says of it, inside a unit of work."""

    def __init__(self, attempt_id: int, organization_id: int, snapshot: Snapshot) -> None:
        self.attempt_id, self.snapshot = attempt_id, snapshot
        self.owner = Ref("organization", organization_id)

    async def write(self) -> None:
        """Lock the order, then the attempt; write missing facts and postings; derive the state."""
        order_id = (await queries.attempt(self.attempt_id)).order_id
        self.order = await queries.order(order_id, lock=True)
        self.attempt = await queries.attempt(self.attempt_id, lock=True)
        self.problem, seen = self.attempt.problem, self.snapshot.state
        transfers: list[Transfer] = []
        if self.snapshot.moves and self.snapshot.currency != CURRENCY:
            self.problem, seen = "currency" if self.snapshot.is_held else "", FAILED
        else:
            for move in self.snapshot.moves:
                refunded_fen = (await self._sums())[1]
                if await self._is_new(move):
                    transfers += await self._transfers(move, refunded_fen)
        await self._post(transfers)
        await self._derive(seen)

    async def _is_new(self, move: Move) -> bool:
        return bool(
            await current_unit().connection.fetchval(
                "insert into payment_fact (attempt, kind, external_id, amount_fen, happened_at, noted_at)"
                " values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning true",
                self.attempt_id,
                move.kind,
                move.external_id,
                move.amount_fen,
                move.happened_at,
                clock.now(),
            )
        )

    async def _transfers(self, move: Move, refunded_fen: int) -> list[Transfer]:
        key = f"payment:{self.attempt_id}:{move.kind}:{move.external_id}"
        if move.kind == CAPTURED:
            return await self._received(move, key)
        has_failed = move.kind == REFUND_FAILED
        before = refunded_fen - move.amount_fen if has_failed else refunded_fen
        if self.problem in _UNASSIGNED:
            parts = [(await self._account(postings.UNASSIGNED), move.amount_fen)]
        else:
            lines = await queries.lines(self.order.id)
            parts = postings.refund_parts(lines, refunded_fen=before, amount_fen=move.amount_fen)
        return postings.refund(
            self.order.id,
            parts,
            key=key,
            source_account_id=await self._account(postings.ONLINE),
            occurred_at=move.happened_at,
            has_failed=has_failed,
        )

    async def _received(self, move: Move, key: str) -> list[Transfer]:
        landed = rules.landing(
            self.order,
            self.attempt,
            amount_fen=move.amount_fen,
            currency=self.snapshot.currency,
            paid_at=move.happened_at,
        )
        self.problem = landed.problem
        source = await self._account(postings.ONLINE)
        if not landed.pays_order:
            return [
                postings.unassigned(
                    self.order.id,
                    move.amount_fen,
                    key=key,
                    source_account_id=source,
                    account_id=await self._account(postings.UNASSIGNED),
                    occurred_at=move.happened_at,
                )
            ]
        await advance(
            rules.ORDERS,
            "order.paid_online",
            self.order.id,
            actor_id=None,
            facts={"amount_fen": move.amount_fen, "payment": self.attempt_id},
            closed_at=clock.now(),
        )
        tell_paid(self.order)
        return postings.receipt(
            self.order.id,
            await queries.lines(self.order.id),
            key=key,
            source_account_id=source,
            occurred_at=move.happened_at,
        )

    async def _account(self, kind: str) -> int:
        return await ledger.open_account(self.owner, kind=kind, unit=postings.UNIT)

    async def _post(self, transfers: Sequence[Transfer]) -> None:
        """A refund of what is spent already goes to the loss account: the money has left in any case."""
        if not transfers:
            return
        outcomes = await ledger.post_many(transfers)
        short = []
        for transfer, outcome in zip(transfers, outcomes, strict=True):
            if isinstance(outcome.refusal, BalanceTooLow):
                short.append(postings.from_loss(transfer, await self._account(postings.REFUND_LOSS)))
            elif outcome.refusal is not None:
                raise outcome.refusal
        if short:
            for outcome in await ledger.post_many(short):
                if outcome.refusal is not None:
                    raise outcome.refusal

    async def _sums(self) -> tuple[int, int]:
        row = await current_unit().connection.fetchrow(
            "select coalesce(sum(amount_fen) filter (where kind = 'captured'), 0)::bigint as captured,"
            " coalesce(sum(case kind when 'refunded' then amount_fen when 'refund_failed' then -amount_fen"
            " end), 0)::bigint as refunded from payment_fact where attempt = $1",
            self.attempt_id,
        )
        return row["captured"], row["refunded"]

    async def _derive(self, seen: str) -> None:
        captured_fen, refunded_fen = await self._sums()
        state = rules.next_state(
            self.attempt.state, seen, captured_fen=captured_fen, refunded_fen=refunded_fen
        )
        sums: dict[str, Any] = {
            "captured_fen": captured_fen,
            "refunded_fen": refunded_fen,
            "problem": self.problem,
            "checked_at": clock.now(),
        }
        if state != self.attempt.state:
            await advance(rules.ATTEMPTS, f"payment.{state}", self.attempt_id, actor_id=None, **sums)
        else:
            await current_unit().connection.execute(
                "update payment_attempt set captured_fen = $2, refunded_fen = $3, problem = $4,"
                " checked_at = $5 where id = $1",
                self.attempt_id,
                *sums.values(),
            )
