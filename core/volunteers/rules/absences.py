"""Who stays away again and again pauses for a while; what may be said against an absence. Pure."""

from collections.abc import Sequence
from datetime import datetime

from core.language import show_time
from core.volunteers.errors import NotAbsent, NothingToAnswer, SignUpPaused, TooLateToPlead
from core.volunteers.rules.flows import ABSENT
from core.volunteers.rules.terms import Span, Terms


def paused_until(absences: Sequence[datetime], terms: Terms, now: datetime) -> datetime | None:
    """Until when somebody does not sign up; `absences` are the ends of the shifts, in any order.

    Only those of the last so many days count. The pause begins with the one that reaches the number, and
    with each one after it.
    """
    counted = sorted(at for at in absences if at > now - terms.absent_within)
    if len(counted) < terms.absences:
        return None
    until = counted[-1] + terms.pause
    return until if now < until else None


def check_not_paused(absences: Sequence[datetime], terms: Terms, now: datetime) -> None:
    """Raise SignUpPaused."""
    if until := paused_until(absences, terms, now):
        counted = sum(at > now - terms.absent_within for at in absences)
        raise SignUpPaused(days=terms.absent_within.days, count=counted, until=show_time(until))


def check_plea(state: str, answer: str, span: Span, terms: Terms, now: datetime) -> None:
    """Raise NotAbsent or TooLateToPlead."""
    if state != ABSENT or answer:
        raise NotAbsent
    if now > span.ends_at + terms.record:
        raise TooLateToPlead(days=terms.record.days)


def check_declined(state: str, plea: str, answer: str) -> None:
    """Raise NothingToAnswer: only a plea that waits can be declined."""
    if state != ABSENT or not plea or answer:
        raise NothingToAnswer
