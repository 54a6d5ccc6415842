"""A year until its last day: at the pace of its days so far, and with what is set aside."""

from dataclasses import replace
from datetime import date

import pytest

from plugins.foundation.rules import ratios
from plugins.foundation.rules.forecasts import DAYS_LEAST, Forecast, forecast
from plugins.foundation.rules.ratios import FOUNDATION, WAN, Opening
from plugins.foundation.rules.years import Books

TERMS = {parameter.code: parameter.default for parameter in ratios.PARAMETERS}
OPENING = Opening(kind=FOUNDATION, is_public=True, net_assets_fen=0, incomes=(1000, None, None))
NOTHING = Books(
    bound_fen=0, free_fen=0, other_fen=0, returned_fen=0, paid_fen=0, direct_fen=0, management_fen=0
)
HALF = date(2026, 7, 2)  # the 183rd of 365 days


def of(books: Books, today: date, *, opening: Opening | None = OPENING, reserved: int = 0) -> Forecast:
    found = forecast(books, opening, TERMS, reserved_fen=reserved, today=today)
    assert found is not None
    return found


def test_the_rest_of_the_year_goes_on_as_its_days_until_today() -> None:
    books = replace(NOTHING, bound_fen=100, free_fen=83, other_fen=183, returned_fen=183, paid_fen=366)
    found = of(replace(books, direct_fen=183, management_fen=1), HALF)
    assert (found.days_past, found.days) == (183, 365)
    assert (found.income_fen, found.programme_fen, found.management_fen) == (365, 1095, 1)


def test_on_the_last_day_it_is_what_is_booked() -> None:
    books = replace(NOTHING, free_fen=7, paid_fen=5, management_fen=3)
    for last in (date(2026, 12, 31), date(2028, 12, 31)):
        found = of(books, last)
        assert (found.income_fen, found.programme_fen, found.management_fen) == (7, 5, 3)


def test_a_leap_year_has_a_day_more() -> None:
    assert of(NOTHING, date(2028, 3, 1)).days_past == of(NOTHING, date(2026, 3, 1)).days_past + 1
    assert (of(NOTHING, date(2028, 3, 1)).days, of(NOTHING, date(2026, 3, 1)).days) == (366, 365)


def test_the_first_days_say_nothing() -> None:
    early = date(2026, 1, DAYS_LEAST - 1)
    assert forecast(NOTHING, OPENING, TERMS, reserved_fen=0, today=early) is None
    assert of(NOTHING, date(2026, 1, DAYS_LEAST)).days_past == DAYS_LEAST


@pytest.mark.parametrize(
    ("paid", "reserved", "missing"),
    [(351, 349, (0, 0)), (351, 348, (0, 1)), (350, 350, (2, 0)), (0, 0, (700, 700))],
)
def test_each_way_is_held_against_what_must_be_spent(
    paid: int, reserved: int, missing: tuple[int, int]
) -> None:
    found = of(replace(NOTHING, paid_fen=paid), HALF, reserved=reserved)
    assert found.at_pace
    assert found.settled
    assert (found.at_pace.missing_fen, found.settled.missing_fen) == missing
    assert found.settled_fen == paid + reserved


def test_management_is_too_much_when_it_would_be_either_way() -> None:
    books = replace(NOTHING, paid_fen=183 * 9 * WAN, management_fen=183 * WAN)
    assert not of(books, HALF, reserved=182 * 9 * WAN).costs_too_much  # exactly a tenth, both ways
    assert of(books, HALF, reserved=182 * 9 * WAN - 10).costs_too_much
    assert of(replace(books, management_fen=183 * WAN + 183), HALF, reserved=10**12).costs_too_much


def test_without_an_opening_only_the_sums_are_known() -> None:
    found = of(replace(NOTHING, free_fen=183), HALF, opening=None)
    assert (found.income_fen, found.at_pace, found.settled, found.costs_too_much) == (365, None, None, False)
