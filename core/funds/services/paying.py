"""Money that is set aside: paid by two persons, or given back to the fund; and the voucher that follows."""

import asyncpg

from core import clock
from core.database import unit_of_work
from core.evidence.queries import evidence_of
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds import postings, rules
from core.funds.errors import PaymentNumberUsed
from core.funds.queries import funds, requests
from core.funds.queries.requests import RequestView
from core.funds.rules import states
from core.funds.rules import warnings as warning_rules
from core.funds.services.gifts import fund_account
from core.funds.services.steps import held_account, lock, move
from core.funds.services.warnings import go_on
from core.ledger import services as ledger
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.projects.services import end_project
from core.reference import Ref


async def prepare_payment(request_id: int, *, payment_no: str, actor: Actor) -> None:
    """The first person writes the payment order; repeating it changes nothing.

    Raises RequestNotFound, PermissionMissing, OwnRequest, WrongState, PaymentNumberUsed.
    """
    try:
        async with unit_of_work():
            request = await lock(request_id, actor, states.RECORD)
            rules.check_outsider(actor.person_id, request.asked_by)
            if (request.state, request.prepared_by, request.payment_no) == (
                states.PREPARED,
                actor.person_id,
                payment_no,
            ):
                return
            columns = {"prepared_by": actor.person_id, "payment_no": payment_no}
            await move(request, "fund_request.prepared", actor, **columns)
    except asyncpg.UniqueViolationError:
        raise PaymentNumberUsed(payment_no=payment_no) from None


async def send_back(request_id: int, *, reason: str, actor: Actor) -> None:
    """The second person does not sign: something in the payment order is wrong."""
    rules.check_reason(reason)
    async with unit_of_work():
        request = await lock(request_id, actor, states.CONFIRM)
        rules.check_payer(actor.person_id, request.prepared_by)
        cleared = {"prepared_by": None, "payment_no": None}
        await move(request, "fund_request.sent_back", actor, reason=reason, **cleared)


async def sign_payment(request_id: int, *, aware: str = "", actor: Actor) -> None:
    """The second person signs: the money goes out, and the voucher's term begins. Once.

    Raises RequestNotFound, PermissionMissing, OwnRequest, OwnPayment, WrongState, ConcernedYourself, and
    AwareMissing where there are warnings about who is paid and it does not say why they do not matter.
    """
    async with unit_of_work():
        request = await lock(request_id, actor, states.CONFIRM)
        rules.check_outsider(actor.person_id, request.asked_by)
        rules.check_payer(actor.person_id, request.prepared_by)
        if request.state == states.PAID and request.paid_by == actor.person_id:
            return
        states.REQUESTS.check("fund_request.paid", request, clock.now())
        await go_on(request, warning_rules.SIGN, aware, actor)
        await _pay_out(request)
        terms = await funds.terms(request.foundation_id)
        due_on = rules.voucher_day(clock.today(), terms[rules.VOUCHER_DAYS])
        columns = {"paid_by": actor.person_id, "paid_at": clock.now(), "voucher_due_on": due_on}
        await move(request, "fund_request.paid", actor, reason="", **columns)


async def _pay_out(request: RequestView) -> None:
    ref = Ref(rules.REQUEST, request.id)
    checked = await evidence_of(ref, kinds=[postings.CHECKED])
    ledger.post(
        postings.payment(
            request.id,
            held=await held_account(request.id),
            recipients=await ledger.open_account(request.asker, kind=postings.RECIPIENTS, unit=postings.UNIT),
            amount_fen=request.amount_fen,
            checked=checked[0].id if checked else None,
            at=clock.now(),
        )
    )


async def release_money(request_id: int, *, reason: str, actor: Actor) -> None:
    """It is not needed any more: back to the fund, lot by lot. Raises ReasonMissing, WrongState."""
    rules.check_reason(reason)
    async with unit_of_work():
        request = await lock(request_id, actor, states.RECORD)
        states.REQUESTS.check("fund_request.released", request, clock.now())
        ledger.post(
            postings.release(
                request.id,
                fund=await fund_account(request.fund_id),
                held=await held_account(request.id),
                amount_fen=request.amount_fen,
                at=clock.now(),
            )
        )
        await move(request, "fund_request.released", actor, reason=reason)


async def bring_voucher(
    request_id: int, *, voucher_no: str, result: str, upload: Upload, actor: Actor
) -> None:
    """The organization that was paid shows what it did with the money; late is better than never.

    The project that was opened for such a request is completed with the last voucher for it. Raises
    RequestNotFound, PermissionMissing, WrongState, and what a file can be refused for. Repeating it changes
    nothing.
    """
    async with unit_of_work():
        found = await requests.request_for(request_id, actor)
        if not requests.may_report(found, actor):
            raise PermissionMissing
        if found.state == states.PAID:  # read before the row is locked: a picture takes its time
            await keep_file(upload, subject=Ref(rules.REQUEST, request_id), actor_id=actor.person_id)
        request = await requests.request(request_id, lock=True)
        if (request.state, request.voucher_no, request.result) == (states.REPORTED, voucher_no, result):
            return
        columns = {"voucher_no": voucher_no, "result": result, "reported_by": actor.person_id}
        await move(request, "fund_request.reported", actor, reported_at=clock.now(), **columns)
        if await requests.is_project_done(request.project_id):
            assert request.project_id is not None
            await end_project(request.project_id, "completed", actor_id=actor.person_id)
