"""Notifications are looked into many at a time, by the code that settles one; who cannot be is set aside."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.people.rules import Actor
from tests.core.payments.closing import Closing
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, balance, start, state_of, tell
from tests.factories import Committee
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")


async def _paid(committee: Committee, payer: Actor, stand_in: Cashier, count: int) -> list[int]:
    """Orders that are paid at the provider; what it would tell of them is kept."""
    orders = [await make_order(committee, payer, amounts=(1000,)) for _ in range(count)]
    for order_id in orders:
        await services.start_payment(order_id, actor=payer)
    await run_due_jobs()
    stand_in.told.events.clear()
    for order_id in orders:
        stand_in.pay((await queries.attempts(order_id))[0].external_id)
    return orders


async def _tell_all(committee: Committee, stand_in: Cashier) -> list[int]:
    for _, event in stand_in.told.events:
        await tell(committee, event)
    return [row["id"] for row in await fetch("select id from payment_notification order by id")]


async def _states() -> dict[str, int]:
    rows = await fetch("select state, count(*) as n from payment_order group by state")
    return {row["state"]: row["n"] for row in rows}


async def _outcomes() -> dict[str, int]:
    rows = await fetch("select outcome, count(*) as n from payment_notification group by outcome")
    return {row["outcome"]: row["n"] for row in rows}


async def test_one_job_takes_all_that_waits_and_the_other_jobs_are_done(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    await _paid(committee, payer, stand_in, 20)
    told = await _tell_all(committee, stand_in)
    await services.take_notification(told[7])
    assert await _states() == {"paid": 20}
    assert await _outcomes() == {"settled": len(told)}
    left = await fetch("select key from job where name = $1 and state = 'waiting'", services.TAKE)
    assert [row["key"] for row in left] == [f"take:{told[7]}"]  # that of the one that was called by hand
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == 20
    units = await fetch_value("select count(distinct posted_at) from ledger_transfer")
    assert units == 1
    assert await differences() == []


async def test_a_poisoned_row_is_set_aside_and_the_others_go_on(
    committee: Committee, payer: Actor, stand_in: Cashier, closing: Closing
) -> None:
    """The ledger refuses its transfer: its line has got a reason that takes evidence."""
    closing.leave_open("one row cannot be booked")
    orders = await _paid(committee, payer, stand_in, 21)
    (poisoned,) = await queries.attempts(orders[10])
    await fetch("alter table payment_order_line disable trigger user")
    await fetch("update payment_order_line set reason = 'core.fund_payment' where \"order\" = $1", orders[10])
    await fetch("alter table payment_order_line enable trigger user")
    told = await _tell_all(committee, stand_in)
    await services.take_notification(told[0])
    assert await _states() == {"paid": 20, "open": 1}
    assert await state_of(orders[10]) == ("open", [("pending", "")])
    aside = await fetch("select reference, problem from payment_notification where outcome = 'set_aside'")
    assert {row["reference"] for row in aside} == {poisoned.reference}
    assert all(row["problem"].startswith("EvidenceMissing") for row in aside)
    assert await balance(committee, "core.public") == 20_000
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == 20
    assert await differences() == []


async def test_two_successes_for_one_order_in_one_batch(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    first = await start(order_id, payer)
    await fetch("update payment_attempt set state = 'failed' where id = $1", first.id)
    second = await start(order_id, payer)
    stand_in.told.events.clear()
    for attempt in (second, first):
        stand_in.pay(attempt.external_id)
    told = await _tell_all(committee, stand_in)
    await services.take_notification(told[0])
    assert await state_of(order_id) == ("paid", [("succeeded", ""), ("succeeded", "second")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.unassigned")) == (
        3500,
        3500,
    )
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == 1
    assert await differences() == []


async def test_payment_refund_and_its_failure_in_one_batch(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    whole, part, again = await _paid(committee, payer, stand_in, 3)
    for order_id, amount_fen in ((part, 400), (again, 1000)):
        (attempt,) = await queries.attempts(order_id)
        refund = stand_in.refund(committee, attempt.external_id, amount_fen)
    stand_in.fail_refund(refund)
    told = await _tell_all(committee, stand_in)
    await services.take_notification(told[0])
    assert await state_of(whole) == ("paid", [("succeeded", "")])
    assert await state_of(part) == ("paid", [("partially_refunded", "")])
    assert await state_of(again) == ("paid", [("succeeded", "")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.outside_online")) == (
        2600,
        -2600,
    )
    assert await balance(committee, "core.refund_loss") == 0
    assert await differences() == []


async def test_workers_share_what_waits_and_do_it_once(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    await _paid(committee, payer, stand_in, 30)
    told = await _tell_all(committee, stand_in)
    await asyncio.gather(*(services.take_notification(told[n % 3]) for n in range(4)), run_due_jobs())
    await run_due_jobs()
    assert await _states() == {"paid": 30}
    assert await _outcomes() == {"settled": len(told)}
    assert await balance(committee, "core.public") == 30_000
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == 30
    assert await differences() == []


async def test_a_provider_that_says_nothing_about_one_is_asked_later_and_holds_up_nobody(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    orders = await _paid(committee, payer, stand_in, 5)
    told = await _tell_all(committee, stand_in)
    (silent,) = await queries.attempts(orders[2])
    for _ in range(3):  # more often than the library tries
        stand_in.fault(kind="drop", path=f"/v1/checkout/sessions/{silent.external_id}")
    await services.take_notification(told[0])
    assert await _states() == {"paid": 4, "open": 1}
    await services.take_notification(told[2])
    assert await _states() == {"paid": 4, "open": 1}
    with clock.frozen(clock.now() + timedelta(seconds=16)):
        await run_due_jobs()
    assert await _states() == {"paid": 5}
    assert await differences() == []
