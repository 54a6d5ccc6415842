"""Numbers as people read and type them, and when a new one may begin. Pure."""

import re
import unicodedata
from datetime import date, timedelta

from core import money
from core.manifest import Parameter
from core.parameters.errors import (
    EffectiveInThePast,
    EffectiveTooFar,
    ParameterMalformed,
    ParameterOutOfRange,
)

FEN = "分"
AHEAD_MOST = timedelta(days=3660)


def shown(parameter: Parameter, value: int) -> str:
    """3000 -> `30.00` where it counts fen, `3000` elsewhere."""
    return money.format_yuan(value) if parameter.unit == FEN else str(value)


def typed(parameter: Parameter, text: str) -> int:
    """What people type, in the smallest part of the unit; raises ParameterMalformed."""
    try:
        if parameter.unit == FEN:
            return money.parse_yuan(text)
        plain = unicodedata.normalize("NFKC", text).strip()
        if re.fullmatch(r"-?\d{1,15}", plain, re.ASCII):
            return int(plain)
    except ValueError:
        pass
    raise ParameterMalformed


def check_limits(parameter: Parameter, value: int) -> None:
    """Raise ParameterOutOfRange outside the declaration's limits."""
    if not parameter.minimum <= value <= parameter.maximum:
        raise ParameterOutOfRange(
            minimum=shown(parameter, parameter.minimum), maximum=shown(parameter, parameter.maximum)
        )


def check_day(effective_on: date, today: date) -> None:
    """A new value begins today at the earliest and in ten years at the latest."""
    if effective_on < today:
        raise EffectiveInThePast(today=today)
    if effective_on > today + AHEAD_MOST:
        raise EffectiveTooFar(latest=today + AHEAD_MOST)
