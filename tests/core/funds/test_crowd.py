"""Two hundred give at once to one fund while refunds run: both books agree, and every gift is found again."""

import asyncio
import random
from collections.abc import Iterator

import pytest

from core import plugins
from core.database import fetch, fetch_value
from core.funds import services
from core.funds.queries import funds
from core.payments import queries as payments
from core.payments import services as paying
from tests.core.funds.online import promise, take_online
from tests.core.funds.world import FundWorld
from tests.core.payments.stand_in import Cashier, balance, cashier, tell
from tests.factories import Committee
from workers.drain import run_due_jobs

_GIVERS, _REFUNDED = 200, 40


@pytest.fixture
def stand_in(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running


async def _work() -> None:
    """Four workers."""
    await asyncio.gather(*(run_due_jobs() for _ in range(4)))


async def test_two_hundred_gifts_while_refunds_run(world: FundWorld, stand_in: Cashier) -> None:
    payee, chance = await take_online(world), random.Random(7)
    before = (await funds.holdings(world.fund))[0]
    promised = [await promise(world, 1000, actor=world.donor) for _ in range(_GIVERS)]
    for gift in promised:
        await services.pay_gift(gift.trace_code)
    await _work()
    attempts = [(await payments.attempts(gift.order_id or 0))[0] for gift in promised]
    early, late = attempts[:_REFUNDED], attempts[_REFUNDED:]
    for attempt in early:
        stand_in.pay(attempt.external_id)
    for _, event in stand_in.told.events:
        await tell(payee, event)
    await _work()
    stand_in.told.events.clear()
    for attempt in late:
        stand_in.pay(attempt.external_id)
    events = [event for _, event in stand_in.told.events for _ in range(2)]
    chance.shuffle(events)

    async def tell_all() -> None:
        for at in range(0, len(events), 6):
            await asyncio.gather(*(tell(payee, event) for event in events[at : at + 6]))

    async def refund_all() -> None:
        for attempt in early:
            await paying.ask_refund(
                attempt.order_id,
                amount_fen=600,
                reason="多捐了",
                attempt_id=attempt.id,
                actor=payee.treasurer,
            )

    await asyncio.gather(tell_all(), refund_all(), _work())
    await _work()
    await _check(world, payee, stand_in, before)


async def _check(world: FundWorld, payee: Committee, stand_in: Cashier, before: int) -> None:
    """Everybody has given once, everything went back once, and both books say the same."""
    rows = await fetch(
        "select state, returned_fen, count(*) as n from fund_gift where method = 'online'"
        " group by state, returned_fen order by returned_fen"
    )
    assert [tuple(row) for row in rows] == [
        ("counted", 0, _GIVERS - _REFUNDED),
        ("counted", 600, _REFUNDED),
    ]
    held = _GIVERS * 1000 - _REFUNDED * 600
    assert (await funds.holdings(world.fund))[0] == before + held
    assert await balance(payee, "core.outside_online") == -held
    told = "select sum(jsonb_array_length(facts->'gift_ids')) from event where name = 'fund_gifts_counted'"
    assert await fetch_value(told) == _GIVERS + 3
    assert len(stand_in.books._refunds) == _REFUNDED
    (merchant,) = await payments.merchants(organization_ids=[world.foundation])
    await paying.reconcile(merchant.id)
    (clearing,) = await payments.clearings([world.foundation])
    net = sum(line["net"] for line in stand_in.books.statement.kept["lines"])
    assert (clearing.ours, clearing.theirs, clearing.without_line) == (net, net, 0)
    assert await plugins.collect("collect_differences") == []
