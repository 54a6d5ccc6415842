"""Stars: applied for, published, held, and reviewed each year. Pure.

Publicity for at least five working days and a yearly review: usual practice. The fifteen days (which no
holiday leaves with fewer than five working ones), and what makes a review more than a date: this project's
proposals, which a region may set otherwise.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock
from core.language import mark
from core.manifest import Parameter
from core.people.rules import SERVE
from core.volunteers.errors.stars import (
    OwnStar,
    PublicityNotAgreed,
    SameDecider,
    StarNotReached,
    StarWithdrawnLately,
    TooLateToAppeal,
)
from core.workflow import CONCERNED, SYSTEM, State, Transition, Workflow

PUBLISHED, HELD, REVIEWED, WITHDRAWN = "published", "held", "reviewed", "withdrawn"
APPEALED, ENDED, REFUSED, RAISED = "appealed", "ended", "refused", "raised"
# In these states somebody has the star: a review takes nothing away before it is decided.
IN_FORCE = (HELD, REVIEWED)
IDLE, ABSENCES, NONE = "idle", "absences", ""
GROUNDS = {IDLE: mark("一年没有服务"), ABSENCES: mark("多次缺席")}
APPEAL_MOST = 500
_SCOPES, _DAYS = ("platform", "region"), mark("天")
_YEAR = timedelta(days=365)

PUBLICITY = "core.volunteers.star_publicity_days"
IDLE_DAYS = "core.volunteers.star_idle_days"
MOST_ABSENCES = "core.volunteers.star_absences"
APPEAL_DAYS = "core.volunteers.star_appeal_days"
_FIGURES = (
    (PUBLICITY, mark("授星公示多少天（15 天里至少有 5 个工作日）"), 15, 7, 60, _DAYS),
    (IDLE_DAYS, mark("多少天没有服务，星级年度复核要人工决定"), 365, 90, 1095, _DAYS),
    (MOST_ABSENCES, mark("一年缺席几次，星级年度复核要人工决定"), 5, 1, 50, mark("次")),
    (APPEAL_DAYS, mark("星级取消后多少天内可以申诉"), 30, 7, 180, _DAYS),
)
PARAMETERS = tuple(
    Parameter(code=code, title=title, default=default, minimum=least, maximum=most, unit=unit, scopes=_SCOPES)
    for code, title, default, least, most, unit in _FIGURES
)
CODES = tuple(parameter.code for parameter in PARAMETERS)


def _to(code: str, title: str, sources: tuple[str, ...], target: str, by: str) -> Transition:
    return Transition(code=f"star.{code}", title=title, sources=sources, target=target, by=by)


STARS = Workflow(
    code="volunteer_star",
    title=mark("志愿者星级"),
    table="volunteer_star",
    states=(
        State(code=PUBLISHED, title=mark("公示中")),
        State(code=HELD, title=mark("有效")),
        State(code=REVIEWED, title=mark("有效，年度复核中")),
        State(code=WITHDRAWN, title=mark("已取消，可以申诉")),
        State(code=APPEALED, title=mark("已取消，申诉中")),
        State(code=ENDED, title=mark("申诉后维持取消")),
        State(code=REFUSED, title=mark("未通过")),
        State(code=RAISED, title=mark("已升星")),
    ),
    transitions=(
        _to("refused", mark("公示不通过"), (PUBLISHED,), REFUSED, SERVE),
        _to("awarded", mark("公示期满授星"), (PUBLISHED,), HELD, SYSTEM),
        _to("raised", mark("由更高的星级代替"), IN_FORCE, RAISED, SYSTEM),
        _to("review_opened", mark("年度复核开始"), (HELD,), REVIEWED, SYSTEM),
        _to("kept", mark("年度复核保留"), (REVIEWED,), HELD, SERVE),
        _to("withdrawn", mark("年度复核取消"), (REVIEWED,), WITHDRAWN, SERVE),
        _to("appealed", mark("申诉"), (WITHDRAWN,), APPEALED, CONCERNED),
        _to("restored", mark("申诉后恢复"), (APPEALED,), HELD, SERVE),
        _to("upheld", mark("申诉后维持"), (APPEALED,), ENDED, SERVE),
    ),
)
ACTIONS = {"star.applied": mark("申请授星"), "star.passed": mark("年度复核自动通过")}


@dataclass(frozen=True)
class Year:
    """What a holder has done until the day of the review."""

    last_served_on: date | None
    absences: int


def ground_of(year: Year, values: dict[str, int], today: date) -> str:
    """What a person has to look at; NONE: the star is kept for another year."""
    if year.absences >= values[MOST_ABSENCES]:
        return ABSENCES
    since = today - timedelta(days=values[IDLE_DAYS])
    return IDLE if year.last_served_on is None or year.last_served_on <= since else NONE


def next_review(day: date) -> date:
    """The same day a year later; of 29 February, the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def published_until(today: date, days: int) -> date:
    """The last day of publicity; the day of the application does not count."""
    return today + timedelta(days=days)


def check_application(
    *, agreed: bool, reached: int, held: int, withdrawn_on: date | None, today: date
) -> None:
    """Raise PublicityNotAgreed, StarNotReached or StarWithdrawnLately."""
    if not agreed:
        raise PublicityNotAgreed
    if reached <= held:
        raise StarNotReached
    if withdrawn_on is not None and today < withdrawn_on + _YEAR:
        raise StarWithdrawnLately(day=(withdrawn_on + _YEAR).isoformat())


def check_decider(decider_id: int, family: Collection[int], *, before: int | None = None) -> None:
    """Raise OwnStar or SameDecider; `family`: the holder and who lives in the same household."""
    if decider_id in family:
        raise OwnStar
    if decider_id == before:
        raise SameDecider


def check_appeal_time(decided_at: datetime, days: int, today: date) -> None:
    """Raise TooLateToAppeal; the last day still counts."""
    if today > clock.local(decided_at).date() + timedelta(days=days):
        raise TooLateToAppeal(days=days)
