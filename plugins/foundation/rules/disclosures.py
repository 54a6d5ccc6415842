"""What a foundation must make public by when, beside its quarters. Pure.

慈善组织信息公开办法 (令81): the year by 31 May, projects within three months of their end, large and related
transactions within 30 days, corrections with a note; 基金会管理条例 36: the report by 31 March; 慈善法 79:
projects of more than six months every three.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.language import mark
from core.manifest import Parameter
from plugins.foundation.errors.disclosures import DutyDayInFuture, NoteMissing, ProofMissing

REPORT, ANNUAL, RELATED_LIST = "report", "annual", "related_list"
PROGRESS, PROJECT, TRANSACTION, RELATED = "progress", "project", "transaction", "related"
KINDS = {
    REPORT: mark("年度工作报告，报登记机关"),
    ANNUAL: mark("年度报告和财务会计报告"),
    RELATED_LIST: mark("关联方名单"),
    PROGRESS: mark("项目超过六个月，公开进展"),
    PROJECT: mark("项目结束后全面公开"),
    TRANSACTION: mark("重大资产变动、投资或交易"),
    RELATED: mark("和关联方的捐赠、资助或交易"),
}
RECORDED = (TRANSACTION, RELATED)
REPORT_MONTH, ANNUAL_MONTH = "foundation.report_month", "foundation.annual_month"
PROJECT_MONTHS, EVENT_DAYS = "foundation.project_months", "foundation.event_days"
PROGRESS_MONTHS = "foundation.project_progress_months"
PARAMETERS = (
    Parameter(
        code=REPORT_MONTH,
        title=mark("年度工作报告在次年几月底前报"),
        default=3,
        minimum=1,
        maximum=12,
        unit=mark("月"),
    ),
    Parameter(
        code=ANNUAL_MONTH,
        title=mark("年度报告和关联方名单在次年几月底前公开"),
        default=5,
        minimum=1,
        maximum=12,
        unit=mark("月"),
    ),
    Parameter(
        code=PROGRESS_MONTHS,
        title=mark("长于六个月的项目几个月公开一次"),
        default=3,
        minimum=1,
        maximum=6,
        unit=mark("个月"),
    ),
    Parameter(
        code=PROJECT_MONTHS,
        title=mark("项目结束后几个月内全面公开"),
        default=3,
        minimum=1,
        maximum=12,
        unit=mark("个月"),
    ),
    Parameter(
        code=EVENT_DAYS,
        title=mark("重大交易、关联交易几天内公开"),
        default=30,
        minimum=1,
        maximum=90,
        unit=mark("天"),
    ),
)
CODES = tuple(parameter.code for parameter in PARAMETERS)
YEARS_SHOWN, TERMS_SHOWN = 3, 4
LONG_MONTHS = 6


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """That something was made public: where, when, and what was corrected in it."""

    link: str
    note: str
    published_by: int
    published_at: datetime
    id: int


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Something that must be public. `key` names it among those of its kind; `about` is a year or a title."""

    kind: str
    key: str
    about: str
    due_on: date
    disclosed: Sequence[Disclosed] = ()

    def is_late(self, today: date) -> bool:
        """On the last day itself it is still in time."""
        return not self.disclosed and today > self.due_on


def yearly(first: date | None, today: date, terms: Mapping[str, int]) -> list[Duty]:
    """What is due about the years that are over since the first gift, the latest first."""
    if first is None:
        return []
    begin = max(first.year, today.year - YEARS_SHOWN)
    months = {REPORT: terms[REPORT_MONTH], ANNUAL: terms[ANNUAL_MONTH], RELATED_LIST: terms[ANNUAL_MONTH]}
    return [
        Duty(kind=kind, key=str(year), about=str(year), due_on=end_of_month(year + 1, month))
        for year in range(today.year - 1, begin - 1, -1)
        for kind, month in months.items()
    ]


@dataclass(frozen=True)
class Run:
    """A project, from the first money that it got; `ended_on` None: it goes on."""

    id: int
    title: str
    since: date
    ended_on: date | None


def progress(run: Run, today: date, months: int) -> list[Duty]:
    """The terms in which a project is told of while it runs, from its sixth month on, the last ones.

    Nobody knows beforehand how long it takes: what was due while it could still have been a short one is not
    asked for.
    """
    found: list[Duty] = []
    long_from, number, due_on = months_after(run.since, LONG_MONTHS), 0, run.since
    while due_on < min(today, run.ended_on or today) or due_on <= long_from < today:
        number += 1
        due_on = months_after(run.since, number * months)
        if due_on > long_from and today > long_from and (run.ended_on is None or due_on < run.ended_on):
            found.append(Duty(kind=PROGRESS, key=f"{run.id}-{number}", about=run.title, due_on=due_on))
    return found[-TERMS_SHOWN:]


def end_of_month(year: int, month: int) -> date:
    """Its last day."""
    return date(year, month, calendar.monthrange(year, month)[1])


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def days_after(day: date, days: int) -> date:
    """That many days later."""
    return day + timedelta(days=days)


def check_disclosure(link: str, note: str, *, has_file: bool, is_correction: bool) -> None:
    """Raise ProofMissing or NoteMissing."""
    if not link and not has_file:
        raise ProofMissing
    if is_correction and not note.strip():
        raise NoteMissing


def check_happened(day: date, today: date) -> None:
    """Raise DutyDayInFuture."""
    if day > today:
        raise DutyDayInFuture
