"""What authorities find about an organization: grades, inspections, recognitions, certificates. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.language import mark
from core.organizations.errors import ReasonMissing
from core.organizations.errors.records import (
    DayInFuture,
    EndWrong,
    GivenByMissing,
    NotACharity,
    NumberMissing,
    OwnOrganization,
    ValueUnknown,
    YearWrong,
)
from core.organizations.rules import REASON_MOST

RECORD = "organization_record"
RATING, INSPECTION, CHARITY, FUNDRAISING = "rating", "inspection", "charity", "fundraising"
WITHDRAWN = "withdrawn"
RATING_YEARS, YEARS_MOST = 5, 10  # 社会组织评估管理办法: a grade is valid for five years
NUMBER_MOST, GIVEN_BY_MOST, _FIRST_YEAR = 40, 60, 1990
_RECOGNISED = (("granted", mark("已认定")), (WITHDRAWN, mark("已取消")))


@dataclass(frozen=True)
class RecordKind:
    """`values`: code and words. Whether it ends, is of a year, has a number."""

    title: str
    values: tuple[tuple[str, str], ...]
    ends: bool = False
    is_yearly: bool = False
    has_number: bool = False

    def words(self, value: str) -> str:
        """The value's words."""
        return dict(self.values)[value]


RECORD_KINDS = {
    RATING: RecordKind(
        mark("评估等级"),
        (*((f"{n}A", f"{n}A") for n in range(5, 0, -1)), (WITHDRAWN, mark("已取消"))),
        ends=True,
    ),
    INSPECTION: RecordKind(
        mark("年度检查"),
        (
            ("passed", mark("合格")),
            ("basic", mark("基本合格")),
            ("failed", mark("不合格")),
            ("missed", mark("未参加")),
        ),
        is_yearly=True,
    ),
    CHARITY: RecordKind(mark("慈善组织"), _RECOGNISED),
    FUNDRAISING: RecordKind(
        mark("公开募捐资格"),
        (("granted", mark("已取得")), (WITHDRAWN, mark("已取消"))),
        ends=True,
        has_number=True,
    ),
    "social_enterprise": RecordKind(mark("社会企业"), _RECOGNISED, ends=True),
    "hub": RecordKind(mark("枢纽型社会组织"), _RECOGNISED),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What somebody records."""

    kind: str
    value: str
    given_by: str
    valid_from: date
    reason: str
    valid_until: date | None = None
    year: int | None = None
    number: str = ""

    def checked(self, today: date) -> "Finding":
        """The same, tidied; raises what is wrong with it."""
        kind = RECORD_KINDS[self.kind]
        if self.value not in dict(kind.values):
            raise ValueUnknown
        if not 2 <= len(self.given_by) <= GIVEN_BY_MOST:
            raise GivenByMissing
        if self.valid_from > today:
            raise DayInFuture
        if not 1 <= len(self.reason) <= REASON_MOST:
            raise ReasonMissing
        is_granted = self.value != WITHDRAWN
        return replace(
            self,
            valid_until=self._end() if kind.ends and is_granted else None,
            year=self._year(today) if kind.is_yearly else None,
            number=self._number() if kind.has_number and is_granted else "",
        )

    def _end(self) -> date:
        """A grade ends after five years unless something else is said."""
        until = self.valid_until
        if until is None and self.kind == RATING:
            return years_after(self.valid_from, RATING_YEARS) - timedelta(days=1)
        if until is None or not self.valid_from < until <= years_after(self.valid_from, YEARS_MOST):
            raise EndWrong(years=YEARS_MOST)
        return until

    def _year(self, today: date) -> int:
        if self.year is None or not _FIRST_YEAR <= self.year <= today.year:
            raise YearWrong
        return self.year

    def _number(self) -> str:
        if not 1 <= len(self.number) <= NUMBER_MOST:
            raise NumberMissing
        return self.number


def years_after(day: date, years: int) -> date:
    """The same day some years later; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def check_recorder(*, holds_role: bool) -> None:
    """Raise OwnOrganization: nobody records about where they hold office."""
    if holds_role:
        raise OwnOrganization


def check_certificate(finding: Finding, *, is_charity: bool) -> None:
    """Raise NotACharity (慈善法 §22)."""
    if finding.kind == FUNDRAISING and finding.value != WITHDRAWN and not is_charity:
        raise NotACharity
