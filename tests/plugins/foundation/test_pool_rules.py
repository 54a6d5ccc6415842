"""What a pool adds to a gift: both sides of each cap, the last one partial, rounded down, never negative."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import YijiError
from plugins.foundation.errors.pools import (
    CapAboveWhole,
    FundsMissing,
    MoneyBeyondPool,
    PeriodOver,
    PeriodReversed,
    RatioMalformed,
    RestFundMissing,
    SponsorMissing,
)
from plugins.foundation.rules import pools as rules
from plugins.foundation.rules.pools import Given, Plan, Room, Terms, match, match_all, to_return

DAY = date(2026, 11, 22)
HALF = Terms(numerator=1, denominator=2)


def gift(kept_fen: int, **changes: object) -> Given:
    known: dict[str, object] = {"gift_id": 1, "fund_id": 1, "kept_fen": kept_fen, "donor_id": 7, "day": DAY}
    return Given(**(known | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kept", "terms", "left", "expected"),
    [
        (10000, HALF, 10**6, (5000, "")),
        (99, HALF, 10**6, (49, "")),  # rounded down to the fen
        (1, HALF, 10**6, (0, "")),
        (100, Terms(numerator=3, denominator=1), 10**6, (300, "")),
        (100, Terms(numerator=2, denominator=3), 10**6, (66, "")),
        (10000, HALF, 5000, (5000, "")),
        (10000, HALF, 4999, (4999, "pool")),
        (10000, HALF, 1, (1, "pool")),
        (10000, HALF, 0, (0, "pool")),
        (9998, Terms(numerator=1, denominator=2, per_gift_fen=4999), 10**6, (4999, "")),
        (10000, Terms(numerator=1, denominator=2, per_gift_fen=4999), 10**6, (4999, "gift")),
    ],
)
def test_a_gift_is_matched_by_the_ratio_within_its_cap_and_the_pool(
    kept: int, terms: Terms, left: int, expected: tuple[int, str]
) -> None:
    found = match(terms, gift(kept), Room(left))
    assert (found.amount_fen, found.limit) == expected


@pytest.mark.parametrize(
    ("before", "expected"), [(0, (5000, "")), (1, (4999, "donor")), (5000, (0, "donor"))]
)
def test_a_person_has_a_cap_a_day_and_a_stranger_none(before: int, expected: tuple[int, str]) -> None:
    terms, room = Terms(numerator=1, denominator=2, per_donor_day_fen=5000), Room(10**6)
    room.by_donor[7, DAY] = before
    found = match(terms, gift(10000), room)
    assert (found.amount_fen, found.limit) == expected
    assert match(terms, gift(10000, day=DAY + timedelta(days=1)), room).amount_fen == 5000
    assert match(terms, gift(10000, donor_id=8), room).amount_fen == 5000
    assert match(terms, gift(20000, donor_id=None), room).amount_fen == 10000


@pytest.mark.parametrize(("before", "expected"), [(0, (5000, "")), (1, (4999, "fund")), (5000, (0, "fund"))])
def test_a_fund_has_a_cap(before: int, expected: tuple[int, str]) -> None:
    terms, room = Terms(numerator=1, denominator=2, per_fund_fen=5000), Room(10**6)
    room.by_fund[1] = before
    found = match(terms, gift(10000), room)
    assert (found.amount_fen, found.limit) == expected
    assert match(terms, gift(10000, fund_id=2), room).amount_fen == 5000


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"is_own": True}, "own"), ({"is_open": False}, "closed"), ({"kept_fen": 0}, "gone")],
)
def test_what_is_not_matched_at_all_says_why(changes: dict[str, object], reason: str) -> None:
    found = match(HALF, gift(10000, **{k: v for k, v in changes.items() if k != "kept_fen"}), Room(10**6))
    if "kept_fen" in changes:
        found = match(HALF, gift(0), Room(10**6))
    assert (found.amount_fen, found.limit) == (0, reason)
    assert rules.LIMITS[reason]


def test_the_sponsors_own_gift_is_known_by_account_or_by_name() -> None:
    assert rules.is_own_gift(7, "甲", 7, "乙")
    assert rules.is_own_gift(None, "样公司", None, "样公司")
    assert not rules.is_own_gift(None, "", None, "样公司")
    assert not rules.is_own_gift(8, "甲", 7, "乙")
    assert not rules.is_own_gift(None, "甲", None, "乙")


@pytest.mark.parametrize(
    ("amount", "base", "kept", "expected"),
    [
        (5000, 10000, 10000, 0),
        (5000, 10000, 0, 5000),
        (5000, 10000, 4000, 3000),
        (49, 99, 50, 25),  # 24 stay: what stays is rounded down, as the match was
        (5000, 6000, 10000, 0),  # part of it had gone before it was matched
        (5000, 6000, 3000, 2500),
    ],
)
def test_a_match_follows_its_gift_back_in_proportion(
    amount: int, base: int, kept: int, expected: int
) -> None:
    assert to_return(amount, base, kept) == expected


def terms_of(*of: int | None) -> Terms:
    names = ("numerator", "denominator", "per_gift_fen", "per_donor_day_fen", "per_fund_fen")
    return Terms(**dict(zip(names, of, strict=True)))  # type: ignore[arg-type]


CAP = st.none() | st.integers(1, 5_000)


@given(
    terms=st.tuples(st.integers(1, 100), st.integers(1, 100), CAP, CAP, CAP).map(lambda t: terms_of(*t)),
    pool=st.integers(0, 20_000),
    gifts=st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(1, 3), st.none() | st.integers(1, 3)), max_size=40
    ),
)
def test_no_order_of_gifts_gets_more_than_pool_ratio_and_caps(
    terms: Terms, pool: int, gifts: list[tuple[int, int, int | None]]
) -> None:
    given_ = [
        gift(kept, gift_id=n, fund_id=fund, donor_id=donor) for n, (kept, fund, donor) in enumerate(gifts)
    ]
    room = Room(pool)
    found = match_all(terms, given_, room)
    assert sum(one.amount_fen for one in found) == pool - room.left_fen <= pool
    for one, asked in zip(found, given_, strict=True):
        assert 0 <= one.amount_fen * terms.denominator <= asked.kept_fen * terms.numerator
        assert terms.per_gift_fen is None or one.amount_fen <= terms.per_gift_fen
    for caps, sums in ((terms.per_fund_fen, room.by_fund), (terms.per_donor_day_fen, room.by_donor)):
        assert caps is None or all(amount <= caps for amount in sums.values())


@given(amount=st.integers(0, 10_000), base=st.integers(1, 10_000), kept=st.integers(0, 12_000))
def test_never_more_goes_back_than_was_added(amount: int, base: int, kept: int) -> None:
    assert 0 <= to_return(amount, base, kept) <= amount


@pytest.mark.parametrize(
    ("typed", "expected"), [("1:2", (1, 2)), ("1：1", (1, 1)), (" 100 : 1 ", (100, 1)), ("2比3", (2, 3))]
)
def test_a_ratio_as_people_type_it(typed: str, expected: tuple[int, int]) -> None:
    assert rules.parse_ratio(typed) == expected


@pytest.mark.parametrize("typed", ["", "1", "0:1", "1:0", "101:1", "1:101", "1/2", "-1:2"])
def test_what_is_no_ratio(typed: str) -> None:
    with pytest.raises(RatioMalformed):
        rules.parse_ratio(typed)


def plan(**changes: object) -> Plan:
    known: dict[str, object] = {
        "title": "样公司配捐",
        "sponsor_name": "样公司",
        "sponsor_person": None,
        "terms": HALF,
        "whole_fen": 10000,
        "begins_on": DAY,
        "ends_on": DAY,
        "fund_ids": (1,),
    }
    return Plan(**(known | changes))  # type: ignore[arg-type]


def test_a_plan_for_today_with_caps_up_to_the_whole_is_accepted() -> None:
    rules.check_plan(plan(terms=Terms(numerator=1, denominator=1, per_gift_fen=10000)), DAY)
    rules.check_plan(plan(fund_ids=tuple(range(1, 51)), rest="fund", rest_fund=3), DAY)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"sponsor_name": " "}, SponsorMissing),
        ({"begins_on": DAY, "ends_on": DAY - timedelta(days=1)}, PeriodReversed),
        ({"begins_on": date(2026, 1, 1), "ends_on": DAY - timedelta(days=1)}, PeriodOver),
        ({"fund_ids": ()}, FundsMissing),
        ({"fund_ids": tuple(range(1, 52))}, FundsMissing),
        ({"rest": "fund"}, RestFundMissing),
        ({"terms": Terms(numerator=0, denominator=1)}, RatioMalformed),
        ({"terms": Terms(numerator=1, denominator=101)}, RatioMalformed),
        ({"terms": Terms(numerator=1, denominator=1, per_gift_fen=10001)}, CapAboveWhole),
        ({"terms": Terms(numerator=1, denominator=1, per_fund_fen=10001)}, CapAboveWhole),
        ({"terms": Terms(numerator=1, denominator=1, per_donor_day_fen=10001)}, CapAboveWhole),
    ],
)
def test_a_plan_that_cannot_be(changes: dict[str, object], refusal: type[YijiError]) -> None:
    with pytest.raises(refusal):
        rules.check_plan(plan(**changes), DAY)


def test_no_more_money_comes_than_was_agreed() -> None:
    rules.check_money(4000, 6000, 10000)
    with pytest.raises(MoneyBeyondPool):
        rules.check_money(4001, 6000, 10000)
