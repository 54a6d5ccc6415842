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

# Units, and accounts in them; what moves between which stands in `postings`.
POINTS_FAMILY, GOODS_FAMILY = "GREEN", "GOODS"
ISSUED, REDEEMED, LAPSED = "greencoin.issued", "greencoin.redeemed", "greencoin.lapsed"
POINTS, HELD, DEBT = "greencoin.points", "greencoin.held", "greencoin.debt"
SUPPLY, STOCK = "greencoin.supply", "greencoin.stock"
SET_ASIDE, GIVEN = "greencoin.set_aside", "greencoin.given"

AWARD, SERVICE, CORRECTION = "greencoin.award", "greencoin.service", "greencoin.correction"
LAPSE, SETTLE = "greencoin.lapse", "greencoin.settle"
RESERVE, RELEASE, REDEEM = "greencoin.reserve", "greencoin.release", "greencoin.redeem"
STOCKED, COUNTED = "greencoin.stocked", "greencoin.counted"
# Evidence without which the database lets no points be awarded.
APPROVED, SERVED = "greencoin.approved", "core.service"

PUBLICITY, VOTING = "greencoin.publicity_days", "greencoin.voting_days"
REVIEWERS = "greencoin.reviewers_fewest"
EXPIRY, WARNING = "greencoin.expiry_months", "greencoin.warning_days"
MONTH_CAP, LATE = "greencoin.household_month_cap", "greencoin.late_days"
HOLD = "greencoin.hold_days"


def _parameter(code: str, title: str, default: int, unit: str, *, most: int, least: int = 1) -> Parameter:
    return Parameter(code=code, title=title, default=default, unit=unit, minimum=least, maximum=most)


PARAMETERS = (
    _parameter(PUBLICITY, mark("公示天数"), 5, mark("天"), most=60),
    _parameter(VOTING, mark("评议期限"), 7, mark("天"), most=60),
    _parameter(REVIEWERS, mark("评议员至少几位"), 3, mark("位"), least=3, most=99),
    _parameter(EXPIRY, mark("绿币有效期"), 24, mark("个月"), most=120),
    _parameter(WARNING, mark("过期前几天提醒"), 30, mark("天"), most=180),
    _parameter(MONTH_CAP, mark("每户每月最多绿币"), 200, mark("点"), most=100_000),
    _parameter(LATE, mark("可以补报几天内的事"), 31, mark("天"), most=366),
    _parameter(HOLD, mark("兑换后保留几天"), 7, mark("天"), most=60),
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
