"""What a treasurer decides about money that came in at the bank, and what the books say of it.

Money that pays an order goes to its lines. Other money is booked once somebody has decided that it is to be
sent back: until then nobody knows whose it is. What was wrong is reversed, never changed.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from core import clock
from core.approvals.services import open_approval
from core.audit.services import advance, advance_many, record_audit
from core.database import current_unit, fetch, unit_of_work
from core.ledger import services as ledger
from core.payments import postings, queries, rules
from core.payments.errors.bank import BankLineDecided, BankLineNotFound, LineOrderUnknown, RefundedAlready
from core.payments.rules import bank_lines, transfers
from core.payments.rules.bank_lines import (
    ARRIVED,
    BOOKED,
    LINE_ASKED,
    LINES,
    NOT_OURS,
    RETURNED,
    RETURNING,
    WAITING,
    Line,
)
from core.payments.rules.orders import BANK_RECEIPT
from core.payments.rules.refunds import SENT, UNDONE
from core.payments.services import causes
from core.payments.services.orders import close_attempts_of
from core.payments.services.refunds import parts_gone
from core.payments.services.settlement import tell_returned
from core.people import queries as people
from core.people.rules import Actor
from core.reference import Ref

EXPORT_LINES = "core.export_bank_lines"


async def book_lines(organization_id: int, wanted: Mapping[int, int], *, actor_id: int) -> int:
    """Line -> open order: each order is paid with its line, in the caller's unit of work; returns how many.

    The caller has locked the orders and knows that they are open and of the lines' sums. Where what an order
    is for takes no money any more, its line waits for a person.
    """
    orders = await queries.orders_by(list(wanted.values()))
    taken = await causes.take(list(orders.values()))
    paid = {line_id: order_id for line_id, order_id in wanted.items() if order_id in taken}
    over = sorted(set(wanted) - set(paid))
    await fetch("update payment_bank_line set reason = 'order_over' where id = any($1)", over)
    if paid:
        await _book(organization_id, paid, orders, actor_id)
    return len(paid)


async def _book(
    organization_id: int, paid: Mapping[int, int], orders: Mapping[int, rules.Order], actor_id: int
) -> None:
    order_ids, now = list(paid.values()), clock.now()
    consist = await queries.lines_of(order_ids)
    sources = {
        is_kept: await _account(organization_id, kind)
        for is_kept, kind in ((True, postings.UNASSIGNED), (False, postings.BANK))
    }
    for line in await queries.bank_lines_by(list(paid)):
        order = orders[paid[line.id]]
        _write_payment(line, order, actor_id)
        for transfer in postings.receipt(
            order.id,
            consist[order.id],
            key=_key(line),
            source_account_id=sources[line.is_kept],
            occurred_at=now,
        ):
            ledger.post(transfer)
    await advance_many(rules.ORDERS, "order.paid_by_transfer", order_ids, actor_id=actor_id, closed_at=now)
    await decide_lines("bank_line.booked", list(paid), actor_id, reason="")
    await _count_move(list(paid), is_kept=False)
    await close_attempts_of(order_ids)


def _write_payment(line: Line, order: rules.Order, actor_id: int) -> None:
    current_unit().insert(
        "payment",
        order=order.id,
        payee=order.payee_id,
        channel="bank",
        amount_fen=order.total_fen,
        receipt_no=f"{BANK_RECEIPT}{line.id}" + (f"-{line.moves}" if line.moves else ""),
        confirmed_by=actor_id,
        confirmed_at=clock.now(),
    )


async def _account(organization_id: int, kind: str) -> int:
    return await ledger.open_account(Ref("organization", organization_id), kind=kind, unit=postings.UNIT)


def _key(line: Line) -> str:
    """Of the next posting about the line."""
    return f"bank:{line.id}:{line.moves}"


async def decide_lines(code: str, line_ids: list[int], actor_id: int | None, **columns: Any) -> None:
    """Take the lines on, in the caller's unit of work."""
    who: dict[str, Any] = {"decided_by": actor_id, "decided_at": clock.now()} if actor_id is not None else {}
    await advance_many(LINES, code, line_ids, actor_id=actor_id, **(who | columns))


async def _count_move(line_ids: list[int], *, is_kept: bool) -> None:
    await fetch(
        "update payment_bank_line set moves = moves + 1, is_kept = $2 where id = any($1)", line_ids, is_kept
    )


async def own_line(line_id: int, actor: Actor) -> Line:
    """Locked, for the payee's treasurers; BankLineNotFound for others."""
    line = await queries.bank_line(line_id, lock=True)
    if not actor.may(rules.CONFIRM, Ref("organization", line.organization_id)):
        raise BankLineNotFound
    return line


async def assign_line(line_id: int, order_id: int, *, actor: Actor) -> None:
    """The money pays this order; above the payee's limit a second person is asked. Repeating changes nothing.

    Needs `core.payments.confirm` at the payee. Raises BankLineNotFound, BankLineDecided, LineOrderUnknown,
    LineSumDiffers, LineOrderOwn, TooFewVoters.
    """
    async with unit_of_work():
        line = await own_line(line_id, actor)
        if line.state in (BOOKED, LINE_ASKED) and line.order_id == order_id:
            return
        if line.state != WAITING:
            raise BankLineDecided
        owed = (await queries.owed_by_id(line.organization_id, [order_id], lock=True)).get(order_id)
        if owed is None:
            raise LineOrderUnknown
        bank_lines.check_assigned(line, owed.order, actor)
        await fetch('update payment_bank_line set "order" = $2 where id = $1', line_id, order_id)
        terms = await queries.terms(line.organization_id)
        if line.amount_fen <= terms[transfers.TAKE_ALONE]:
            if not await book_lines(line.organization_id, {line_id: order_id}, actor_id=actor.person_id):
                raise LineOrderUnknown
            return
        await decide_lines("bank_line.asked", [line_id], actor.person_id)
        question = bank_lines.line_question(
            line, order_id=order_id, maker_id=actor.person_id, now=clock.now()
        )
        payee = Ref("organization", line.organization_id)
        await open_approval(question, voter_ids=await people.holders(rules.APPROVE, payee))


async def settle_line_vote(line_id: int, outcome: str) -> None:
    """A second person has decided, or nobody in time. What has become impossible meanwhile is not booked."""
    async with unit_of_work():
        line = await queries.bank_line(line_id, lock=True)
        if line.state != LINE_ASKED or line.order_id is None or line.decided_by is None:
            return
        if problem := "not_agreed" if outcome != "approved" else await _book_agreed(line):
            await advance(LINES, "bank_line.refused", line_id, actor_id=None, reason=problem)


async def _book_agreed(line: Line) -> str:
    """Book what two persons have agreed to, or say why it cannot be any more."""
    assert line.order_id is not None
    assert line.decided_by is not None
    owed = await queries.owed_by_id(line.organization_id, [line.order_id], lock=True)
    if owed[line.order_id].order.state != rules.OPEN:
        return "changed"
    wanted = {line.id: line.order_id}
    return "" if await book_lines(line.organization_id, wanted, actor_id=line.decided_by) else "changed"


async def mark_not_ours(line_id: int, *, actor: Actor) -> None:
    """The money has nothing to do with orders. Raises BankLineNotFound, BankLineDecided."""
    async with unit_of_work():
        line = await own_line(line_id, actor)
        if line.state == NOT_OURS:
            return
        if line.state != WAITING:
            raise BankLineDecided
        await drop_kept(line)
        await decide_lines("bank_line.not_ours", [line_id], actor.person_id)


async def drop_kept(line: Line) -> None:
    """What was kept apart of it is so no longer: it is no payer's money."""
    if line.is_kept:
        await _post_kept(line, postings.BANK_KEPT, is_in=False)


async def _post_kept(line: Line, reason: str, *, is_in: bool) -> None:
    """Between the bank and what is not assigned."""
    bank = await _account(line.organization_id, postings.BANK)
    kept = await _account(line.organization_id, postings.UNASSIGNED)
    giver, taker = (bank, kept) if is_in else (kept, bank)
    cause, now = Ref(LINES.code, line.id), clock.now()
    ledger.post(
        postings.moved(
            line.amount_fen, giver, taker, key=_key(line), reason=reason, cause=cause, occurred_at=now
        )
    )
    await _count_move([line.id], is_kept=is_in)


async def decide_return(line_id: int, *, actor: Actor) -> None:
    """The money is to be sent back, at the bank. Raises BankLineNotFound, BankLineDecided."""
    async with unit_of_work():
        line = await own_line(line_id, actor)
        if line.state == RETURNING:
            return
        if line.state != WAITING:
            raise BankLineDecided
        if not line.is_kept:
            await _post_kept(line, postings.BANK_KEPT, is_in=True)
        await decide_lines("bank_line.returning", [line_id], actor.person_id)


async def confirm_return(line_id: int, *, sent_back_no: str, actor: Actor) -> None:
    """The bank has sent it back, under this number; above the limit another treasurer says so.

    Repeating it with the same number changes nothing. Raises BankLineNotFound, BankLineDecided,
    SentBackNumberMissing, SecondNeeded.
    """
    async with unit_of_work():
        line = await own_line(line_id, actor)
        if line.state == RETURNED and line.sent_back_no == sent_back_no:
            return
        if line.state != RETURNING:
            raise BankLineDecided
        limit_fen = await queries.refund_limit(line.organization_id)
        bank_lines.check_sent_back(line, sent_back_no, actor_id=actor.person_id, limit_fen=limit_fen)
        await _post_kept(line, postings.BANK_RETURNED, is_in=False)
        await decide_lines("bank_line.returned", [line_id], actor.person_id, sent_back_no=sent_back_no)


async def undo_line(line_id: int, *, reason: str, actor: Actor) -> None:
    """What was decided about the line was wrong: it waits again, and what was booked is reversed.

    An order that it paid stays paid, as after a refund: who caused it learns by `money_returned`. Raises
    BankLineNotFound, BankLineDecided, RefundReasonMissing, RefundedAlready, BalanceTooLow.
    """
    rules.check_refund_reason(reason)
    async with unit_of_work():
        line = await own_line(line_id, actor)
        if line.state == WAITING and line.reason == "undone":
            return
        if line.state not in (BOOKED, NOT_OURS, RETURNING, ARRIVED):
            raise BankLineDecided
        if line.state == BOOKED:
            await _take_back(line, reason, actor)
        if line.state == ARRIVED:
            await fetch("update payment_settlement_line set bank_line = null where bank_line = $1", line_id)
        await decide_lines("bank_line.undone", [line_id], actor.person_id, reason="undone")
        await fetch('update payment_bank_line set "order" = null where id = $1', line_id)


async def _take_back(line: Line, reason: str, actor: Actor) -> None:
    """Out of the order that it paid, into what is not assigned."""
    assert line.order_id is not None
    order = await queries.order(line.order_id, lock=True)
    (source,) = [one for one in await queries.sources(order.id) if one.attempt_id is None]
    if source.left_fen != line.amount_fen:
        raise RefundedAlready
    now = clock.now()
    await fetch(
        'insert into payment_refund ("order", payee, line, amount_fen, reason, state, reference, asked_by,'
        " asked_at, ended_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        order.id,
        order.payee_id,
        line.id,
        line.amount_fen,
        reason,
        SENT,
        secrets.token_hex(16),
        actor.person_id,
        now,
    )
    for transfer in postings.gone_back(
        order.id,
        await parts_gone(order, gone_fen=0, amount_fen=line.amount_fen),
        key=_key(line),
        reason=postings.BANK_UNDONE,
        source_account_id=await _account(order.payee_id, postings.UNASSIGNED),
        occurred_at=now,
    ):
        ledger.post(transfer)
    await _count_move([line.id], is_kept=True)
    facts = {"order": order.id}
    record_audit("bank_line.taken_back", Ref(LINES.code, line.id), actor_id=actor.person_id, **facts)
    tell_returned(order, amount_fen=line.amount_fen, outcome=UNDONE)
    await causes.note_returned([order])
