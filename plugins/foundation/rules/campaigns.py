"""A campaign: its modes, its plan, its states, and by when it must be filed and reported. Pure."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import YijiError
from core.language import mark
from core.manifest import Parameter
from core.workflow import SYSTEM, State, Transition, Workflow
from plugins.foundation.errors.campaigns import (
    DatesWrong,
    FiledInFuture,
    FiledTooLate,
    FiledTooLateAfter,
    FilingMissing,
    LinkMissing,
    OwnPlan,
    PlanIncomplete,
)

CAMPAIGN = "foundation.campaign"
PLAN, REVIEW, REVIEWER = "foundation.plan", "foundation.review_plan", "foundation.plan_reviewer"

LINK, OWN_SITE, DIRECTED = "link_out_designated", "own_site_of_certified_charity", "directed"
MUTUAL, OFFLINE = "community_mutual_aid", "offline_record"
MODES = {
    LINK: mark("公开募捐：在民政部指定的平台"),
    OFFLINE: mark("线下收款，登记公示"),
    OWN_SITE: mark("公开募捐：在本组织自己的网址"),
    DIRECTED: mark("定向募捐：发起人、理事、会员"),
    MUTUAL: mark("社区互助：本社区住户"),
}
PUBLIC = (LINK, OWN_SITE)
TAKES_MONEY = (OWN_SITE, DIRECTED, MUTUAL)

DRAFT, REVIEWED, RUNNING = "draft", "reviewed", "running"
ENDED, REPORTED, DROPPED = "ended", "reported", "dropped"
SHOWN = (RUNNING, ENDED, REPORTED)

FILING_DAYS, EMERGENCY_DAYS = "foundation.filing_days", "foundation.emergency_filing_days"
REPORT_MONTHS, PROGRESS_MONTHS = "foundation.report_months", "foundation.progress_months"
EMERGENCY_REPORT_DAYS = "foundation.emergency_report_days"
MUTUAL_GIFT, MUTUAL_PERSON = "foundation.mutual_gift_fen", "foundation.mutual_person_fen"
YEARS_MOST = 3
_LONG_MONTHS = 6  # 慈善法 §79: longer ones are told of while they run


def _number(code: str, title: str, default: int, unit: str, most: int) -> Parameter:
    return Parameter(code=code, title=title, default=default, minimum=1, maximum=most, unit=unit)


PARAMETERS = (
    _number(FILING_DAYS, mark("募捐方案在开始前几天备案"), 10, mark("天"), 60),
    _number(EMERGENCY_DAYS, mark("应急募捐在开始后几天内备案"), 10, mark("天"), 60),
    _number(REPORT_MONTHS, mark("募捐结束后几个月内公开情况"), 3, mark("个月"), 12),
    _number(PROGRESS_MONTHS, mark("长于六个月的募捐几个月公开一次"), 3, mark("个月"), 6),
    _number(EMERGENCY_REPORT_DAYS, mark("应急募捐几天公开一次"), 5, mark("天"), 30),
    _number(MUTUAL_GIFT, mark("社区互助一次最多捐多少 (样例)"), 200000, "分", 10**9),
    _number(MUTUAL_PERSON, mark("社区互助每人一个活动最多捐多少 (样例)"), 500000, "分", 10**9),
)


def _step(code: str, title: str, sources: tuple[str, ...], target: str, by: str) -> Transition:
    return Transition(code=f"foundation.campaign_{code}", title=title, sources=sources, target=target, by=by)


CAMPAIGNS = Workflow(
    code=CAMPAIGN,
    title=mark("募捐活动"),
    table="foundation_campaign",
    states=(
        State(code=DRAFT, title=mark("方案起草")),
        State(code=REVIEWED, title=mark("方案已审核")),
        State(code=RUNNING, title=mark("已发布")),
        State(code=ENDED, title=mark("已结束，等公开情况")),
        State(code=REPORTED, title=mark("已公开募捐情况")),
        State(code=DROPPED, title=mark("已取消")),
    ),
    transitions=(
        _step("reviewed", mark("审核通过"), (DRAFT,), REVIEWED, REVIEW),
        _step("reopened", mark("修改方案"), (REVIEWED,), DRAFT, PLAN),
        _step("published", mark("发布"), (REVIEWED,), RUNNING, PLAN),
        _step("stopped", mark("提前结束"), (RUNNING,), ENDED, PLAN),
        _step("over", mark("到期结束"), (RUNNING,), ENDED, SYSTEM),
        _step("reported", mark("公开募捐情况"), (ENDED,), REPORTED, PLAN),
        _step("dropped", mark("取消活动"), (DRAFT, REVIEWED), DROPPED, PLAN),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a plan says (慈善法 §24). Everything but the goal and the platform's address is needed."""

    mode: str
    title: str
    aim: str
    area: str
    leader: str
    office: str
    contact: str
    ways: str
    account: str
    beneficiaries: str
    use: str
    cost: str
    leftover: str
    begins_on: date
    ends_on: date
    is_emergency: bool = False
    goal_fen: int = 0
    platform_url: str = ""


WORDS = (
    "title", "aim", "area", "leader", "office", "contact", "ways", "account", "beneficiaries", "use", "cost",
    "leftover",
)  # fmt: skip


def check_plan(plan: Plan) -> None:
    """Raise PlanIncomplete, DatesWrong or LinkMissing."""
    if plan.mode not in MODES or not all(getattr(plan, name).strip() for name in WORDS):
        raise PlanIncomplete
    if not plan.begins_on <= plan.ends_on <= months_later(plan.begins_on, 12 * YEARS_MOST):
        raise DatesWrong(years=YEARS_MOST)
    if plan.mode == LINK and not plan.platform_url.startswith("https://"):
        raise LinkMissing


def months_later(day: date, months: int) -> date:
    """The same day `months` later; months without that day end on their last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def check_reviewer(person_id: int, written_by: int) -> None:
    """Raise OwnPlan."""
    if person_id == written_by:
        raise OwnPlan


def check_filed_on(filed_on: date, today: date) -> None:
    """Raise FiledInFuture."""
    if filed_on > today:
        raise FiledInFuture


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What a plan's filing is asked about."""

    mode: str
    is_emergency: bool
    begins_on: date
    filing_no: str
    filed_on: date | None


def why_not_filed(filing: Filing, terms: dict[str, int], today: date) -> YijiError | None:
    """What speaks against raising money in public today, as far as the filing goes."""
    if filing.mode not in PUBLIC:
        return None
    filed_on = filing.filed_on if filing.filing_no else None
    if filing.is_emergency:
        days = terms[EMERGENCY_DAYS]
        last = filing.begins_on + timedelta(days=days)
        if (filed_on or today) > last:
            return FiledTooLateAfter(days=days, day=last)
        return None
    if filed_on is None:
        return FilingMissing()
    first = filed_on + timedelta(days=terms[FILING_DAYS])
    return FiledTooLate(days=terms[FILING_DAYS], day=first) if filing.begins_on < first else None


@dataclass(frozen=True)
class ReportDue:
    """What has to be told to the public next, and its last day in time."""

    is_final: bool
    due_on: date

    def is_late(self, today: date) -> bool:
        """On the day itself it is still in time."""
        return today > self.due_on


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a campaign has gone so far; `told_on`: the last report, if there is one."""

    state: str
    is_emergency: bool
    begins_on: date
    ends_on: date
    ended_on: date | None
    told_on: date | None


def next_report(course: Course, terms: dict[str, int]) -> ReportDue | None:
    """While a long or an urgent one runs it is told of now and then, and in full after its end (§72, §79)."""
    if course.state == ENDED and course.ended_on:
        return ReportDue(True, months_later(course.ended_on, terms[REPORT_MONTHS]))
    if course.state != RUNNING:
        return None
    since = course.told_on or course.begins_on
    if course.is_emergency:
        return ReportDue(False, since + timedelta(days=terms[EMERGENCY_REPORT_DAYS]))
    if course.ends_on <= months_later(course.begins_on, _LONG_MONTHS):
        return None
    return ReportDue(False, months_later(since, terms[PROGRESS_MONTHS]))
