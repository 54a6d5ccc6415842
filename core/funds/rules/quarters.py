"""The quarters by which funds publish. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from core import clock


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a civil year; as text `2026-3`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def count(self) -> int:
        """Quarters since the year 0."""
        return self.year * 4 + self.number - 1

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def begin(self) -> datetime:
        """The moment at which it begins."""
        return clock.begin_of(self.first_day)

    @property
    def end(self) -> datetime:
        """The moment at which the next one begins."""
        return self.moved(1).begin

    def moved(self, quarters: int) -> "Quarter":
        """That many quarters later; negative: before."""
        count = self.count + quarters
        return Quarter(count // 4, count % 4 + 1)


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def parse_quarter(text: str, today: date) -> Quarter:
    """What `str()` wrote; this quarter for anything else, and for what is still to come."""
    present = quarter_of(today)
    found = re.fullmatch(r"(20\d\d)-([1-4])", text, re.ASCII)
    return min(present, Quarter(int(found[1]), int(found[2]))) if found else present
