"""The decisions of 绿币: `claims` about points earned, `shop` about points spent. Pure.

The sources give no rates: every number here is this project's proposal, set per committee, region or
platform, and what the demo shows is marked 样例.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from core.language import mark
from core.manifest import Parameter
from plugins.greencoin.errors import PointsMalformed, ReasonMissing

MANAGE, REVIEW, KEEP_SHOP = "greencoin.manage", "greencoin.review", "greencoin.keep_shop"
MANAGER, REVIEWER, SHOPKEEPER = "greencoin.manager", "greencoin.reviewer", "greencoin.shopkeeper"
SCHEME = "greencoin.scheme"

PUBLICITY, VOTING = "greencoin.publicity_days", "greencoin.voting_days"
REVIEWERS = "greencoin.reviewers_fewest"
EXPIRY, WARNING = "greencoin.expiry_months", "greencoin.warning_days"
MONTH_CAP, LATE = "greencoin.household_month_cap", "greencoin.late_days"
HOLD = "greencoin.hold_days"
PARAMETERS = (
    Parameter(code=PUBLICITY, title=mark("公示天数"), default=5, minimum=1, maximum=60, unit=mark("天")),
    Parameter(code=VOTING, title=mark("评议期限"), default=7, minimum=1, maximum=60, unit=mark("天")),
    Parameter(code=REVIEWERS, title=mark("评议员至少几位"), default=3, minimum=3, maximum=99, unit=mark("位")),
    Parameter(code=EXPIRY, title=mark("绿币有效期"), default=24, minimum=1, maximum=120, unit=mark("个月")),
    Parameter(code=WARNING, title=mark("过期前几天提醒"), default=30, minimum=1, maximum=180, unit=mark("天")),
    Parameter(
        code=MONTH_CAP,
        title=mark("每户每月最多绿币"),
        default=200,
        minimum=1,
        maximum=100_000,
        unit=mark("点"),
    ),
    Parameter(code=LATE, title=mark("可以补报几天内的事"), default=31, minimum=1, maximum=366, unit=mark("天")),
    Parameter(code=HOLD, title=mark("兑换后保留几天"), default=7, minimum=1, maximum=60, unit=mark("天")),
)
POINT = 100  # the ledger counts hundredths of a point
REASON_MOST = 200


@dataclass(frozen=True)
class Terms:
    """The parameters as they hold for one scheme on one day; the cap in hundredths of a point."""

    publicity: timedelta
    voting: timedelta
    reviewers_fewest: int
    expiry_months: int
    warning: timedelta
    month_cap: int
    late_days: int
    hold: timedelta

    @classmethod
    def from_parameters(cls, values: dict[str, int]) -> "Terms":
        """From the effective values of PARAMETERS."""
        return cls(
            publicity=timedelta(days=values[PUBLICITY]),
            voting=timedelta(days=values[VOTING]),
            reviewers_fewest=values[REVIEWERS],
            expiry_months=values[EXPIRY],
            warning=timedelta(days=values[WARNING]),
            month_cap=values[MONTH_CAP] * POINT,
            late_days=values[LATE],
            hold=timedelta(days=values[HOLD]),
        )


def check_reason(reason: str) -> str:
    """The reason without blanks around it; raises ReasonMissing unless there are 1 to 200 characters."""
    if not 1 <= len(reason.strip()) <= REASON_MOST:
        raise ReasonMissing
    return reason.strip()


_TYPED = re.compile(r"(\d{1,6})(?:\.(\d{1,2}))?", re.ASCII)


def show_points(hundredths: int) -> str:
    """150 -> `1.5`, 200 -> `2`, -7 -> `-0.07`."""
    whole, part = divmod(abs(hundredths), POINT)
    text = f"{whole:,}.{part:02}".rstrip("0").rstrip(".") if part else f"{whole:,}"
    return f"-{text}" if hundredths < 0 else text


def parse_points(typed: str) -> int:
    """`0.5`, `２`, `1.25分` -> hundredths; raises PointsMalformed."""
    plain = unicodedata.normalize("NFKC", typed).replace("。", ".").strip().removesuffix("分").strip()
    match = _TYPED.fullmatch(plain)
    if match is None:
        raise PointsMalformed
    return int(match[1]) * POINT + int((match[2] or "").ljust(2, "0"))


def months_later(day: date, months: int) -> date:
    """The same day `months` later; months without that day end on their last."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the day's month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
