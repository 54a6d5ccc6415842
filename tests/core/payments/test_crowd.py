"""Two hundred pay at once while refunds run and notifications come in any order: both books agree."""

import asyncio
import random

from core.database import fetch, fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.people.rules import Actor
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, balance, tell
from tests.factories import Committee
from workers.drain import run_due_jobs

_PAYERS, _REFUNDED = 200, 40


async def _work() -> None:
    """Four workers."""
    await asyncio.gather(*(run_due_jobs() for _ in range(4)))


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

    async def refund_all() -> None:
        for attempt in early:
            await services.ask_refund(
                attempt.order_id,
                amount_fen=600,
                reason="多收了",
                attempt_id=attempt.id,
                actor=committee.treasurer,
            )

    await asyncio.gather(tell_all(), refund_all(), _work())
    await _work()
    await _check(committee, stand_in)


async def _check(committee: Committee, stand_in: Cashier) -> None:
    """Everybody has paid once, everything went back once, and both books say the same."""
    states = await fetch("select state, count(*) as n from payment_order group by state")
    assert {row["state"]: row["n"] for row in states} == {"paid": _PAYERS}
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == _PAYERS
    assert await fetch_value("select count(*) from payment_refund where state = 'sent'") == _REFUNDED
    assert len(stand_in.books._refunds) == _REFUNDED
    held = _PAYERS * 1000 - _REFUNDED * 600
    assert (await balance(committee, "core.public"), await balance(committee, "core.outside_online")) == (
        held,
        -held,
    )
    (merchant,) = await queries.merchants(organization_ids=[committee.id])
    await services.reconcile(merchant.id)
    (clearing,) = await queries.clearings([committee.id])
    net = sum(line["net"] for line in stand_in.books.statement.kept["lines"])
    assert (clearing.ours, clearing.theirs, clearing.without_line) == (net, net, 0)
    assert await queries.lines_to_look_at([committee.id], also_aside=True, before_id=None, limit=9) == []
    assert await differences() == []
