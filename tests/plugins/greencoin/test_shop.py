"""The shop on a real database: reserve, take, give up, expire; stock and points move together."""

import asyncio
from datetime import timedelta

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.workflow import WrongState
from plugins.greencoin.errors import (
    CodeUnknown,
    DebtFirst,
    HouseholdElsewhere,
    ItemNotFound,
    ItemOffShelf,
    NotEnoughPoints,
    OutOfStock,
    OwnHousehold,
    ReasonMissing,
    RedemptionNotFound,
    ReservationOver,
    SchemeNotFound,
    StockTooLow,
    StockUnchanged,
)
from plugins.greencoin.queries import points, schemes
from plugins.greencoin.queries import shop as queries
from plugins.greencoin.services import awards, shop
from tests.plugins.greencoin.village import (
    Village,
    credit,
    make_item,
    make_village,
    make_villager,
    submit,
)
from workers.drain import run_due_jobs


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def make_rich(village: Village) -> Actor:
    """A household with four points."""
    resident = await make_villager(village)
    await credit(village, await submit(village.yard, resident, quantity=2))
    return resident


async def figures(village: Village, actor: Actor) -> tuple[int, int, int]:
    """Usable points, points held, pieces on the shelf."""
    scheme = await schemes.scheme(village.id)
    has = await points.holding(scheme, actor.household_id or 0, clock.today())
    (item,) = await queries.items(village.id, on_shelf_only=False)
    return has.usable, has.held, item.stock


async def code_of(redemption_id: int) -> str:
    return str(await fetch_value("select code from greencoin_redemption where id = $1", redemption_id))


async def test_a_household_reserves_shows_its_code_and_takes_it(village: Village) -> None:
    resident, item = await make_rich(village), await make_item(village, cost=150)
    redemption_id = await shop.reserve(item, quantity=2, actor=resident)
    assert await figures(village, resident) == (100, 300, 3)
    code = await code_of(redemption_id)
    assert await shop.hand_over(village.id, code, actor=village.keeper) == redemption_id
    assert await figures(village, resident) == (100, 0, 3)
    with pytest.raises(CodeUnknown):
        await shop.hand_over(village.id, code, actor=village.keeper)
    with pytest.raises(WrongState, match="已领取"):
        await shop.cancel_redemption(redemption_id, actor=resident)
    found = await points.figures(await schemes.scheme(village.id))
    assert (found.issued, found.redeemed, found.outstanding, found.stock_points) == (400, 300, 100, 450)
    assert await plugins.collect("collect_differences") == []


async def test_what_is_given_up_or_not_fetched_comes_back_with_its_age(village: Village) -> None:
    resident, item = await make_rich(village), await make_item(village)
    scheme = await schemes.scheme(village.id)
    before = await points.holding(scheme, resident.household_id or 0, clock.today())
    first = await shop.reserve(item, quantity=1, actor=resident)
    await shop.cancel_redemption(first, actor=resident)
    assert await figures(village, resident) == (400, 0, 5)
    second = await shop.reserve(item, quantity=1, actor=resident)
    until = await fetch_value("select reserved_until from greencoin_redemption where id = $1", second)
    assert until - clock.now() > timedelta(days=6, hours=23)
    with clock.frozen(until - timedelta(seconds=1)):
        await run_due_jobs()
        assert (await queries.redemption(second)).state == "reserved"
    with clock.frozen(until):
        with pytest.raises(ReservationOver):
            await shop.hand_over(village.id, await code_of(second), actor=village.keeper)
        await run_due_jobs()
        assert (await queries.redemption(second)).state == "expired"
    assert await figures(village, resident) == (400, 0, 5)
    assert await points.holding(scheme, resident.household_id or 0, clock.today()) == before
    titles = await fetch("select title from notification where person = $1", resident.person_id)
    assert "预留的商品没有领取" in {row["title"] for row in titles}
    assert await plugins.collect("collect_differences") == []


async def test_the_second_click_returns_the_first_reservation(village: Village) -> None:
    resident, item = await make_rich(village), await make_item(village)
    both = await asyncio.gather(*(shop.reserve(item, quantity=1, actor=resident) for _ in range(2)))
    assert both[0] == both[1]
    assert await figures(village, resident) == (200, 200, 4)


async def test_the_last_piece_goes_to_one_of_two(village: Village) -> None:
    one, other = await make_rich(village), await make_rich(village)
    item = await make_item(village, stock=1)
    both = await asyncio.gather(
        *(shop.reserve(item, quantity=1, actor=who) for who in (one, other)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in both) == ["OutOfStock", "int"]
    assert await plugins.collect("collect_differences") == []


async def test_what_cannot_be_reserved(village: Village) -> None:
    resident, item = await make_rich(village), await make_item(village, cost=201, stock=2)
    with pytest.raises(NotEnoughPoints, match=r"要 4\.02 分，您家现在可用 4 分"):
        await shop.reserve(item, quantity=2, actor=resident)
    with pytest.raises(OutOfStock, match="食盐 只剩 2 件"):
        await shop.reserve(item, quantity=3, actor=resident)
    elsewhere = await make_villager(await make_village())
    with pytest.raises(HouseholdElsewhere):
        await shop.reserve(item, quantity=1, actor=elsewhere)
    with pytest.raises(ItemNotFound):
        await shop.reserve(10**9, quantity=1, actor=resident)
    await shop.take_off_shelf(item, actor=village.manager)
    with pytest.raises(ItemOffShelf):
        await shop.reserve(item, quantity=1, actor=resident)


async def test_only_the_shop_hands_over_and_never_to_the_own_household(village: Village) -> None:
    resident, item = await make_rich(village), await make_item(village)
    other = await make_village()
    redemption_id = await shop.reserve(item, quantity=1, actor=resident)
    code = await code_of(redemption_id)
    for stranger in (resident, village.manager, other.keeper):
        with pytest.raises(SchemeNotFound):
            await shop.hand_over(village.id, code, actor=stranger)
    with pytest.raises(CodeUnknown):
        await shop.hand_over(other.id, code, actor=other.keeper)
    with pytest.raises(RedemptionNotFound):
        await shop.cancel_redemption(redemption_id, actor=await make_villager(village))
    await credit(village, await submit(village.yard, village.keeper))
    own = await shop.reserve(item, quantity=1, actor=village.keeper)
    with pytest.raises(OwnHousehold):
        await shop.hand_over(village.id, await code_of(own), actor=village.keeper)


async def test_stock_comes_and_is_counted_with_a_reason(village: Village) -> None:
    item = await make_item(village, stock=5)
    await shop.change_stock(item, -2, reason="盘点少两件", counted=True, actor=village.keeper)
    assert (await queries.item(item)).stock == 3
    with pytest.raises(StockTooLow, match="货架上只有 3 件可以减"):
        await shop.change_stock(item, -4, reason="盘点", actor=village.keeper)
    with pytest.raises(StockUnchanged):
        await shop.change_stock(item, 0, reason="盘点", actor=village.keeper)
    with pytest.raises(ReasonMissing):
        await shop.change_stock(item, 1, reason=" ", actor=village.keeper)
    other = await make_village()
    for stranger in (village.manager, other.keeper):
        with pytest.raises(ItemNotFound):
            await shop.change_stock(item, 1, reason="进货", actor=stranger)
    with pytest.raises(PermissionMissing):
        await shop.add_item(village.id, "酱油", cost=700, actor=village.keeper)


async def test_a_debt_comes_first_and_what_comes_back_pays_it(village: Village) -> None:
    resident, item = await make_villager(village), await make_item(village, cost=200)
    claim_id = await submit(village.yard, resident)
    await credit(village, claim_id)
    redemption_id = await shop.reserve(item, quantity=1, actor=resident)
    await awards.reverse_award(claim_id, reason="不是这一户", actor=village.manager)
    with pytest.raises(DebtFirst, match="您家有 2 分待抵扣"):
        await shop.reserve(await make_item(village, name="酱油"), quantity=1, actor=resident)
    await shop.cancel_redemption(redemption_id, actor=resident)
    has = await points.holding(await schemes.scheme(village.id), resident.household_id or 0, clock.today())
    assert (has.usable, has.held, has.debt) == (0, 0, 0)
    assert await plugins.collect("collect_differences") == []
