"""Many at once on real connections: the last money is set aside once, and every gift counts."""

import asyncio
from datetime import timedelta

import pytest

from core import clock, plugins
from core.approvals.services import cast_vote
from core.database import fetch_value, unit_of_work
from core.funds import services
from core.funds.errors import FundNotEmpty
from core.funds.queries import funds, requests
from core.funds.rules import FUND, states
from core.reference import Ref
from tests.core.funds.world import (
    ALL,
    AWARE,
    ask,
    give,
    held,
    holder,
    make_fund_world,
    three_gifts,
    transfers,
    vote,
)
from tests.factories import make_region
from workers.drain import run_due_jobs


async def test_two_requests_for_the_last_money_get_it_once(db: str) -> None:
    world = await make_fund_world()
    await three_gifts(world)
    both = [await ask(world, 15000), await ask(world, 15000)]
    for request_id in both:
        await vote(world, request_id)
    outcomes = await asyncio.gather(
        *(services.check_request(request_id, ALL, aware=AWARE, actor=world.checker) for request_id in both),
        return_exceptions=True,
    )
    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    found = sorted([(await requests.request(request_id)).state for request_id in both])
    assert found == [states.APPROVED, states.HELD]
    assert await funds.holdings(world.fund) == (3000, 15000)
    assert await plugins.collect("collect_differences") == []


async def test_twenty_gifts_come_while_money_is_set_aside(db: str) -> None:
    world = await make_fund_world()
    await three_gifts(world)
    request_id = await ask(world)
    await vote(world, request_id)
    await asyncio.gather(
        *(give(world, 100 + n, f"M-{n}", purpose_id=world.children) for n in range(20)),
        services.check_request(request_id, ALL, aware=AWARE, actor=world.checker),
    )
    free, set_aside = await funds.holdings(world.fund)
    assert free + set_aside == 18000 + sum(100 + n for n in range(20))
    assert set_aside == 6200
    assert await plugins.collect("collect_differences") == []


async def test_of_two_clicks_at_once_one_pays(db: str) -> None:
    world = await make_fund_world()
    await three_gifts(world)
    request_id = await held(world)
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    before = await transfers()
    await asyncio.gather(
        *(services.sign_payment(request_id, aware=AWARE, actor=world.payer) for _ in range(5))
    )
    assert await transfers() == before + 1


async def test_the_same_receipt_at_once_is_one_gift(db: str) -> None:
    world = await make_fund_world()
    found = await asyncio.gather(*(give(world, 700, "S-1") for _ in range(5)))
    assert len(set(found)) == 1
    assert await transfers() == 1


async def test_a_change_of_purpose_and_money_set_aside_do_not_mix_up_whose_gifts_they_are(db: str) -> None:
    """Which gifts are bound is read first; a hold, a release or a refund meanwhile must wait, or be seen."""
    world = await make_fund_world()
    first, _, _ = await three_gifts(world)
    released = await held(world, 3000)
    await give(world, 4000, "S-4", purpose_id=world.children)
    request_id = await ask(world, 9000)
    await vote(world, request_id)
    change = await services.propose_change(
        world.fund,
        from_purpose_id=world.children,
        to_purpose_id=world.elders,
        reason="停办",
        actor=world.head,
    )
    await services.answer_change(change, answer="consent", actor=world.donor)
    await services.prepare_refund(first, reason="退还", payment_no="T-1", actor=world.treasurer)
    later = clock.now() + timedelta(days=61)
    with clock.frozen(later):
        outcomes = await asyncio.gather(
            services.carry_out_change(change, actor=world.head),
            services.check_request(request_id, ALL, aware=AWARE, actor=world.checker),
            services.release_money(released, reason="不用了", actor=world.treasurer),
            services.sign_refund(first, actor=world.payer),
            return_exceptions=True,
        )
    assert outcomes[0] is None
    assert await plugins.collect("collect_differences") == []


@pytest.mark.parametrize("round", range(3))
async def test_fifty_votes_and_withdrawals_at_once_leave_one_decision(db: str, round: int) -> None:
    """Forty members vote while the asker takes the request back ten times."""
    world = await make_fund_world()
    await three_gifts(world)
    region_id, seat = await make_region(), Ref(FUND, world.fund)
    for number in range(3, 41):
        world.members.insert(0, await holder(f"管委会{number}", "core.fund_committee", seat, region_id))
    request_id = await ask(world)
    approval_id = (await requests.request(request_id)).approval_id
    assert approval_id is not None
    asked = [
        cast_vote(approval_id, choice="approve", reason="", person_id=member.person_id)
        for member in world.members[:40]
    ]
    for place in range(10 * (round + 1), 50, 4):
        asked.insert(place, services.withdraw_request(request_id, actor=world.asker))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(outcome).__name__ for outcome in outcomes} <= {"NoneType", "ApprovalClosed", "WrongState"}
    await run_due_jobs()
    decided = await fetch_value("select state from approval where id = $1", approval_id)
    state = (await requests.request(request_id)).state
    assert (decided, state) in {("approved", states.APPROVED), ("withdrawn", states.WITHDRAWN)}
    told = "select count(*) from event where name = 'approval_decided' and subject_id = $1"
    assert await fetch_value(told, approval_id) == 1
    proof = "select count(*) from evidence where kind = 'core.approval' and subject_id = $1"
    assert await fetch_value(proof, request_id) == (decided == "approved")


async def test_no_gift_and_no_request_comes_into_a_fund_that_ends_at_that_moment(db: str) -> None:
    """Each has looked at the fund, and only then does its head want to end it: the head waits and is told."""
    world = await make_fund_world()
    waits = asyncio.Event()

    async def end() -> None:
        await waits.wait()
        await services.stop_gifts(world.fund, actor=world.head)
        await services.end_fund(world.fund, actor=world.head)

    async def receive() -> None:
        async with unit_of_work():
            await give(world, 700, "S-1")
            waits.set()
            await asyncio.sleep(0.3)

    outcomes = await asyncio.gather(receive(), end(), return_exceptions=True)
    assert [type(one) for one in outcomes] == [type(None), FundNotEmpty]
    assert await funds.holdings(world.fund) == (700, 0)
