"""What came and went as sums: the same whether folded or not, and proved."""

import asyncio
from typing import Any

from core import clock
from core.database import fetch, fetch_value
from core.funds import services
from core.funds.queries import funds, traces
from core.funds.queries.sums import sums
from core.funds.rules.quarters import quarter_of
from core.funds.services.flows import fold_flows
from tests.core.funds.world import FundWorld, held, make_fund_world, paid, three_gifts


async def everything(world: FundWorld) -> list[Any]:
    """All that pages say of the fund."""
    quarter = quarter_of(clock.today())
    return [
        await funds.purposes(world.fund),
        await funds.available(world.fund, world.children),
        await funds.holdings(world.fund),
        await traces.gifts_in(world.fund, single=1),
        await traces.uses_out(world.fund, single=5),
        await traces.publication([world.fund], quarter),
        await traces.publication([world.fund], quarter.moved(1)),
        await sums(world.foundation, [(quarter.begin, quarter.end), (quarter.end, quarter.moved(2).begin)]),
    ]


async def test_the_fold_changes_nothing_that_is_said(db: str) -> None:
    world = await make_fund_world()
    bound, _, _ = await three_gifts(world)

    async def folded() -> None:
        before = await everything(world)
        for _ in range(2):
            await fold_flows()
            assert await everything(world) == before
        assert await funds.differences() == []
        assert await fetch_value("select move from fund_flow_upto") == await fetch_value(
            "select max(id) from ledger_lot_move"
        )

    await folded()
    await paid(world, 6200)
    released = await held(world, 3000)
    await folded()
    await services.release_money(released, reason="课堂不办了", actor=world.treasurer)
    await services.prepare_refund(bound, reason="捐错了", payment_no="T-1", actor=world.treasurer)
    await services.sign_refund(bound, actor=world.payer)
    await folded()
    assert sorted((flow.kind, flow.amount_fen) for flow in await traces.uses_out(world.fund, single=5)) == [
        ("left", 3000),
        ("left", 5000),
        ("returned", 3800),
        ("use", 6200),
    ]


async def test_two_folds_at_once_add_once(db: str) -> None:
    world = await make_fund_world()
    await three_gifts(world)
    before = await everything(world)
    await asyncio.gather(fold_flows(), fold_flows(), fold_flows())
    assert (await everything(world), await funds.differences()) == (before, [])


async def test_a_wrong_sum_is_named(db: str) -> None:
    world = await make_fund_world()
    await three_gifts(world)
    await fold_flows()
    await fetch("update fund_flow set came = came + 1 where restriction = ''")
    (found,) = await funds.differences()
    assert found.subject == f"fund {world.fund}: its flows"


async def test_the_largest_uses_have_names_and_the_others_are_one(db: str) -> None:
    world = await make_fund_world()
    await three_gifts(world)
    for amount in (1000, 4000, 2000):
        await held(world, amount)
    await fold_flows()
    went = await traces.uses_out(world.fund, single=2)
    assert [(f.what is None, f.amount_fen) for f in went if f.kind == "use"] == [
        (False, 4000),
        (False, 2000),
        (True, 1000),
    ]
