"""What is left of a fund that ends goes to another by the committee's vote; every gift is still found."""

import asyncpg
import pytest

from core.approvals.services import cast_vote
from core.database import fetch, fetch_value
from core.funds import services
from core.funds.errors import (
    FundNotClosing,
    LeftoverElsewhere,
    LeftoverNotFound,
    LeftoverProposed,
    NothingLeft,
    OwnProposal,
    PurposeUnknown,
    ReasonMissing,
    RequestsUnderWay,
)
from core.funds.queries import funds, leftovers, requests, traces
from core.ledger.queries import differences
from core.people.errors import PermissionMissing
from core.workflow import WrongState
from tests.core.funds.agreed import open_agreed
from tests.core.funds.world import AWARE, FundWorld, ask, held, transfers
from workers.drain import run_due_jobs

WHY = "样里的事办完了"


async def second_fund(world: FundWorld) -> tuple[int, int]:
    """(another open fund of the foundation, its purpose)"""
    fund = await services.found_fund(
        "测样基金会柳样微基金", organization_id=world.foundation, summary="", actor=world.head
    )
    purpose = await services.add_purpose(fund, "助学", actor=world.head)
    await open_agreed(fund, world.head)
    return fund, purpose


async def propose(world: FundWorld, fund: int, purpose: int | None, **changes: object) -> int:
    known = {"to_fund_id": fund, "to_purpose_id": purpose, "reason": WHY, "actor": world.head}
    return await services.propose_leftover(world.fund, **(known | changes))  # type: ignore[arg-type]


async def agreed(world: FundWorld, leftover: int) -> None:
    approval = (await leftovers.leftover(leftover)).approval_id
    assert approval is not None
    for member in world.members:
        if (await leftovers.leftover(leftover)).state == "voting":
            await cast_vote(approval, choice="approve", reason="", person_id=member.person_id)
            await run_due_jobs()


async def test_the_rest_moves_gift_by_gift_and_the_fund_ends(world: FundWorld) -> None:
    fund, purpose = await second_fund(world)
    request = await held(world, 6200)
    await services.stop_gifts(world.fund, actor=world.head)
    with pytest.raises(RequestsUnderWay):
        await propose(world, fund, purpose)
    await services.prepare_payment(request, payment_no="P-1", actor=world.treasurer)
    await services.sign_payment(request, aware=AWARE, actor=world.payer)
    await fetch("update fund_request set state = 'reported', reported_at = now(), voucher_no = 'V'")
    leftover = await propose(world, fund, purpose)
    await agreed(world, leftover)
    assert [todo.path for todo in await requests.todos(world.payer)] == [f"/funds/leftovers/{leftover}"]
    await services.move_leftover(leftover, actor=world.payer)
    before = await transfers()
    await services.move_leftover(leftover, actor=world.payer)
    assert await transfers() == before
    assert (await funds.fund(world.fund)).state == "closed"
    assert await funds.holdings(world.fund) == (0, 0)
    assert await funds.available(fund, purpose) == 11800
    gift = await fetch_value("select id from fund_gift where receipt_no = 'S-1'")
    found = [(p.kind, p.amount_fen, p.fund) for p in await traces.trace_gift(gift)]
    assert found == [("paid", 6200, None), ("left", 3800, "测样基金会柳样微基金")]
    out = {(flow.kind, flow.amount_fen) for flow in await traces.uses_out(world.fund, single=5)}
    assert out == {("use", 6200), ("moved", 3800), ("moved", 5000), ("moved", 3000)}
    assert await funds.differences() == []
    assert await differences() == []
    assert (await leftovers.leftover_for(leftover, None)).moved_fen == 11800


async def test_what_came_over_can_be_used_and_sent_back(world: FundWorld) -> None:
    fund, purpose = await second_fund(world)
    await services.stop_gifts(world.fund, actor=world.head)
    leftover = await propose(world, fund, None)
    await agreed(world, leftover)
    await services.move_leftover(leftover, actor=world.payer)
    gift = await fetch_value("select id from fund_gift where receipt_no = 'S-2'")
    await services.prepare_refund(gift, reason="退还", payment_no="T-1", actor=world.treasurer)
    await services.sign_refund(gift, actor=world.payer)
    assert await funds.available(fund, purpose) == 13000
    assert await funds.differences() == []


async def test_where_a_rest_cannot_go(world: FundWorld, other: FundWorld) -> None:
    fund, purpose = await second_fund(world)
    with pytest.raises(FundNotClosing):
        await propose(world, fund, purpose)
    await services.stop_gifts(world.fund, actor=world.head)
    for elsewhere in (other.fund, world.fund, 10**9):
        with pytest.raises(LeftoverElsewhere):
            await propose(world, elsewhere, None)
    with pytest.raises(PurposeUnknown):
        await propose(world, fund, world.children)
    with pytest.raises(ReasonMissing):
        await propose(world, fund, purpose, reason="")
    for stranger in (world.treasurer, world.asker, other.head):
        with pytest.raises(PermissionMissing):
            await propose(world, fund, purpose, actor=stranger)
    await propose(world, fund, purpose)
    with pytest.raises(LeftoverProposed):
        await propose(world, fund, None)
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fund_leftover_same_foundation"):
        await fetch("update fund_leftover set to_fund = $1, to_purpose = null", other.fund)


async def test_without_the_vote_or_by_the_proposer_alone_nothing_moves(
    world: FundWorld, other: FundWorld
) -> None:
    fund, purpose = await second_fund(world)
    await services.stop_gifts(world.fund, actor=world.head)
    leftover = await propose(world, fund, purpose)
    with pytest.raises(WrongState):
        await services.move_leftover(leftover, actor=world.payer)
    with pytest.raises(LeftoverNotFound):
        await services.move_leftover(leftover, actor=other.payer)
    with pytest.raises(LeftoverNotFound):
        await leftovers.leftover_for(leftover, None)
    await agreed(world, leftover)
    with pytest.raises(PermissionMissing):
        await services.move_leftover(leftover, actor=world.treasurer)
    await fetch("update fund_leftover set proposed_by = $1", world.payer.person_id)
    with pytest.raises(OwnProposal):
        await services.move_leftover(leftover, actor=world.payer)
    with pytest.raises(asyncpg.CheckViolationError, match="fund_leftover_second"):
        await fetch(
            "update fund_leftover set state = 'moved', moved_fen = 1, moved_at = now(),"
            " moved_by = proposed_by where id = $1",
            leftover,
        )


async def test_what_the_committee_does_not_want_can_be_proposed_anew(world: FundWorld) -> None:
    fund, purpose = await second_fund(world)
    await services.stop_gifts(world.fund, actor=world.head)
    leftover = await propose(world, fund, purpose)
    approval = (await leftovers.leftover(leftover)).approval_id
    assert approval is not None
    for member in world.members[:2]:
        await cast_vote(approval, choice="reject", reason="先办完课堂", person_id=member.person_id)
    await run_due_jobs()
    assert (await leftovers.leftover(leftover)).state == "refused"
    await propose(world, fund, None)


async def test_an_empty_fund_ends_without_a_vote(world: FundWorld) -> None:
    fund, _ = await second_fund(world)
    await services.stop_gifts(fund, actor=world.head)
    with pytest.raises(NothingLeft):
        await services.propose_leftover(
            fund, to_fund_id=world.fund, to_purpose_id=None, reason=WHY, actor=world.head
        )
    await services.end_fund(fund, actor=world.head)
    assert await ask(world)
