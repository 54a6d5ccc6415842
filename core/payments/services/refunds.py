"""Sending money back: asked for by a treasurer, agreed to by a second person above a limit, sent, once."""

import secrets

import asyncpg

from core import clock
from core.approvals.services import open_approval
from core.audit.services import advance, record_audit
from core.database import current_unit, fetch_value, unit_of_work
from core.jobs.services import add_job
from core.ledger import services as ledger
from core.ledger.queries import lying
from core.payments import postings, queries, rules
from core.payments.errors import (
    NothingToRefund,
    OrderNotFound,
    ReceiptNumberUsed,
    RefundNotDue,
    RefundNotFound,
)
from core.payments.providers import ProviderRefused, RefundRequest, provider
from core.payments.rules import takings
from core.payments.rules.refunds import ASKED, SENDING, SENT
from core.payments.services import causes
from core.payments.services.merchants import ask_account, notify_url
from core.payments.services.online import settle
from core.payments.services.settlement import tell_returned
from core.people import queries as people
from core.people.rules import Actor
from core.reference import Ref

SEND_REFUND = "core.send_refund"


async def ask_refund(
    order_id: int,
    *,
    amount_fen: int,
    reason: str,
    actor: Actor,
    attempt_id: int | None = None,
    seen_fen: int | None = None,
) -> int:
    """Ask for money of an order to go back, and return the refund's id. A second click returns the same one.

    Of the online payment `attempt_id`, or else of what was paid in cash; `seen_fen`: what the treasurer saw
    to be left of it. Above the payee's limit a second person is asked. Needs `core.payments.confirm` there.
    Raises OrderNotFound, NothingToRefund, OwnRefund, RefundReasonMissing, RefundChanged, RefundTooMuch,
    TooFewVoters.
    """
    rules.check_refund_reason(reason)
    async with unit_of_work():
        order = await queries.order(order_id, lock=True)
        if not actor.may(rules.CONFIRM, Ref("organization", order.payee_id)):
            raise OrderNotFound
        found = [one for one in await queries.sources(order_id) if one.attempt_id == attempt_id]
        if not found:
            raise NothingToRefund
        if repeated := await _same(order_id, attempt_id, amount_fen, reason, actor):
            return repeated
        left_fen = found[0].left_fen
        rules.check_refund(order, actor, amount_fen=amount_fen, left_fen=left_fen, seen_fen=seen_fen)
        refund_id = await _write(order, attempt_id, amount_fen, reason, actor)
        if amount_fen > await queries.refund_limit(order.payee_id):
            question = rules.approval_question(
                refund_id, order, amount_fen, maker_id=actor.person_id, now=clock.now()
            )
            payee = Ref("organization", order.payee_id)
            await open_approval(question, voter_ids=await people.holders(rules.APPROVE, payee))
        else:
            await _approve(refund_id, attempt_id, actor_id=actor.person_id)
        return refund_id


async def _same(
    order_id: int, attempt_id: int | None, amount_fen: int, reason: str, actor: Actor
) -> int | None:
    """A second click: the same refund by the same person, still under way."""
    found: int | None = await fetch_value(
        'select id from payment_refund where "order" = $1 and attempt is not distinct from $2'
        " and amount_fen = $3 and reason = $4 and asked_by = $5 and state = any($6) order by id desc limit 1",
        order_id,
        attempt_id,
        amount_fen,
        reason,
        actor.person_id,
        list(rules.WAITING_STATES),
    )
    return found


async def _write(
    order: rules.Order, attempt_id: int | None, amount_fen: int, reason: str, actor: Actor
) -> int:
    refund_id: int = await current_unit().connection.fetchval(
        'insert into payment_refund ("order", payee, attempt, amount_fen, reason, reference, asked_by,'
        " asked_at) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        order.id,
        order.payee_id,
        attempt_id,
        amount_fen,
        reason,
        secrets.token_hex(16),
        actor.person_id,
        clock.now(),
    )
    facts = {"order": order.id, "amount_fen": amount_fen}
    record_audit("refund.asked", Ref(rules.REFUNDS.code, refund_id), actor_id=actor.person_id, **facts)
    return refund_id


async def _approve(refund_id: int, attempt_id: int | None, *, actor_id: int | None) -> None:
    """Agreed: the worker sends it, or the counter pays it out."""
    await advance(rules.REFUNDS, "refund.approved", refund_id, actor_id=actor_id)
    if attempt_id is not None:
        add_job(SEND_REFUND, {"refund_id": refund_id}, priority=-1)


async def settle_refund_vote(refund_id: int, outcome: str) -> None:
    """A second person has decided, or nobody in time. What has become impossible meanwhile is not sent."""
    async with unit_of_work():
        await queries.order((await queries.refund(refund_id)).order_id, lock=True)
        refund = await queries.refund(refund_id, lock=True)
        if refund.state != ASKED:
            return
        if outcome != "approved":
            await _refuse(refund_id, "not_agreed")
        elif not await _is_still_there(refund):
            await _refuse(refund_id, "changed")
        else:
            await _approve(refund_id, refund.attempt_id, actor_id=None)


async def _refuse(refund_id: int, problem: str) -> None:
    await advance(
        rules.REFUNDS, "refund.refused", refund_id, actor_id=None, problem=problem, ended_at=clock.now()
    )


async def _is_still_there(refund: rules.Refund) -> bool:
    """What is promised is counted as gone, this refund too: nothing below zero may be left."""
    found = await queries.sources(refund.order_id)
    return all(one.left_fen >= 0 for one in found if one.attempt_id == refund.attempt_id)


async def send_refund(refund_id: int) -> None:
    """Have the provider send it; killed half way, it finds what it has sent. Raises ProviderSilent."""
    refund = await queries.refund(refund_id)
    if refund.state != SENDING or refund.attempt_id is None:
        return
    attempt_id = refund.attempt_id
    await settle(attempt_id)  # it may have gone already, and the provider forgets our key after a day
    refund = await queries.refund(refund_id)
    if refund.state != SENDING:
        return
    attempt = await queries.attempt(attempt_id)
    (merchant,) = await queries.merchants(ids=[attempt.merchant_id])
    wanted = RefundRequest(
        reference=refund.reference,
        payment=attempt.reference,
        external_id=attempt.external_id or "",
        amount_fen=refund.amount_fen,
        notify_url=notify_url(merchant.provider, merchant.organization_id),
    )
    try:
        refund_at = provider(merchant.provider).refund
        external_id = await ask_account(merchant, lambda keys: refund_at(wanted, keys))
    except ProviderRefused:
        await _fail(refund_id)
        return
    await _note_sent(refund_id, external_id)
    await settle(attempt.id)


async def _fail(refund_id: int) -> None:
    """Unless another worker has sent it meanwhile: what has gone, has gone."""
    async with unit_of_work():
        if (await queries.refund(refund_id, lock=True)).state != SENDING:
            return
        await advance(
            rules.REFUNDS, "refund.failed", refund_id, actor_id=None, problem="refused", ended_at=clock.now()
        )


async def _note_sent(refund_id: int, external_id: str) -> None:
    """So that what the provider tells of it next is known to be ours."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update payment_refund set external_id = $2 where id = $1", refund_id, external_id
        )


async def pay_refund_out(refund_id: int, *, receipt_no: str, actor: Actor) -> None:
    """The cash was counted out and the payer has signed for it: entries in the same unit of work.

    Needs `core.payments.confirm` at the payee. Repeating it with the same number changes nothing. Raises
    RefundNotFound, RefundNotDue, OwnRefund, ReceiptNumberMalformed, ReceiptNumberUsed, BalanceTooLow.
    """
    rules.check_receipt_no(receipt_no)
    try:
        async with unit_of_work():
            order = await queries.order((await queries.refund(refund_id)).order_id, lock=True)
            refund = await queries.refund(refund_id, lock=True)
            if not actor.may(rules.CONFIRM, Ref("organization", order.payee_id)):
                raise RefundNotFound
            if refund.state == SENT and refund.receipt_no == receipt_no:
                return
            if refund.state != SENDING or not refund.is_cash:
                raise RefundNotDue
            rules.check_not_own(order, actor)
            await _book_cash(order, refund, receipt_no, actor)
    except asyncpg.UniqueViolationError:
        raise ReceiptNumberUsed(receipt_no=receipt_no) from None


async def _book_cash(order: rules.Order, refund: rules.Refund, receipt_no: str, actor: Actor) -> None:
    now, payee = clock.now(), Ref("organization", order.payee_id)
    gone_fen = await fetch_value(
        "select coalesce(sum(amount_fen), 0) from payment_refund"
        ' where "order" = $1 and attempt is null and state = $2',
        order.id,
        SENT,
    )
    await advance(
        rules.REFUNDS,
        "refund.paid_out",
        refund.id,
        actor_id=actor.person_id,
        receipt_no=receipt_no,
        ended_at=now,
    )
    by_hand = [one for one in await queries.sources(order.id) if one.attempt_id is None]
    from_kind = postings.CASH if by_hand[0].channel == takings.CASH else postings.BANK
    parts = await parts_gone(order, gone_fen=gone_fen, amount_fen=refund.amount_fen)
    for transfer in postings.gone_back(
        order.id,
        parts,
        key=f"refund:{refund.id}",
        reason=postings.REFUND,
        source_account_id=await ledger.open_account(payee, kind=from_kind, unit=postings.UNIT),
        occurred_at=now,
    ):
        ledger.post(transfer)
    tell_returned(order, amount_fen=refund.amount_fen)
    await causes.note_returned([order])


async def parts_gone(order: rules.Order, *, gone_fen: int, amount_fen: int) -> list[postings.Part]:
    """What is taken out of which line, after what has gone; of a lot that is spent, the payee bears it."""
    lines = await queries.lines(order.id)
    parts = postings.refund_parts(lines, gone_fen=gone_fen, amount_fen=amount_fen)
    if origins := [part.given for part in parts if part.given]:
        payee = Ref("organization", order.payee_id)
        there = await lying(origins, like=[part.account_id for part in parts])
        loss = await ledger.open_account(payee, kind=postings.REFUND_LOSS, unit=postings.UNIT)
        return postings.from_lots(parts, there, loss)
    return parts
