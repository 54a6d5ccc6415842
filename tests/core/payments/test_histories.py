"""Longer histories, sampled: in whatever order we hear of what happens to a payment, the books agree."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.database import fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.payments.rules import Attempt
from core.people.rules import Actor
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, balance, start, tell
from tests.factories import Committee
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")

PAID = 3500
refunds = st.sampled_from([0, 500, 1200])
disputes = st.sampled_from(["", "open", "dispute_won", "dispute_lost"])


async def happen(stand_in: Cashier, committee: Committee, attempt: Attempt, data: Any) -> int:
    """What becomes of a payment, one thing after the other, now and then looked at; what is left of it."""
    refund_fen, dispute, has_failed = data.draw(refunds), data.draw(disputes), data.draw(st.booleans())
    external_id = attempt.external_id

    async def look() -> None:
        if data.draw(st.booleans()):
            await services.settle(attempt.id)

    for outcome in ("delayed", "arrived"):
        stand_in.pay(external_id, outcome)
        await look()
    left = PAID
    if refund_fen:
        refund_id = stand_in.refund(committee, external_id, refund_fen)
        left -= refund_fen
        await look()
        if has_failed:
            stand_in.fail_refund(refund_id)
            left += refund_fen
            await look()
    for outcome in filter(None, ("disputed" if dispute else "", dispute.removeprefix("open"))):
        stand_in.pay(external_id, outcome)
        await look()
    return 0 if dispute in ("open", "dispute_lost") else left


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_refunds_and_disputes_in_any_order_book_the_same(
    committee: Committee, payer: Actor, stand_in: Cashier, data: Any
) -> None:
    """Protects the sums: sampled histories, their notifications in any order, some of them twice."""
    before = await balance(committee, "core.public"), await balance(committee, "core.outside_online")
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.told.events.clear()
    left = await happen(stand_in, committee, attempt, data)
    events = data.draw(st.permutations([event for _, event in stand_in.told.events]))
    cut = data.draw(st.integers(0, len(events)))
    for some in (events[:cut], events[cut:] + data.draw(st.lists(st.sampled_from(events), max_size=3))):
        for event in some:
            await tell(committee, event)
        await run_due_jobs()
    after = await balance(committee, "core.public"), await balance(committee, "core.outside_online")
    assert (after[0] - before[0], after[1] - before[1]) == (left, -left)
    assert (await queries.order(order_id)).state == "paid"
    sums = (await queries.sums_of([attempt.id]))[attempt.id]
    assert sums.captured_fen - sums.gone_fen == left
    told = "select count(*) from event where name = 'order_paid' and (facts->>'order_id')::bigint = $1"
    assert await fetch_value(told, order_id) == 1
    assert await differences() == []
