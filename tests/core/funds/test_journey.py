"""A disbursement from the gift to the voucher: what is true at each step, and every fen is found again."""

from datetime import timedelta

from core import clock, plugins
from core.database import fetch, fetch_value
from core.funds import services
from core.funds.queries import funds, gifts, requests, traces
from core.funds.queries.traces import HELD, LEFT, PAID
from core.funds.rules import states
from core.funds.rules.quarters import quarter_of
from tests.core.funds.world import (
    ALL,
    AWARE,
    ask,
    held,
    make_fund_world,
    paid,
    report,
    three_gifts,
    titles,
    vote,
)
from workers.drain import run_due_jobs


async def test_every_donor_finds_the_own_gift_again_to_the_fen(db: str) -> None:
    world = await make_fund_world()
    bound, free, anonymous = await three_gifts(world)
    request_id = await paid(world, 12000)
    await report(world, request_id)
    await run_due_jobs()
    request = await requests.request(request_id)
    assert (request.state, request.voucher_no) == (states.REPORTED, "V-1")
    assert request.voucher_due_on == clock.today() + timedelta(days=30)
    found = [
        (p.gift_id, p.kind, p.amount_fen, p.request_id)
        for p in await traces.trace_gifts([bound, free, anonymous])
    ]
    # What is bound to the purpose goes first, then what is free; the elders' money is not touched.
    assert found == [
        (bound, PAID, 10000, request_id),
        (free, PAID, 2000, request_id),
        (free, LEFT, 3000, None),
        (anonymous, LEFT, 3000, None),
    ]
    assert await plugins.collect("collect_differences") == []
    assert await funds.holdings(world.fund) == (6000, 0)


async def test_what_is_set_aside_is_neither_left_nor_paid(db: str) -> None:
    world = await make_fund_world()
    bound, _, _ = await three_gifts(world)
    request_id = await held(world, 6200)
    parts = [(p.kind, p.amount_fen) for p in await traces.trace_gift(bound)]
    assert parts == [(HELD, 6200), (LEFT, 3800)]
    assert await funds.holdings(world.fund) == (11800, 6200)
    await services.release_money(request_id, reason="课堂不办了", actor=world.treasurer)
    assert [(p.kind, p.amount_fen) for p in await traces.trace_gift(bound)] == [(LEFT, 10000)]
    assert await plugins.collect("collect_differences") == []


async def test_the_member_with_an_interest_is_recused_when_the_vote_is_opened(db: str) -> None:
    world = await make_fund_world()
    await three_gifts(world)
    request_id = await ask(world)
    approval_id = (await requests.request(request_id)).approval_id
    recused = await fetch("select person, code from approval_recusal where approval = $1", approval_id)
    assert [tuple(row) for row in recused] == [(world.members[2].person_id, "core.fund_member")]


async def test_everybody_concerned_is_told(db: str) -> None:
    """Each step is an event, `fund_request_moved`, of which core tells."""
    world = await make_fund_world()
    await three_gifts(world)
    request_id = await ask(world)
    await vote(world, request_id)
    assert await titles(world.checker.person_id) == ["有一项用款等合规审核"]
    await services.check_request(request_id, ALL, aware=AWARE, actor=world.checker)
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    await services.sign_payment(request_id, aware=AWARE, actor=world.payer)
    await report(world, request_id)
    await run_due_jobs()
    assert await titles(world.treasurer.person_id) == ["有一项用款等付款制单"]
    assert await titles(world.payer.person_id) == ["有一项用款等复核付款"]
    assert await titles(world.asker.person_id) == ["审批通过了", "用款通过了合规审核", "用款已付出"]
    assert await titles(world.donor.person_id) == ["您的捐赠用上了", "您的捐赠有了结果"]


async def test_a_quarter_adds_up(db: str) -> None:
    world = await make_fund_world()
    await three_gifts(world)
    await paid(world, 12000)
    quarter = quarter_of(clock.today())
    lines = await traces.publication([world.fund], quarter)
    assert [(x.title, x.opening_fen, x.income_fen, x.uses_fen, x.closing_fen) for x in lines] == [
        ("四点半课堂", 0, 10000, 10000, 0),
        ("助老餐", 0, 3000, 0, 3000),
        (None, 0, 5000, 2000, 3000),
    ]
    following = await traces.publication([world.fund], quarter.moved(1))
    assert [(x.opening_fen, x.income_fen, x.uses_fen) for x in following] == [
        (0, 0, 0),
        (3000, 0, 0),
        (3000, 0, 0),
    ]
    assert await traces.publication([world.fund], quarter.moved(-1)) == []


async def test_the_streams_of_the_picture_add_up(db: str) -> None:
    world = await make_fund_world()
    await three_gifts(world)
    await held(world, 6200)
    came = await traces.gifts_in(world.fund, single=1)
    went = await traces.uses_out(world.fund, single=5)
    assert sum(x.amount_fen for x in came) == sum(x.amount_fen for x in went) == 18000
    assert [(x.title, x.amount_fen) for x in came] == [("施捐赠", 10000), ("", 3000), ("样里邻居", 5000)]
    assert ("暑期四点半课堂", 6200) in [(x.title, x.amount_fen) for x in went]


async def test_a_donor_sees_only_own_gifts(db: str) -> None:
    world = await make_fund_world()
    bound, free, _ = await three_gifts(world)
    mine = await gifts.gifts_of_person(world.donor.person_id, before_id=None, limit=10)
    assert [gift.id for gift in mine] == [bound]
    code = await fetch_value("select trace_code from fund_gift where id = $1", free)
    assert (await gifts.gift_by_code(code)).id == free
