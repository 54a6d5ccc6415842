"""Publishing a quarter: once, in order, by its secretary, and what was said stays said."""

import asyncio
from datetime import datetime

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.funds.rules.quarters import Quarter
from core.people.errors import PermissionMissing
from core.people.rules import Actor, Grant
from core.reference import Ref
from plugins.foundation.errors import FoundationNotFound
from plugins.foundation.errors.calendar import PublishEarlierFirst, QuarterNotOver
from plugins.foundation.queries import calendar as queries
from plugins.foundation.rules import SECRETARY
from plugins.foundation.services.calendar import publish_quarter
from tests.core.funds.world import FundWorld, give, make_fund_world, paid, three_gifts

SECOND, THIRD = Quarter(2026, 2), Quarter(2026, 3)
MAY, AUGUST = datetime(2026, 5, 5, 12, tzinfo=clock.HOME), datetime(2026, 8, 8, 12, tzinfo=clock.HOME)
NOVEMBER = datetime(2026, 11, 22, 12, tzinfo=clock.HOME)


@pytest.fixture
async def world(db: str) -> FundWorld:
    """180.00 came in spring, 10.00 in summer, when 62.00 were paid out."""
    with clock.frozen(MAY):
        made = await make_fund_world()
        await three_gifts(made)
    with clock.frozen(AUGUST):
        await paid(made)
        await give(made, 1000, "S-9")
    return made


def secretary(world: FundWorld) -> Actor:
    grants = (Grant(SECRETARY, Ref("organization", world.foundation)),)
    return Actor(world.head.person_id, world.head.name, None, grants)


async def test_a_quarter_says_what_came_and_went(world: FundWorld) -> None:
    with clock.frozen(NOVEMBER):
        third, second = await queries.calendar(world.foundation, clock.today())
        year = await queries.year_sums(world.foundation, clock.today())
    assert (third.opening_fen, third.income_fen, third.uses_fen) == (18000, 1000, 6200)
    assert third.closing_fen == 12800
    assert (second.opening_fen, second.income_fen, second.closing_fen) == (0, 18000, 18000)
    assert third.is_late(clock.local(NOVEMBER).date())
    assert (year.income_fen, year.uses_fen, year.closing_fen) == (19000, 6200, 12800)


async def test_it_is_published_once_and_in_order(world: FundWorld) -> None:
    actor = secretary(world)
    with clock.frozen(NOVEMBER):
        with pytest.raises(PublishEarlierFirst):
            await publish_quarter(world.foundation, THIRD, actor=actor)
        await asyncio.gather(*(publish_quarter(world.foundation, SECOND, actor=actor) for _ in range(3)))
        await publish_quarter(world.foundation, THIRD, actor=actor)
        with pytest.raises(QuarterNotOver):
            await publish_quarter(world.foundation, THIRD.moved(1), actor=actor)
        assert await queries.todos([world.foundation], clock.today()) == []
    rows = await fetch("select quarter, income_fen, uses_fen from foundation_publication order by quarter")
    assert [tuple(row) for row in rows] == [(2, 18000, 0), (3, 1000, 6200)]
    assert await plugins.collect("collect_differences") == []


async def test_only_the_secretary_publishes_and_only_a_foundation(world: FundWorld) -> None:
    with clock.frozen(NOVEMBER):
        with pytest.raises(PermissionMissing):
            await publish_quarter(world.foundation, SECOND, actor=world.head)
        with pytest.raises(FoundationNotFound):
            await publish_quarter(world.community, SECOND, actor=secretary(world))
    assert await fetch_value("select count(*) from foundation_publication") == 0


async def test_what_waits_is_a_todo_and_late_when_its_day_is_over(world: FundWorld) -> None:
    with clock.frozen(NOVEMBER):
        todos = await queries.todos([world.foundation], clock.today())
        assert [(todo.params["n"], todo.due_at < clock.now()) for todo in todos if todo.due_at] == [
            (2, True),
            (3, True),
        ]


async def test_a_publication_that_the_books_contradict_is_found(world: FundWorld) -> None:
    with clock.frozen(NOVEMBER):
        await publish_quarter(world.foundation, SECOND, actor=secretary(world))
    await fetch("update foundation_publication set income_fen = income_fen + 1")
    (difference,) = await queries.differences()
    assert difference.subject == f"foundation {world.foundation}: publication 2026-2"


async def test_foundations_are_listed_with_their_funds(world: FundWorld) -> None:
    (line,) = await queries.foundations("", offset=0, limit=10)
    assert (line.id, line.funds, line.balance_fen) == (world.foundation, 1, 12800)
    assert await queries.foundations("没有", offset=0, limit=10) == []


async def test_the_pages_of_its_funds_say_whether_a_quarter_is_published_or_late(world: FundWorld) -> None:
    async def said() -> list[tuple[str, bool, bool]]:
        found = await plugins.collect(
            "collect_publications", organization_id=world.foundation, year=2026, quarter=2
        )
        return [(str(p.due_on), p.published_at is not None, p.is_late(clock.today())) for p in found]

    with clock.frozen(MAY):
        assert await said() == []
    with clock.frozen(datetime(2026, 7, 30, 23, tzinfo=clock.HOME)):
        assert await said() == [("2026-07-30", False, False)]
    with clock.frozen(NOVEMBER):
        assert await said() == [("2026-07-30", False, True)]
        await publish_quarter(world.foundation, SECOND, actor=secretary(world))
        assert await said() == [("2026-07-30", True, False)]
