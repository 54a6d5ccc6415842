"""Refunds: asked for, agreed to, sent once or paid out in cash, failed, made elsewhere."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from core import clock
from core.approvals.errors import OwnApproval, TooFewVoters
from core.approvals.services import cast_vote
from core.database import fetch, fetch_value
from core.ledger.errors import BalanceTooLow
from core.ledger.queries import differences
from core.payments import queries, rules, services
from core.payments.errors import (
    NothingToRefund,
    OrderNotFound,
    OwnRefund,
    ReceiptNumberUsed,
    RefundChanged,
    RefundNotDue,
    RefundNotFound,
    RefundReasonMissing,
    RefundTooMuch,
)
from core.people.rules import Actor, Grant
from core.settings import load
from plugins.practice.rules import stand_in_key, webhook_secret
from tests.core.payments.orders import confirm, make_order, make_second_treasurer
from tests.core.payments.refunding import ask, state, told
from tests.core.payments.stand_in import Cashier, balance, pay, settle, start, state_of
from tests.core.payments.test_online import _spend
from tests.factories import Committee, make_committee, make_manager
from workers.drain import run_due_jobs

pytestmark = pytest.mark.usefixtures("closing")


async def test_a_part_and_then_the_rest_go_back_to_the_card(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    part = await ask(order_id, committee.treasurer, 1000, attempt.id, seen_fen=3500)
    assert await ask(order_id, committee.treasurer, 1000, attempt.id, seen_fen=3500) == part
    await run_due_jobs()
    assert await state(part) == ("sent", "")
    assert await state_of(order_id) == ("paid", [("partially_refunded", "")])
    assert await balance(committee, "core.public") == 2500
    with pytest.raises(RefundChanged, match=r"25\.00"):
        await ask(order_id, committee.treasurer, 1000, attempt.id, seen_fen=3500)
    rest = await ask(order_id, committee.treasurer, 2500, attempt.id, seen_fen=2500)
    await run_due_jobs()
    assert await state(rest) == ("sent", "")
    assert await state_of(order_id) == ("paid", [("refunded", "")])
    assert (await balance(committee, "core.public"), await balance(committee, "core.outside_online")) == (
        0,
        0,
    )
    with pytest.raises(RefundTooMuch):
        await ask(order_id, committee.treasurer, 1, attempt.id)
    assert (await told(payer)).count("退款已退回") == 2
    kinds = [line.kind for line in await queries.history(order_id)]
    assert sorted(kinds) == ["captured", "refunded", "refunded"]
    told_of = "select facts->>'outcome' from event where name = 'money_returned'"
    assert [row[0] for row in await fetch(told_of)] == ["sent", "sent"]
    assert await differences() == []


async def test_what_the_account_before_has_taken_is_seen_and_goes_back_from_there(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    key = stand_in_key(committee.id + 1000, load().secret)
    keys = {"secret_key": key, "webhook_secret": webhook_secret(key, load().secret)}
    await services.connect_merchant(committee.id, "stripe", keys)
    await run_due_jobs()
    stand_in.pay(attempt.external_id)
    await settle(order_id, payer)
    assert await state_of(order_id) == ("paid", [("succeeded", "")])
    refund_id = await ask(order_id, committee.treasurer, 3500, attempt.id, seen_fen=3500)
    await run_due_jobs()
    assert await state(refund_id) == ("sent", "")
    assert await state_of(order_id) == ("paid", [("refunded", "")])
    new = await make_order(committee, payer)
    opened = (await start(new, payer)).external_id
    assert opened is not None
    assert stand_in.books.session(opened, key)["id"] == opened
    (merchant,) = await queries.merchants(organization_ids=[committee.id])
    await services.reconcile(merchant.id)
    assert await balance(committee, "core.payment_costs") == -119


async def test_what_is_refused_in_words(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    with pytest.raises(NothingToRefund):
        await ask(order_id, committee.treasurer, 100)
    attempt = await pay(order_id, payer, stand_in)
    elsewhere = await make_committee()
    for nobody in (payer, elsewhere.treasurer, await make_manager(committee)):
        with pytest.raises(OrderNotFound):
            await ask(order_id, nobody, 100, attempt.id)
    for wrong in (0, -1, 3501):
        with pytest.raises(RefundTooMuch):
            await ask(order_id, committee.treasurer, wrong, attempt.id)
    for reason in ("", " ", "字" * 201, "a\x00b"):
        with pytest.raises(RefundReasonMissing):
            await services.ask_refund(
                order_id, amount_fen=1, reason=reason, actor=committee.treasurer, attempt_id=attempt.id
            )
    with pytest.raises(NothingToRefund):
        await ask(order_id, committee.treasurer, 100)  # nothing was paid in cash
    role = (Grant("core.treasurer", committee.ref),)
    own = Actor(payer.person_id, payer.name, payer.household_id, role)
    with pytest.raises(OwnRefund):
        await ask(order_id, own, 100, attempt.id)
    assert await fetch_value("select count(*) from payment_refund") == 0


async def test_above_the_limit_another_person_agrees(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer, amounts=(20_001, 20_001))
    attempt = await pay(order_id, payer, stand_in)
    with pytest.raises(TooFewVoters):
        await ask(order_id, committee.treasurer, 20_001, attempt.id)
    at_limit = await ask(order_id, committee.treasurer, 20_000, attempt.id)
    second = await make_second_treasurer(committee)
    await fetch(
        "insert into role_grant (person, role, scope_kind, scope_id, granted_at)"
        " values ($1, 'core.treasurer', 'organization', $2, $3)",
        second.person_id,
        committee.id,
        clock.now(),
    )
    above = await ask(order_id, committee.treasurer, 20_001, attempt.id)
    await run_due_jobs()
    assert (await state(at_limit), await state(above)) == (("sent", ""), ("asked", ""))
    approval_id = await queries.refund_approval(above)
    assert approval_id is not None
    with pytest.raises(OwnApproval):
        await cast_vote(approval_id, choice="approve", reason="", person_id=committee.treasurer.person_id)
    await cast_vote(approval_id, choice="approve", reason="", person_id=second.person_id)
    await run_due_jobs()
    assert await state(above) == ("sent", "")
    assert await balance(committee, "core.public") == 1
    assert await differences() == []


async def test_what_is_not_agreed_to_or_gone_meanwhile_is_not_sent(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    manager = await make_manager(committee)
    order_id = await make_order(committee, payer, amounts=(50_000,))
    attempt = await pay(order_id, payer, stand_in)
    refused = await ask(order_id, committee.treasurer, 50_000, attempt.id)
    approval_id = await queries.refund_approval(refused)
    assert approval_id is not None
    await cast_vote(approval_id, choice="reject", reason="说不通", person_id=manager.person_id)
    await run_due_jobs()
    assert await state(refused) == ("refused", "not_agreed")

    late = await ask(order_id, committee.treasurer, 50_000, attempt.id)
    stand_in.refund(committee, attempt.external_id, 100)  # meanwhile, on the provider's own pages
    await services.settle(attempt.id)
    approval_id = await queries.refund_approval(late)
    assert approval_id is not None
    await cast_vote(approval_id, choice="approve", reason="", person_id=manager.person_id)
    await run_due_jobs()
    assert await state(late) == ("refused", "changed")
    assert await balance(committee, "core.public") == 49_900


async def test_killed_between_the_call_and_the_commit_it_goes_once(
    committee: Committee, payer: Actor, stand_in: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    refund_id = await ask(order_id, committee.treasurer, 3500, attempt.id)
    for _ in range(3):  # more often than the library tries
        stand_in.fault(kind="apply_then_drop", path="/v1/refunds")
    with pytest.raises(Exception, match="APIConnectionError"):
        await services.send_refund(refund_id)
    assert await state(refund_id) == ("sending", "")
    stand_in.books.answered.clear()  # the provider forgets keys after a day
    with clock.frozen(clock.now() + timedelta(days=2)):
        await fetch("delete from job")
        await services.sweep()
        await run_due_jobs()
    assert await state(refund_id) == ("sent", "")
    assert len(stand_in.books._refunds) == 1
    assert await balance(committee, "core.outside_online") == 0


async def test_a_double_payment_goes_back_from_where_it_waits(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.pay(attempt.external_id)
    await confirm(order_id, committee.treasurer)
    await run_due_jobs()
    (cash, online) = await queries.sources(order_id)
    assert (cash.attempt_id, cash.left_fen, online.attempt_id, online.problem) == (
        None,
        3500,
        attempt.id,
        "second",
    )
    refund_id = await ask(order_id, committee.treasurer, 3500, attempt.id)
    await run_due_jobs()
    assert await state(refund_id) == ("sent", "")
    assert (await balance(committee, "core.public"), await balance(committee, "core.unassigned")) == (3500, 0)
    assert await queries.online_payments([committee.id], only_problems=True, before_id=None, limit=9) == []


async def test_cash_is_paid_out_against_a_slip(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    await confirm(order_id, committee.treasurer)
    refund_id = await ask(order_id, committee.treasurer, 3200)
    assert await balance(committee, "core.public") == 3500
    for nobody in (payer, (await make_committee()).treasurer, await make_manager(committee)):
        with pytest.raises(RefundNotFound):
            await services.pay_refund_out(refund_id, receipt_no="T1", actor=nobody)
    for _ in range(2):
        await services.pay_refund_out(refund_id, receipt_no="T1", actor=committee.treasurer)
    with pytest.raises(RefundNotDue):
        await services.pay_refund_out(refund_id, receipt_no="T2", actor=committee.treasurer)
    assert await state(refund_id) == ("sent", "")
    assert (await balance(committee, "core.public"), await balance(committee, "core.outside_cash")) == (
        300,
        -300,
    )
    rest = await ask(order_id, committee.treasurer, 300)
    with pytest.raises(ReceiptNumberUsed):
        await services.pay_refund_out(rest, receipt_no="T1", actor=committee.treasurer)
    await _spend(committee, 1)
    with pytest.raises(BalanceTooLow):
        await services.pay_refund_out(rest, receipt_no="T2", actor=committee.treasurer)
    assert await state(rest) == ("sending", "")
    await run_due_jobs()
    assert (await told(payer)).count("退款已退回") == 1
    assert await differences() == []


async def test_four_at_once_ask_for_the_whole(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)

    async def one(reason: str) -> int | Exception:
        try:
            return await services.ask_refund(
                order_id, amount_fen=3500, reason=reason, actor=committee.treasurer, attempt_id=attempt.id
            )
        except RefundTooMuch as refused:
            return refused

    found = await asyncio.gather(*(one(f"原因 {n}") for n in range(4)))
    assert sum(isinstance(one, int) for one in found) == 1
    await run_due_jobs()
    assert len(stand_in.books._refunds) == 1


@pytest.mark.parametrize("source", rules.WAITING_STATES)
def test_the_workflow_ends(source: str) -> None:
    leads: Callable[[str], list[str]] = lambda state: [  # noqa: E731
        t.target for t in rules.REFUNDS.leading_from(state)
    ]
    assert "sent" in leads(source) or "sending" in leads(source)
