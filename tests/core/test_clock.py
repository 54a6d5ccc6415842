"""The one clock: UTC inside, Asia/Shanghai for people's days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.language import show_day, show_time

MIDNIGHT_IN_SHANGHAI = datetime(2020, 11, 21, 16, 0, tzinfo=UTC)


def test_the_system_clock_is_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_a_civil_day_begins_at_midnight_in_shanghai() -> None:
    with clock.frozen(MIDNIGHT_IN_SHANGHAI - timedelta(microseconds=1)):
        assert clock.today() == date(2020, 11, 21)
    with clock.frozen(MIDNIGHT_IN_SHANGHAI):
        assert clock.today() == date(2020, 11, 22)


def test_moments_are_shown_on_the_users_wall_clock() -> None:
    assert clock.local(MIDNIGHT_IN_SHANGHAI).hour == 0
    assert show_day(MIDNIGHT_IN_SHANGHAI) == "2020-11-22"
    assert show_time(MIDNIGHT_IN_SHANGHAI - timedelta(minutes=1)) == "2020-11-21 23:59"


def test_a_frozen_clock_stands_still_and_runs_again_afterwards() -> None:
    outer, inner = MIDNIGHT_IN_SHANGHAI, MIDNIGHT_IN_SHANGHAI + timedelta(days=1)

    def stop_twice() -> None:
        with clock.frozen(outer):
            assert clock.now() == clock.now() == outer
            with clock.frozen(inner):
                assert clock.now() == inner
            assert clock.now() == outer
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop_twice()
    assert clock.now() > inner + timedelta(days=1)


def test_a_civil_day_ends_where_the_users_live() -> None:
    assert clock.end_of(date(2026, 11, 22)) == datetime(2026, 11, 22, 16, tzinfo=UTC)
