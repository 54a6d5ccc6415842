"""Orders: made, paid at the counter once, cancelled; the money stands in the ledger."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value, unit_of_work
from core.ledger.queries import differences
from core.payments import queries
from core.payments.errors import (
    AmountDiffers,
    OrderNotFound,
    OrderNotOpen,
    OrderPaidAlready,
    OwnOrder,
    ReceiptNumberUsed,
)
from core.payments.services import cancel_order
from core.people.rules import Actor
from tests.core.payments.orders import CAUSE, confirm, make_order, make_second_treasurer
from tests.factories import Committee, make_committee, make_resident


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


@pytest.fixture
async def payer(committee: Committee) -> Actor:
    return await make_resident(committee.region_id)


async def assert_nothing_was_taken(order_id: int, state: str = "open") -> None:
    assert (await queries.order(order_id)).state == state
    for table in ("payment", "ledger_transfer", "event"):
        assert await fetch_value(f"select count(*) from {table}") == 0


async def cancel(order_id: int) -> bool:
    async with unit_of_work():
        return await cancel_order(order_id, actor_id=None)


async def test_an_order_is_read_as_it_was_made(committee: Committee, payer: Actor) -> None:
    expires_at = clock.now() + timedelta(hours=1)
    order_id = await make_order(committee, payer, expires_at=expires_at)
    order = await queries.order(order_id)
    assert (order.payee_id, order.payer_id, order.household_id) == (
        committee.id,
        payer.person_id,
        payer.household_id,
    )
    assert (order.state, order.total_fen, order.cause, order.expires_at) == ("open", 3500, CAUSE, expires_at)
    assert [(line.amount_fen, line.note) for line in await queries.lines(order_id)] == [
        (500, "1 号"),
        (3000, "2 号"),
    ]
    await assert_nothing_was_taken(order_id)


async def test_a_confirmation_books_the_money_and_says_so_in_one_unit(
    committee: Committee, payer: Actor
) -> None:
    order_id = await make_order(committee, payer)
    await confirm(order_id, committee.treasurer, receipt_no="A-17")

    assert (await queries.order(order_id)).state == "paid"
    payment = await fetch_row(
        'select "order", payee, channel, amount_fen, receipt_no, confirmed_by from payment'
    )
    assert tuple(payment) == (order_id, committee.id, "cash", 3500, "A-17", committee.treasurer.person_id)
    rows = await fetch("select kind, balance, lines from ledger_balance order by kind")
    assert [tuple(row) for row in rows] == [("core.outside_cash", -3500, 2), ("core.public", 3500, 2)]
    causes = await fetch("select distinct cause_kind, cause_id from ledger_transfer")
    assert [tuple(row) for row in causes] == [("order", order_id)]
    event = await fetch_row("select name, facts from event")
    assert event["name"] == "order_paid"
    assert json.loads(event["facts"]) == {
        "order_id": order_id,
        "cause_kind": CAUSE.kind,
        "cause_id": CAUSE.id,
    }
    assert await fetch_value("select actor_id from audit_event where action = 'order.paid'") == (
        committee.treasurer.person_id
    )
    assert await differences() == []


async def test_only_a_treasurer_of_the_payee_takes_its_money(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    elsewhere = await make_committee()
    for stranger in (elsewhere.treasurer, payer, await make_resident(committee.region_id)):
        with pytest.raises(OrderNotFound):
            await confirm(order_id, stranger)
    await assert_nothing_was_taken(order_id)


async def test_a_treasurer_does_not_take_money_of_the_own_household(committee: Committee) -> None:
    treasurer = committee.treasurer
    own = await make_order(committee, treasurer)
    wife = await make_resident(committee.region_id, name="家属")
    familys = await make_order(committee, replace(wife, household_id=treasurer.household_id))
    for order_id in (own, familys):
        with pytest.raises(OwnOrder):
            await confirm(order_id, treasurer)
        await assert_nothing_was_taken(order_id)
    await confirm(own, await make_second_treasurer(committee))


async def test_a_wrong_amount_is_not_taken(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    for amount in (3499, 3501, 0):
        with pytest.raises(AmountDiffers):
            await confirm(order_id, committee.treasurer, amount_fen=amount)
    await assert_nothing_was_taken(order_id)


async def test_an_order_is_paid_before_its_hour_and_not_at_it(committee: Committee, payer: Actor) -> None:
    hour = clock.now() + timedelta(hours=1)
    order_id = await make_order(committee, payer, expires_at=hour)
    with clock.frozen(hour), pytest.raises(OrderNotOpen):
        await confirm(order_id, committee.treasurer)
    await assert_nothing_was_taken(order_id)
    with clock.frozen(hour - timedelta(microseconds=1)):
        await confirm(order_id, committee.treasurer)
    assert (await queries.order(order_id)).state == "paid"


async def test_the_same_confirmation_again_changes_nothing(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    await confirm(order_id, committee.treasurer)
    before = await fetch("select * from audit_event order by id")
    await confirm(order_id, committee.treasurer)
    with clock.frozen(clock.now() + timedelta(days=9)):
        await confirm(order_id, committee.treasurer)
    assert await fetch("select * from audit_event order by id") == before
    assert await fetch_value("select count(*) from ledger_transfer") == 2
    assert await fetch_value("select count(*) from event") == 1


async def test_another_confirmation_of_a_paid_order_is_refused(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    await confirm(order_id, committee.treasurer)
    with pytest.raises(OrderPaidAlready):
        await confirm(order_id, committee.treasurer, receipt_no="2")
    with pytest.raises(OrderPaidAlready):
        await confirm(order_id, await make_second_treasurer(committee))
    assert await fetch_value("select count(*) from payment") == 1


async def test_a_receipt_number_is_used_once_a_payee(committee: Committee, payer: Actor) -> None:
    first, second = [await make_order(committee, payer) for _ in range(2)]
    await confirm(first, committee.treasurer, receipt_no="A-17")
    with pytest.raises(ReceiptNumberUsed, match="A-17"):
        await confirm(second, committee.treasurer, receipt_no="A-17")
    assert (await queries.order(second)).state == "open"
    assert await fetch_value("select sum(balance) from ledger_balance where kind = 'core.public'") == 3500

    elsewhere = await make_committee()
    there = await make_order(elsewhere, payer)
    await confirm(there, elsewhere.treasurer, receipt_no="A-17")
    await confirm(second, committee.treasurer, receipt_no="A-18")
    assert await fetch_value("select count(*) from payment") == 3


async def test_a_cancelled_order_is_not_paid_and_a_paid_one_not_cancelled(
    committee: Committee, payer: Actor
) -> None:
    cancelled, paid = [await make_order(committee, payer) for _ in range(2)]
    assert await cancel(cancelled)
    assert not await cancel(cancelled)
    with pytest.raises(OrderNotOpen):
        await confirm(cancelled, committee.treasurer)
    await assert_nothing_was_taken(cancelled, state="cancelled")

    await confirm(paid, committee.treasurer)
    assert not await cancel(paid)
    assert (await queries.order(paid)).state == "paid"
    assert await fetch_value("select count(*) from audit_event where action = 'order.cancelled'") == 1


async def test_an_unknown_order_is_not_found(committee: Committee) -> None:
    with pytest.raises(OrderNotFound):
        await confirm(10**9, committee.treasurer)
    assert not await cancel(10**9)
    assert await queries.lines(10**9) == []


async def test_an_order_of_nothing_is_confirmed_without_money(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer, amounts=(0, 0))
    await confirm(order_id, committee.treasurer, amount_fen=0)
    assert (await queries.order(order_id)).state == "paid"
    assert await fetch_value("select count(*) from ledger_transfer") == 0
    assert await fetch_value("select count(*) from event") == 1


async def test_the_database_keeps_amounts_and_closing_times(committee: Committee, payer: Actor) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await make_order(committee, payer, amounts=(5, -1))
    order_id = await make_order(committee, payer)
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch("update payment_order set state = 'paid' where id = $1", order_id)
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch("update payment_order set state = 'lost', closed_at = now() where id = $1", order_id)


# --- at once -----------------------------------------------------------------------------------


async def test_two_treasurers_at_once_make_one_payment(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    other = await make_second_treasurer(committee)
    results = await asyncio.gather(
        confirm(order_id, committee.treasurer, receipt_no="1"),
        confirm(order_id, other, receipt_no="2"),
        return_exceptions=True,
    )
    assert sorted(type(r).__name__ for r in results) == ["NoneType", "OrderPaidAlready"]
    assert await fetch_value("select count(*) from payment") == 1
    assert await fetch_value("select balance from ledger_balance where kind = 'core.public'") == 3500


async def test_a_double_click_is_one_payment_and_no_refusal(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    await asyncio.gather(*(confirm(order_id, committee.treasurer) for _ in range(5)))
    assert await fetch_value("select count(*) from payment") == 1
    assert await fetch_value("select balance from ledger_balance where kind = 'core.public'") == 3500


async def test_two_orders_at_once_with_one_receipt_number(committee: Committee, payer: Actor) -> None:
    orders = [await make_order(committee, payer) for _ in range(2)]
    results = await asyncio.gather(
        *(confirm(order_id, committee.treasurer) for order_id in orders), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["NoneType", "ReceiptNumberUsed"]
    assert await fetch_value("select balance from ledger_balance where kind = 'core.public'") == 3500


async def test_many_counters_at_once_book_every_fen(committee: Committee) -> None:
    payers = [await make_resident(committee.region_id) for _ in range(12)]
    orders = [await make_order(committee, one) for one in payers]
    await asyncio.gather(
        *(confirm(order_id, committee.treasurer, receipt_no=f"{order_id}") for order_id in orders)
    )
    assert await fetch_value("select balance from ledger_balance where kind = 'core.public'") == 12 * 3500
    assert await fetch_value("select sum(balance) from ledger_balance") == 0
    assert await differences() == []


async def test_paying_and_cancelling_at_once_leave_one_outcome(committee: Committee, payer: Actor) -> None:
    for number in range(5):
        order_id = await make_order(committee, payer)
        paid, cancelled = await asyncio.gather(
            confirm(order_id, committee.treasurer, receipt_no=f"{number}"),
            cancel(order_id),
            return_exceptions=True,
        )
        order = await queries.order(order_id)
        assert (order.state, cancelled, type(paid).__name__) in {
            ("paid", False, "NoneType"),
            ("cancelled", True, "OrderNotOpen"),
        }
