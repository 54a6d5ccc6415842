"""The only `now()`. Business code never asks the system clock, so that a test can say what time it is.

Times are stored in UTC and shown in Asia/Shanghai; a civil date is always a date in Asia/Shanghai.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")


def system() -> datetime:
    """The machine's own moment, whatever is frozen: by it others' libraries sign. For nothing else."""
    return datetime.now(UTC)


_source: Callable[[], datetime] = system


def now() -> datetime:
    """The present moment, in UTC, with its time zone."""
    return _source()


def today() -> date:
    """The civil date where the users live."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on the users' wall clock."""
    return moment.astimezone(HOME)


def end_of(day: date) -> datetime:
    """The moment in UTC at which a civil day is over."""
    return datetime.combine(day + timedelta(days=1), time(), HOME).astimezone(UTC)


def begin_of(day: date) -> datetime:
    """The first moment of a civil date where the users live."""
    return datetime.combine(day, time.min, HOME)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stop the clock of this process at `moment` (aware). For tests and worked examples."""
    global _source
    before, _source = _source, lambda: moment
    try:
        yield
    finally:
        _source = before
