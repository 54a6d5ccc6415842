"""When an order may be paid, and what a payment moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.ledger import rules as ledger
from core.ledger.rules import Entry
from core.payments.errors import AmountDiffers, OrderNotOpen, OrderPaidAlready, OwnOrder
from core.payments.postings import receipt
from core.payments.rules import Order, OrderLine, check_counter, check_payable
from core.people.rules import Actor
from core.reference import Ref

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
ORDER = Order(
    id=1,
    payee_id=2,
    payer_id=3,
    household_id=4,
    cause=Ref("garden.lease", 5),
    state="open",
    total_fen=3500,
    expires_at=NOON,
)
TREASURER = Actor(9, "钱出纳", 8)


def test_an_open_order_may_be_paid_until_its_hour() -> None:
    check_payable(ORDER, NOON - timedelta(microseconds=1))
    for late in (NOON, NOON + timedelta(days=1)):
        with pytest.raises(OrderNotOpen):
            check_payable(ORDER, late)


def test_an_order_that_is_paid_or_cancelled_is_not_paid_again() -> None:
    early = NOON - timedelta(days=1)
    with pytest.raises(OrderNotOpen):
        check_payable(replace(ORDER, state="cancelled"), early)
    for moment in (early, NOON):
        with pytest.raises(OrderPaidAlready):
            check_payable(replace(ORDER, state="paid"), moment)


def test_the_counter_takes_the_exact_sum() -> None:
    check_counter(ORDER, 3500, TREASURER)
    for amount in (3499, 3501, 0, -3500):
        with pytest.raises(AmountDiffers, match=r"应收 35\.00 元"):
            check_counter(ORDER, amount, TREASURER)


def test_nobody_takes_money_of_the_own_household() -> None:
    for own in (Actor(3, "本人", None), Actor(3, "本人", 8), Actor(9, "家人", 4)):
        with pytest.raises(OwnOrder):
            check_counter(ORDER, 3500, own)


def test_two_people_without_a_household_are_not_one() -> None:
    check_counter(replace(ORDER, household_id=None), 3500, Actor(9, "钱出纳", None))


def line(account_id: int, amount_fen: int, note: str = "") -> OrderLine:
    return OrderLine(reason="garden.plot_fee", account_id=account_id, amount_fen=amount_fen, note=note)


def test_a_receipt_moves_each_line_from_outside_to_its_account() -> None:
    first, second = receipt(
        7,
        [line(1, 500, "会费"), line(2, 3000, "3 号")],
        key="order:7",
        source_account_id=99,
        occurred_at=NOON,
    )
    assert first.entries == (Entry(99, -500), Entry(1, 500))
    assert second.entries == (Entry(99, -3000), Entry(2, 3000))
    assert (first.key, second.key) == ("order:7:line:1", "order:7:line:2")
    assert {(t.unit, t.reason, t.cause, t.occurred_at) for t in (first, second)} == {
        ("CNY", "garden.plot_fee", Ref("order", 7), NOON)
    }
    assert (first.note, second.note) == ("会费", "3 号")
    for transfer in (first, second):
        ledger.check(transfer)


def test_a_line_of_nothing_moves_nothing_and_keeps_the_numbers_of_the_others() -> None:
    (only,) = receipt(7, [line(1, 0), line(2, 3000)], key="order:7", source_account_id=99, occurred_at=NOON)
    assert only.key == "order:7:line:2"
    assert receipt(7, [line(1, 0)], key="order:7", source_account_id=99, occurred_at=NOON) == []
