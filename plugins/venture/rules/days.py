"""Working days. What the State Council moves is data: a weekday that is free, a weekend that is worked."""

from collections.abc import Mapping
from datetime import date, timedelta


def is_working(day: date, moved: Mapping[date, bool]) -> bool:
    """Monday to Friday, unless `moved` says otherwise."""
    return moved.get(day, day.weekday() < 5)


def last_of(begins: date, days: int, moved: Mapping[date, bool]) -> date:
    """The last of so many working days; the day on which it begins does not count."""
    day = begins
    while days:
        day += timedelta(days=1)
        days -= is_working(day, moved)
    return day
