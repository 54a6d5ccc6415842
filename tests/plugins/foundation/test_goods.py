"""Goods: two persons above a limit, never more out than there is, nothing rewritten, no money moved."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.errors import YijiError
from core.funds.errors import ReasonMissing
from core.funds.queries.funds import available
from core.language import in_language
from core.ledger import services as ledger
from core.ledger.errors import BalanceTooLow
from core.people.errors import PermissionMissing
from core.reference import Ref
from core.workflow import WrongState
from plugins.foundation.errors import goods as errors
from plugins.foundation.papers.goods import goods_paper
from plugins.foundation.postings import goods as postings
from plugins.foundation.queries import goods as queries
from plugins.foundation.queries.beside import campaign_figures, fund_figures, fund_part, year_figures
from plugins.foundation.rules import goods as rules
from plugins.foundation.services import goods as services
from tests.core.funds.world import FundWorld, make_fund_world
from tests.plugins.foundation.goods_world import SLIP, handing, moved, received, rice
from workers.drain import run_due_jobs

YEAR = clock.today().year


@pytest.fixture
async def world(db: str) -> FundWorld:
    return await make_fund_world()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"donor_name": ""}, errors.GoodsDonorMissing),
        ({"quantity": 0}, errors.QuantityOutOfRange),
        ({"quantity": rules.QUANTITY_MOST + 1}, errors.QuantityOutOfRange),
        ({"condition": ""}, errors.ConditionMissing),
        ({"received_on": clock.today() + timedelta(days=1)}, errors.GoodsDayInFuture),
        ({"value_fen": 0}, errors.GoodsValueOutOfRange),
        ({"valued": "none"}, errors.ValueUnfounded),
        ({"expires_on": None}, errors.ExpiryMissing),
        ({"expires_on": clock.today() - timedelta(days=1)}, errors.AlreadyExpired),
    ],
)
def test_what_is_not_taken_is_named(changes: dict[str, Any], refusal: type[YijiError]) -> None:
    rules.check_draft(rice(), clock.today())
    with pytest.raises(refusal):
        rules.check_draft(rice(**changes), clock.today())


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_on": clock.today()},
        {"kind": "books", "expires_on": None},
        {"donor_name": "", "is_anonymous": True},
        {"valued": "none", "value_fen": 0},
        {"quantity": rules.QUANTITY_MOST},
    ],
)
def test_what_is_just_taken(changes: dict[str, Any]) -> None:
    rules.check_draft(rice(**changes), clock.today())


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"quantity": 0}, errors.QuantityOutOfRange),
        ({"why": ""}, errors.PurposeMissing),
        ({"receiver_name": ""}, errors.ReceiverMissing),
        ({"happened_on": date(2026, 1, 9)}, errors.GoodsDayTooEarly),
        ({"happened_on": date(2026, 3, 2)}, errors.GoodsDayInFuture),
        ({"happened_on": date(2026, 2, 1)}, errors.GoodsExpired),
    ],
)
def test_what_is_not_handed_out_is_named(changes: dict[str, Any], refusal: type[YijiError]) -> None:
    def check(**changes: Any) -> None:
        draft = replace(handing(1), **({"happened_on": date(2026, 1, 31)} | changes))
        rules.check_move(
            draft, received_on=date(2026, 1, 10), expires_on=date(2026, 1, 31), today=date(2026, 3, 1)
        )

    check()
    with pytest.raises(refusal):
        check(**changes)
    check(kind=rules.WRITTEN, happened_on=date(2026, 2, 1), receiver_name="")


async def test_goods_come_leave_and_are_no_money(world: FundWorld) -> None:
    made = await received(world, fund_id=world.fund)
    await moved(world, made, 1)
    await moved(world, made, 1, "F-2", kind=rules.WRITTEN, receiver_name="", why="破袋")
    found = await queries.goods(made)
    assert (found.state, found.handed, found.written, found.left) == ("counted", 1, 1, 1)
    for figures in (await year_figures(world.foundation, YEAR), await fund_figures(world.fund)):
        assert (figures.received_fen, figures.handed_fen, figures.written_fen) == (10000, 3333, 3333)
        assert figures.left_fen == 3334
    assert await available(world.fund, None) == 0
    (part,) = await fund_part(world.fund)
    assert [line.amount_fen for line in part.lines] == [10000, 3333, 3334]
    assert await queries.differences() == []


async def test_a_year_ends_with_what_is_left_then(world: FundWorld) -> None:
    then = date(YEAR - 1, 12, 31)
    made = await received(world, received_on=then)
    await moved(world, made, 2)
    last, now = await year_figures(world.foundation, YEAR - 1), await year_figures(world.foundation, YEAR)
    assert (last.received_fen, last.handed_fen, last.left_fen, last.slips) == (10000, 0, 10000, 1)
    assert (now.received_fen, now.handed_fen, now.left_fen, now.slips) == (0, 6666, 3334, 0)


async def test_never_more_leaves_than_there_is(world: FundWorld) -> None:
    """With real connections at once; and past the verb the ledger refuses."""
    made = await received(world, quantity=5)
    tried = await asyncio.gather(*(moved(world, made, 2, f"F-{n}") for n in range(4)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in tried) == ["TooFewLeft", "TooFewLeft", "int", "int"]
    assert (await queries.goods(made)).left == 1
    assert await fetch_value("select count(*) from foundation_goods_move") == 2
    with pytest.raises(BalanceTooLow):
        async with unit_of_work():
            at, pieces = Ref(rules.GOODS, made), postings.PIECES
            stock = await ledger.open_account(at, kind=postings.STOCK, unit=pieces)
            outside = await ledger.open_account(
                Ref("organization", world.foundation), kind=postings.OUTSIDE, unit=pieces
            )
            ledger.post(
                postings.moved(
                    999, kind=rules.HANDED, stock=stock, outside=outside, quantity=2, at=clock.now()
                )
            )


async def test_a_second_click_changes_nothing(world: FundWorld) -> None:
    ids = await asyncio.gather(*(received(world) for _ in range(3)))
    assert len(set(ids)) == 1
    moves = await asyncio.gather(*(moved(world, ids[0], 3) for _ in range(3)))
    assert len(set(moves)) == 1
    with pytest.raises(errors.SlipUsed):
        await received(world, quantity=4)
    with pytest.raises(errors.SlipUsed):
        await moved(world, ids[0], 2)
    assert (await queries.goods(ids[0])).left == 0


async def test_above_the_limit_another_person_confirms(world: FundWorld) -> None:
    limit = (await queries.terms_on(world.foundation, clock.today()))[rules.ALONE]
    assert (await queries.goods(await received(world, value_fen=limit))).state == "counted"
    made = await received(world, value_fen=limit + 1, slip_no="W-2")
    with pytest.raises(WrongState):
        await moved(world, made, 1)
    with pytest.raises(errors.GoodsNotFound):
        await queries.visible_goods(made, world.donor)
    with pytest.raises(errors.GoodsNotFound):
        await services.confirm_goods(made, actor=world.donor)
    with pytest.raises(PermissionMissing):
        await services.confirm_goods(made, actor=world.treasurer)
    (todo,) = await queries.todos(world.payer)
    assert todo.path == f"/foundation/goods/{made}"
    for _ in range(2):
        await services.confirm_goods(made, actor=world.payer)
    assert (await queries.goods(made)).left == 3
    with pytest.raises(WrongState):
        await services.drop_goods(made, actor=world.treasurer)


async def test_who_recorded_does_not_confirm(world: FundWorld) -> None:
    made = await received(world, value_fen=10**9)
    await fetch("alter table foundation_goods disable trigger foundation_goods_stays")
    await fetch("update foundation_goods set recorded_by = $1 where id = $2", world.payer.person_id, made)
    with pytest.raises(errors.OwnGoods):
        await services.confirm_goods(made, actor=world.payer)


async def test_mistakes_are_reversed_and_both_lines_stand(world: FundWorld) -> None:
    made = await received(world)
    wrong = await moved(world, made, 2)
    with pytest.raises(errors.GoodsHandedOut):
        await services.reverse_goods(made, reason="数错了", actor=world.payer)
    with pytest.raises(ReasonMissing):
        await services.reverse_move(made, wrong, reason=" ", actor=world.payer)
    with pytest.raises(PermissionMissing):
        await services.reverse_move(made, wrong, reason="数错了", actor=world.treasurer)
    with pytest.raises(errors.MoveNotFound):
        other = await received(world, slip_no="W-9")
        await services.reverse_move(other, wrong, reason="数错了", actor=world.payer)
    for _ in range(2):
        await services.reverse_move(made, wrong, reason="数错了", actor=world.payer)
    assert (await queries.goods(made)).left == 3
    await moved(world, made, 1)
    shown = [(one.quantity, one.reason) for one in await queries.moves(made, also_reversed=True)]
    assert shown == [(2, "数错了"), (1, "")]
    assert len(await queries.moves(made, also_reversed=False)) == 1
    assert await queries.differences() == []


async def test_what_came_is_reversed_whole_and_written_down_again(world: FundWorld) -> None:
    made = await received(world)
    for _ in range(2):
        await services.reverse_goods(made, reason="数错了", actor=world.payer)
    assert (await year_figures(world.foundation, YEAR)).received_fen == 0
    with pytest.raises(WrongState):
        await moved(world, made, 1)
    again = await received(world, quantity=2)
    assert again != made
    assert await queries.differences() == []


async def test_nothing_is_rewritten_or_deleted(world: FundWorld) -> None:
    made = await received(world)
    await moved(world, made, 1)
    for refused in (
        "update foundation_goods set quantity = 9",
        "delete from foundation_goods",
    ):
        with pytest.raises(asyncpg.PostgresError, match="says what was received"):
            await fetch(refused)
    for refused in ("update foundation_goods_move set quantity = 9", "delete from foundation_goods_move"):
        with pytest.raises(asyncpg.PostgresError, match="says what has left"):
            await fetch(refused)


async def test_verify_finds_what_the_ledger_does_not_have(world: FundWorld) -> None:
    made = await received(world)
    await fetch("alter table foundation_goods disable trigger foundation_goods_stays")
    await fetch("update foundation_goods set quantity = 4 where id = $1", made)
    (found,) = await queries.differences()
    assert (found.expected, found.found) == ("4", "3")


async def test_aims_and_receivers_must_be_there(world: FundWorld) -> None:
    other = await make_fund_world(name="别样基金会")
    with pytest.raises(errors.GoodsFundElsewhere):
        await received(world, fund_id=other.fund)
    with pytest.raises(errors.GoodsCampaignElsewhere):
        await received(world, campaign_id=2**40)
    made = await received(world)
    with pytest.raises(errors.ReceiverUnknown):
        await moved(world, made, 1, receiver_id=2**40)
    with pytest.raises(errors.RequestUnknown):
        await moved(world, made, 1, request_id=2**40)
    with pytest.raises(errors.GoodsNotFound):
        await services.move_goods(made, handing(1), SLIP, actor=other.treasurer)
    with pytest.raises(PermissionMissing):
        await services.record_goods(world.foundation, rice(), SLIP, actor=other.treasurer)
    await moved(world, made, 1, receiver_id=world.community, receiver_name="")
    (line,) = await queries.moves(made, also_reversed=False)
    assert line.receiver == "测样社区"


async def test_what_expires_soon_is_a_todo(world: FundWorld) -> None:
    today = clock.today()
    soon = (await queries.terms_on(world.foundation, today))[rules.SOON_DAYS]
    made = await received(world, expires_on=today + timedelta(days=soon))
    await received(world, expires_on=today + timedelta(days=soon + 1), slip_no="W-2")
    (todo,) = await queries.todos(world.treasurer)
    assert todo.path == f"/foundation/goods/{made}"
    await moved(world, made, 3)
    assert await queries.todos(world.treasurer) == []


async def test_an_anonymous_donor_is_named_nowhere(world: FundWorld) -> None:
    made = await received(world, is_anonymous=True)
    assert await fetch_value("select donor_name from foundation_goods where id = $1", made) == ""
    with in_language("zh"):
        paper = goods_paper(await queries.goods(made))
    assert "匿名" in str(paper.parts)
    assert "样样粮店" not in str(paper.parts)


async def test_a_receipt_says_what_and_how_valued(world: FundWorld) -> None:
    made = await received(world, fund_id=world.fund)
    found = await queries.goods(made)
    with in_language("zh"):
        paper = goods_paper(found)
    assert paper.remark == "非财政票据"
    for said in ("3 袋", "100.00", "发票或其他凭据", "样样粮店", found.trace_code):
        assert said in str(paper.parts)
    with pytest.raises(errors.GoodsNotFound):
        await services.ask_for_goods_receipt(made, actor=world.donor)
    await services.ask_for_goods_receipt(made, actor=world.treasurer)
    await run_due_jobs()
    stored = "select content from stored_file where owner_id = $1"
    assert (await fetch_value(stored, world.treasurer.person_id)).startswith(b"%PDF")


async def test_what_nobody_can_value_is_counted_apart(world: FundWorld) -> None:
    await received(world, valued=rules.UNVALUED, value_fen=0)
    found = await year_figures(world.foundation, YEAR)
    assert (found.received_fen, found.slips, found.unvalued) == (0, 1, 1)
    assert (await campaign_figures(1)).slips == 0


async def test_lists_narrow_down(world: FundWorld) -> None:
    made = await received(world)
    books = await received(world, kind="books", what="绘本", expires_on=None, slip_no="W-2")
    await received(world, value_fen=10**9, slip_no="W-3")
    await moved(world, made, 3)

    async def ids(**wanted: Any) -> list[int]:
        found = await queries.list_goods(world.foundation, queries.Wanted(**wanted), limit=10)
        return [one.id for one in found]

    assert await ids() == [books, made]
    assert await ids(kind="food") == [made]
    assert await ids(words="绘") == [books]
    assert await ids(is_left=True) == [books]
    assert len(await ids(also_hidden=True)) == 3
