"""The verbs of orders: make one, ask for its receipt, cancel it."""

from collections.abc import Sequence
from datetime import datetime

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit
from core.documents.services import ask_for_paper
from core.jobs.services import add_job
from core.payments import queries, rules
from core.payments.errors import OrderHeld, OrderNotFound, PayingOnline
from core.payments.errors.bank import TransferUnderWay
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
    be tried again; nor while a transfer is awaited, or the counter has taken its money. Who is told so learns
    it from `check_not_paying`.
    """
    await current_unit().connection.execute(
        "select from payment_order where id = $1 for no key update", order_id
    )
    if await queries.is_held(order_id) or await close_attempts(order_id):
        return False
    if await queries.is_awaited(order_id, clock.now()):
        return False
    return await advance(rules.ORDERS, "order.cancelled", order_id, actor_id=actor_id, closed_at=clock.now())


async def check_not_paying(order_id: int) -> None:
    """Raise OrderHeld, PayingOnline or TransferUnderWay while money for the order may still come."""
    if await queries.is_held(order_id):
        raise OrderHeld
    if await queries.open_attempts(order_id):
        raise PayingOnline
    if await queries.is_awaited(order_id, clock.now()):
        raise TransferUnderWay
