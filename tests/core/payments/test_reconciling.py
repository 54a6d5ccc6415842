"""Our clearing against the provider's own books: fees, currencies, payouts, what is missing or not ours."""

from datetime import timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.ledger.queries import differences
from core.payments import queries, services
from core.payments.errors import LineNotFound, MerchantNotFound, ReconciledJustNow
from core.people.rules import Actor
from core.settings import load
from plugins.practice.rules import stand_in_key
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, balance, pay, start
from tests.factories import Committee, make_committee
from workers.drain import run_due_jobs


async def _reconcile(committee: Committee) -> None:
    (merchant,) = await queries.merchants(organization_ids=[committee.id])
    for _ in range(2):  # what is booked is not booked again
        await services.reconcile(merchant.id)


async def _look(committee: Committee) -> list[tuple[str, str, int]]:
    lines = await queries.lines_to_look_at([committee.id], also_aside=False, before_id=None, limit=50)
    return [(line.verdict, line.kind, line.amount) for line in lines]


async def _clearing(committee: Committee) -> list[tuple[str, int, int, int]]:
    found = await queries.clearings([committee.id])
    assert all(one.difference == 0 for one in found), found
    return [(one.currency, one.ours, one.theirs, one.without_line) for one in found]


async def _account(committee: Committee, kind: str, unit: str) -> int:
    return int(
        await fetch_value(
            "select coalesce(sum(balance), 0) from ledger_balance"
            " where owner_kind = 'organization' and owner_id = $1 and kind = $2 and unit = $3",
            committee.id,
            kind,
            unit,
        )
    )


async def test_fees_and_payouts_follow_the_providers_books(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    first, second = [await make_order(committee, payer) for _ in range(2)]
    attempt = await pay(first, payer, stand_in)
    assert await _clearing(committee) == [("cny", 3500, 0, 3500)]
    await _reconcile(committee)
    assert await _clearing(committee) == [("cny", 3381, 3381, 0)]
    assert await balance(committee, "core.payment_costs") == -119
    stand_in.refund(committee, attempt.external_id, 1000)
    await services.settle(attempt.id)
    await pay(second, payer, stand_in)
    stand_in.pay_out(committee)
    await _reconcile(committee)
    assert await _clearing(committee) == [("cny", 0, 0, 0)]
    assert await balance(committee, "core.outside_bank") == -(3381 * 2 - 1000)
    assert await balance(committee, "core.public") == 6000
    assert await _look(committee) == []
    assert await differences() == []


async def test_another_currency_has_its_own_clearing_and_its_difference(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    stand_in.settle_in(committee, "hkd", 1.08)
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    await _reconcile(committee)
    fee = round(3780 * 0.034)
    assert await _clearing(committee) == [("cny", 0, 0, 0), ("hkd", 3780 - fee, 3780 - fee, 0)]
    assert await balance(committee, "core.public") == 3500  # what the payer gave
    assert await _account(committee, "core.payment_costs", "FX:HKD") == -fee
    stand_in.settle_in(committee, "hkd", 1.1)
    stand_in.refund(committee, attempt.external_id, 3500)
    await services.settle(attempt.id)
    await _reconcile(committee)
    assert await _account(committee, "core.exchange_difference", "FX:HKD") == 3780 - 3850
    assert await _account(committee, "core.exchange", "FX:HKD") == 0
    assert await _account(committee, "core.exchange", "CNY") == 0
    assert await _clearing(committee) == [("cny", 0, 0, 0), ("hkd", -fee - 70, -fee - 70, 0)]
    assert await differences() == []


async def test_what_nobody_told_of_is_found_and_booked(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await start(order_id, payer)
    stand_in.pay(attempt.external_id)
    stand_in.refund(committee, attempt.external_id, 500)
    stand_in.pay(attempt.external_id, "disputed")
    stand_in.pay(attempt.external_id, "dispute_won")
    await _reconcile(committee)
    assert (await queries.order(order_id)).state == "paid"
    assert await fetch_value("select count(*) from payment_fact") == 4
    assert await _look(committee) == []
    await _clearing(committee)
    assert await balance(committee, "core.public") == 3000
    assert await differences() == []


async def test_what_is_not_ours_and_what_differs_waits_for_the_treasurer(
    committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    key = stand_in_key(committee.id, load().secret)
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    stand_in.books.statement.book(key, "charge", "ch_of_a_web_shop", 8800, has_fee=True)
    stand_in.books.statement.book(key, "stripe_fee", "fee_1", -200)
    session = stand_in.books.session(attempt.external_id or "", key)
    stand_in.books.statement.book(key, "charge", session["payment_intent"]["latest_charge"] | {"id": "x"}, 1)
    await fetch("alter table payment_fact disable trigger payment_fact_stays")
    await fetch("update payment_fact set amount_fen = 3400")  # a hand in the till
    await _reconcile(committee)
    assert sorted(await _look(committee)) == [
        ("differs", "captured", 3500),
        ("not_ours", "captured", 1),
        ("not_ours", "captured", 8800),
        ("not_ours", "other", -200),
    ]
    (todo,) = [
        t for t in await queries.todos(committee.treasurer, clock.now()) if t.path == "/counter/settlements"
    ]
    assert todo.count == 4
    lines = await queries.lines_to_look_at([committee.id], also_aside=False, before_id=None, limit=50)
    for stranger in ((await make_committee()).treasurer, payer):
        with pytest.raises(LineNotFound):
            await services.set_line_aside(lines[0].id, actor=stranger)
        with pytest.raises(MerchantNotFound):
            await services.ask_to_reconcile(committee.id, actor=stranger)
    for _ in range(2):
        await services.set_line_aside(lines[0].id, actor=committee.treasurer)
    assert len(await _look(committee)) == 3
    assert await fetch_value("select count(*) from audit_event where action = 'settlement.set_aside'") == 1


async def test_every_night_and_on_demand(committee: Committee, payer: Actor, stand_in: Cashier) -> None:
    order_id = await make_order(committee, payer)
    await start(order_id, payer)
    for _ in range(2):
        await services.reconcile_all()
    now = clock.now()
    with clock.frozen(now):
        await services.ask_to_reconcile(committee.id, actor=committee.treasurer)
    with clock.frozen(now + timedelta(seconds=59)), pytest.raises(ReconciledJustNow):
        await services.ask_to_reconcile(committee.id, actor=committee.treasurer)
    assert await fetch_value("select count(*) from job where name = 'core.reconcile'") == 2
    await run_due_jobs()
    with clock.frozen(now + timedelta(seconds=60)):
        await services.ask_to_reconcile(committee.id, actor=committee.treasurer)
    assert await fetch_value("select count(*) from job where name = 'core.reconcile'") == 3
    assert await fetch_value("select reconciled_at is not null from payment_merchant")
