"""What is not used of a gift goes back to its donor, by two persons, and stands in every account of it."""

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_value
from core.errors import YijiError
from core.funds import services
from core.funds.errors import (
    GiftNotCounted,
    GiftNotFound,
    GiftUsedUp,
    OwnPayment,
    ReasonMissing,
    RefundedAlready,
    RefundNotFound,
    RefundTooMuch,
)
from core.funds.queries import funds, requests, traces
from core.funds.queries.sums import sums
from core.funds.rules.quarters import quarter_of
from core.workflow import WrongState
from tests.core.funds.world import FundWorld, give, held, paid, titles, transfers
from workers.drain import run_due_jobs

WHY = {"reason": "捐错了基金", "payment_no": "T-1"}


async def gift_of_donor() -> int:
    """100.00 for the children."""
    return int(await fetch_value("select id from fund_gift where receipt_no = 'S-1'"))


async def parts(gift_id: int) -> list[tuple[str, int]]:
    return [(part.kind, part.amount_fen) for part in await traces.trace_gift(gift_id)]


async def test_what_is_not_used_goes_back_and_every_account_says_so(world: FundWorld) -> None:
    gift = await gift_of_donor()
    await paid(world, 6200)
    await services.prepare_refund(gift, **WHY, actor=world.treasurer)
    before = await transfers()
    await services.prepare_refund(gift, **WHY, actor=world.treasurer)
    assert [todo.path for todo in await requests.todos(world.payer)] == [f"/gifts/{gift}"]
    await services.sign_refund(gift, actor=world.payer)
    await services.sign_refund(gift, actor=world.payer)
    assert await transfers() == before + 1
    assert await parts(gift) == [("paid", 6200), ("returned", 3800)]
    assert await funds.available(world.fund, world.children) == 5000  # the gift that is free
    flows = [
        (f.kind, f.amount_fen)
        for f in await traces.uses_out(world.fund, single=5)
        if f.purpose_id == world.children
    ]
    assert sorted(flows) == [("returned", 3800), ("use", 6200)]
    assert await funds.differences() == []
    assert await requests.todos(world.payer) == []


async def test_the_donor_is_told(world: FundWorld) -> None:
    """`fund_gift_refunded` fires when the second person has signed."""
    gift = await gift_of_donor()
    await services.prepare_refund(gift, **WHY, actor=world.treasurer)
    await run_due_jobs()
    assert await titles(world.donor.person_id) == []
    await services.sign_refund(gift, actor=world.payer)
    await run_due_jobs()
    assert await titles(world.donor.person_id) == ["有一笔捐赠退还给您"]


async def test_a_foundations_quarter_counts_what_went_back_as_what_went(world: FundWorld) -> None:
    gift = await gift_of_donor()
    await services.prepare_refund(gift, **WHY, actor=world.treasurer)
    await services.sign_refund(gift, actor=world.payer)
    quarter = quarter_of(clock.today())
    (found,) = await sums(world.foundation, [(quarter.begin, quarter.end)])
    lines = await traces.publication([world.fund], quarter)
    assert (found.income_fen, found.uses_fen) == (18000, 10000)
    assert sum(line.uses_fen for line in lines) == 10000
    assert sum(line.closing_fen for line in lines) == found.closing_fen


async def test_two_persons_of_the_foundation_send_it_back(world: FundWorld, other: FundWorld) -> None:
    gift = await gift_of_donor()
    for stranger in (world.asker, world.donor, world.checker, other.treasurer):
        with pytest.raises(GiftNotFound):
            await services.prepare_refund(gift, **WHY, actor=stranger)
    with pytest.raises(ReasonMissing):
        await services.prepare_refund(gift, reason=" ", payment_no="T-1", actor=world.treasurer)
    with pytest.raises(RefundNotFound):
        await services.sign_refund(gift, actor=world.payer)
    await services.prepare_refund(gift, **WHY, actor=world.treasurer)
    for stranger in (world.treasurer, other.payer):
        with pytest.raises(GiftNotFound):
            await services.sign_refund(gift, actor=stranger)
    await fetch("update fund_refund set prepared_by = $1", world.payer.person_id)
    with pytest.raises(OwnPayment):
        await services.sign_refund(gift, actor=world.payer)
    with pytest.raises(asyncpg.CheckViolationError, match="fund_refund_second"):
        await fetch("update fund_refund set state = 'refunded', signed_by = prepared_by, signed_at = now()")


async def test_a_gift_goes_back_once_and_only_what_is_in_the_books(world: FundWorld) -> None:
    gift = await gift_of_donor()
    await services.prepare_refund(gift, **WHY, actor=world.treasurer)
    with pytest.raises(RefundedAlready):
        await services.prepare_refund(gift, reason="再退", payment_no="T-2", actor=world.treasurer)
    await services.drop_refund(gift, actor=world.treasurer)
    with pytest.raises(RefundNotFound):
        await services.drop_refund(gift, actor=world.treasurer)
    await services.prepare_refund(gift, **WHY, actor=world.treasurer)
    await services.sign_refund(gift, actor=world.payer)
    with pytest.raises(WrongState):
        await services.drop_refund(gift, actor=world.treasurer)
    large = await give(world, 600000, "S-9")
    with pytest.raises(GiftNotCounted):
        await services.prepare_refund(large, **WHY, actor=world.treasurer)


async def test_what_is_used_or_set_aside_does_not_go_back(world: FundWorld) -> None:
    gift = await gift_of_donor()
    await services.prepare_refund(gift, **WHY, actor=world.treasurer)
    await held(world, 6200)
    with pytest.raises(RefundTooMuch, match=r"38\.00"):
        await services.sign_refund(gift, actor=world.payer)
    await services.drop_refund(gift, actor=world.treasurer)
    await held(world, 3800)
    with pytest.raises(GiftUsedUp) as refusal:
        await services.prepare_refund(gift, **WHY, actor=world.treasurer)
    assert isinstance(refusal.value, YijiError)
    assert "没有可以退还的钱" in refusal.value.message
