"""What the figures decide: places, doors, minutes, stars. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.language import mark
from core.volunteers.errors import (
    AgreementNotAccepted,
    CheckedOutAlready,
    DailyMinutesReached,
    MinutesOutOfRange,
    NoPlace,
    NotOver,
    NotYetThen,
    ReasonMissing,
    RequirementsNotMet,
    ShiftBegun,
    ShiftCancelled,
    ShiftInThePast,
    ShiftLengthWrong,
    ShiftTooFar,
    TooEarlyToCheckIn,
    TooLateToCheckIn,
    TooLateToCheckOut,
    TooLateToRecord,
    TooLateToUpload,
)
from core.volunteers.rules import figures
from core.volunteers.rules.flows import ABSENT, LEFT, PLACED, PLANNED, PRESENT

AGREEMENT_VERSION = 1
AGREEMENT = (
    mark("我自愿参加，不要报酬，不收服务对象的钱物。"),
    mark("我听从现场负责人的安排，注意自己和别人的安全，不拍不传服务对象的隐私。"),
    mark("来不了会提前取消，把名额留给候补的人。"),
    mark("组织说明了内容和风险，如实记录我的时长，免费出具证明；没有我的同意，不公开我的信息。"),
)
SHIFT_MOST = timedelta(hours=12)
AHEAD_MOST = timedelta(days=365)
REASON_MOST = 200
REMINDED = timedelta(hours=24)


@dataclass(frozen=True)
class Terms:
    """The parameters as they hold for one organization on one day."""

    daily_minutes: int
    early: timedelta
    late: timedelta
    record: timedelta
    backfill: timedelta
    absences: int
    absent_within: timedelta
    pause: timedelta
    upload: timedelta
    radius_m: int

    @classmethod
    def from_parameters(cls, values: dict[str, int]) -> "Terms":
        """From the effective values of TERMS."""
        return cls(
            values[figures.DAILY],
            timedelta(minutes=values[figures.EARLY]),
            timedelta(minutes=values[figures.LATE]),
            timedelta(days=values[figures.RECORD]),
            timedelta(days=values[figures.BACKFILL]),
            values[figures.ABSENCES],
            timedelta(days=values[figures.ABSENCE_DAYS]),
            timedelta(days=values[figures.PAUSE]),
            timedelta(hours=values[figures.UPLOAD]),
            values[figures.RADIUS],
        )


@dataclass(frozen=True)
class Span:
    """A shift as the clock sees it: half open, its end is not part of it."""

    begins_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes."""
        return int((self.ends_at - self.begins_at) / timedelta(minutes=1))


def check_shift(span: Span, now: datetime) -> None:
    """Raise ShiftInThePast, ShiftTooFar or ShiftLengthWrong."""
    if span.begins_at <= now:
        raise ShiftInThePast
    if span.begins_at - now > AHEAD_MOST:
        raise ShiftTooFar(days=AHEAD_MOST.days)
    if not timedelta(minutes=1) <= span.ends_at - span.begins_at <= SHIFT_MOST:
        raise ShiftLengthWrong(hours=SHIFT_MOST // timedelta(hours=1))


def check_still_open(state: str, span: Span, now: datetime) -> None:
    """Raise ShiftCancelled or ShiftBegun: places are given and given back until the beginning."""
    if state != PLANNED:
        raise ShiftCancelled
    if now >= span.begins_at:
        raise ShiftBegun


def check_declared(*, agreed: bool, meets: bool) -> None:
    """Raise RequirementsNotMet or AgreementNotAccepted."""
    if not meets:
        raise RequirementsNotMet
    if not agreed:
        raise AgreementNotAccepted


def check_in(state: str, span: Span, terms: Terms, now: datetime) -> None:
    """Raise NoPlace, TooEarlyToCheckIn or TooLateToCheckIn."""
    if state != PLACED:
        raise NoPlace
    if now < span.begins_at - terms.early:
        raise TooEarlyToCheckIn(minutes=terms.early // timedelta(minutes=1))
    if now >= span.ends_at:
        raise TooLateToCheckIn


def check_out(state: str, span: Span, terms: Terms, now: datetime) -> None:
    """Raise CheckedOutAlready, NoPlace or TooLateToCheckOut."""
    if state == LEFT:
        raise CheckedOutAlready
    if state != PRESENT:
        raise NoPlace
    if now > span.ends_at + terms.late:
        raise TooLateToCheckOut


def check_upload(span: Span, terms: Terms, at: datetime, now: datetime) -> None:
    """Raise NotYetThen or TooLateToUpload: a code that was seen is sent after that, and not days later."""
    if at > now:
        raise NotYetThen
    if now > span.ends_at + terms.upload:
        raise TooLateToUpload(hours=terms.upload // timedelta(hours=1))


def served(span: Span, came_at: datetime | None, left_at: datetime | None) -> int:
    """Minutes between coming and leaving, as far as they lie in the shift; 0 where one of them is unknown."""
    if came_at is None or left_at is None:
        return 0
    first, last = max(came_at, span.begins_at), min(left_at, span.ends_at)
    return max(0, math.floor((last - first) / timedelta(minutes=1)))


def served_span(span: Span, came_at: datetime | None, minutes: int) -> Span:
    """Where so many minutes lie in the shift: from coming on, or as late as the end allows."""
    length = timedelta(minutes=minutes)
    begins_at = max(span.begins_at, min(came_at or span.begins_at, span.ends_at - length))
    return Span(begins_at, begins_at + length)


def check_reason(reason: str) -> None:
    """Raise ReasonMissing unless there are 1 to 200 characters."""
    if not 1 <= len(reason.strip()) <= REASON_MOST:
        raise ReasonMissing


def check_record(
    state: str, span: Span, terms: Terms, now: datetime, *, minutes: int, clocked: int, reason: str
) -> None:
    """Raise why a leader may not record these minutes now; what differs from the clock needs a reason.

    `clocked`: what follows from checking in and out, 0 where one of them was forgotten.
    """
    if state not in (PLACED, PRESENT, LEFT, ABSENT):
        raise NoPlace
    if now < span.ends_at and state != LEFT:
        raise NotOver
    check_recent(span, terms, now)
    check_minutes(elapsed(span, now), minutes)
    if minutes != clocked or reason:
        check_reason(reason)


def elapsed(span: Span, now: datetime) -> Span:
    """As much of the shift as is over: nobody has served in the future. Raises NotOver before a minute is."""
    until = min(span.ends_at, now)
    if until - span.begins_at < timedelta(minutes=1):
        raise NotOver
    return Span(span.begins_at, until)


def check_recent(span: Span, terms: Terms, now: datetime) -> None:
    """Raise TooLateToRecord."""
    if now > span.ends_at + terms.record:
        raise TooLateToRecord(days=terms.record.days)


def check_minutes(span: Span, minutes: int) -> None:
    """Raise MinutesOutOfRange: never more than the shift has."""
    if not 1 <= minutes <= span.minutes:
        raise MinutesOutOfRange(most=span.minutes)


def check_daily(so_far: int, minutes: int, terms: Terms) -> None:
    """Raise DailyMinutesReached; the last minute allowed still counts."""
    if so_far + minutes > terms.daily_minutes:
        raise DailyMinutesReached(most=terms.daily_minutes, so_far=so_far)


@dataclass(frozen=True)
class Star:
    """How many stars, and how many hours the next one needs; None above the last."""

    stars: int
    next_hours: int | None


def star_of(minutes: int, hours: Sequence[int]) -> Star:
    """`hours` of the first, second, … star; the very hour counts."""
    reached = sum(minutes >= needed * 60 for needed in hours)
    return Star(reached, hours[reached] if reached < len(hours) else None)


def volunteer_number(person_id: int) -> str:
    """What stands for a volunteer on papers and in lists, instead of a number of an identity card."""
    return f"ZYZ{person_id:08}"


def hours_shown(minutes: int) -> str:
    """Hours to one decimal, never rounded up: 95 minutes are 1.5."""
    return f"{minutes * 10 // 60 / 10:.1f}"
