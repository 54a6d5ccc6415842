"""What a foundation's year may come to on 31 December, counted from its days until today. Pure.

A practice of treasurers, not a rule of the law: gifts come in seasons, so the page says how it was counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from plugins.foundation.rules.ratios import Judged, Opening, judge
from plugins.foundation.rules.years import Books

DAYS_LEAST = 30  # fewer say nothing of a pace


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The whole year in fen: income, programme spending and management as much a day as in `days_past`.

    `settled_fen` is programme spending if all that is set aside is paid and nothing else.
    `at_pace`, `settled`: each against the table, with management at its pace; None without an opening.
    """

    days_past: int
    days: int
    income_fen: int
    programme_fen: int
    settled_fen: int
    management_fen: int
    at_pace: Judged | None
    settled: Judged | None

    @property
    def costs_too_much(self) -> bool:
        """Would management be above its percentage, whichever spending comes true?"""
        return any(one is not None and one.costs_too_much for one in (self.at_pace, self.settled))


def forecast(
    books: Books, opening: Opening | None, terms: Mapping[str, int], *, reserved_fen: int, today: date
) -> Forecast | None:
    """Until the last day of `today`'s year, whose books these are; None in its first days."""
    past, days = today.timetuple().tm_yday, date(today.year, 12, 31).timetuple().tm_yday
    if past < DAYS_LEAST:
        return None

    def until_end(amount_fen: int) -> int:
        return amount_fen * days // past

    def against_table(spent_fen: int) -> Judged | None:
        if opening is None:
            return None
        costs_fen = until_end(books.management_fen)
        return judge(opening, terms, spent_fen=spent_fen, reserved_fen=0, management_fen=costs_fen)

    settled_fen = books.programme_fen + reserved_fen
    return Forecast(
        days_past=past,
        days=days,
        income_fen=until_end(books.income_fen),
        programme_fen=until_end(books.programme_fen),
        settled_fen=settled_fen,
        management_fen=until_end(books.management_fen),
        at_pace=against_table(until_end(books.programme_fen)),
        settled=against_table(settled_fen),
    )
