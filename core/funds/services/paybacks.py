"""A payee gives back what it did not use, by two persons: the money goes to the lots that it came from."""

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.evidence.services import record_evidence
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds import postings, rules
from core.funds.errors.paybacks import (
    FundOver,
    NotPaidYet,
    PaybackNotFound,
    PaybackSlipUsed,
    PaybackWaits,
)
from core.funds.queries import funds, paybacks
from core.funds.queries.paybacks import PaybackView
from core.funds.queries.requests import RequestView
from core.funds.rules import leaving, states
from core.funds.services.gifts import fund_account
from core.funds.services.steps import held_account, lock
from core.funds.tables import FundPayback
from core.ledger import services as ledger
from core.people.rules import Actor
from core.reference import Ref


async def prepare_payback(
    request_id: int, *, amount_fen: int, slip_no: str, reason: str, upload: Upload, actor: Actor
) -> None:
    """The first person books what has come, with the bank's slip; repeating it changes nothing.

    Raises ReasonMissing, RequestNotFound, PermissionMissing, OwnRequest, NotPaidYet, FundOver,
    PaybackTooMuch, PaybackWaits, PaybackSlipUsed, and what a file can be refused for.
    """
    rules.check_reason(reason)
    try:
        async with unit_of_work():
            request = await _lock(request_id, actor, states.RECORD)
            last = await paybacks.last_payback(request_id)
            if last and (last.prepared_by, last.slip_no, last.amount_fen) == (
                actor.person_id,
                slip_no,
                amount_fen,
            ):
                return
            if last and last.state == leaving.PREPARED:
                raise PaybackWaits
            leaving.check_payback(amount_fen, request.amount_fen - request.returned_fen)
            payback = FundPayback(
                request=request_id,
                foundation=request.foundation_id,
                amount_fen=amount_fen,
                slip_no=slip_no,
                reason=reason,
                prepared_by=actor.person_id,
                prepared_at=clock.now(),
            )
            await payback.save()
            await keep_file(upload, subject=Ref(rules.REQUEST, request_id), actor_id=actor.person_id)
            ref, facts = Ref(leaving.PAYBACKS.code, payback.id), {"request_id": request_id}
            record_audit("fund_payback.prepared", ref, actor_id=actor.person_id, **facts)
    except asyncpg.UniqueViolationError:
        raise PaybackSlipUsed(slip_no=slip_no) from None


async def _lock(request_id: int, actor: Actor, permission: str) -> RequestView:
    """The request, locked: paid, by a fund that has not ended, and not asked for by this person."""
    request = await lock(request_id, actor, permission)
    rules.check_outsider(actor.person_id, request.asked_by)
    if request.state not in (states.PAID, states.REPORTED):
        raise NotPaidYet
    if (await funds.fund(request.fund_id, lock=True)).state == states.CLOSED:
        raise FundOver
    return request


async def sign_payback(request_id: int, *, actor: Actor) -> None:
    """The second person has seen the money: it is in the fund again, in the lots it came from. Once.

    Raises RequestNotFound, PermissionMissing, OwnRequest, NotPaidYet, FundOver, PaybackNotFound, OwnPayment.
    """
    async with unit_of_work() as unit:
        request = await _lock(request_id, actor, states.CONFIRM)
        payback = await _last(request_id)
        if (payback.state, payback.signed_by) == (leaving.RETURNED, actor.person_id):
            return
        if payback.state != leaving.PREPARED:
            raise PaybackNotFound
        rules.check_payer(actor.person_id, payback.prepared_by)
        await _post(request, payback, actor)
        await unit.connection.execute(
            "update fund_request set returned_fen = returned_fen + $2 where id = $1",
            request_id,
            payback.amount_fen,
        )
        by, now = actor.person_id, clock.now()
        await advance(
            leaving.PAYBACKS, "fund_payback.returned", payback.id, actor_id=by, signed_by=by, signed_at=now
        )


async def _post(request: RequestView, payback: PaybackView, actor: Actor) -> None:
    """Take the payment back whole; pay again what stays paid; the rest goes on to the fund."""
    current_unit()
    ref, at = Ref(rules.REQUEST, request.id), clock.now()
    held = await held_account(request.id)
    await ledger.reverse(
        await paybacks.payment_of(request.id), reason=postings.PAID_BACK, cause=ref, occurred_at=at
    )
    stays_fen = request.amount_fen - request.returned_fen - payback.amount_fen
    if stays_fen:
        recipients = await ledger.open_account(request.asker, kind=postings.RECIPIENTS, unit=postings.UNIT)
        slip = await record_evidence(postings.SLIP, ref, actor_id=actor.person_id, payback_id=payback.id)
        ledger.post(
            postings.stays_paid(
                payback.id,
                request.id,
                held=held,
                recipients=recipients,
                amount_fen=stays_fen,
                slip=slip,
                at=at,
            )
        )
    fund = await fund_account(request.fund_id)
    amount_fen = payback.amount_fen
    ledger.post(
        postings.paid_back(payback.id, request.id, fund=fund, held=held, amount_fen=amount_fen, at=at)
    )


async def drop_payback(request_id: int, *, actor: Actor) -> None:
    """It was booked by mistake; raises RequestNotFound, PaybackNotFound."""
    async with unit_of_work():
        await lock(request_id, actor, states.RECORD)
        payback = await _last(request_id)
        if payback.state != leaving.PREPARED:
            raise PaybackNotFound
        await advance(leaving.PAYBACKS, "fund_payback.dropped", payback.id, actor_id=actor.person_id)


async def _last(request_id: int) -> PaybackView:
    payback = await paybacks.last_payback(request_id)
    if payback is None:
        raise PaybackNotFound
    return payback
