"""A pool from its first slip to its rest, and what it adds to gifts and takes back, with real connections."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.funds import services as funds
from core.funds.errors import GiftDayInFuture, GiftUsedUp
from core.funds.queries.funds import available
from core.people.errors import PermissionMissing
from core.workflow import WrongState
from plugins.foundation.errors.pools import (
    FundsMissing,
    MoneyBeyondPool,
    MoneyWaits,
    NoRest,
    OwnMoney,
    OwnPool,
    OwnRest,
    PoolEmpty,
    PoolIsOver,
    PoolNotFound,
    SlipUsed,
)
from plugins.foundation.queries import pools as queries
from plugins.foundation.rules.pools import Plan, Terms
from plugins.foundation.services import matching
from plugins.foundation.services import pools as services
from plugins.foundation.services.pools import Slip
from tests.core.funds.world import FundWorld, draft, give, make_fund_world, paid
from workers.drain import run_due_jobs

WHY = {"reason": "捐错了", "payment_no": "T-1"}


@pytest.fixture
async def world(db: str) -> FundWorld:
    return await make_fund_world()


def plan(world: FundWorld, **changes: object) -> Plan:
    known: dict[str, object] = {
        "title": "样公司配捐",
        "sponsor_name": "样公司",
        "sponsor_person": None,
        "terms": Terms(numerator=1, denominator=2),
        "whole_fen": 100000,
        "begins_on": clock.today(),
        "ends_on": clock.today() + timedelta(days=30),
        "fund_ids": (world.fund,),
    }
    return Plan(**(known | changes))  # type: ignore[arg-type]


def slip(amount_fen: int, receipt_no: str = "Y-1") -> Slip:
    return Slip(amount_fen=amount_fen, receipt_no=receipt_no, received_on=clock.today())


async def opened(world: FundWorld, amount_fen: int = 100000, **changes: object) -> int:
    """An open pool with this much in it."""
    pool_id = await services.create_pool(world.foundation, plan(world, **changes), actor=world.head)
    await services.record_money(pool_id, slip(amount_fen, f"Y-{pool_id}"), actor=world.treasurer)
    await services.open_pool(pool_id, actor=world.payer)
    return pool_id


async def matched(gift_id: int) -> list[tuple[int, str, int]]:
    rows = await fetch(
        "select amount_fen, limited_by, returned_fen from foundation_pool_match where gift = $1"
        " order by pool",
        gift_id,
    )
    return [tuple(row) for row in rows]


async def refund(world: FundWorld, gift_id: int) -> None:
    await funds.prepare_refund(gift_id, **WHY, actor=world.treasurer)
    await funds.sign_refund(gift_id, actor=world.payer)
    await run_due_jobs()


async def proof() -> None:
    assert await plugins.collect("collect_differences") == []


async def test_a_gift_is_matched_in_its_purpose_and_its_donor_reads_it(world: FundWorld) -> None:
    pool_id = await opened(world)
    gift = await give(world, 10000, "S-1", purpose_id=world.children)
    await run_due_jobs()
    assert await matched(gift) == [(5000, "", 0)]
    assert await available(world.fund, world.children) == 15000
    assert await available(world.fund, world.elders) == 0
    (part,) = await plugins.collect("collect_gift_parts", gift_id=gift)
    assert [(line.amount_fen, line.path) for line in part.lines] == [(5000, f"/foundation/pools/{pool_id}")]
    (shown,) = await plugins.collect("collect_fund_parts", fund_id=world.fund)
    assert [line.amount_fen for line in shown.lines] == [95000]
    found = await queries.pool(pool_id)
    assert (found.balance_fen, found.matched_fen, found.left_fen) == (95000, 5000, 95000)
    await proof()


async def test_the_event_twice_or_from_two_workers_matches_once(world: FundWorld) -> None:
    await opened(world)
    gift = await give(world, 10000, "S-1")
    await asyncio.gather(*(matching.match_gifts([gift]) for _ in range(4)))
    await run_due_jobs()
    assert await matched(gift) == [(5000, "", 0)]
    await proof()


async def test_what_it_adds_is_not_matched_again_and_two_pools_match_each_by_itself(world: FundWorld) -> None:
    first, second = await opened(world), await opened(world, terms=Terms(numerator=1, denominator=1))
    gift = await give(world, 10000, "S-1")
    await run_due_jobs()
    assert await matched(gift) == [(5000, "", 0), (10000, "", 0)]
    assert await fetch_value("select count(*) from foundation_pool_match") == 2
    assert [(await queries.pool(id_)).matched_fen for id_ in (first, second)] == [5000, 10000]
    await proof()


async def test_before_it_is_opened_after_its_last_day_and_for_its_sponsor_nothing_is_added(
    world: FundWorld,
) -> None:
    early = await give(world, 10000, "S-1")
    pool_id = await opened(world, ends_on=clock.today())
    own = await give(world, 10000, "S-2", donor_name="样公司")
    await run_due_jobs()
    with clock.frozen(clock.now() + timedelta(days=1)):
        late = await give(world, 10000, "S-3")
        await run_due_jobs()
    assert [await matched(gift) for gift in (early, own, late)] == [[], [(0, "own", 0)], []]
    assert (await queries.pool(pool_id)).matched_fen == 0


async def test_a_hundred_gifts_at_once_to_a_pool_for_ten(world: FundWorld) -> None:
    pool_id = await opened(world, 52500, whole_fen=52500)  # ten whole ones and a half
    gifts = await asyncio.gather(*(give(world, 10000, f"S-{n}") for n in range(100)))
    await asyncio.gather(*(matching.match_gifts([gift]) for gift in gifts))
    amounts = [row["amount_fen"] for row in await fetch("select amount_fen from foundation_pool_match")]
    assert len(amounts) == 100
    assert sorted(amounts)[-11:] == [2500, *[5000] * 10]
    assert sum(amounts) == 52500
    found = await queries.pool(pool_id)
    assert (found.balance_fen, found.left_fen, found.is_dry) == (0, 0, True)
    assert "配捐池用完了：续资，或者结束" in [todo.title for todo in await queries.todos(world.head)]
    await run_due_jobs()
    await proof()


async def test_a_batch_is_matched_in_the_order_in_which_it_came(world: FundWorld) -> None:
    await opened(world, 7000, whole_fen=7000)
    drafts = [(world.fund, draft(10000, f"S-{n}")) for n in range(3)]
    ids = await funds.import_gifts(world.foundation, drafts, actor=world.treasurer)
    await run_due_jobs()
    assert [await matched(gift) for gift in ids] == [[(5000, "", 0)], [(2000, "pool", 0)], [(0, "pool", 0)]]
    await proof()


async def test_a_gift_that_goes_back_takes_its_match_back_into_the_pool(world: FundWorld) -> None:
    pool_id = await opened(world)
    gift = await give(world, 10000, "S-1")
    await run_due_jobs()
    await refund(world, gift)
    assert await matched(gift) == [(5000, "", 5000)]
    found = await queries.pool(pool_id)
    assert (found.balance_fen, found.matched_fen) == (100000, 0)
    await matching.follow_refund(gift)
    await run_due_jobs()
    assert (await queries.pool(pool_id)).balance_fen == 100000
    assert await available(world.fund, None) == 0
    await proof()


async def test_a_gift_that_goes_back_online_in_parts_takes_its_match_along_part_by_part(
    world: FundWorld,
) -> None:
    pool_id = await opened(world)
    gift = await give(world, 10000, "S-1")
    await run_due_jobs()
    for gone, back in ((3000, 1500), (3000, 1500), (10000, 5000), (3000, 5000)):
        await fetch("update fund_gift set returned_fen = $2, returned_at = now() where id = $1", gift, gone)
        await matching.follow_refund(gift)
        assert await matched(gift) == [(5000, "", back)]
    added = await fetch_value("select added from foundation_pool_match")
    assert await fetch_value("select returned_fen from fund_gift where id = $1", added) == 5000
    assert (await queries.pool(pool_id)).balance_fen == 100000
    assert await queries.differences() == []


async def test_what_follows_is_in_proportion_to_what_was_not_used_of_the_gift(world: FundWorld) -> None:
    pool_id = await opened(world)
    first = await give(world, 10000, "S-1", purpose_id=world.children)
    await run_due_jobs()
    await paid(world, 12000)  # the gift, and 20.00 of the 50.00 that were added
    with pytest.raises(GiftUsedUp):
        await funds.prepare_refund(first, **WHY, actor=world.treasurer)
    second = await give(world, 8000, "S-2", purpose_id=world.children)
    await run_due_jobs()
    await paid(world, 9000, payment_no="P-2")  # 30.00 that were left of what was added, 60.00 of the gift
    await refund(world, second)
    assert await matched(second) == [(4000, "", 1000)]
    assert (await queries.pool(pool_id)).matched_fen == 5000 + 3000
    (part,) = await plugins.collect("collect_gift_parts", gift_id=second)
    assert [line.amount_fen for line in part.lines] == [3000]
    await proof()


async def test_a_refund_that_comes_first_leaves_nothing_to_match(world: FundWorld) -> None:
    await opened(world)
    gift = await give(world, 10000, "S-1")
    await funds.prepare_refund(gift, **WHY, actor=world.treasurer)
    await funds.sign_refund(gift, actor=world.payer)
    await run_due_jobs()
    assert await matched(gift) == [(0, "gone", 0)]
    await proof()


async def test_the_sponsors_money_needs_a_second_person_above_the_limit(world: FundWorld) -> None:
    pool_id = await services.create_pool(world.foundation, plan(world, whole_fen=2_000_000), actor=world.head)
    large = await services.record_money(pool_id, slip(500_001), actor=world.treasurer)
    again = await services.record_money(pool_id, slip(500_001), actor=world.treasurer)
    assert again == large
    assert (await queries.pool(pool_id)).balance_fen == 0
    with pytest.raises(PoolNotFound):
        await services.confirm_money(large, actor=world.treasurer)
    await fetch("update foundation_pool_money set recorded_by = $1", world.payer.person_id)
    with pytest.raises(OwnMoney):
        await services.confirm_money(large, actor=world.payer)
    await fetch("update foundation_pool_money set recorded_by = $1", world.treasurer.person_id)
    with pytest.raises(MoneyWaits):
        await services.end_pool(pool_id, actor=world.head)
    await asyncio.gather(*(services.confirm_money(large, actor=world.payer) for _ in range(3)))
    assert (await queries.pool(pool_id)).balance_fen == 500_001
    await services.record_money(pool_id, slip(500_000, "Y-2"), actor=world.treasurer)
    assert (await queries.pool(pool_id)).balance_fen == 1_000_001
    with pytest.raises(SlipUsed):
        await services.record_money(pool_id, slip(1, "Y-2"), actor=world.treasurer)
    with pytest.raises(MoneyBeyondPool):
        await services.record_money(pool_id, slip(1_000_000, "Y-3"), actor=world.treasurer)
    with pytest.raises(WrongState):
        await services.drop_money(large, actor=world.treasurer)
    await proof()


async def test_a_slip_written_down_by_mistake_is_dropped_and_its_number_free(world: FundWorld) -> None:
    pool_id = await services.create_pool(world.foundation, plan(world, whole_fen=2_000_000), actor=world.head)
    wrong = await services.record_money(pool_id, slip(600_000), actor=world.treasurer)
    await services.drop_money(wrong, actor=world.treasurer)
    await services.drop_money(wrong, actor=world.treasurer)
    with pytest.raises(WrongState):
        await services.confirm_money(wrong, actor=world.payer)
    await services.record_money(pool_id, slip(400_000), actor=world.treasurer)
    assert (await queries.pool(pool_id)).balance_fen == 400_000


async def test_who_may_what(world: FundWorld) -> None:
    other = await make_fund_world(name="别样基金会")
    with pytest.raises(PermissionMissing):
        await services.create_pool(world.foundation, plan(world), actor=world.treasurer)
    with pytest.raises(FundsMissing):
        await services.create_pool(world.foundation, plan(world, fund_ids=(other.fund,)), actor=world.head)
    pool_id = await services.create_pool(world.foundation, plan(world), actor=world.head)
    with pytest.raises(PoolEmpty):
        await services.open_pool(pool_id, actor=world.payer)
    for stranger in (other.treasurer, world.donor, world.checker):
        with pytest.raises(PoolNotFound):
            await services.record_money(pool_id, slip(100), actor=stranger)
    with pytest.raises(GiftDayInFuture):
        later = Slip(amount_fen=1, receipt_no="Y-9", received_on=clock.today() + timedelta(days=1))
        await services.record_money(pool_id, later, actor=world.treasurer)
    await services.record_money(pool_id, slip(10000), actor=world.treasurer)
    for stranger in (other.payer, world.treasurer, world.head):
        with pytest.raises(PoolNotFound):
            await services.open_pool(pool_id, actor=stranger)
    await fetch("update foundation_pool set made_by = $1", world.payer.person_id)
    with pytest.raises(OwnPool):
        await services.open_pool(pool_id, actor=world.payer)
    await fetch("update foundation_pool set made_by = $1", world.head.person_id)
    with pytest.raises(PoolNotFound):
        await queries.pool_for(pool_id, world.donor)
    assert (await queries.pool_for(pool_id, world.treasurer)).id == pool_id
    await services.open_pool(pool_id, actor=world.payer)
    await services.open_pool(pool_id, actor=world.payer)
    assert (await queries.pool_for(pool_id, None)).state == "open"


async def test_the_rest_goes_back_to_the_sponsor_by_two_persons_once(world: FundWorld) -> None:
    pool_id = await opened(world)
    gift = await give(world, 10000, "S-1")
    await run_due_jobs()
    with pytest.raises(WrongState):
        await services.prepare_rest(pool_id, payment_no="T-9", actor=world.treasurer)
    with clock.frozen(clock.now() + timedelta(days=31)):
        await services.end_over()
    assert (await queries.pool(pool_id)).state == "ended"
    with pytest.raises(PoolIsOver):
        await services.record_money(pool_id, slip(1, "Y-9"), actor=world.treasurer)
    await services.prepare_rest(pool_id, payment_no="T-9", actor=world.treasurer)
    await services.prepare_rest(pool_id, payment_no="T-9", actor=world.treasurer)
    with pytest.raises(PoolNotFound):
        await services.settle_rest(pool_id, actor=world.treasurer)
    await fetch("update foundation_pool set rest_prepared_by = $1", world.payer.person_id)
    with pytest.raises(OwnRest):
        await services.settle_rest(pool_id, actor=world.payer)
    with pytest.raises(asyncpg.CheckViolationError, match="foundation_pool_second"):
        await fetch("update foundation_pool set rest_signed_by = rest_prepared_by")
    await fetch("update foundation_pool set rest_prepared_by = $1", world.treasurer.person_id)
    await asyncio.gather(*(services.settle_rest(pool_id, actor=world.payer) for _ in range(3)))
    found = await queries.pool(pool_id)
    assert (found.state, found.balance_fen, found.rest_fen) == ("settled", 0, 95000)
    await proof()
    # A gift goes back after all: what comes with it has to be sent on, too.
    await refund(world, gift)
    assert (await queries.pool(pool_id)).state == "ended"
    await services.prepare_rest(pool_id, payment_no="T-10", actor=world.treasurer)
    await services.settle_rest(pool_id, actor=world.payer)
    assert (await queries.pool(pool_id)).balance_fen == 0
    await proof()


async def test_the_rest_goes_to_a_fund_where_that_was_agreed(world: FundWorld) -> None:
    pool_id = await opened(world, rest="fund", rest_fund=world.fund)
    await services.end_pool(pool_id, actor=world.head)
    await services.prepare_rest(pool_id, payment_no="N-1", actor=world.treasurer)
    await services.drop_rest(pool_id, actor=world.treasurer)
    await services.prepare_rest(pool_id, payment_no="N-1", actor=world.treasurer)
    await services.settle_rest(pool_id, actor=world.payer)
    assert await available(world.fund, None) == 100000
    assert await fetch_value("select donor_name from fund_gift where receipt_no = 'N-1'") == "样公司"
    await proof()


async def test_an_empty_pool_has_no_rest(world: FundWorld) -> None:
    pool_id = await services.create_pool(world.foundation, plan(world), actor=world.head)
    await services.end_pool(pool_id, actor=world.head)
    await services.end_pool(pool_id, actor=world.head)
    with pytest.raises(NoRest):
        await services.prepare_rest(pool_id, payment_no="T-1", actor=world.treasurer)


async def test_what_waits_is_told_to_whose_turn_it_is(world: FundWorld) -> None:
    async def told(who: str) -> list[str]:
        return [todo.title for todo in await queries.todos(world.actors[who])]

    pool_id = await services.create_pool(world.foundation, plan(world, whole_fen=2_000_000), actor=world.head)
    money_id = await services.record_money(pool_id, slip(600_000), actor=world.treasurer)
    assert await told("payer") == ["有一个配捐池等您开放", "有一笔配捐资金等您确认"]
    await services.confirm_money(money_id, actor=world.payer)
    await services.open_pool(pool_id, actor=world.payer)
    await services.end_pool(pool_id, actor=world.head)
    assert (await told("payer"), await told("treasurer")) == ([], ["配捐池结束了，请处理余款"])
    await services.prepare_rest(pool_id, payment_no="T-1", actor=world.treasurer)
    assert await told("payer") == ["有配捐池的余款等您付出"]


async def test_what_the_ledger_contradicts_is_found(world: FundWorld) -> None:
    pool_id = await opened(world)
    await fetch("update foundation_pool set matched_fen = 7")
    found = [one.subject for one in await queries.differences()]
    assert found == [
        f"foundation pool {pool_id}: what lies in it",
        f"foundation pool {pool_id}: what it has added",
    ]
