"""The verbs of payments: make an order, take cash for it at the counter, ask for its receipt, cancel it."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.documents.services import ask_for_paper
from core.jobs.services import add_job
from core.ledger import services as ledger
from core.payments import postings, queries, rules
from core.payments.errors import (
    OrderNotFound,
    OrderNotOpen,
    OrderPaidAlready,
    PayingOnline,
    ReceiptNumberUsed,
)
from core.payments.errors.bank import TransferUnderWay
from core.payments.services import causes
from core.people.rules import Actor
from core.reference import Ref

SETTLE = "core.settle_payment"
RECEIPT = "core.print_receipt"


async def create_order(
    *,
    payee_id: int,
    payer: Actor | None,
    cause: Ref,
    lines: Sequence[rules.OrderLine],
    expires_at: datetime,
    page: str = "",
) -> int:
    """Make an open order in the caller's unit of work and return its id.

    `page`: where its payer sees it, if not at `/orders/…`; a payer without an account needs one.
    """
    connection = current_unit().connection
    order_id: int = await connection.fetchval(
        "insert into payment_order (payee, payer, household, cause_kind, cause_id, total_fen,"
        " created_at, expires_at, page) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        payee_id,
        payer.person_id if payer else None,
        payer.household_id if payer else None,
        *cause,
        sum(line.amount_fen for line in lines),
        clock.now(),
        expires_at,
        page,
    )
    await connection.executemany(
        'insert into payment_order_line ("order", number, reason, account, amount_fen, note, cause_kind,'
        " cause_id, restriction) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            (
                order_id,
                number,
                line.reason,
                line.account_id,
                line.amount_fen,
                line.note,
                *(line.given or (None, None)),
                line.restriction,
            )
            for number, line in enumerate(lines, 1)
        ],
    )
    record_audit("order.created", Ref("order", order_id), actor_id=payer.person_id if payer else None)
    return order_id


async def confirm_cash(order_id: int, *, amount_fen: int, receipt_no: str, actor: Actor) -> None:
    """Take the whole sum at the payee's counter: payment, entries and event in one unit of work.

    Needs `core.payments.confirm` at the payee; for others there is no such order. Repeating the same
    confirmation changes nothing; raises OrderPaidAlready for another one, OrderNotOpen, OwnOrder,
    AmountDiffers, ReceiptNumberUsed, ReceiptNumberMalformed.
    """
    rules.check_receipt_no(receipt_no)
    try:
        async with unit_of_work():
            order = await queries.order(order_id, lock=True)
            if not actor.may(rules.CONFIRM, Ref("organization", order.payee_id)):
                raise OrderNotFound
            if order.state == rules.PAID and await _is_repeat(order_id, receipt_no, actor):
                return
            rules.check_payable(order, clock.now())
            rules.check_counter(order, amount_fen, actor)
            await _book(order, receipt_no, actor)
    except asyncpg.UniqueViolationError as taken:
        if taken.constraint_name == "payment_receipt_no":
            raise ReceiptNumberUsed(receipt_no=receipt_no) from None
        raise OrderPaidAlready from None


async def _is_repeat(order_id: int, receipt_no: str, actor: Actor) -> bool:
    """A second click of the same treasurer with the same receipt."""
    return bool(
        await current_unit().connection.fetchval(
            'select exists (select from payment where "order" = $1 and receipt_no = $2'
            " and confirmed_by = $3)",
            order_id,
            receipt_no,
            actor.person_id,
        )
    )


async def _book(order: rules.Order, receipt_no: str, actor: Actor) -> None:
    now = clock.now()
    if not await causes.take([order]):
        raise OrderNotOpen
    current_unit().insert(
        "payment",
        order=order.id,
        payee=order.payee_id,
        channel="cash",
        amount_fen=order.total_fen,
        receipt_no=receipt_no,
        confirmed_by=actor.person_id,
        confirmed_at=now,
    )
    await advance(
        rules.ORDERS,
        "order.paid",
        order.id,
        actor_id=actor.person_id,
        facts={"amount_fen": order.total_fen},
        closed_at=now,
    )
    cash = await ledger.open_account(
        Ref("organization", order.payee_id), kind=postings.CASH, unit=postings.UNIT
    )
    for transfer in postings.receipt(
        order.id,
        await queries.lines(order.id),
        key=f"order:{order.id}",
        source_account_id=cash,
        occurred_at=now,
    ):
        ledger.post(transfer)
    await close_attempts(order.id)


async def close_attempts(order_id: int) -> bool:
    """Ask the provider to take no more money for the order, in the caller's unit of work. False: none can."""
    return await close_attempts_of([order_id])


async def close_attempts_of(order_ids: Sequence[int]) -> bool:
    """The same for many orders."""
    attempts = await queries.open_attempts_of(order_ids)
    for attempt in attempts:
        minute = int(clock.now().timestamp()) // 60
        add_job(SETTLE, {"attempt_id": attempt.id, "close": True}, key=f"close-payment:{attempt.id}:{minute}")
    return bool(attempts)


async def ask_for_receipt(order_id: int, *, actor: Actor) -> int:
    """Ask for the receipt of a paid order as a file; returns the job's id.

    For its household and the payee's treasurers; raises OrderNotFound for others, and OrderNotPaid.
    """
    order = await queries.order(order_id)
    if not rules.may_see(order, actor):
        raise OrderNotFound
    rules.check_receipt(order)
    return await ask_for_paper(RECEIPT, {"order_id": order_id}, person_id=actor.person_id)


async def cancel_order(order_id: int, *, actor_id: int | None) -> bool:
    """Cancel an order that is still open, in the caller's unit of work. False: it was not open.

    Nor where somebody may be paying it online: then the provider is asked to close first, and this may
    be tried again; nor while a transfer is awaited. Who is told so learns it from `check_not_paying`.
    """
    await current_unit().connection.execute(
        "select from payment_order where id = $1 for no key update", order_id
    )
    if await close_attempts(order_id) or await queries.is_awaited(order_id, clock.now()):
        return False
    return await advance(rules.ORDERS, "order.cancelled", order_id, actor_id=actor_id, closed_at=clock.now())


async def check_not_paying(order_id: int) -> None:
    """Raise PayingOnline or TransferUnderWay while money for the order may still come."""
    if await queries.open_attempts(order_id):
        raise PayingOnline
    if await queries.is_awaited(order_id, clock.now()):
        raise TransferUnderWay
