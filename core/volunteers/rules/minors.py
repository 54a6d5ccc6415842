"""Who is too young for what: where a birthday is on record, it counts and not what was ticked. Pure."""

from datetime import date, timedelta

from core import clock
from core.people.identity import age, is_minor
from core.volunteers.errors import NotForMinors, TooYoung
from core.volunteers.rules.flows import HIGH
from core.volunteers.rules.terms import Span

_NIGHT_BEGINS, _NIGHT_ENDS = timedelta(hours=22), timedelta(hours=6)


def check_age(born_on: date | None, span: Span, *, age_least: int, risk: str) -> None:
    """Raise TooYoung on the day of the shift, or NotForMinors for risk and for the night from 22 to 6."""
    if born_on is None:
        return
    day = clock.local(span.begins_at).date()
    if age(born_on, day) < age_least:
        raise TooYoung(least=age_least)
    if is_minor(born_on, day) and (risk == HIGH or is_at_night(span)):
        raise NotForMinors


def is_at_night(span: Span) -> bool:
    """Does any minute of it lie between 22 and 6?"""
    midnight = clock.begin_of(clock.local(span.begins_at).date())
    return span.begins_at < midnight + _NIGHT_ENDS or span.ends_at > midnight + _NIGHT_BEGINS
