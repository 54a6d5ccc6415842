"""A foundation's year as a flow: what is drawn adds up, fund by fund, and says what the books say."""

from datetime import UTC, datetime

import httpx
import pytest

from core import clock
from core.funds import services as funds
from core.funds.queries.sums import FundYear, year_of_funds
from core.funds.services.flows import fold_flows
from plugins.foundation.pictures.flows import CAME, FUNDS_DRAWN, WENT, bounded, draw_year
from plugins.foundation.queries import years
from tests.core.funds import stages
from tests.core.funds.world import FundWorld, give, held, make_fund_world, paid, three_gifts

MAY = datetime(2026, 5, 5, 12, tzinfo=clock.HOME)
LAST, FIRST = datetime(2026, 12, 31, 15, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


@pytest.fixture
async def world(db: str) -> FundWorld:
    """Given, paid, set aside and returned in 2026; given again and paid in the first minute of 2027."""
    with clock.frozen(MAY):
        made = await make_fund_world()
        await three_gifts(made)
        await paid(made, 6200)
        await held(made, 2000)
        back = await give(made, 500, "S-9")
        await funds.prepare_refund(back, reason="捐错了", payment_no="T-1", actor=made.treasurer)
        await funds.sign_refund(back, actor=made.payer)
    with clock.frozen(LAST):
        await give(made, 100, "S-10")
    with clock.frozen(FIRST):
        await give(made, 70, "S-11")
        await paid(made, 1000, payment_no="P-2")
    return made


async def test_a_year_is_the_books_of_the_same_year(world: FundWorld) -> None:
    with clock.frozen(FIRST):
        for year in (2026, 2027):
            (books,) = await years.books([(world.foundation, year)])
            (one,) = await year_of_funds(world.foundation, year)
            assert (one.bound_fen, one.free_fen) == (books.bound_fen, books.free_fen)
            assert (one.returned_fen, one.paid_fen) == (books.returned_fen, books.paid_fen)


async def test_what_was_there_and_came_is_what_went_and_is_there(world: FundWorld) -> None:
    (old,), (new,) = [await year_of_funds(world.foundation, year) for year in (2026, 2027)]
    assert (old.opening_fen, old.bound_fen, old.free_fen, old.paid_fen, old.held_fen) == (
        0, 13000, 5600, 6200, 2000,
    )  # fmt: skip
    assert (new.opening_fen, new.free_fen, new.paid_fen) == (old.held_fen + old.left_fen, 70, 1000)
    for one in (old, new):
        assert sum(getattr(one, name) for name in CAME) == sum(getattr(one, name) for name in WENT)
    await fold_flows()
    assert await year_of_funds(world.foundation, 2026) == [old]


async def test_what_moves_between_two_funds_stands_at_both(db: str) -> None:
    with clock.frozen(FIRST):
        world = await make_fund_world()
        await three_gifts(world)
        moved = await stages.agreed_proposal(world)
        await funds.move_leftover(moved, actor=world.payer)
    old, new = sorted(await year_of_funds(world.foundation, 2027), key=lambda one: one.fund_id)
    assert old.moved_out_fen == new.moved_in_fen > 0
    assert (old.left_fen, new.left_fen) == (0, new.moved_in_fen)
    assert await year_of_funds(world.foundation, 2025) == []


def fund(id_: int, amount: int, **changes: int) -> FundYear:
    known = dict.fromkeys((*CAME, *WENT), 0) | {"free_fen": amount, "left_fen": amount}
    return FundYear(fund_id=id_, fund=f"测样基金会{id_}号微基金", **(known | changes))


def test_the_largest_are_drawn_and_the_others_are_one() -> None:
    some = [fund(n, 100 - n) for n in range(FUNDS_DRAWN + 1)]
    assert [one.fund for one in bounded(some, "测样基金会")][-1] == f"{FUNDS_DRAWN}号微基金"
    more = [*some, fund(99, 1)]
    lines = bounded(more, "测样基金会")
    assert (len(lines), lines[-1].fund) == (FUNDS_DRAWN + 1, "另外 2 支")
    for field in (*CAME, *WENT):
        assert sum(getattr(one, field) for one in lines) == sum(getattr(one, field) for one in more)


def test_every_column_holds_all_of_the_money() -> None:
    lines = [fund(1, 1000, paid_fen=300, left_fen=700), fund(2, 500, returned_fen=-40, left_fen=540)]
    picture = draw_year(lines)
    assert picture is not None
    assert [sum(node.amount_fen for node in column) for column in picture.columns] == [1540] * 3
    assert ("退款没有成功", "测样基金会2号微基金", 40) in picture.rows
    assert draw_year([]) is None


async def test_page_and_api_say_the_same(client: httpx.AsyncClient, world: FundWorld) -> None:
    with clock.frozen(FIRST):
        shown = (await client.get(f"/foundation/{world.foundation}/years/2026")).text
        path = f"/api/v1/foundation/foundations/{world.foundation}/years"
        (told,) = (await client.get(f"{path}/2026/flows")).json()
        (old,) = await year_of_funds(world.foundation, 2026)
        assert (await client.get(f"{path}/2028/flows")).status_code == 404
    assert told["left_fen"] == old.left_fen
    assert 'class="fundflow"' in shown
    assert shown.count(f">{old.bound_fen / 100:.2f}<") >= 2  # in the picture, and in the table beside
