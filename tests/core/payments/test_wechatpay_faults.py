"""What may go wrong with WeChat Pay, fault by fault; after each, both books agree (`closing.py`)."""

import itertools
from typing import Any

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.payments import queries, services
from core.payments.errors import NotificationRefused
from core.payments.providers import ProviderSilent
from core.people.rules import Actor
from plugins.practice.commands.wechat_books import Thing
from tests.core.payments.closing import Closing
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
from tests.factories import Committee, make_committee
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")
Post = tuple[str, str, dict[str, str]]


@pytest.fixture
async def committee(stand_in: Cashier) -> Committee:
    made = await make_committee()
    await connect_wechat(made)
    return made


async def tell(committee: Committee, post: Post) -> bool:
    _, body, headers = post
    return await services.receive_notification("wechatpay", committee.id, body=body.encode(), headers=headers)


async def _happened(stand_in: Cashier, committee: Committee, payer: Actor) -> tuple[int, list[Post]]:
    """An order paid, 5 yuan of it gone, 3 yuan gone and come back; what was told of it, unheard by us."""
    stand_in.told.posts.clear()
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.scan(attempt)
    await settle(order_id, payer)
    for amount_fen in (500, 300):
        refund_id = await services.ask_refund(
            order_id, amount_fen=amount_fen, reason="多收了", attempt_id=attempt.id, actor=committee.treasurer
        )
        await run_due_jobs()
    name = await fetch_value("select external_id from payment_refund where id = $1", refund_id)
    stand_in.wechat.end_refund(wechat_of(committee.id)["mchid"], name, "CLOSED")
    return order_id, list(stand_in.told.posts)


async def test_every_order_of_notifications_with_duplicates_books_the_same(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """All 24 orders of four notifications, the first and the third told again at the end."""
    orders = []
    for places in itertools.permutations(range(4)):
        order_id, posts = await _happened(stand_in, committee, payer)
        assert len(posts) == 4
        orders.append(order_id)
        told = [posts[place] for place in places]
        assert [await tell(committee, post) for post in told] == [True] * 4
        assert [await tell(committee, post) for post in (told[0], told[2])] == [False] * 2
        await run_due_jobs()
    for order_id in orders:
        assert await state_of(order_id) == ("paid", [("partially_refunded", "")])
    assert await fetch_value("select count(*) from payment_notification where handled_at is null") == 0
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == 24
    assert await balance(committee, "core.public") == 24 * 3000


async def test_a_call_that_was_applied_and_then_dropped_opens_one_order(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt_id = await services.start_payment(order_id, actor=payer)
    stand_in.fault(kind="apply_then_drop", path="/v3/pay")
    with pytest.raises(ProviderSilent):
        await services.open_payment(attempt_id)
    assert (await queries.attempt(attempt_id)).state == "created"
    await services.open_payment(attempt_id)
    made = [one for one in stand_in.wechat.books.orders.values() if one["total"] == 3500]
    assert len(made) == 1
    stand_in.scan(await queries.attempt(attempt_id))
    await settle(order_id, payer)
    assert await state_of(order_id) == ("paid", [("succeeded", "")])


async def test_a_refund_that_was_done_and_not_answered_goes_once(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.scan(attempt)
    await settle(order_id, payer)
    refund_id = await services.ask_refund(
        order_id, amount_fen=500, reason="多收了", attempt_id=attempt.id, actor=committee.treasurer
    )
    stand_in.fault(kind="apply_then_drop", path="/v3/refund")
    with pytest.raises(ProviderSilent):
        await services.send_refund(refund_id)
    await services.send_refund(refund_id)
    await run_due_jobs()
    assert len(stand_in.wechat.books.refunds) == 1
    assert await balance(committee, "core.public") == 3000


async def test_a_notification_before_our_own_commit_finds_the_attempt(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.scan(attempt)
    await fetch(
        "update payment_attempt set state = 'created', external_id = null, url = null where id = $1",
        attempt.id,
    )
    assert await tell(committee, stand_in.told.posts[0])
    await run_due_jobs()
    assert await state_of(order_id) == ("paid", [("succeeded", "")])


async def test_signatures_of_another_time(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    stand_in.scan(await start(order_id, payer))
    path, body, _ = stand_in.told.posts[0]
    now = int(clock.now().timestamp())
    for wrong in (now - 310, now - 86400, now + 310, now + 86400):
        with pytest.raises(NotificationRefused):
            await tell(committee, (path, body, stand_in.wechat.signed(body, wrong)))
    assert await fetch_value("select count(*) from payment_notification") == 0
    assert await tell(committee, (path, body, stand_in.wechat.signed(body, now - 290)))
    assert not await tell(committee, (path, body, stand_in.wechat.signed(body, now + 290)))
    await run_due_jobs()
    assert (await state_of(order_id))[0] == "paid"


async def test_a_wrong_amount_is_kept_apart(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    mchid = wechat_of(committee.id)["mchid"]
    stand_in.wechat.books.order(mchid, attempt.reference)["total"] = 3400
    stand_in.scan(attempt)
    await settle(order_id, payer)
    assert await state_of(order_id) == ("open", [("succeeded", "amount")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.unassigned")) == (0, 3400)


async def test_a_wrong_currency_is_not_booked(
    committee: Committee, payer: Actor, stand_in: Cashier, closing: Closing, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing.leave_open("money of another currency is not in our books")
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    shown = stand_in.wechat.books.shown

    def in_dollars(order: Thing) -> dict[str, Any]:
        told = shown(order)
        return told | {"amount": told["amount"] | {"currency": "USD"}} if "amount" in told else told

    monkeypatch.setattr(stand_in.wechat.books, "shown", in_dollars)
    stand_in.scan(attempt)
    await settle(order_id, payer)
    assert await state_of(order_id) == ("open", [("failed", "currency")])
    assert await fetch_value("select count(*) from ledger_entry") == 0


async def test_what_another_account_tells_of_our_order_moves_nothing(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """Sealed and signed as it should be, for the account that it comes to; but the order is not its own."""
    elsewhere = await make_committee()
    await connect_wechat(elsewhere)
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    wechat, theirs = stand_in.wechat, wechat_of(elsewhere.id)
    order = wechat.books.order(wechat_of(committee.id)["mchid"], attempt.reference)
    told = wechat.books.shown(order) | {"mchid": theirs["mchid"], "appid": theirs["appid"]}
    told |= {"trade_state": "SUCCESS"}
    body = wechat.notification(theirs["mchid"], "TRANSACTION.SUCCESS", "transaction", told)
    assert await tell(elsewhere, ("", body, wechat.signed(body)))
    await run_due_jobs()
    assert (await state_of(order_id))[0] == "open"
    assert await fetch_value("select outcome from payment_notification") == "other_account"
