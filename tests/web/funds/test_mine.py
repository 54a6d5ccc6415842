"""One's own gifts: totals, narrowed by year and fund, as a file."""

import csv
import io

import httpx
import pytest

from core.database import fetch, fetch_value
from core.funds.queries import gifts, traces
from core.funds.queries.gifts import Wanted
from core.funds.queries.given import given, given_sum
from tests.core.funds.world import FundWorld, day, give, held, make_fund_world, paid
from tests.factories import new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("treasurer", "donor")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    """The donor has given 100.00 today and 25.00 on the last day of 2025."""
    made = await make_fund_world(phones)
    mine = {"donor_id": made.donor.person_id, "donor_name": made.donor.name}
    await give(made, 10000, "A-1", purpose_id=made.children, **mine)
    await give(made, 2500, "A-2", received_on=day("2025-12-31"), **mine)
    await give(made, 7700, "A-3")
    return made


async def test_totals_say_what_became_of_all_of_them(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await paid(world, 6200)
    became = await traces.trace_sums(world.donor.person_id, gifts.EVERYTHING)
    assert became == {"paid": 6200, "held": 0, "left": 6300, "returned": 0}
    await log_in(client, phones["donor"])
    shown = (await client.get("/gifts/mine")).text
    for words in ("2 笔，一共", "125.00", "62.00 元", "63.00 元"):
        assert words in shown, words
    told = (await client.get("/api/v1/gifts/mine/sums", headers=await bearer(client, phones["donor"]))).json()
    sums = ("count", "amount_fen", "paid_fen", "held_fen", "left_fen", "returned_fen")
    assert [told[name] for name in sums] == [2, 12500, 6200, 0, 6300, 0]
    assert [(one["year"], one["amount_fen"]) for one in told["given"]][-1] == (2025, 2500)


@pytest.mark.parametrize(("year", "count", "shown"), [(2025, 1, "25.00"), (2024, 0, "没有这样的捐赠")])
async def test_a_year_narrows_them_down(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str], year: int, count: int, shown: str
) -> None:
    wanted = Wanted(year, world.fund)
    mine = await gifts.gifts_of_person(world.donor.person_id, wanted, before_id=None, limit=9)
    assert len(mine) == count
    assert await given_sum(world.donor.person_id, wanted) == (count, 2500 * count)
    assert sum((await traces.trace_sums(world.donor.person_id, wanted)).values()) == 2500 * count
    await log_in(client, phones["donor"])
    page = (await client.get(f"/gifts/mine?year={year}&fund={world.fund}")).text
    assert shown in page
    assert "您的 100.00 元" not in page
    for nonsense in ("?year=&fund=", "?year=zwei&fund=-1", "?year=99999&fund=9999999999999999999"):
        assert "您的 100.00 元" in (await client.get(f"/gifts/mine{nonsense}")).text


async def test_the_first_of_january_belongs_to_the_new_year(world: FundWorld) -> None:
    await fetch("update fund_gift set received_on = '2025-01-01' where receipt_no = 'A-1'")
    await fetch("update fund_gift set received_on = '2026-01-01' where receipt_no = 'A-2'")
    mine = await given(world.donor.person_id, Wanted(2025))
    assert [(one.year, one.amount_fen) for one in mine] == [(2025, 10000)]


async def test_the_file_lists_the_same_and_its_parts_add_up(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await held(world, 6200)
    await log_in(client, phones["donor"])
    asked = await send_form(client, "/gifts/mine/exports", seen_on="/gifts/mine", format="csv")
    await run_due_jobs()
    file_id = await fetch_value("select max(id) from file")
    assert "我的捐赠" in (await client.get(asked.headers["location"])).text
    rows = list(
        csv.DictReader(io.StringIO((await client.get(f"/files/{file_id}")).content.decode("utf-8-sig")))
    )
    became = ("已经付出 (元)", "已经留给一项用款 (元)", "还没有用 (元)", "已经退还 (元)")
    assert [row["收据号"] for row in rows] == ["A-2", "A-1"]
    assert sorted([row[name] for name in ("金额 (元)", *became)] for row in rows)[0][0] == "100.00"
    for row in rows:
        assert sum(float(row[name]) for name in became) == float(row["金额 (元)"])
    assert sum(float(row["已经留给一项用款 (元)"]) for row in rows) == 62


async def test_a_file_of_one_year_and_an_unknown_format(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    own = await bearer(client, phones["donor"])
    refused = await client.post("/api/v1/gifts/mine/exports", json={"format": "doc"}, headers=own)
    assert refused.status_code == 422
    await client.post("/api/v1/gifts/mine/exports", json={"format": "json", "year": 2025}, headers=own)
    await run_due_jobs()
    file_id = await fetch_value("select max(id) from file")
    await log_in(client, phones["donor"])
    kept = (await client.get(f"/files/{file_id}")).text
    assert "A-2" in kept
    assert "A-1" not in kept
    wrong = await send_form(client, "/gifts/mine/exports", seen_on="/gifts/mine", format="doc", year="2025")
    assert wrong.status_code == 422
    assert "CSV / XLSX / JSON" in wrong.text
    assert 'value="2025" selected' in wrong.text
