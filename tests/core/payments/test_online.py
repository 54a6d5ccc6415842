"""Orders paid online at a stand-in for Stripe, over real HTTP: once, whatever is told, lost or late."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.ledger.queries import differences
from core.payments import queries, services
from core.payments.errors import (
    OnlineNotOffered,
    OrderNotFound,
    OrderPaidAlready,
)
from core.payments.providers import ProviderSilent
from core.people.rules import Actor
from tests.core.payments.closing import Closing
from tests.core.payments.orders import confirm, make_order
from tests.core.payments.stand_in import Cashier, balance, settle, start, state_of
from tests.factories import Committee, make_committee
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")


async def test_an_order_is_paid_online(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    assert attempt.state == "pending"
    assert attempt.url == f"http://yiji.test/practice/cashier/{attempt.external_id}"
    stand_in.pay(attempt.external_id)
    await settle(order_id, payer)
    assert await state_of(order_id) == ("paid", [("succeeded", "")])
    assert await balance(committee, "core.public") == 3500
    assert await balance(committee, "core.outside_online") == -3500
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == 1
    assert await differences() == []
    await settle(order_id, payer)
    assert await balance(committee, "core.public") == 3500


async def test_a_second_click_returns_the_same_attempt(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    found = await asyncio.gather(*(services.start_payment(order_id, actor=payer) for _ in range(4)))
    assert len(set(found)) == 1


async def test_only_the_own_open_order_of_a_payee_with_an_account_is_paid_online(
    committee: Committee, payer: Actor
) -> None:
    order_id = await make_order(committee, payer)
    with pytest.raises(OrderNotFound):
        await services.start_payment(order_id, actor=committee.treasurer)
    with pytest.raises(OrderNotFound):
        await services.ask_to_settle(order_id, actor=committee.treasurer)
    await confirm(order_id, committee.treasurer)
    with pytest.raises(OrderPaidAlready):
        await services.start_payment(order_id, actor=payer)
    elsewhere = await make_committee()
    with pytest.raises(OnlineNotOffered):
        await services.start_payment(await make_order(elsewhere, payer), actor=payer)
    with pytest.raises(OnlineNotOffered):
        await services.start_payment(await make_order(committee, payer, amounts=(0,)), actor=payer)


async def test_a_call_that_was_applied_and_then_dropped_opens_one_page(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """The library repeats under the same key; so do we, when the job is killed before its COMMIT."""
    order_id = await make_order(committee, payer)
    for _ in range(3):  # more often than the library tries
        stand_in.fault(kind="apply_then_drop", path="/v1/checkout/sessions")
    attempt_id = await services.start_payment(order_id, actor=payer)
    with pytest.raises(Exception, match="APIConnectionError"):
        await services.open_payment(attempt_id)
    assert (await queries.attempt(attempt_id)).state == "created"
    await services.open_payment(attempt_id)
    first = await queries.attempt(attempt_id)
    await fetch(
        "update payment_attempt set state = 'created', external_id = null, url = null where id = $1",
        attempt_id,
    )
    await services.open_payment(attempt_id)
    assert await queries.attempt(attempt_id) == first
    assert len(stand_in.books._sessions) == 1


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 500}, {"kind": "drop"}])
async def test_a_fault_of_the_provider_is_repeated(
    committee: Committee, payer: Actor, stand_in: Cashier, fault: dict[str, Any]
) -> None:
    order_id = await make_order(committee, payer)
    stand_in.fault(**fault)
    assert (await start(order_id, payer)).state == "pending"


async def test_who_asks_too_often_is_told_so_and_asks_later(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """Stripe's library does not repeat a 429; the job does."""
    order_id = await make_order(committee, payer)
    stand_in.fault(kind="status", status=429, path="/v1/checkout/sessions")
    attempt_id = await services.start_payment(order_id, actor=payer)
    with pytest.raises(ProviderSilent):
        await services.open_payment(attempt_id)
    assert (await queries.attempt(attempt_id)).state == "created"
    await services.open_payment(attempt_id)
    assert (await queries.attempt(attempt_id)).state == "pending"
    assert len(stand_in.books._sessions) == 1


async def test_what_the_provider_refuses_ends_the_attempt_and_another_may_begin(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    cheap = await make_order(committee, payer, amounts=(100,))  # below what Stripe takes
    assert (await start(cheap, payer)).state == "failed"
    assert await state_of(cheap) == ("open", [("failed", "refused")])
    again = await services.start_payment(cheap, actor=payer)
    assert [a.id for a in await queries.open_attempts(cheap)] == [again]


async def test_a_wrong_amount_is_kept_apart(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    assert attempt.external_id is not None
    stand_in.books._sessions[attempt.external_id]["amount_total"] = 3400
    stand_in.pay(attempt.external_id)
    await settle(order_id, payer)
    assert await state_of(order_id) == ("open", [("succeeded", "amount")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.unassigned")) == (0, 3400)


async def test_a_wrong_currency_is_not_booked(
    committee: Committee, payer: Actor, stand_in: Cashier, closing: Closing
) -> None:
    closing.leave_open("money of another currency is not in our books")
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    assert attempt.external_id is not None
    stand_in.books._sessions[attempt.external_id]["currency"] = "usd"
    stand_in.pay(attempt.external_id)
    await settle(order_id, payer)
    assert await state_of(order_id) == ("open", [("failed", "currency")])
    stand_in.refund(committee, attempt.external_id, 3500)
    await services.settle(attempt.id)
    assert await state_of(order_id) == ("open", [("failed", "")])
    assert await fetch_value("select count(*) from ledger_entry") == 0


async def test_an_order_is_not_cancelled_without_asking_the_provider(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    async with unit_of_work():
        assert not await services.cancel_order(order_id, actor_id=None)
    stand_in.pay(attempt.external_id)  # a moment before the provider is asked to close
    await run_due_jobs()
    assert await state_of(order_id) == ("paid", [("succeeded", "")])

    other = await make_order(committee, payer)
    await start(other, payer)
    async with unit_of_work():
        assert not await services.cancel_order(other, actor_id=None)
    await run_due_jobs()
    assert await state_of(other) == ("open", [("expired", "")])
    async with unit_of_work():
        assert await services.cancel_order(other, actor_id=None)


async def test_late_money_is_taken_and_said_to_be_late(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    assert attempt.expires_at > clock.now() + timedelta(minutes=30)
    over_at = attempt.created_at - timedelta(minutes=1)
    await fetch("update payment_order set expires_at = $2 where id = $1", order_id, over_at)
    stand_in.pay(attempt.external_id)
    await settle(order_id, payer)
    assert await state_of(order_id) == ("paid", [("succeeded", "late")])


async def test_cash_and_a_payment_online_are_two_and_the_second_waits_to_go_back(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.pay(attempt.external_id)
    await confirm(order_id, committee.treasurer)
    await run_due_jobs()
    assert await state_of(order_id) == ("paid", [("succeeded", "second")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.unassigned")) == (
        3500,
        3500,
    )
    (waiting,) = await queries.online_payments([committee.id], only_problems=True, before_id=None, limit=9)
    assert (waiting.order_id, waiting.problem) == (order_id, "second")

    refund_id = stand_in.refund(committee, attempt.external_id, 3500)
    await services.settle(attempt.id)
    assert await state_of(order_id) == ("paid", [("refunded", "second")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.unassigned")) == (3500, 0)
    assert await queries.online_payments([committee.id], only_problems=True, before_id=None, limit=9) == []

    stand_in.fail_refund(refund_id)
    await services.settle(attempt.id)
    assert await state_of(order_id) == ("paid", [("succeeded", "second")])
    assert await balance(committee, "core.unassigned") == 3500
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == 1
    assert await differences() == []


async def test_parts_go_back_from_where_they_came_and_what_is_spent_is_a_loss(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.pay(attempt.external_id)
    await services.settle(attempt.id)
    stand_in.refund(committee, attempt.external_id, 3200)
    await services.settle(attempt.id)
    assert await state_of(order_id) == ("paid", [("partially_refunded", "")])
    assert await balance(committee, "core.public") == 300
    await _spend(committee, 300)
    stand_in.refund(committee, attempt.external_id, 300)
    for _ in range(2):
        await services.settle(attempt.id)
    assert await state_of(order_id) == ("paid", [("refunded", "")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.refund_loss")) == (
        0,
        -300,
    )
    assert await balance(committee, "core.outside_online") == 0
    assert await differences() == []


async def _spend(committee: Committee, amount_fen: int) -> None:
    from core.ledger import services as ledger
    from core.ledger.rules import Entry, Transfer
    from core.reference import Ref
    from tests.factories import make_accounts

    cash, public = await make_accounts(committee)
    async with unit_of_work():
        ledger.post(
            Transfer(
                key="spent",
                unit="CNY",
                reason="core.payment_refund",
                cause=Ref("test.thing", 1),
                occurred_at=clock.now(),
                entries=(Entry(public, -amount_fen), Entry(cash, amount_fen)),
            )
        )
