"""Gifts by bank transfer: the code makes the money the gift; late, wrong and unknown money waits."""

from datetime import timedelta

import pytest

from core import clock, plugins
from core.approvals.services import cast_vote
from core.database import fetch_value
from core.files.rules import Upload
from core.funds import services
from core.funds.errors import GiftNotFound
from core.funds.queries import funds, gifts, traces
from core.funds.rules import states
from core.payments import queries as payments
from core.payments import services as paying
from core.payments.errors import OnlineNotOffered, OrderHeld, OrderNotOpen, OrderPaidAlready
from core.payments.errors.bank import TransferNotOffered
from core.payments.rules import transfer_code
from core.reference import Ref
from tests.core.funds.online import promise, take_online
from tests.core.funds.world import FundWorld, holder, make_fund_world
from tests.core.payments.bank import lines, open_bank_account, row, take
from tests.core.payments.stand_in import balance, cashier
from tests.factories import Committee, make_region


@pytest.fixture
async def payee(world: FundWorld) -> Committee:
    return await with_bank(world)


async def with_bank(world: FundWorld) -> Committee:
    """The foundation has an account at a bank, and none at any provider."""
    at, region_id = Ref("organization", world.foundation), await make_region()
    treasurer = await holder("测出纳", "core.treasurer", at, region_id)
    made = Committee(id=world.foundation, region_id=region_id, treasurer=treasurer)
    await open_bank_account(made)
    return made


def day() -> str:
    return clock.today().strftime("%Y%m%d")


async def test_a_strangers_transfer_with_the_code_is_the_gift(world: FundWorld, payee: Committee) -> None:
    before = (await funds.holdings(world.fund))[0]
    gift = await promise(world, purpose_id=world.children)
    assert gift.order_id is not None
    for _ in range(2):
        await services.transfer_gift(gift.trace_code)
    assert await fetch_value("select count(*) from payment_transfer where asked_by is null") == 1
    await take(payee, row("A1", "100.00", remark=f"捐{transfer_code(gift.order_id)}", day=day()))
    assert [(one.state, one.order_id) for one in await lines(payee)] == [("booked", gift.order_id)]
    assert (await gifts.gift(gift.id)).state == states.COUNTED
    assert (await funds.holdings(world.fund))[0] == before + 10_000
    assert await balance(payee, "core.outside_bank") == -10_000
    (part,) = await traces.trace_gift(gift.id)
    assert (part.kind, part.amount_fen) == ("left", 10_000)
    with pytest.raises(OrderPaidAlready):
        await services.transfer_gift(gift.trace_code)
    await take(payee, row("A2", "100.00", remark=transfer_code(gift.order_id), day=day()))
    assert [one.reason for one in await lines(payee)] == ["", "second"]
    assert await plugins.collect("collect_differences") == []


async def test_without_an_account_anywhere_no_gift_is_promised(world: FundWorld) -> None:
    with pytest.raises(OnlineNotOffered):
        await promise(world)


async def test_an_online_payee_without_a_bank_offers_no_transfer(
    world: FundWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        await take_online(world)
        gift = await promise(world)
        with pytest.raises(TransferNotOffered):
            await services.transfer_gift(gift.trace_code)


async def test_a_code_that_is_none_begins_nothing(world: FundWorld, payee: Committee) -> None:
    for verb in (services.transfer_gift, services.drop_gift_transfer):
        with pytest.raises(GiftNotFound):
            await verb("unknown")


async def test_another_sum_waits_and_the_gift_with_it(world: FundWorld, payee: Committee) -> None:
    gift = await promise(world)
    await services.transfer_gift(gift.trace_code)
    await take(payee, row("A1", "99.99", remark=transfer_code(gift.order_id or 0), day=day()))
    (line,) = await lines(payee)
    assert (line.state, line.reason) == ("waiting", "amount")
    assert (await gifts.gift(gift.id)).state == states.PROMISED


async def test_it_is_waited_for_and_then_no_longer(world: FundWorld, payee: Committee) -> None:
    gift, other = await promise(world), await promise(world)
    order_id = gift.order_id or 0
    await services.transfer_gift(gift.trace_code)
    begun = await payments.transfer(order_id)
    assert begun is not None
    with clock.frozen(begun.held_until - timedelta(seconds=1)):
        await services.lapse_gifts()
        assert (await gifts.gift(gift.id)).state == states.PROMISED
        assert (await gifts.gift(other.id)).state == states.DROPPED
        with pytest.raises(OrderNotOpen):
            await services.transfer_gift(other.trace_code)
    with clock.frozen(begun.held_until):
        await services.lapse_gifts()
        assert (await gifts.gift(gift.id)).state == states.DROPPED
        await take(payee, row("A1", "100.00", remark=transfer_code(order_id), day=day()))
    (line,) = await lines(payee)
    assert (line.state, line.reason) == ("waiting", "order_over")
    await paying.decide_return(line.id, actor=payee.treasurer)
    assert await balance(payee, "core.unassigned") == 10_000


async def test_who_does_not_transfer_after_all_is_not_waited_for(world: FundWorld, payee: Committee) -> None:
    gift = await promise(world)
    await services.transfer_gift(gift.trace_code)
    for _ in range(2):
        await services.drop_gift_transfer(gift.trace_code)
    with clock.frozen(clock.now() + timedelta(hours=2)):
        await services.lapse_gifts()
    assert (await gifts.gift(gift.id)).state == states.DROPPED


async def test_a_transfer_to_a_fund_that_has_ended_waits(db: str) -> None:
    world = await make_fund_world()
    payee = await with_bank(world)
    gift = await promise(world)
    await services.transfer_gift(gift.trace_code)
    await services.stop_gifts(world.fund, actor=world.head)
    await services.end_fund(world.fund, actor=world.head)
    await take(payee, row("A1", "100.00", remark=transfer_code(gift.order_id or 0), day=day()))
    assert [(one.state, one.reason) for one in await lines(payee)] == [("waiting", "order_over")]


async def test_a_large_gift_at_the_counter_is_counted_when_another_has_seen_it(
    world: FundWorld, payee: Committee
) -> None:
    region_id = await make_region()
    second = await holder("孙出纳", "core.treasurer", Ref("organization", world.foundation), region_id)
    gift = await promise(world, 500_001)
    order_id = gift.order_id or 0
    await paying.take_at_counter(
        order_id,
        amount_fen=500_001,
        receipt_no="D1",
        upload=Upload("收据.pdf", b"%PDF-1.4"),
        actor=payee.treasurer,
    )
    with pytest.raises(OrderHeld):
        await services.pay_gift(gift.trace_code)
    with pytest.raises(OrderHeld):
        await services.transfer_gift(gift.trace_code)
    with clock.frozen(clock.now() + timedelta(days=1)):
        await services.lapse_gifts()
    assert (await gifts.gift(gift.id)).state == states.PROMISED
    taking = await payments.latest_taking(order_id)
    assert taking is not None
    approval_id = await payments.taking_approval(taking.id) or 0
    await cast_vote(approval_id, choice="approve", reason="", person_id=second.person_id)
    await paying.settle_taking_vote(taking.id, "approved")
    assert (await gifts.gift(gift.id)).state == states.COUNTED
    await paying.settle_taking_vote(taking.id, "approved")  # told twice
    assert await balance(payee, "core.outside_cash") == -500_001
    assert await plugins.collect("collect_differences") == []
