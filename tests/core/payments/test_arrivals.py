"""From a provider to the bank: withdrawals in the books, payouts and the lines with which they arrive."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.payments.errors.bank import BankLineDecided, BankLineNotFound, PayoutDiffers
from core.payments.queries.todos import todos
from core.people.rules import Actor, Grant
from core.reference import Ref
from tests.core.payments.bank import row, take
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, balance, connect_wechat, pay, wechat_of
from tests.factories import Committee, make_committee
from workers.drain import run_due_jobs

WITHDRAWN = 2000


async def _reconcile(committee: Committee, provider_id: str) -> None:
    merchant = await queries.merchant(committee.id, provider_id)
    tomorrow = clock.local(clock.now()) + timedelta(days=1)
    with clock.frozen(tomorrow.replace(hour=12)):
        await services.reconcile(merchant.id)


@pytest.fixture
async def wechat(committee: Committee, payer: Actor, stand_in: Cashier) -> Committee:
    """35 yuan came by WeChat Pay, 20 of which went to the bank: known from the next day's bill."""
    await connect_wechat(committee)
    order_id = await make_order(committee, payer)
    attempt_id = await services.start_payment(order_id, actor=payer, provider_id="wechatpay")
    await run_due_jobs()
    stand_in.scan(await queries.attempt(attempt_id))
    await services.settle(attempt_id)
    stand_in.wechat.books.withdraw(wechat_of(committee.id)["mchid"], WITHDRAWN)
    await _reconcile(committee, "wechatpay")
    return committee


def _day(days: int = 0) -> str:
    return f"{clock.today() + timedelta(days=days):%Y%m%d}"


async def _lines(committee: Committee) -> list[tuple[str, str]]:
    found = await queries.bank_lines_of([committee.id], only_waiting=False, before_id=None, limit=50)
    return [(one.state, one.reason) for one in reversed(found)]


async def _payout(committee: Committee) -> queries.PayoutView:
    (found,) = await queries.payouts([committee.id], limit=9)
    return found


async def test_a_withdrawal_is_booked_once(wechat: Committee) -> None:
    await _reconcile(wechat, "wechatpay")
    assert await balance(wechat, "core.outside_bank") == -WITHDRAWN
    fee = 21
    assert await balance(wechat, "core.outside_online") == -(3500 - fee - WITHDRAWN)
    (clearing,) = await queries.clearings([wechat.id])
    assert (clearing.ours, clearing.theirs, clearing.difference) == (3500 - fee - WITHDRAWN,) * 2 + (0,)
    assert await differences() == []


async def test_of_a_withdrawal_only_what_was_ours_is_booked(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    """The merchant's own shop takes money into the same account."""
    await connect_wechat(committee)
    mchid = wechat_of(committee.id)["mchid"]
    stand_in.wechat.books.withdrawals.append(
        {"mchid": mchid, "id": "10shop", "amount": 90000, "at": clock.local(clock.now()).isoformat()}
    )
    order_id = await make_order(committee, payer)
    attempt_id = await services.start_payment(order_id, actor=payer, provider_id="wechatpay")
    await run_due_jobs()
    with clock.frozen(clock.now() - timedelta(minutes=1)):
        stand_in.scan(await queries.attempt(attempt_id))
    await services.settle(attempt_id)
    await _reconcile(committee, "wechatpay")
    assert await balance(committee, "core.outside_bank") == -(3500 - 21)
    assert [one.difference for one in await queries.clearings([committee.id])] == [0]


@pytest.mark.parametrize(
    ("yuan", "name", "remark", "day", "expected"),
    [
        ("20.00", "财付通支付科技有限公司", "", 0, ("arrived", "")),
        ("20.00", "财付通支付科技有限公司", "", -1, ("arrived", "")),
        ("20.00", "财付通支付科技有限公司", "", -2, ("waiting", "unknown")),
        ("20.01", "财付通支付科技有限公司", "", 0, ("waiting", "unknown")),
        ("20.00", "某某公司", "", 0, ("waiting", "payout")),
        ("20.00", "某某公司", "提现 {source}", 0, ("arrived", "")),
    ],
)
async def test_a_line_of_the_bank_is_a_payout(
    wechat: Committee, yuan: str, name: str, remark: str, day: int, expected: tuple[str, str]
) -> None:
    source = (await _payout(wechat)).source
    await take(wechat, row("S1", yuan, name=name, remark=remark.format(source=source), day=_day(day)))
    assert await _lines(wechat) == [expected]
    assert ((await _payout(wechat)).line_id is not None) == (expected[0] == "arrived")
    assert await balance(wechat, "core.outside_bank") == -WITHDRAWN  # booked when it left


async def test_two_that_may_be_it_wait_for_the_treasurer(wechat: Committee) -> None:
    name = "财付通支付科技有限公司"
    await take(wechat, row("S1", "20.00", name=name, day=_day()), row("S2", "20.00", name=name, day=_day()))
    assert await _lines(wechat) == [("waiting", "payout")] * 2
    first, second = [row["id"] for row in await fetch("select id from payment_bank_line order by id")]
    payout = await _payout(wechat)
    stranger = await make_committee()
    with pytest.raises(BankLineNotFound):
        await services.take_as_payout(first, payout.id, actor=stranger.treasurer)
    with pytest.raises(PayoutDiffers):
        await services.take_as_payout(first, payout.id + 999, actor=wechat.treasurer)
    both = (
        services.take_as_payout(first, payout.id, actor=wechat.treasurer),
        services.take_as_payout(second, payout.id, actor=wechat.treasurer),
    )
    ended = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["NoneType", "PayoutDiffers"]
    taken = (await _payout(wechat)).line_id
    assert taken in (first, second)
    await services.take_as_payout(taken, payout.id, actor=wechat.treasurer)  # a second click
    other = second if taken == first else first
    await services.mark_not_ours(other, actor=wechat.treasurer)
    with pytest.raises(BankLineDecided):
        await services.take_as_payout(other, payout.id, actor=wechat.treasurer)
    await services.undo_line(taken, reason="记错了", actor=wechat.treasurer)
    assert (await _payout(wechat)).line_id is None
    await _reconcile(wechat, "wechatpay")
    assert (await _payout(wechat)).line_id is None  # what a person has undone is not done again by itself


async def test_the_statement_may_come_before_the_providers_books(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    await pay(await make_order(committee, payer), payer, stand_in)
    await take(committee, row("S1", "33.81", name="STRIPE PAYMENTS", day=_day()))
    assert await _lines(committee) == [("waiting", "unknown")]
    stand_in.pay_out(committee)
    await _reconcile(committee, "stripe")
    assert await _lines(committee) == [("arrived", "")]


async def test_what_never_arrives_is_due(wechat: Committee) -> None:
    payout = await _payout(wechat)
    grants = (Grant("core.treasurer", Ref("organization", wechat.id)),)
    treasurer = Actor(wechat.treasurer.person_id, wechat.treasurer.name, None, grants)
    assert payout.due_at == payout.booked_at + timedelta(days=5)
    for late, expected in ((timedelta(), 0), (timedelta(microseconds=1), 1)):
        now = payout.due_at + late
        found = [one for one in await todos(treasurer, now) if "提现" in one.title]
        assert (len(found), payout.is_overdue(now)) == (expected, bool(expected))
    await take(wechat, row("S1", "20.00", name="财付通", day=_day(20 - 20)))
    assert not (await _payout(wechat)).is_overdue(payout.due_at + timedelta(days=9))
    assert await fetch_value("select count(*) from payment_bank_line where state = 'arrived'") == 1
