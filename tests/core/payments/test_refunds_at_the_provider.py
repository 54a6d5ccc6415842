"""Refunds that the provider refuses, sends back, calls off or undoes later."""

import asyncio

import pytest

from core.database import fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.payments.providers import Credentials, ProviderRefused, RefundRequest
from core.payments.stripe_checkout import StripeCheckout
from core.people.rules import Actor
from tests.core.payments.orders import make_order
from tests.core.payments.refunding import ask, state, told
from tests.core.payments.stand_in import Cashier, balance, pay, start, state_of
from tests.core.payments.test_online import _spend
from tests.factories import Committee
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")


async def test_a_refund_that_the_bank_sends_back_may_be_tried_again(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    first = await ask(order_id, committee.treasurer, 3500, attempt.id)
    await run_due_jobs()
    external_id = (await queries.refund(first)).external_id
    assert external_id is not None
    stand_in.fail_refund(external_id)
    await services.settle(attempt.id)
    await run_due_jobs()
    assert await state(first) == ("failed", "bank")
    assert await balance(committee, "core.public") == 3500
    assert (await told(payer))[-1] == "退款没有退成"
    assert "退款没有退成" in await told(committee.treasurer)
    waiting = await queries.refunds([committee.id], only_waiting=True, before_id=None, limit=9)
    assert [one.id for one in waiting] == [first]
    again = await ask(order_id, committee.treasurer, 3500, attempt.id, seen_fen=3500)
    await run_due_jobs()
    assert await state(again) == ("sent", "")
    assert await queries.refunds([committee.id], only_waiting=True, before_id=None, limit=9) == []
    assert await differences() == []


async def test_what_the_provider_refuses_has_failed(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    refund_id = await ask(order_id, committee.treasurer, 100, attempt.id)
    stand_in.refund(committee, attempt.external_id, 3500)
    await run_due_jobs()
    assert await state(refund_id) == ("failed", "refused")
    assert await balance(committee, "core.public") == 0


async def test_a_refund_that_was_called_off_has_not_gone(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """It waited for the payer's own account number at the provider, and was cancelled there."""
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    refund_id = await ask(order_id, committee.treasurer, 3500, attempt.id)
    await run_due_jobs()
    external_id = (await queries.refund(refund_id)).external_id
    assert external_id is not None
    stand_in.fail_refund(external_id)
    stand_in.books._refunds[external_id]["status"] = "canceled"
    await services.settle(attempt.id)
    assert await state(refund_id) == ("failed", "bank")
    assert await balance(committee, "core.public") == 3500
    assert [source.left_fen for source in await queries.sources(order_id)] == [3500]
    assert await differences() == []


async def test_a_late_refusal_does_not_undo_what_has_gone(
    committee: Committee, payer: Actor, stand_in: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers at one refund: the first has sent it, when the second hears that there is nothing left."""
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    refund_id = await ask(order_id, committee.treasurer, 3500, attempt.id)
    loop, send = asyncio.get_running_loop(), StripeCheckout.refund

    def overtaken(adapter: StripeCheckout, wanted: RefundRequest, credentials: Credentials) -> str:
        monkeypatch.setattr(StripeCheckout, "refund", send)
        asyncio.run_coroutine_threadsafe(services.send_refund(refund_id), loop).result(20)
        raise ProviderRefused("charge_already_refunded")

    monkeypatch.setattr(StripeCheckout, "refund", overtaken)
    await services.send_refund(refund_id)
    assert await state(refund_id) == ("sent", "")
    assert await balance(committee, "core.public") == 0


async def test_more_refunds_than_stripe_lists_on_a_page_are_all_seen(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    for number in range(101):
        stand_in.refund(committee, attempt.external_id, 1 if number else 200)  # the oldest is the largest
    await services.settle(attempt.id)
    assert await balance(committee, "core.public") == 3500 - 300


async def test_a_loss_is_made_good_where_it_was(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """A refund of spent money is a loss; when it fails, the money comes back there."""
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    await _spend(committee, 3500)
    refund_id = await ask(order_id, committee.treasurer, 3500, attempt.id)
    await run_due_jobs()
    assert await balance(committee, "core.refund_loss") == -3500
    stand_in.fail_refund((await queries.refund(refund_id)).external_id or "")
    await services.settle(attempt.id)
    assert (await balance(committee, "core.refund_loss"), await balance(committee, "core.public")) == (0, 0)
    assert await balance(committee, "core.outside_online") == -3500
    assert await differences() == []


async def test_gone_and_come_back_in_one_answer(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.pay(attempt.external_id)
    stand_in.fail_refund(stand_in.refund(committee, attempt.external_id, 3000))
    stand_in.refund(committee, attempt.external_id, 3500)
    await services.settle(attempt.id)
    assert await state_of(order_id) == ("paid", [("refunded", "")])
    assert await fetch_value("select count(*) from payment_fact") == 4
    assert await balance(committee, "core.public") == 0
    assert await differences() == []
