"""By when a foundation must have published a quarter, and whether it is late. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.funds.rules.quarters import Quarter, quarter_of
from core.language import mark
from core.manifest import Parameter
from plugins.foundation.errors.calendar import PublishEarlierFirst, QuarterNotOver

PUBLISH = "foundation.publish"
PUBLISH_DAYS = "foundation.publish_days"
PARAMETER = Parameter(
    code=PUBLISH_DAYS,
    title=mark("季度结束后几天内公开"),
    default=30,
    minimum=1,
    maximum=90,
    unit=mark("天"),
)
# A year's worth, and what is late from before.
SHOWN = 4


@dataclass(frozen=True, kw_only=True)
class Due:
    """A quarter that has ended: its sums, by when it must be published, and when it was."""

    quarter: Quarter
    opening_fen: int
    income_fen: int
    uses_fen: int
    due_on: date
    published_at: datetime | None

    @property
    def closing_fen(self) -> int:
        """What is there at its end."""
        return self.opening_fen + self.income_fen - self.uses_fen

    def is_late(self, today: date) -> bool:
        """On the day itself it is still in time."""
        return self.published_at is None and today > self.due_on


def ended_quarters(today: date) -> list[Quarter]:
    """The quarters that the calendar shows, the latest first."""
    present = quarter_of(today)
    return [present.moved(-n) for n in range(1, SHOWN + 1)]


def has_begun(quarter: Quarter, first_gift: datetime | None) -> bool:
    """From the quarter of the first gift on there is something to tell, be it that nothing happened."""
    return first_gift is not None and first_gift < quarter.end


def due_on(quarter: Quarter, days: int) -> date:
    """The last day on which its publication is in time."""
    return quarter.moved(1).first_day + timedelta(days=days - 1)


def check_publishable(quarter: Quarter, calendar: Sequence[Due], today: date) -> None:
    """Raise QuarterNotOver or PublishEarlierFirst."""
    if quarter >= quarter_of(today):
        raise QuarterNotOver(day=quarter.moved(1).first_day)
    if any(due.quarter < quarter and due.published_at is None for due in calendar):
        raise PublishEarlierFirst
