"""成都's part of the demo world."""

from core import clock, plugins
from core.database import fetch, fetch_value
from core.funds.queries import requests, traces
from core.funds.queries.funds import holdings
from core.people import queries as people
from plugins.foundation import demo
from plugins.foundation.demo import campaigns, endings, goods, papers, pools, year
from plugins.foundation.queries import calendar as queries
from plugins.foundation.queries import goods as goods_queries


async def build() -> None:
    for step in (
        demo.build_foundations,
        demo.build_uses,
        endings.build_endings,
        year.build_years,
        pools.build_pools,
    ):
        await step(lambda done, of: None)


async def test_there_are_fifteen_foundations_with_487_funds_and_a_request_at_every_stage(db: str) -> None:
    await build()
    assert await fetch_value("select count(*) from organization where kind = 'foundation'") == 15
    assert await fetch_value("select count(*) from fund") == 487
    assert await fetch_value("select count(*) from fund where state = 'open'") == 486
    rows = await fetch("select state, count(*) from fund_request group by state order by state")
    assert {row["state"] for row in rows} == {
        "approved", "held", "paid", "prepared", "refused", "reported", "voting",
    }  # fmt: skip
    first = await fetch_value("select id from organization where name = '锦样基金会'")
    late = [due for due in await queries.calendar(first, clock.today()) if due.is_late(clock.today())]
    assert len(late) <= 1
    states = [await requests.request(row["id"]) for row in await fetch("select id from fund_request")]
    assert [request.title for request in states if request.is_late] == ["暑期课堂老师补贴"]
    assert await plugins.collect("collect_differences") == []


async def test_the_donor_sees_a_gift_that_was_used(db: str) -> None:
    await build()
    donor = await people.person_id_of(demo.DONOR.phone, demo.DONOR.name)
    gift = await fetch_value("select min(id) from fund_gift where donor = $1", donor)
    assert [(part.kind, part.amount_fen) for part in await traces.trace_gift(gift)] == [("paid", 10000)]


async def test_one_fund_has_ended_and_another_asks_its_donor(db: str) -> None:
    await build()
    ended = await fetch_value("select id from fund where state = 'closed'")
    assert await holdings(ended) == (0, 0)
    donor = await people.actor(await people.person_id_of(demo.DONOR.phone, demo.DONOR.name))
    assert donor is not None
    (asked,) = [todo.path for todo in await requests.todos(donor)]
    assert asked.startswith("/funds/changes/")


async def test_built_again_it_stays_as_it_is(db: str) -> None:
    await build()
    counted = "select (select count(*) from fund), (select count(*) from ledger_transfer)"
    before = await fetch(counted)
    await build()
    assert await fetch(counted) == before


async def test_a_pool_stands_at_every_state_and_its_books_are_clean(db: str) -> None:
    await build()
    await pools.build_pools(lambda done, of: None)
    rows = await fetch("select state, count(*) from foundation_pool group by state order by state")
    assert {row["state"]: row["count"] for row in rows} == {
        "draft": 1, "ended": 1, "open": 2, "prepared": 1, "settled": 1,
    }  # fmt: skip
    assert await fetch_value("select state from foundation_pool_money order by id desc limit 1") == "waiting"
    limits = await fetch("select distinct limited_by from foundation_pool_match")
    assert {row["limited_by"] for row in limits} == {"", "gift", "pool"}
    assert await fetch_value("select sum(returned_fen) from foundation_pool_match") == 2500
    assert await plugins.collect("collect_differences") == []


async def test_there_are_papers_of_every_kind_and_again_no_more(db: str) -> None:
    await build()
    for _ in range(2):
        await campaigns.build_campaigns(lambda done, of: None)
        await papers.build_papers(lambda done, of: None)
        await goods.build_goods(lambda done, of: None)
    states = "select array_agg(state order by id) from foundation_{}"
    assert await fetch_value(states.format("agreement")) == ["signed", "draft"]
    assert await fetch_value(states.format("platform_list")) == ["booked", "judged"]
    assert await fetch_value("select count(*) from fund_receipt where voided_at is null") == 3
    place = await fetch_value("select id from organization where name = '锦样基金会'")
    found = await goods_queries.list_goods(place, goods_queries.Wanted(), limit=9)
    assert sorted(one.left for one in found) == [0, 25, 38]
    assert await plugins.collect("collect_differences") == []
