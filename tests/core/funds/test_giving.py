"""Gifts that are paid online: counted with their money, refunded from their own lots, or dropped.

They are told of their money by `register_order_causes`, in the payment's own unit of work.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.funds import services
from core.funds.errors import (
    DonorNameMissing,
    FundNotOpenForGifts,
    GiftAmountWrong,
    GiftNotFound,
    GivenOnline,
    PurposeUnknown,
    TooManyPromises,
)
from core.funds.errors.receipts import ReceiptNotYet, TaxNumberWrong
from core.funds.queries import fiscal, funds, gifts, traces
from core.funds.queries.sums import sums
from core.funds.rules import states
from core.funds.rules.fiscal import Wish
from core.funds.rules.quarters import quarter_of
from core.payments import queries as payments
from core.payments import services as paying
from core.payments.errors import OnlineNotOffered, OrderNotFound, RefundTooMuch
from tests.core.funds.online import given, pay, promise, take_online
from tests.core.funds.world import FundWorld, make_fund_world, paid, three_gifts, titles
from tests.core.payments.stand_in import Cashier, balance, cashier, tell
from tests.factories import Committee
from workers.drain import run_due_jobs


@pytest.fixture
def stand_in(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running


@pytest.fixture
async def payee(stand_in: Cashier, world: FundWorld) -> Committee:
    return await take_online(world)


async def _sound() -> bool:
    """Funds, ledger and seals say the same."""
    return await plugins.collect("collect_differences") == []


async def _events(name: str) -> int:
    return int(await fetch_value("select count(*) from event where name = $1", name))


async def test_a_strangers_gift_is_counted_with_its_money(
    world: FundWorld, payee: Committee, stand_in: Cashier
) -> None:
    before = (await funds.holdings(world.fund))[0]
    gift = await promise(
        world, purpose_id=world.children, display="nickname", donor_name="路人", nickname="过客"
    )
    assert (gift.state, gift.donor_id, gift.recorded_by, gift.counted_at) == ("promised", None, None, None)
    assert gift.id not in {g.id for g in await gifts.gifts_of_fund(world.fund, before_id=None, limit=9)}
    with pytest.raises(GiftNotFound):
        await gifts.gift_by_code(gift.trace_code)
    assert await _sound()
    await pay(gift, stand_in)
    await services.ask_about_gift(gift.trace_code)
    await run_due_jobs()
    (shown, *_) = await gifts.gifts_of_fund(world.fund, before_id=None, limit=1)
    assert (shown.id, shown.state, shown.shown_as, shown.method) == (gift.id, "counted", "过客", "online")
    assert (await funds.holdings(world.fund))[0] == before + 10_000
    assert await balance(payee, "core.outside_online") == -10_000
    (part,) = await traces.trace_gift(gift.id)
    assert (part.kind, part.amount_fen) == ("left", 10_000)
    lot = await fetch("select restriction, amount from ledger_lot where origin_id = $1", gift.id)
    assert [tuple(row) for row in lot] == [(f"purpose:{world.children}", 10_000)]
    assert await _events("order_paid") == 0
    facts = await fetch_value(
        "select facts from event where name = 'fund_gifts_counted' and subject_id = $1", gift.id
    )
    assert facts == f'{{"gift_ids": [{gift.id}]}}'
    published = await traces.publication([world.fund], quarter_of(clock.today()))
    assert sum(line.income_fen for line in published) == before + 10_000
    assert await _sound()


async def test_a_donor_with_an_account_finds_the_gift_and_nobody_else_pays_it(
    world: FundWorld, other: FundWorld, payee: Committee, stand_in: Cashier
) -> None:
    gift = await promise(world, actor=world.donor)
    assert gift.order_id is not None
    for stranger in (other.donor, world.treasurer, payee.treasurer):
        with pytest.raises(OrderNotFound):
            await paying.start_payment(gift.order_id, actor=stranger)
    assert (await payments.order(gift.order_id)).household_id is None
    await pay(gift, stand_in)
    await paying.ask_to_settle(gift.order_id, actor=world.donor)
    await run_due_jobs()
    assert await titles(world.donor.person_id) == ["捐款到账了"]
    assert gift.id in {
        g.id for g in await gifts.gifts_of_person(world.donor.person_id, before_id=None, limit=9)
    }


async def test_what_is_refused(world: FundWorld, other: FundWorld, payee: Committee) -> None:
    for wrong in (0, -1, 10**11 + 1):
        with pytest.raises(GiftAmountWrong):
            await promise(world, wrong)
    with pytest.raises(DonorNameMissing):
        await promise(world, display="name")
    with pytest.raises(PurposeUnknown):
        await promise(world, purpose_id=other.children)
    with pytest.raises(OnlineNotOffered):
        await promise(other)
    with pytest.raises(GiftNotFound):
        await services.pay_gift("no-such-code")
    recorded = await gifts.gift(await fetch_value("select min(id) from fund_gift"))
    with pytest.raises(GiftNotFound):
        await services.pay_gift(recorded.trace_code)
    await services.stop_gifts(world.fund, actor=world.head)
    with pytest.raises(FundNotOpenForGifts):
        await promise(world)


async def test_strangers_at_one_address_queue_up(world: FundWorld, payee: Committee) -> None:
    first = clock.now()
    with clock.frozen(first):
        for _ in range(30):
            await promise(world, 100)
        with pytest.raises(TooManyPromises) as refusal:
            await promise(world, 100)
        assert refusal.value.retry_after_s == 3600
        await promise(world, 100, actor=world.donor)
    with clock.frozen(first + timedelta(hours=1)):
        await promise(world, 100)


async def test_what_nobody_pays_is_dropped_after_the_provider_was_asked(
    world: FundWorld, payee: Committee, stand_in: Cashier
) -> None:
    never, begun, late = [await promise(world) for _ in range(3)]
    for gift in (begun, late):
        await services.pay_gift(gift.trace_code)
    await run_due_jobs()
    assert late.order_id is not None
    stand_in.pay((await payments.attempts(late.order_id))[0].external_id)
    await fetch(
        "update payment_order set expires_at = created_at - interval '1 minute' where id = $1", late.order_id
    )
    await services.lapse_gifts()
    assert (await gifts.gift(never.id)).state == states.PROMISED
    with clock.frozen(clock.now() + timedelta(hours=2)):
        await services.lapse_gifts()
        assert (await gifts.gift(never.id)).state == states.DROPPED
        assert (await gifts.gift(begun.id)).state == states.PROMISED
        await run_due_jobs()
        await services.lapse_gifts()
    assert (await gifts.gift(begun.id)).state == states.DROPPED
    assert (await gifts.gift(late.id)).state == states.COUNTED
    assert (await payments.attempts(late.order_id))[0].problem == "late"
    assert await _sound()


async def test_a_fiscal_receipt_that_is_wanted_while_giving_waits_once_it_is_paid(
    world: FundWorld, payee: Committee, stand_in: Cashier
) -> None:
    gift = await promise(world, fiscal=Wish("样里公司", "1" * 15))
    assert await fiscal.count_waiting([world.foundation]) == 0
    await pay(gift, stand_in)
    await services.ask_about_gift(gift.trace_code)
    await run_due_jobs()
    (one,) = await fiscal.waiting(world.foundation, after_id=0, limit=9)
    assert (one.gift_id, one.wish.title) == (gift.id, "样里公司")
    with pytest.raises(TaxNumberWrong):
        await promise(world, fiscal=Wish("样里公司", "12"))


async def test_it_may_be_asked_for_on_the_way_and_is_forgotten_with_the_gift(
    world: FundWorld, payee: Committee
) -> None:
    gift = await promise(world)
    for title in ("样里小店", "样里公司"):
        await services.ask_for_fiscal_while_giving(gift.trace_code, title=title, tax_no="", actor=None)
    wish = await fiscal.wish_of(gift.id)
    assert wish is not None
    assert wish.title == "样里公司"
    with clock.frozen(clock.now() + timedelta(hours=2)):
        await services.lapse_gifts()
    gone = await fiscal.wish_of(gift.id)
    assert gone is not None
    assert gone.title == ""
    with pytest.raises(ReceiptNotYet):
        await services.ask_for_fiscal_while_giving(gift.trace_code, title="样里公司", tax_no="", actor=None)
    with pytest.raises(GiftNotFound):
        await services.ask_for_fiscal_while_giving("no-such-code", title="样里公司", tax_no="", actor=None)


async def test_money_for_a_fund_that_has_ended_meanwhile_is_kept_apart_and_goes_back(
    db: str, stand_in: Cashier
) -> None:
    world = await make_fund_world()
    payee = await take_online(world)
    gift = await promise(world)
    attempt_id = await pay(gift, stand_in)
    await services.stop_gifts(world.fund, actor=world.head)
    await services.end_fund(world.fund, actor=world.head)
    await services.ask_about_gift(gift.trace_code)
    await run_due_jobs()
    assert (await gifts.gift(gift.id)).state == states.PROMISED
    assert (await payments.attempt(attempt_id)).problem == "order_over"
    assert await balance(payee, "core.unassigned") == 10_000
    await services.lapse_gifts()
    assert (await gifts.gift(gift.id)).state == states.DROPPED
    await paying.ask_refund(
        gift.order_id or 0,
        amount_fen=10_000,
        reason="基金结束了",
        attempt_id=attempt_id,
        actor=payee.treasurer,
    )
    await run_due_jobs()
    assert await balance(payee, "core.unassigned") == 0
    assert (await gifts.gift(gift.id)).returned_fen == 0
    assert await _sound()


async def test_a_closing_fund_takes_what_was_on_its_way(
    world: FundWorld, payee: Committee, stand_in: Cashier
) -> None:
    gift = await promise(world)
    attempt_id = await pay(gift, stand_in)
    await services.stop_gifts(world.fund, actor=world.head)
    await paying.settle(attempt_id)
    assert (await gifts.gift(gift.id)).state == states.COUNTED


async def test_a_part_goes_back_from_its_own_lot_and_comes_again(
    world: FundWorld, payee: Committee, stand_in: Cashier
) -> None:
    gift = await given(world, stand_in, purpose_id=world.elders)
    (attempt,) = await payments.attempts(gift.order_id or 0)
    refund = stand_in.refund(payee, attempt.external_id, 4_000)
    await paying.settle(attempt.id)
    kinds = {part.kind: part.amount_fen for part in await traces.trace_gift(gift.id)}
    assert kinds == {"left": 6_000, "returned": 4_000}
    assert (await gifts.gift(gift.id)).returned_fen == 4_000
    quarter = quarter_of(clock.today())
    (whole,) = await sums(world.foundation, [(quarter.begin, quarter.end)])
    assert whole.closing_fen == (await funds.holdings(world.fund))[0]
    assert await _sound()
    stand_in.fail_refund(refund)
    await paying.settle(attempt.id)
    (part,) = await traces.trace_gift(gift.id)
    assert (part.kind, part.amount_fen) == ("left", 10_000)
    assert (await gifts.gift(gift.id)).returned_fen == 0
    (whole,) = await sums(world.foundation, [(quarter.begin, quarter.end)])
    assert whole.closing_fen == (await funds.holdings(world.fund))[0]
    assert await _events("fund_gift_refunded") == 2
    with pytest.raises(GivenOnline):
        await services.prepare_refund(gift.id, reason="退", payment_no="1", actor=world.treasurer)
    assert await _sound()


async def test_what_is_spent_of_a_disputed_gift_is_a_loss_and_is_not_refunded(
    db: str, stand_in: Cashier
) -> None:
    """The 100.00 for the children that came before are used first, then the online gift's."""
    world = await make_fund_world()
    payee = await take_online(world)
    with clock.frozen(clock.now() - timedelta(hours=1)):
        await three_gifts(world)
    gift = await given(world, stand_in, purpose_id=world.children)
    await paid(world, 16_200)
    (attempt,) = await payments.attempts(gift.order_id or 0)
    (source,) = await payments.sources(gift.order_id or 0)
    assert source.left_fen == 3_800
    with pytest.raises(RefundTooMuch):
        await paying.ask_refund(
            gift.order_id or 0, amount_fen=3_801, reason="退", attempt_id=attempt.id, actor=payee.treasurer
        )
    stand_in.told.events.clear()
    stand_in.pay(attempt.external_id, "disputed")
    for _, event in [*reversed(stand_in.told.events)] * 2:
        await tell(payee, event)
    await run_due_jobs()
    kinds = {part.kind: part.amount_fen for part in await traces.trace_gift(gift.id)}
    assert kinds == {"paid": 6_200, "returned": 3_800}
    assert await balance(payee, "core.refund_loss") == -6_200
    assert (await gifts.gift(gift.id)).returned_fen == 10_000
    assert await _sound()
    stand_in.pay(attempt.external_id, "dispute_won")
    await paying.settle(attempt.id)
    kinds = {part.kind: part.amount_fen for part in await traces.trace_gift(gift.id)}
    assert kinds == {"paid": 6_200, "left": 3_800}
    assert await balance(payee, "core.refund_loss") == 0
    assert await _sound()
