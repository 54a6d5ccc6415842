"""Money that comes by WeChat Pay: what is lost, late, twice, by hand, or at the same time."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.payments.errors import EndpointClosed, NotificationRefused, PayingElsewhere
from core.payments.providers import Credentials, PaymentIntent
from core.payments.wechatpay import WeChatPayments
from core.people.rules import Actor
from core.settings import load
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import (
    Cashier,
    balance,
    connect_wechat,
    settle,
    start,
    state_of,
    wechat_of,
)
from tests.factories import Committee, make_committee, make_resident
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")


@pytest.fixture
async def committee(stand_in: Cashier) -> Committee:
    made = await make_committee()
    await connect_wechat(made)
    return made


async def tell(committee: Committee, post: tuple[str, str, dict[str, str]]) -> bool:
    path, body, headers = post
    assert path == f"/api/v1/payments/notify/wechatpay/{committee.id}"
    return await services.receive_notification("wechatpay", committee.id, body=body.encode(), headers=headers)


async def test_notifications_twice_and_in_any_order(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.scan(attempt)
    await settle(order_id, payer)
    refund_id = await services.ask_refund(
        order_id, amount_fen=500, reason="多收了", attempt_id=attempt.id, actor=committee.treasurer
    )
    await services.send_refund(refund_id)
    paid, refunded = stand_in.told.posts
    assert [await tell(committee, post) for post in (refunded, paid, paid, refunded)] == [
        True,
        True,
        False,
        False,
    ]
    await run_due_jobs()
    assert await state_of(order_id) == ("paid", [("partially_refunded", "")])
    assert await balance(committee, "core.public") == 3000
    assert await differences() == []
    assert await fetch_value("select count(*) from payment_notification") == 2


async def test_a_notification_that_is_tampered_with_or_for_another(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    stand_in.scan(await start(order_id, payer))
    (path, body, headers) = stand_in.told.posts[0]
    with pytest.raises(NotificationRefused):
        await tell(committee, (path, body.replace("SUCCESS", "FAILURE"), headers))
    other = await make_committee()
    with pytest.raises(EndpointClosed):
        await services.receive_notification("wechatpay", other.id, body=body.encode(), headers=headers)
    await connect_wechat(other)
    with pytest.raises(NotificationRefused):
        await services.receive_notification("wechatpay", other.id, body=body.encode(), headers=headers)
    assert await fetch_value("select count(*) from payment_notification") == 0


async def test_a_lost_notification_is_made_up_for(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    stand_in.scan(await start(order_id, payer))
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        await services.sweep()
        await run_due_jobs()
    assert await state_of(order_id) == ("paid", [("succeeded", "")])


async def test_a_worker_killed_between_call_and_commit(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt_id = await services.start_payment(order_id, actor=payer)
    begun = await queries.attempt(attempt_id)
    intent = PaymentIntent(
        reference=begun.reference,
        amount_fen=begun.amount_fen,
        title=f"{(await services_title(committee))} 缴费单 {order_id}",
        return_url="",
        cancel_url="",
        notify_url=services.notify_url("wechatpay", committee.id),
        expires_at=begun.expires_at,
    )
    credentials = Credentials(wechat_of(committee.id))
    there = await asyncio.to_thread(WeChatPayments().start, intent, credentials)
    await run_due_jobs()
    assert (await queries.attempt(attempt_id)).url == there.url
    made = [one for one in stand_in.wechat.books.orders.values() if one["total"] == 3500]
    assert len(made) == 1


async def services_title(committee: Committee) -> str:
    return str(await fetch_value("select name from organization where id = $1", committee.id))


async def test_what_is_past_its_time_is_closed(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    with clock.frozen(attempt.expires_at):
        await services.sweep()
        await run_due_jobs()
    assert await state_of(order_id) == ("open", [("expired", "")])
    assert (
        stand_in.wechat.books.order(wechat_of(committee.id)["mchid"], attempt.reference)["trade_state"]
        == "CLOSED"
    )


async def test_paid_while_it_is_left(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    await services.leave_payment(order_id, actor=payer)
    stand_in.scan(attempt)
    await run_due_jobs()
    assert await state_of(order_id) == ("paid", [("succeeded", "")])


async def test_one_way_at_a_time(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    from tests.core.payments.stand_in import connect

    await connect(committee)
    order_id = await make_order(committee, payer)
    first = await services.start_payment(order_id, actor=payer, provider_id="wechatpay")
    assert await services.start_payment(order_id, actor=payer, provider_id="wechatpay") == first
    assert await services.start_payment(order_id, actor=payer) == first
    with pytest.raises(PayingElsewhere):
        await services.start_payment(order_id, actor=payer, provider_id="stripe")
    from core.payments.errors import OrderNotFound

    stranger = await make_resident(committee.region_id)
    with pytest.raises(OrderNotFound):
        await services.leave_payment(order_id, actor=stranger)
    await run_due_jobs()
    for _ in range(2):
        await services.leave_payment(order_id, actor=payer)
        await run_due_jobs()
    second = await services.start_payment(order_id, actor=payer, provider_id="stripe")
    assert second != first


async def test_the_bills_of_the_next_morning(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.scan(attempt)
    await settle(order_id, payer)
    mchid = wechat_of(committee.id)["mchid"]
    amount = {"refund": 700, "total": 3500, "currency": "CNY"}
    by_hand = {"out_refund_no": "by-hand-1", "out_trade_no": attempt.reference, "amount": amount}
    stand_in.wechat.books.refund(mchid, by_hand)
    stand_in.wechat.books.withdraw(mchid, 2000)
    merchant = await queries.merchant(committee.id, "wechatpay")
    tomorrow = clock.local(clock.now()) + timedelta(days=1)
    for hour, lines in ((9, 0), (11, 3), (12, 3)):
        with clock.frozen(tomorrow.replace(hour=hour)):
            await services.reconcile(merchant.id)
        assert await fetch_value("select count(*) from payment_settlement_line") == lines
    assert await state_of(order_id) == ("paid", [("partially_refunded", "")])
    assert await balance(committee, "core.public") == 2800
    # 0.6 % of 35 yuan, less what came back with the refund.
    assert await balance(committee, "core.payment_costs") == -(21 - 4)
    assert await fetch_value("select string_agg(verdict, ',') from payment_settlement_line") == ",".join(
        ["agrees"] * 3
    )
    assert await differences() == []


def test_no_wechat_without_a_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.payments.providers import ProviderRefused

    monkeypatch.delenv("YIJI_PAYMENT_STAND_IN", raising=False)
    assert load().payment_stand_in is None
    with pytest.raises(ProviderRefused, match="no stand-in"):
        WeChatPayments().fetch("x", Credentials(wechat_of(7)))
    with pytest.raises(ProviderRefused, match="cannot be read"):
        WeChatPayments().check(Credentials({**wechat_of(7), "private_secret": "no key"}))
