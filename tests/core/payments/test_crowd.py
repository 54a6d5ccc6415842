"""Two hundred pay at once while refunds run and notifications come in any order: both books agree."""

import asyncio
import random
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.payments.rules import Attempt
from core.people.rules import Actor
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, balance, connect_wechat, tell
from tests.factories import Committee, make_committee
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")

_PAYERS, _REFUNDED = 200, 40


@pytest.fixture
async def wechat_committee(stand_in: Cashier) -> Committee:
    made = await make_committee()
    await connect_wechat(made)
    return made


async def _work() -> None:
    """Four workers."""
    await asyncio.gather(*(run_due_jobs() for _ in range(4)))


async def _finish() -> None:
    """What is due, and what another was in the way of: a job that failed is tried again minutes later."""
    await _work()
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        await _work()


async def test_two_hundred_gifts_while_refunds_run(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    chance = random.Random(11)
    orders = [await make_order(committee, payer, amounts=(1000,)) for _ in range(_PAYERS)]
    for order_id in orders:
        await services.start_payment(order_id, actor=payer)
    await _work()
    attempts = [(await queries.attempts(order_id))[0] for order_id in orders]
    early, late = attempts[:_REFUNDED], attempts[_REFUNDED:]
    for attempt in early:
        stand_in.pay(attempt.external_id)
    await asyncio.gather(*(services.settle(attempt.id) for attempt in early[:8]))
    for attempt in early[8:]:
        await services.settle(attempt.id)
    stand_in.told.events.clear()
    for attempt in late:
        stand_in.pay(attempt.external_id)
    events = [event for _, event in stand_in.told.events for _ in range(2)]
    chance.shuffle(events)

    async def tell_all() -> None:
        for at in range(0, len(events), 6):
            await asyncio.gather(*(tell(committee, event) for event in events[at : at + 6]))

    await asyncio.gather(tell_all(), _refund_all(committee, early), _work())
    await _finish()
    await _check(committee, stand_in)


async def test_two_hundred_pay_by_wechat_while_refunds_run(
    wechat_committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    committee, chance = wechat_committee, random.Random(13)
    orders = [await make_order(committee, payer, amounts=(1000,)) for _ in range(_PAYERS)]
    for order_id in orders:
        await services.start_payment(order_id, actor=payer)
    await _work()
    attempts = [(await queries.attempts(order_id))[0] for order_id in orders]
    for attempt in attempts:
        stand_in.scan(attempt)
    early = attempts[:_REFUNDED]
    for attempt in early:
        await services.settle(attempt.id)
    posts = stand_in.told.posts[_REFUNDED:] * 2
    chance.shuffle(posts)

    async def tell_all() -> None:
        for _, body, headers in posts:
            await services.receive_notification(
                "wechatpay", committee.id, body=body.encode(), headers=headers
            )

    await asyncio.gather(tell_all(), _refund_all(committee, early), _work())
    await _finish()
    await _check_moved(committee)
    assert len(stand_in.wechat.books.refunds) == _REFUNDED


async def _refund_all(committee: Committee, attempts: list[Attempt]) -> None:
    for attempt in attempts:
        await services.ask_refund(
            attempt.order_id,
            amount_fen=600,
            reason="多收了",
            attempt_id=attempt.id,
            actor=committee.treasurer,
        )


async def _check(committee: Committee, stand_in: Cashier) -> None:
    """Everybody has paid once, everything went back once, and both books say the same."""
    await _check_moved(committee)
    assert len(stand_in.books._refunds) == _REFUNDED
    (merchant,) = await queries.merchants(organization_ids=[committee.id])
    await services.reconcile(merchant.id)
    (clearing,) = await queries.clearings([committee.id])
    net = sum(line["net"] for line in stand_in.books.statement.kept["lines"])
    assert (clearing.ours, clearing.theirs, clearing.without_line) == (net, net, 0)
    assert await queries.lines_to_look_at([committee.id], also_aside=True, before_id=None, limit=9) == []
    assert await differences() == []


async def _check_moved(committee: Committee) -> None:
    """Everybody has paid once, and everything went back once."""
    states = await fetch("select state, count(*) as n from payment_order group by state")
    assert {row["state"]: row["n"] for row in states} == {"paid": _PAYERS}
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == _PAYERS
    assert await fetch_value("select count(*) from payment_refund where state = 'sent'") == _REFUNDED
    held = _PAYERS * 1000 - _REFUNDED * 600
    assert (await balance(committee, "core.public"), await balance(committee, "core.outside_online")) == (
        held,
        -held,
    )
