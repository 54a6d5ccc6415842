"""By when a quarter must be published; nothing here needs a database."""

from datetime import date, datetime

import pytest

from core import clock
from core.funds.rules.quarters import Quarter
from plugins.foundation.errors.calendar import PublishEarlierFirst, QuarterNotOver
from plugins.foundation.rules import calendar as rules
from plugins.foundation.rules.calendar import Due

TODAY, THIRD = date(2026, 11, 22), Quarter(2026, 3)


def due(quarter: Quarter, *, published_at: datetime | None = None) -> Due:
    return Due(
        quarter=quarter,
        opening_fen=0,
        income_fen=100,
        uses_fen=0,
        due_on=rules.due_on(quarter, 30),
        published_at=published_at,
    )


def test_the_calendar_shows_a_year_of_quarters_that_are_over() -> None:
    assert [str(q) for q in rules.ended_quarters(TODAY)] == ["2026-3", "2026-2", "2026-1", "2025-4"]


def test_a_quarter_is_late_on_the_day_after_its_last() -> None:
    assert rules.due_on(THIRD, 30) == date(2026, 10, 30)
    assert not due(THIRD).is_late(date(2026, 10, 30))
    assert due(THIRD).is_late(date(2026, 10, 31))
    assert not due(THIRD, published_at=clock.now()).is_late(TODAY)


def test_from_the_quarter_of_the_first_gift_on_there_is_something_to_tell() -> None:
    assert rules.has_begun(THIRD, THIRD.begin)
    assert rules.has_begun(THIRD, THIRD.moved(-3).begin)
    assert not rules.has_begun(THIRD, THIRD.end)
    assert not rules.has_begun(THIRD, None)


def test_only_what_is_over_is_published_and_one_after_the_other() -> None:
    second = Quarter(2026, 2)
    rules.check_publishable(THIRD, [due(THIRD), due(second, published_at=clock.now())], TODAY)
    rules.check_publishable(THIRD, [due(THIRD)], TODAY)
    with pytest.raises(PublishEarlierFirst):
        rules.check_publishable(THIRD, [due(THIRD), due(second)], TODAY)
    with pytest.raises(QuarterNotOver, match="2027-01-01"):
        rules.check_publishable(Quarter(2026, 4), [], TODAY)
