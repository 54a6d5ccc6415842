"""The counter's queue, what has expired, and the order of a thing."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.database import unit_of_work
from core.payments import queries
from core.payments.services import cancel_order
from core.reference import Ref
from tests.core.payments.orders import confirm, make_order
from tests.factories import Committee, make_committee, make_resident

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


async def queue(*payee_ids: int, words: str = "", limit: int = 50) -> list[int]:
    found = await queries.open_orders(payee_ids, now=clock.now(), words=words, limit=limit)
    return [order.id for order in found]


async def test_the_queue_shows_open_orders_of_the_own_counters_oldest_first(committee: Committee) -> None:
    elsewhere = await make_committee()
    payer = await make_resident(committee.region_id, name="张三", phone="13912345678")
    first, second, paid, cancelled = [await make_order(committee, payer) for _ in range(4)]
    there = await make_order(elsewhere, payer)
    await confirm(paid, committee.treasurer)
    async with unit_of_work():
        await cancel_order(cancelled, actor_id=None)

    assert await queue(committee.id) == [first, second]
    assert await queue(committee.id, elsewhere.id) == [first, second, there]
    assert await queue(committee.id, limit=1) == [first]
    assert await queue() == []
    (shown,) = await queries.open_orders([elsewhere.id], now=clock.now(), words="", limit=9)
    assert (shown.payer, shown.payer_phone, shown.total_fen) == ("张三", "13912345678", 3500)
    assert (shown.payee, shown.notes) == ("测试自管会", ["1 号", "2 号"])


async def test_the_queue_is_filtered_by_number_phone_or_name(committee: Committee) -> None:
    zhang = await make_resident(committee.region_id, name="张三", phone="13912345678")
    li = await make_resident(committee.region_id, name="李四百%")
    orders = {name: await make_order(committee, who) for name, who in (("zhang", zhang), ("li", li))}
    for words, found in (
        ("", ["zhang", "li"]),
        ("5678", ["zhang"]),
        ("13912345678", ["zhang"]),
        ("1391", []),
        ("三", ["zhang"]),
        ("四百", ["li"]),
        ("%", ["li"]),
        ("_", []),
        ("\\", []),
        ("王五", []),
        (str(orders["li"]), ["li"]),
    ):
        assert await queue(committee.id, words=words) == [orders[name] for name in found], words


async def test_an_order_leaves_the_queue_at_its_hour_and_is_expired_from_then_on(
    committee: Committee,
) -> None:
    payer = await make_resident(committee.region_id)
    order_id = await make_order(committee, payer, cause=Ref("test.thing", 1), expires_at=NOON)
    other_kind = await make_order(committee, payer, cause=Ref("test.other", 1), expires_at=NOON)

    async def expired(now: datetime) -> list[int]:
        return [order.id for order in await queries.expired_orders("test.thing", now=now, limit=9)]

    with clock.frozen(NOON - MOMENT):
        assert await queue(committee.id) == [order_id, other_kind]
    assert await expired(NOON - MOMENT) == []
    with clock.frozen(NOON):
        assert await queue(committee.id) == []
    assert await expired(NOON) == [order_id]

    async with unit_of_work():
        await cancel_order(order_id, actor_id=None)
    assert await expired(NOON) == []
