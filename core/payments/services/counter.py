"""The counter: a treasurer takes the money of an order; much of it together with a second person."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from core import clock
from core.approvals.services import open_approval
from core.audit.services import advance, record_audit
from core.database import current_unit, fetch_value, unit_of_work
from core.files.rules import Upload
from core.files.services import keep_file
from core.ledger import services as ledger
from core.payments import postings, queries, rules
from core.payments.errors import (
    OrderHeld,
    OrderNotFound,
    OrderNotOpen,
    OrderPaidAlready,
    ReceiptNumberUsed,
)
from core.payments.rules import takings, transfers
from core.payments.services import causes
from core.payments.services.orders import close_attempts
from core.people import queries as people
from core.people.rules import Actor
from core.reference import Ref


@dataclass(frozen=True)
class _Money:
    """What lies on the counter, and who says so."""

    channel: str
    receipt_no: str
    taken_by: int


async def take_at_counter(
    order_id: int,
    *,
    amount_fen: int,
    receipt_no: str,
    actor: Actor,
    channel: str = takings.CASH,
    upload: Upload | None = None,
) -> None:
    """Take the whole sum at the payee's counter: payment, entries and event in one unit of work.

    Above the payee's limit nothing is booked: it is kept with its evidence (`upload`, kept for nothing
    else), the order is held, and a second person is asked. Needs `core.payments.confirm` at the payee; for
    others there is no such order. Repeating the same changes nothing; raises OrderPaidAlready for another
    one, OrderHeld, OrderNotOpen, OwnOrder, AmountDiffers, ReceiptNumberUsed, ReceiptNumberMalformed,
    ChannelUnknown, EvidenceMissing, TooFewVoters.
    """
    rules.check_receipt_no(receipt_no)
    takings.check_channel(channel)
    money = _Money(channel, receipt_no, actor.person_id)
    try:
        async with unit_of_work():
            order = await queries.order(order_id, lock=True)
            if not actor.may(rules.CONFIRM, Ref("organization", order.payee_id)):
                raise OrderNotFound
            if await _is_repeat(order, money):
                return
            rules.check_payable(order, clock.now())
            rules.check_counter(order, amount_fen, actor)
            if await queries.is_receipt_taken(order.payee_id, receipt_no):
                raise ReceiptNumberUsed(receipt_no=receipt_no)
            alone_fen = (await queries.terms(order.payee_id))[transfers.TAKE_ALONE]
            if takings.needs_second(amount_fen, alone_fen, has_evidence=upload is not None):
                await _ask(order, money, upload)
            elif not await _book(order, money):
                raise OrderNotOpen
    except asyncpg.UniqueViolationError as taken:
        if taken.constraint_name in ("payment_receipt_no", "payment_taking_receipt"):
            raise ReceiptNumberUsed(receipt_no=receipt_no) from None
        raise (OrderHeld if taken.constraint_name == "payment_taking_open" else OrderPaidAlready) from None


async def _is_repeat(order: rules.Order, money: _Money) -> bool:
    """A second click of the same treasurer with the same receipt."""
    if order.state != rules.PAID and not order.is_held:
        return False
    return bool(
        await fetch_value(
            'select exists (select from payment where "order" = $1 and receipt_no = $2 and confirmed_by = $3'
            ' union all select from payment_taking where "order" = $1 and receipt_no = $2 and asked_by = $3'
            " and state = 'asked')",
            order.id,
            money.receipt_no,
            money.taken_by,
        )
    )


async def _ask(order: rules.Order, money: _Money, upload: Upload | None) -> None:
    """Hold the order, and have a second person look at the evidence."""
    taking_id: int = await current_unit().connection.fetchval(
        'insert into payment_taking ("order", payee, channel, amount_fen, receipt_no, asked_by, asked_at)'
        " values ($1, $2, $3, $4, $5, $6, $7) returning id",
        order.id,
        order.payee_id,
        money.channel,
        order.total_fen,
        money.receipt_no,
        money.taken_by,
        clock.now(),
    )
    subject = Ref(rules.TAKINGS.code, taking_id)
    if upload is not None:
        await keep_file(upload, subject=subject, actor_id=money.taken_by)
    facts = {"order": order.id, "amount_fen": order.total_fen}
    record_audit("counter_taking.asked", subject, actor_id=money.taken_by, **facts)
    question = takings.taking_question(taking_id, order, maker_id=money.taken_by, now=clock.now())
    payee = Ref("organization", order.payee_id)
    await open_approval(question, voter_ids=await people.holders(rules.APPROVE, payee))
    await close_attempts(order.id)


async def settle_taking_vote(taking_id: int, outcome: str) -> None:
    """A second person has decided, or nobody in time. What has become impossible meanwhile is not booked."""
    async with unit_of_work():
        order = await queries.order((await queries.taking(taking_id)).order_id, lock=True)
        taking = await queries.taking(taking_id, lock=True)
        if taking.state != rules.TAKING_ASKED:
            return
        problem = await _book_agreed(order, taking) if outcome == "approved" else "not_agreed"
        code = "counter_taking.refused" if problem else "counter_taking.booked"
        more: dict[str, Any] = {"problem": problem, "ended_at": clock.now()}
        await advance(rules.TAKINGS, code, taking_id, actor_id=None, **more)


async def _book_agreed(order: rules.Order, taking: rules.Taking) -> str:
    """Book what two persons have seen, late or not, or say why it cannot be any more."""
    if order.state != rules.OPEN:
        return "changed"
    if await queries.is_receipt_taken(order.payee_id, taking.receipt_no, but_for=taking.id):
        return "receipt"
    money = _Money(taking.channel, taking.receipt_no, taking.asked_by)
    return "" if await _book(order, money) else "changed"


async def _book(order: rules.Order, money: _Money) -> bool:
    """False: what the order is for takes no money any more."""
    now = clock.now()
    if not await causes.take([order]):
        return False
    current_unit().insert(
        "payment",
        order=order.id,
        payee=order.payee_id,
        channel=money.channel,
        amount_fen=order.total_fen,
        receipt_no=money.receipt_no,
        confirmed_by=money.taken_by,
        confirmed_at=now,
    )
    await advance(
        rules.ORDERS,
        "order.paid",
        order.id,
        actor_id=money.taken_by,
        facts={"amount_fen": order.total_fen},
        closed_at=now,
    )
    kind = postings.CASH if money.channel == takings.CASH else postings.BANK
    source = await ledger.open_account(Ref("organization", order.payee_id), kind=kind, unit=postings.UNIT)
    for transfer in postings.receipt(
        order.id,
        await queries.lines(order.id),
        key=f"order:{order.id}",
        source_account_id=source,
        occurred_at=now,
    ):
        ledger.post(transfer)
    await close_attempts(order.id)
    return True
