"""Volunteers' hours valued, beside money. Pure."""

from core.language import mark
from core.manifest import Parameter

HOUR_FEN = "foundation.hour_fen"
# No source gives a price for an hour: by itself none is set, and pages say so.
PARAMETER = Parameter(
    code=HOUR_FEN,
    title=mark("志愿服务一小时折算多少 (样例)；0 为不折算"),
    default=0,
    maximum=100_000,
    unit=mark("分"),
)


def worth(minutes: int, hour_fen: int) -> int:
    """What the minutes count for at that price of an hour, rounded down. No money."""
    return minutes * hour_fen // 60
