"""The figures of the annual report: they agree with the books, name where they come from, and make a file."""

import csv
import io

import httpx
import pytest

from core import clock
from core.database import fetch_value
from plugins.foundation.queries import annual
from plugins.foundation.rules import years
from tests.core.funds.world import FundWorld, make_fund_world, paid, three_gifts
from tests.factories import new_phone
from tests.plugins.foundation.years_world import enter, opened
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs

YEAR = clock.today().year


@pytest.fixture
def phones() -> dict[str, str]:
    return {"treasurer": new_phone()}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    """180.00 given, 62.00 paid to the community, a lecture for 2.00 and salaries of 10.00."""
    made = await make_fund_world(phones)
    await three_gifts(made)
    await paid(made)
    await opened(made, YEAR)
    await enter(made, 1000, occurred_on=clock.today())
    await enter(made, 200, "V-2", kind=years.PROGRAMME, what="讲座", occurred_on=clock.today())
    return made


async def test_each_figure_agrees_with_the_books(world: FundWorld) -> None:
    found, lines = await annual.annual(world.foundation, YEAR)
    of = {
        section: [one for one in lines if one.section == section]
        for section in {one.section for one in lines}
    }
    assert sum(one.amount_fen or 0 for one in of[annual.INCOME]) == found.books.income_fen == 18000
    assert sum(one.amount_fen or 0 for one in of[annual.PROJECTS]) == found.books.programme_fen == 6400
    assert [(one.title, one.amount_fen) for one in of[annual.PROJECTS]] == [
        ("暑期四点半课堂", 6200),
        ("讲座", 200),
    ]
    assert [(one.title, one.amount_fen) for one in of[annual.PAYEES]] == [("测样社区", 6200)]
    assert [one.amount_fen for one in of[annual.RATIOS]] == [6400, 1000, 7000]


async def test_every_line_leads_to_a_page(client: httpx.AsyncClient, world: FundWorld) -> None:
    _, lines = await annual.annual(world.foundation, YEAR)
    shown = (await client.get(f"/foundation/{world.foundation}/years/{YEAR}/annual")).text
    for path in {line.path for line in lines}:
        assert f'href="{path}"' in shown
        assert (await client.get(path)).status_code == 200


async def test_it_becomes_a_file_of_whoever_asks(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    path = f"/foundation/{world.foundation}/years/{YEAR}/annual"
    await log_in(client, phones["treasurer"])
    sent = await send_form(client, path, seen_on=path, format="csv")
    assert sent.status_code == 303
    await run_due_jobs()
    content = await fetch_value("select content from stored_file order by id desc limit 1")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {row["项目"]: row["金额 (元)"] for row in rows}["暑期四点半课堂"] == "62.00"
    refused = await send_form(client, path, seen_on=path, format="doc")
    assert refused.status_code == 422
    program = await bearer(client, phones["treasurer"])
    api = f"/api/v1/foundation/foundations/{world.foundation}/years/{YEAR}/annual"
    asked = await client.post(api, json={"format": "xlsx"}, headers=program)
    assert asked.status_code == 202
    assert (await client.get(api)).json()[0]["amount_fen"] == 13000
