"""What a transfer is, before any database sees it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import LANGUAGE
from core.ledger import rules
from core.ledger.errors import TransferRefused
from core.ledger.rules import Entry, Transfer
from core.reference import Ref

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
SOUND = Transfer(
    key="order:1:line:1",
    unit="CNY",
    reason="garden.plot_fee",
    cause=Ref("order", 1),
    occurred_at=NOON,
    entries=(Entry(1, -3000), Entry(2, 3000)),
    note="3 号",
)


def with_legs(*legs: tuple[int, int]) -> Transfer:
    return replace(SOUND, entries=tuple(Entry(account, amount) for account, amount in legs))


@pytest.mark.parametrize(
    "legs",
    [((1, -3000), (2, 3000)), ((1, -3), (2, 1), (3, 2)), ((1, -1), (1, 1)), ((1, -(2**62)), (2, 2**62))],
)
def test_legs_that_sum_to_zero_are_sound(legs: tuple[tuple[int, int], ...]) -> None:
    rules.check(with_legs(*legs))


@pytest.mark.parametrize(
    ("legs", "rule"),
    [
        ((), "legs"),
        (((1, 5),), "legs"),
        (((1, 0),), "legs"),
        (((1, 0), (2, 0)), "zero"),
        (((1, 5), (2, -5), (3, 0)), "zero"),
        (((1, 5), (2, -4)), "balance"),
        (((1, 5), (2, -6)), "balance"),
        (((1, 5), (2, 5)), "balance"),
    ],
)
def test_other_legs_are_refused_by_rule(legs: tuple[tuple[int, int], ...], rule: str) -> None:
    with pytest.raises(TransferRefused) as refusal:
        rules.check(with_legs(*legs))
    assert refusal.value.params == {"rule": rule}


@given(st.lists(st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=6), st.integers())
def test_a_transfer_passes_only_if_it_sums_to_zero(amounts: list[int], nudge: int) -> None:
    legs = [(n, amount) for n, amount in enumerate(amounts, 1)]
    rest = -sum(amounts)
    if rest:
        rules.check(with_legs(*legs, (99, rest)))
    if nudge and rest + nudge:
        with pytest.raises(TransferRefused):
            rules.check(with_legs(*legs, (99, rest + nudge)))


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "MIN"},
        {"reason": "garden.membership_fee"},
        {"cause": Ref("order", 2)},
        {"cause": Ref("gift", 1)},
        {"note": "4 号"},
        {"reverses_id": 1},
        {"entries": (Entry(1, -3001), Entry(2, 3001))},
        {"entries": (Entry(1, -3000), Entry(3, 3000))},
        {"entries": (Entry(1, -3000), Entry(2, 2000), Entry(2, 1000))},
    ],
)
def test_another_content_has_another_fingerprint(change: dict[str, Any]) -> None:
    assert replace(SOUND, **change).fingerprint() != SOUND.fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"occurred_at": NOON + timedelta(days=1)},
        {"key": "another"},
        {"entries": (Entry(2, 3000), Entry(1, -3000))},
    ],
)
def test_time_key_and_order_of_legs_are_not_content(change: dict[str, Any]) -> None:
    assert replace(SOUND, **change).fingerprint() == SOUND.fingerprint()


def test_a_reason_is_read_by_its_title_and_an_unknown_one_by_its_code() -> None:
    assert rules.reason_title("garden.plot_fee") == "地块认领费"
    assert rules.reason_title("gone.fee") == "gone.fee"
    token = LANGUAGE.set("en")
    try:
        assert rules.reason_title("gone.fee") == "gone.fee"
    finally:
        LANGUAGE.reset(token)
