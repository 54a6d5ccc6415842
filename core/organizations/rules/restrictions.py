"""Restrictions of organizations: graded, with an end, open to appeal. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.language import mark
from core.organizations.errors import ReasonMissing
from core.organizations.errors.records import (
    AppealMissing,
    GradeUnknown,
    OrganizationBarred,
    OrganizationLimited,
    OwnRestriction,
    RestrictionEndWrong,
    RestrictionOver,
)
from core.organizations.rules import REASON_MOST, REVIEW
from core.organizations.rules.records import years_after
from core.people.rules import REPRESENT
from core.workflow import Guard, State, Transition, Workflow

RESTRICTION = "organization_restriction"
NOTICE, LIMITED, BARRED = "notice", "limited", "barred"
# From the mildest on; what each means for whoever asks `check_eligible`.
GRADES = {NOTICE: mark("公示提醒"), LIMITED: mark("限制申报新项目"), BARRED: mark("禁止参加")}
IN_FORCE, APPEALED, UPHELD, LIFTED = "in_force", "appealed", "upheld", "lifted"
APPEAL_MOST, YEARS_MOST = 500, 5


@dataclass(frozen=True)
class Restriction:
    """One restriction of an organization."""

    id: int
    organization_id: int
    grade: str
    state: str
    reason: str
    from_on: date
    until_on: date
    imposed_by: int
    imposed_at: datetime
    appeal: str
    answer: str
    decided_at: datetime | None

    def holds_on(self, today: date) -> bool:
        """Is it in force on that day? An appeal does not suspend it."""
        return self.state != LIFTED and self.from_on <= today <= self.until_on


def _not_over(subject: Restriction, now: datetime) -> bool:
    return clock.local(now).date() <= subject.until_on


_NOT_OVER = Guard(title=mark("还没有到期"), holds=_not_over, refusal=RestrictionOver)
RESTRICTIONS = Workflow(
    code=RESTRICTION,
    title=mark("组织限制"),
    table="organization_restriction",
    states=(
        State(code=IN_FORCE, title=mark("生效中")),
        State(code=APPEALED, title=mark("申诉中")),
        State(code=UPHELD, title=mark("申诉后维持")),
        State(code=LIFTED, title=mark("已解除")),
    ),
    transitions=(
        Transition(
            code="organization_restriction.appealed",
            title=mark("申诉"),
            sources=(IN_FORCE,),
            target=APPEALED,
            by=REPRESENT,
            guards=(_NOT_OVER,),
        ),
        Transition(
            code="organization_restriction.upheld",
            title=mark("维持"),
            sources=(APPEALED,),
            target=UPHELD,
            by=REVIEW,
        ),
        Transition(
            code="organization_restriction.lifted",
            title=mark("解除"),
            sources=(IN_FORCE, APPEALED, UPHELD),
            target=LIFTED,
            by=REVIEW,
        ),
    ),
)


def check_restriction(grade: str, reason: str, until_on: date, today: date) -> None:
    """Raise GradeUnknown, ReasonMissing or RestrictionEndWrong."""
    if grade not in GRADES:
        raise GradeUnknown
    check_words(reason)
    if not today < until_on <= years_after(today, YEARS_MOST):
        raise RestrictionEndWrong(years=YEARS_MOST)


def check_words(reason: str) -> None:
    """Raise ReasonMissing."""
    if not 1 <= len(reason) <= REASON_MOST:
        raise ReasonMissing


def check_appeal(text: str) -> None:
    """Raise AppealMissing."""
    if not 1 <= len(text) <= APPEAL_MOST:
        raise AppealMissing


def check_decider(restriction: Restriction, decider_id: int) -> None:
    """Raise OwnRestriction: a second person decides."""
    if restriction.imposed_by == decider_id:
        raise OwnRestriction


def hardest(restrictions: list[Restriction]) -> Restriction | None:
    """The one that forbids most, of these the longest."""
    order = list(GRADES)
    return max(restrictions, key=lambda one: (order.index(one.grade), one.until_on), default=None)


def check_eligible(name: str, found: Restriction | None, *, begins: bool) -> None:
    """Raise OrganizationBarred; whoever begins something new is refused by a milder one too."""
    if found is None or found.grade == NOTICE:
        return
    facts = {"name": name, "until": found.until_on.isoformat(), "reason": found.reason}
    if found.grade == BARRED:
        raise OrganizationBarred(**facts)
    if begins:
        raise OrganizationLimited(**facts)
