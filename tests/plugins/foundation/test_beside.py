"""Hours of volunteers beside money: by the ledger, valued where a price is set, and in no sum of money."""

from datetime import timedelta

import httpx
import pytest

from core import clock
from core.database import fetch_row, fetch_value
from core.funds.queries.sums import year_of_funds
from core.parameters.services import set_parameter
from core.reference import Ref
from plugins.foundation.queries import annual
from plugins.foundation.queries.beside import hours_by_fund, year_beside
from plugins.foundation.queries.years import year_of
from plugins.foundation.rules.hours import HOUR_FEN, worth
from tests.core.funds.world import FundWorld, make_fund_world, paid, three_gifts
from tests.core.volunteers.shifts import HOURS, Team, make_shift, make_team, serve
from tests.factories import Committee, make_resident
from tests.plugins.foundation.goods_world import moved, received
from tests.plugins.foundation.years_world import opened

YEAR = clock.today().year


@pytest.fixture
async def world(db: str) -> FundWorld:
    """180.00 given, 62.00 paid for a project, measured by the table."""
    made = await make_fund_world()
    await three_gifts(made)
    await paid(made)
    await opened(made, YEAR)
    return made


async def team_of(world: FundWorld, organization_id: int) -> Team:
    region = await fetch_value("select region from organization where id = $1", organization_id)
    return await make_team(organization=Committee(organization_id, region, world.treasurer))


async def served(world: FundWorld, team: Team, *, project: int | None = None) -> int:
    """Two hours, three days ago."""
    with clock.frozen(clock.now() - 72 * HOURS):
        shift = await make_shift(team)
        if project is not None:
            await fetch_value(
                "update volunteer_opportunity set project = $1"
                " where id = (select opportunity from volunteer_shift where id = $2)",
                project,
                shift,
            )
        return await serve(team, shift, await make_resident(team.organization.region_id))


def test_an_hour_is_worth_its_price_rounded_down() -> None:
    assert [worth(minutes, 1999) for minutes in (0, 59, 60, 90)] == [0, 1965, 1999, 2998]
    assert worth(6000, 0) == 0


async def test_hours_are_counted_by_fund_and_only_once(world: FundWorld) -> None:
    team, asking = await team_of(world, world.foundation), await team_of(world, world.community)
    project = await fetch_value("select project from fund_request where fund = $1", world.fund)
    await served(world, team)
    await served(world, asking, project=project)
    await served(world, asking)
    found = await hours_by_fund(world.foundation, YEAR)
    assert sorted((one.fund_id or 0, one.minutes) for one in found) == [(0, 120), (world.fund, 120)]
    assert await hours_by_fund(world.foundation, YEAR - 1) == []


async def test_no_price_no_value_and_a_dated_one_from_its_day(world: FundWorld) -> None:
    await served(world, await team_of(world, world.foundation))
    assert (await year_beside(world.foundation, YEAR)).hours.worth_fen == 0
    today, place = clock.today(), Ref("organization", world.foundation)
    await set_parameter(HOUR_FEN, place, 2000, effective_on=today, actor_id=None)
    found = (await year_beside(world.foundation, YEAR)).hours
    assert (found.minutes, found.hour_fen, found.since, found.worth_fen) == (120, 2000, today, 4000)
    with clock.frozen(clock.now() - timedelta(days=1)):
        assert (await year_beside(world.foundation, YEAR)).hours.hour_fen == 0


async def test_goods_and_hours_move_no_ratio_and_no_sum(world: FundWorld) -> None:
    """慈善法 61 asks about money."""
    before, flows = await year_of(world.foundation, YEAR), await year_of_funds(world.foundation, YEAR)
    balances = await fetch_row(
        "select coalesce(sum(balance), 0) as sum from ledger_account where unit = 'CNY' and floor is not null"
    )
    await moved(world, await received(world, fund_id=world.fund), 2)
    await served(world, await team_of(world, world.foundation))
    place = Ref("organization", world.foundation)
    await set_parameter(HOUR_FEN, place, 2000, effective_on=clock.today(), actor_id=None)
    beside = await year_beside(world.foundation, YEAR)
    assert (beside.goods.received_fen, beside.hours.worth_fen) == (10000, 4000)
    assert await year_of(world.foundation, YEAR) == before
    assert before.judged is not None
    assert await year_of_funds(world.foundation, YEAR) == flows
    after = await fetch_row(
        "select coalesce(sum(balance), 0) as sum from ledger_account where unit = 'CNY' and floor is not null"
    )
    assert after == balances
    _, lines = await annual.annual(world.foundation, YEAR)
    assert sum(one.amount_fen or 0 for one in lines if one.section == annual.INCOME) == 18000
    apart = {one.title: one.amount_fen for one in lines if one.section == annual.BESIDE}
    assert list(apart.values()) == [10000, 6666, 3334, 4000]


async def test_the_year_says_that_no_price_is_set(client: httpx.AsyncClient, world: FundWorld) -> None:
    year = f"/foundation/{world.foundation}/years/{YEAR}"
    assert "没有设定折算标准，不折算" in (await client.get(year)).text
    place = Ref("organization", world.foundation)
    await set_parameter(HOUR_FEN, place, 2000, effective_on=clock.today(), actor_id=None)
    shown = (await client.get(year)).text
    assert "每小时 20.00 元" in shown
    assert "不在收入、支出和比例里" in shown
