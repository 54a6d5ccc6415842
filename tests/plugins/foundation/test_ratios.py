"""The table of ratios: which row applies, what must be spent, what may be spent on management."""

from dataclasses import replace
from fractions import Fraction

import pytest

from plugins.foundation.rules import ratios
from plugins.foundation.rules.ratios import FOUNDATION, OTHER, WAN, Opening

TERMS = {parameter.code: parameter.default for parameter in ratios.PARAMETERS}
PUBLIC = Opening(kind=FOUNDATION, is_public=True, net_assets_fen=0, incomes=(1000, None, None))
PRIVATE = replace(PUBLIC, is_public=False)


def needed(opening: Opening) -> int | None:
    return ratios.needed_fen(ratios.row_for(opening, TERMS), opening, TERMS)


@pytest.mark.parametrize(
    ("kind", "wan", "code"),
    [
        (FOUNDATION, 6000, "foundation_1"),
        (FOUNDATION, 5999, "foundation_2"),
        (FOUNDATION, 800, "foundation_2"),
        (FOUNDATION, 799, "foundation_3"),
        (FOUNDATION, 400, "foundation_3"),
        (FOUNDATION, 399, "foundation_4"),
        (FOUNDATION, 0, "foundation_4"),
        (OTHER, 1000, "other_1"),
        (OTHER, 999, "other_2"),
        (OTHER, 500, "other_2"),
        (OTHER, 499, "other_3"),
        (OTHER, 100, "other_3"),
        (OTHER, 99, "other_4"),
    ],
)
def test_net_assets_choose_the_row_of_who_does_not_raise_in_public(kind: str, wan: int, code: str) -> None:
    opening = replace(PRIVATE, kind=kind, net_assets_fen=wan * WAN)
    assert ratios.row_for(opening, TERMS).code == code


def test_one_fen_below_the_limit_is_the_row_below() -> None:
    opening = replace(PRIVATE, net_assets_fen=6000 * WAN - 1)
    assert ratios.row_for(opening, TERMS).code == "foundation_2"


@pytest.mark.parametrize(("kind", "code"), [(FOUNDATION, "foundation_public"), (OTHER, "other_public")])
def test_who_raises_in_public_has_one_row_whatever_it_owns(kind: str, code: str) -> None:
    for wan in (0, 100_000):
        assert ratios.row_for(replace(PUBLIC, kind=kind, net_assets_fen=wan * WAN), TERMS).code == code


def test_in_public_the_lower_of_last_year_and_the_mean_of_three_counts() -> None:
    assert needed(PUBLIC) == 700
    assert needed(replace(PUBLIC, incomes=(1000, 100, None))) == 700
    assert needed(replace(PUBLIC, incomes=(1000, 100, 100))) == 280
    assert needed(replace(PUBLIC, incomes=(100, 1000, 1000))) == 70
    assert needed(replace(PUBLIC, incomes=(1001, None, None))) == 701
    assert needed(replace(PUBLIC, incomes=(1000, 1, 0))) == 234  # 70 % of 333 2/3, rounded up


def test_without_last_years_income_nobody_knows() -> None:
    assert needed(replace(PUBLIC, incomes=(None, 100, 100))) is None
    judged = ratios.judge(
        replace(PUBLIC, incomes=(None, None, None)), TERMS, spent_fen=1, reserved_fen=0, management_fen=0
    )
    assert (judged.needed_fen, judged.missing_fen) == (None, 0)


def test_others_spend_a_part_of_their_net_assets() -> None:
    assert needed(replace(PRIVATE, net_assets_fen=399 * WAN)) == 399 * WAN * 8 // 100
    assert needed(replace(PRIVATE, net_assets_fen=400 * WAN)) == 400 * WAN * 7 // 100
    assert needed(replace(PRIVATE, net_assets_fen=101)) == 9


def test_the_smallest_organizations_also_spend_half_of_last_years_income() -> None:
    small = Opening(kind=OTHER, is_public=False, net_assets_fen=1000, incomes=(100, None, None))
    assert needed(small) == 80
    assert needed(replace(small, incomes=(160, None, None))) == 80
    assert needed(replace(small, incomes=(161, None, None))) == 81
    assert needed(replace(small, incomes=(None, None, None))) is None


def test_what_is_missing_is_spent_reserved_or_still_to_be_planned() -> None:
    def judged(spent: int, reserved: int) -> tuple[int, int]:
        found = ratios.judge(PUBLIC, TERMS, spent_fen=spent, reserved_fen=reserved, management_fen=0)
        return found.missing_fen, found.unplanned_fen

    assert judged(699, 0) == (1, 1)
    assert judged(700, 0) == (0, 0)
    assert judged(600, 40) == (100, 60)
    assert judged(600, 200) == (100, 0)


def test_management_is_measured_by_all_spending_and_exactly_the_limit_is_within_it() -> None:
    def judged(management: int) -> ratios.Judged:
        return ratios.judge(PUBLIC, TERMS, spent_fen=180 * WAN, reserved_fen=0, management_fen=management)

    assert (judged(20 * WAN).share, judged(20 * WAN).costs_too_much) == (Fraction(1, 10), False)
    assert judged(20 * WAN + 1).costs_too_much


def test_below_two_hundred_thousand_the_share_does_not_matter() -> None:
    def judged(management: int) -> tuple[bool, bool]:
        found = ratios.judge(PUBLIC, TERMS, spent_fen=0, reserved_fen=0, management_fen=management)
        return found.is_exempt, found.costs_too_much

    assert judged(20 * WAN - 1) == (True, False)
    assert judged(20 * WAN) == (False, True)


def test_each_row_says_where_it_comes_from_and_has_its_numbers() -> None:
    for row in ratios.ROWS:
        assert {row.spend, row.manage, row.least or row.spend} <= set(TERMS)
        assert (row.sure == ratios.LAW) == (row.source == ratios.LAW_61)
    assert [row.code for row in ratios.ROWS if row.sure == ratios.MEMORY] == [
        "foundation_1",
        "foundation_2",
        "foundation_3",
    ]


def test_the_numbers_are_those_of_the_law_and_of_the_rule_of_2016() -> None:
    """慈善法 61; 民发〔2016〕189号, articles 7 to 11: (from how much 万, spend, management)."""

    def number(code: str) -> int:
        return TERMS[code] // WAN if code.endswith("_fen") else TERMS[code]

    assert {
        row.code: (number(row.least) if row.least else 0, number(row.spend), number(row.manage))
        for row in ratios.ROWS
    } == {
        "foundation_public": (0, 70, 10),
        "other_public": (0, 70, 13),
        "foundation_1": (6000, 6, 12),
        "foundation_2": (800, 6, 13),
        "foundation_3": (400, 7, 15),
        "foundation_4": (0, 8, 20),
        "other_1": (1000, 6, 13),
        "other_2": (500, 7, 14),
        "other_3": (100, 8, 15),
        "other_4": (0, 8, 20),
    }
    assert (TERMS[ratios.ALSO_INCOME], TERMS[ratios.EXEMPT]) == (50, 20_000_000)
    assert {str(row.since) for row in ratios.ROWS if row.source == ratios.LAW_61} == {"2024-09-05"}
