"""What went back in a year: by hand, through the provider, and what a pool had added to it."""

from datetime import UTC, datetime

import pytest

from core import clock, plugins
from core.database import fetch_value
from core.funds import services as funds
from core.funds.queries import gifts
from core.payments import queries as payments
from core.payments import services as paying
from plugins.foundation.queries import pools
from plugins.foundation.queries import years as queries
from plugins.foundation.rules.pools import Plan, Terms
from plugins.foundation.services import pools as services
from plugins.foundation.services.pools import Slip
from tests.core.funds.online import given, take_online
from tests.core.funds.world import FundWorld, give, make_fund_world
from tests.core.payments.stand_in import Cashier
from workers.drain import run_due_jobs

MAY = datetime(2026, 5, 5, 12, tzinfo=clock.HOME)
LAST, FIRST = datetime(2026, 12, 31, 15, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


@pytest.fixture
async def world(db: str) -> FundWorld:
    with clock.frozen(MAY):
        return await make_fund_world()


async def returned(world: FundWorld) -> list[int]:
    """Of 2026 and 2027."""
    found = await queries.books([(world.foundation, year) for year in (2026, 2027)])
    return [books.returned_fen for books in found]


async def test_refunds_through_the_provider_count_in_the_year_in_which_they_went(
    world: FundWorld, stand_in: Cashier
) -> None:
    payee = await take_online(world)
    with clock.frozen(LAST):
        gift = await given(world, stand_in)
        (attempt,) = await payments.attempts(gift.order_id or 0)
        stand_in.refund(payee, attempt.external_id, 4_000)
        await paying.settle(attempt.id)
    assert await returned(world) == [4_000, 0]
    with clock.frozen(FIRST):
        late = stand_in.refund(payee, attempt.external_id, 1_000)
        await paying.settle(attempt.id)
        assert await returned(world) == [4_000, 1_000]
        stand_in.fail_refund(late)
        await paying.settle(attempt.id)
        assert await returned(world) == [4_000, 0]
    assert (await gifts.gift(gift.id)).returned_fen == 4_000
    assert await plugins.collect("collect_differences") == []


async def test_a_match_that_went_back_is_no_income(world: FundWorld) -> None:
    with clock.frozen(LAST):
        pool_id = await _pool(world)
        gift = await give(world, 10_000, "S-1")
        await run_due_jobs()
        (books,) = await queries.books([(world.foundation, 2026)])
        assert books.income_fen == 15_000
    with clock.frozen(FIRST):
        await funds.prepare_refund(gift, reason="捐错了", payment_no="T-1", actor=world.treasurer)
        await funds.sign_refund(gift, actor=world.payer)
        await run_due_jobs()
        assert (await pools.pool(pool_id)).balance_fen == 100_000
        assert await returned(world) == [0, 15_000]
    assert await plugins.collect("collect_differences") == []


async def test_what_a_pool_adds_has_a_method_of_its_own(world: FundWorld) -> None:
    await _pool(world)
    gift = await give(world, 10_000, "S-1")
    await run_due_jobs()
    added = await fetch_value("select added from foundation_pool_match where gift = $1", gift)
    listed = await gifts.gifts_of_fund(world.fund, method="match", before_id=None, limit=9)
    assert [one.id for one in listed] == [added]
    others = await gifts.gifts_of_fund(world.fund, method="cash", before_id=None, limit=9)
    assert [one.id for one in others] == [gift]


async def _pool(world: FundWorld) -> int:
    """Half of each gift is added, from 1,000.00."""
    plan = Plan(
        title="样公司配捐",
        sponsor_name="样公司",
        sponsor_person=None,
        terms=Terms(numerator=1, denominator=2),
        whole_fen=100_000,
        begins_on=clock.today(),
        ends_on=clock.today(),
        fund_ids=(world.fund,),
    )
    pool_id = await services.create_pool(world.foundation, plan, actor=world.head)
    slip = Slip(amount_fen=100_000, receipt_no="Y-1", received_on=clock.today())
    await services.record_money(pool_id, slip, actor=world.treasurer)
    await services.open_pool(pool_id, actor=world.payer)
    return pool_id
