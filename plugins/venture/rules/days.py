"""Working days: Monday to Friday, unless the State Council has moved them. Pure.

What it moves is a parameter of the platform, from a day on: each value holds until the day of the next one.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plugins.venture.errors import YearNotListed

BY_WEEKDAY, OFF, WORKED = range(3)
# No holiday is so long that this many days do not hold one working day.
_DAYS_FOR_A_WORKING_DAY = 15


@dataclass(frozen=True)
class WorkCalendar:
    """The days on which something changes, in their order, and what holds from each."""

    changes: Sequence[tuple[date, int]] = ()

    def kind(self, day: date) -> int:
        """BY_WEEKDAY, OFF or WORKED."""
        before = bisect_right([since for since, _ in self.changes], day)
        return self.changes[before - 1][1] if before else BY_WEEKDAY

    def is_working(self, day: date) -> bool:
        """Monday to Friday, unless it is moved."""
        kind = self.kind(day)
        return day.weekday() < 5 if kind == BY_WEEKDAY else kind == WORKED

    def is_listed(self, year: int) -> bool:
        """Every year's list begins with New Year's Day, which is always off."""
        return self.kind(date(year, 1, 1)) == OFF


def last_of(begins: date, working_days: int, calendar: WorkCalendar) -> date:
    """The last of so many working days; the day on which it begins does not count.

    Raises YearNotListed for a year of which nobody has said what is moved, or said only half.
    """
    day, left = begins, working_days
    for _ in range(working_days * _DAYS_FOR_A_WORKING_DAY):
        day += timedelta(days=1)
        if not calendar.is_listed(day.year):
            break
        left -= calendar.is_working(day)
        if not left:
            return day
    raise YearNotListed(year=day.year)
