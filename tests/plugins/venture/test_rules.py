"""The decisions of a call without a database: scores, ranking, instalments, budgets, working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import YijiError
from plugins.venture.errors import (
    AskedAboveCap,
    BudgetMissesTheSum,
    CapAboveBudget,
    LineTooLarge,
    MarkOutOfRange,
    PlanMissesTheSum,
    ScoresMissing,
    TooFewCriteria,
    TooFewScores,
    TooManyLines,
    WeightsMissTheSum,
    YearNotListed,
)
from plugins.venture.rules import days, money, scores
from plugins.venture.rules.money import BudgetLine
from plugins.venture.rules.scores import Candidate, Criterion, Sheet

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
CRITERIA = [Criterion("需求", 35), Criterion("方案", 65)]


def candidate(number: int, score: int, *, asked: int = 100_00, need: int = 0, late: int = 0) -> Candidate:
    sheets = (Sheet(score, need),) * 3
    return Candidate(number, f"第{number}个", asked, NOON + timedelta(hours=late), sheets, 0)


def test_marks_times_weights_are_exact_hundredths() -> None:
    assert scores.score_of([100, 100], CRITERIA) == 100_00
    assert scores.score_of([77, 81], CRITERIA) == 77 * 35 + 81 * 65 == 7960


@pytest.mark.parametrize(
    ("values", "expected"), [([1, 2], 2), ([1, 1, 2], 1), ([1, 2, 2], 2), ([7960], 7960), ([0, 0, 1], 0)]
)
def test_a_mean_is_rounded_half_up(values: list[int], expected: int) -> None:
    assert scores.mean(values) == expected


@pytest.mark.parametrize(("sheets", "kept"), [(3, 3), (4, 4), (5, 3), (7, 5)])
def test_from_five_on_one_highest_and_one_lowest_are_left_out(sheets: int, kept: int) -> None:
    found = scores.kept([Sheet(n, 0) for n in range(sheets)], trim_from=5)
    assert len(found) == kept
    assert (Sheet(0, 0) in found) == (sheets < 5)


@pytest.mark.parametrize(
    ("weights", "refusal"),
    [((40, 60), None), ((40, 59), WeightsMissTheSum), ((40, 61), WeightsMissTheSum), ((), TooFewCriteria),
     ((0, 100), WeightsMissTheSum)],
)  # fmt: skip
def test_weights_are_the_whole(weights: tuple[int, ...], refusal: type[YijiError] | None) -> None:
    criteria = [Criterion("好", weight) for weight in weights]
    if refusal is None:
        scores.check_criteria(criteria)
    else:
        with pytest.raises(refusal):
            scores.check_criteria(criteria)


@pytest.mark.parametrize("marks", [[0, 100], [100, 0]])
def test_marks_from_0_to_100_are_taken(marks: list[int]) -> None:
    scores.check_marks(marks, CRITERIA)


@pytest.mark.parametrize("marks", [[-1, 50], [101, 50], [50], [50, 50, 50], []])
def test_other_marks_are_refused(marks: list[int]) -> None:
    with pytest.raises(MarkOutOfRange):
        scores.check_marks(marks, CRITERIA)


def test_a_ranking_waits_for_all_scores_and_for_enough_of_them() -> None:
    whole = candidate(1, 8000)
    scores.check_complete([whole], fewest=3)
    with pytest.raises(TooFewScores, match="第1个只有 3 份"):
        scores.check_complete([whole], fewest=4)
    open_one = Candidate(2, "第2个", 1, NOON, whole.sheets, missing=1)
    with pytest.raises(ScoresMissing, match="还有 1 份"):
        scores.check_complete([whole, open_one], fewest=3)


def test_between_equals_need_then_sum_then_hour_decide() -> None:
    found = scores.ranking(
        [
            candidate(1, 8000, need=70, asked=200_00),
            candidate(2, 8000, need=70, asked=100_00, late=2),
            candidate(3, 8000, need=70, asked=100_00, late=1),
            candidate(4, 8000, need=90, asked=900_00),
            candidate(5, 8001),
        ],
        trim_from=5,
        line=60,
        budget_fen=10**9,
    )
    assert [place.id for place in found] == [5, 4, 3, 2, 1]
    assert [place.rank for place in found] == [1, 2, 3, 4, 5]


def test_money_and_line_end_the_awards_and_a_rank_is_never_jumped() -> None:
    applicants = [
        candidate(1, 9000, asked=60),
        candidate(2, 8000, asked=50),
        candidate(3, 7000, asked=40),
        candidate(4, 5999, asked=1),
    ]

    def awards(budget: int) -> list[int]:
        placed = scores.ranking(applicants, trim_from=5, line=60, budget_fen=budget)
        return [place.award_fen for place in placed]

    assert awards(110) == [60, 50, 0, 0]
    assert awards(109) == [60, 0, 0, 0]  # the third would fit; it stands behind the second
    assert awards(150) == [60, 50, 40, 0]
    assert awards(1000) == [60, 50, 40, 0]  # 59.99 is below the line
    assert awards(59) == [0, 0, 0, 0]


def test_the_last_instalment_is_the_remainder() -> None:
    assert money.instalments(2_999_999, (6000, 3000, 1000)) == [1_799_999, 899_999, 300_001]


@given(st.integers(100_00, 10**10), st.integers(1, 9998), st.data())
def test_instalments_are_the_total_whatever_the_plan(total: int, first: int, data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 9999 - first))
    plan = (first, second, 10_000 - first - second)
    money.check_plan(plan)
    parts = money.instalments(total, plan)
    assert sum(parts) == total
    assert min(parts) > 0


@pytest.mark.parametrize(
    "plan", [(5000, 3000, 1999), (5000, 3000, 2001), (10_000, 0, 0), (7000, 4000, -1000)]
)
def test_a_plan_that_is_not_the_whole_is_refused(plan: tuple[int, int, int]) -> None:
    with pytest.raises(PlanMissesTheSum):
        money.check_plan(plan)


def test_a_cap_lies_between_100_yuan_and_the_budget() -> None:
    money.check_money(100_00, 100_00)
    for budget, cap in ((100_00, 100_01), (100_00, 99_99), (10**10 + 1, 100_00)):
        with pytest.raises(CapAboveBudget):
            money.check_money(budget, cap)


def test_what_is_asked_lies_within_the_cap() -> None:
    money.check_asked(100_00, 100_00)
    for asked in (99_99, 100_01):
        with pytest.raises(AskedAboveCap, match=r"最多 100\.00 元"):
            money.check_asked(asked, 100_00)


def test_a_budget_adds_up_to_what_is_asked() -> None:
    line = BudgetLine("labour", "社工", 3, 333_33)
    assert line.amount_fen == 999_99
    money.check_sum([line.amount_fen, 1], 1000_00)
    with pytest.raises(BudgetMissesTheSum, match=r"合计 999\.99 元，和申请金额 1,000\.00 元"):
        money.check_sum([line.amount_fen], 1000_00)


def test_a_line_is_within_the_sum_and_lines_are_within_twenty() -> None:
    line = BudgetLine("labour", "社工", 2, 500_00)
    money.check_line(line, 19, 1000_00)
    with pytest.raises(TooManyLines):
        money.check_line(line, 20, 1000_00)
    with pytest.raises(LineTooLarge):
        money.check_line(line, 0, 999_99)


OFF, WORKED, BY_WEEKDAY = days.OFF, days.WORKED, days.BY_WEEKDAY
NEW_YEAR = ((date(2026, 1, 1), OFF), (date(2026, 1, 4), BY_WEEKDAY))


def test_publicity_counts_working_days_with_what_is_moved() -> None:
    plain = days.WorkCalendar(NEW_YEAR)
    national = (
        (date(2026, 10, 1), OFF),
        (date(2026, 10, 8), BY_WEEKDAY),
        (date(2026, 10, 10), WORKED),
        (date(2026, 10, 11), BY_WEEKDAY),
    )
    moved = days.WorkCalendar((*NEW_YEAR, *national))
    friday = date(2026, 9, 25)
    assert days.last_of(friday, 5, plain) == date(2026, 10, 2)
    assert days.last_of(friday, 5, moved) == date(2026, 10, 9)  # 28, 29, 30 September, 8, 9 October
    assert days.last_of(friday, 6, moved) == date(2026, 10, 10)  # a Saturday that is worked
    assert days.last_of(friday, 7, moved) == date(2026, 10, 12)


def test_a_year_that_nobody_has_listed_is_not_counted() -> None:
    calendar = days.WorkCalendar(NEW_YEAR)
    assert days.last_of(date(2026, 12, 24), 5, calendar) == date(2026, 12, 31)
    with pytest.raises(YearNotListed, match="2027 年的放假和调休还没有登记完整"):
        days.last_of(date(2026, 12, 25), 5, calendar)
    listed = days.WorkCalendar((*NEW_YEAR, (date(2027, 1, 1), OFF), (date(2027, 1, 4), BY_WEEKDAY)))
    assert days.last_of(date(2026, 12, 25), 5, listed) == date(2027, 1, 4)


def test_a_holiday_that_nobody_has_ended_is_not_waited_for_for_ever() -> None:
    with pytest.raises(YearNotListed, match="2026"):
        days.last_of(date(2026, 3, 2), 1, days.WorkCalendar(NEW_YEAR[:1]))
