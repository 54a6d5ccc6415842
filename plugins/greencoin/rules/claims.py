"""What earns points, how many, and what becomes of a claim. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.approvals.rules import Rule as VotingRule
from core.language import mark
from core.workflow import CONCERNED, SYSTEM, State, Transition, Workflow
from plugins.greencoin.errors import (
    CapsReversed,
    DayCapReached,
    DayInFuture,
    DayTooLongAgo,
    HouseholdCapReached,
    MonthCapReached,
    OwnHousehold,
    ReviewersNotOdd,
    RuleBeginsTooEarly,
    RuleEnded,
    RuleNotInForce,
    RuleRunsBySystem,
    WorthNothing,
)
from plugins.greencoin.rules import MANAGE, Terms, show_points

VOLUNTEER = "volunteer"
CATEGORIES: Mapping[str, str] = {
    "environment": mark("环境卫生"),
    "law": mark("遵纪守法"),
    "customs": mark("移风易俗"),
    "filial": mark("孝老爱亲"),
    "neighbours": mark("邻里互助"),
    "public": mark("公共事务"),
    "honesty": mark("诚信经营"),
    "recycling": mark("垃圾兑换"),
    VOLUNTEER: mark("志愿服务"),
}
_MINUTES = 60

SUBMITTED, VERIFIED, IN_REVIEW, PUBLICISED = "submitted", "verified", "in_review", "publicised"
CREDITED, REJECTED, WITHDRAWN, REVERSED = "credited", "rejected", "withdrawn", "reversed"
# The list was public long enough, but the ledger refused the points: `reason` says why.
UNCREDITED = "uncredited"
# What still counts against the caps: it has earned points, or may yet.
LIVE = (SUBMITTED, VERIFIED, IN_REVIEW, PUBLICISED, UNCREDITED, CREDITED)

# What the person of a claim reads when those who decide about it have seen the name.
SEEN = mark("绿币申报：核实和评议")
CLAIMS = Workflow(
    code="greencoin.claim",
    title=mark("绿币申报"),
    table="greencoin_claim",
    states=(
        State(code=SUBMITTED, title=mark("待核实")),
        State(code=VERIFIED, title=mark("已核实")),
        State(code=IN_REVIEW, title=mark("评议中")),
        State(code=PUBLICISED, title=mark("公示中")),
        State(code=UNCREDITED, title=mark("未能入账")),
        State(code=CREDITED, title=mark("已入账")),
        State(code=REJECTED, title=mark("未通过")),
        State(code=WITHDRAWN, title=mark("已撤回")),
        State(code=REVERSED, title=mark("已更正")),
    ),
    transitions=(
        Transition(
            code="greencoin.claim_verified",
            title=mark("核实"),
            sources=(SUBMITTED,),
            target=VERIFIED,
            by=MANAGE,
        ),
        Transition(
            code="greencoin.claim_listed",
            title=mark("提交评议"),
            sources=(VERIFIED,),
            target=IN_REVIEW,
            by=MANAGE,
        ),
        Transition(
            code="greencoin.claim_approved",
            title=mark("评议通过"),
            sources=(IN_REVIEW,),
            target=PUBLICISED,
            by=SYSTEM,
        ),
        Transition(
            code="greencoin.claim_returned",
            title=mark("评议退回"),
            sources=(IN_REVIEW,),
            target=VERIFIED,
            by=SYSTEM,
        ),
        Transition(
            code="greencoin.claim_credited",
            title=mark("公示期满入账"),
            sources=(PUBLICISED,),
            target=CREDITED,
            by=SYSTEM,
        ),
        Transition(
            code="greencoin.claim_uncredited",
            title=mark("账本没有记入"),
            sources=(PUBLICISED,),
            target=UNCREDITED,
            by=SYSTEM,
        ),
        Transition(
            code="greencoin.claim_credited_again",
            title=mark("重新入账"),
            sources=(UNCREDITED,),
            target=CREDITED,
            by=MANAGE,
        ),
        Transition(
            code="greencoin.claim_rejected",
            title=mark("不予通过"),
            sources=(SUBMITTED, VERIFIED, PUBLICISED, UNCREDITED),
            target=REJECTED,
            by=MANAGE,
        ),
        Transition(
            code="greencoin.claim_withdrawn",
            title=mark("撤回申报"),
            sources=(SUBMITTED, VERIFIED),
            target=WITHDRAWN,
            by=CONCERNED,
        ),
        Transition(
            code="greencoin.claim_reversed",
            title=mark("更正奖励"),
            sources=(CREDITED,),
            target=REVERSED,
            by=MANAGE,
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class RuleText:
    """What a rule says; points and caps in hundredths of a point, a cap of None is none."""

    behaviour: str
    category: str
    unit: str
    points: int
    day_cap: int | None
    month_cap: int | None
    needs_photo: bool
    effective_from: date


def check_rule(text: RuleText, today: date, *, replaces_from: date | None = None) -> None:
    """Raise what is against a new rule, or against one that replaces the one in force `replaces_from`."""
    if text.points < 1:
        raise WorthNothing
    if text.day_cap is not None and text.month_cap is not None and text.month_cap < text.day_cap:
        raise CapsReversed
    earliest = today if replaces_from is None else max(today, replaces_from + timedelta(days=1))
    if text.effective_from < earliest:
        raise RuleBeginsTooEarly


def check_replaceable(effective_to: date | None) -> None:
    """Raise RuleEnded for a version that has an end already."""
    if effective_to is not None:
        raise RuleEnded


@dataclass(frozen=True, kw_only=True)
class RuleFacts:
    """A rule as claims see it."""

    category: str
    points: int
    day_cap: int | None
    month_cap: int | None
    effective_from: date
    effective_to: date | None

    def holds_on(self, day: date) -> bool:
        """Does this version of the rule say what earned points on that day?"""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True)
class Used:
    """What the household has claimed already: by this rule on that day and in that month, by all rules."""

    day: int = 0
    month: int = 0
    household_month: int = 0


def check_day(day: date, rule: RuleFacts, today: date, terms: Terms) -> None:
    """Raise DayInFuture, DayTooLongAgo or RuleNotInForce."""
    if day > today:
        raise DayInFuture
    if day < today - timedelta(days=terms.late_days):
        raise DayTooLongAgo(days=terms.late_days)
    if not rule.holds_on(day):
        raise RuleNotInForce(day=day.isoformat())


def check_by_hand(rule: RuleFacts) -> None:
    """Raise RuleRunsBySystem for what needs no claim."""
    if rule.category == VOLUNTEER:
        raise RuleRunsBySystem


def claimed_points(rule: RuleFacts, quantity: int, used: Used, terms: Terms) -> int:
    """What the quantity is worth; raises the cap that stands against it."""
    points = rule.points * quantity
    for refusal, cap, before in (
        (DayCapReached, rule.day_cap, used.day),
        (MonthCapReached, rule.month_cap, used.month),
        (HouseholdCapReached, terms.month_cap, used.household_month),
    ):
        if cap is not None and before + points > cap:
            raise refusal(cap=show_points(cap), used=show_points(before), wanted=show_points(points))
    return points


def service_points(rule: RuleFacts, minutes: int, used: Used, terms: Terms) -> tuple[int, int]:
    """What minutes of service are worth, and what of it the caps still leave, perhaps nothing."""
    points = rule.points * minutes // _MINUTES
    caps = (
        (rule.day_cap, used.day),
        (rule.month_cap, used.month),
        (terms.month_cap, used.household_month),
    )
    return points, max(0, min(points, *(cap - before for cap, before in caps if cap is not None)))


def check_other_household(household_id: int, actor_household_id: int | None) -> None:
    """Raise OwnHousehold."""
    if household_id == actor_household_id:
        raise OwnHousehold


def voting_rule(reviewers: Sequence[int], terms: Terms) -> VotingRule:
    """More than half of all reviewers; raises ReviewersNotOdd."""
    if len(reviewers) % 2 == 0 or len(reviewers) < terms.reviewers_fewest:
        raise ReviewersNotOdd(fewest=terms.reviewers_fewest, there=len(reviewers))
    return VotingRule(needed=len(reviewers) // 2 + 1)


def lists_apart(claims: Sequence[tuple[int, int]], households: set[int]) -> list[list[int]]:
    """Claims (id, household) as lists to be voted on: each reviewer's household has a list of its own.

    Who lives in it is recused there, and votes on the list of all the others.
    """
    lists: dict[int, list[int]] = {}
    for claim_id, household_id in claims:
        lists.setdefault(household_id if household_id in households else 0, []).append(claim_id)
    return [lists[key] for key in sorted(lists)]


def settled_debt(points: int, debt: int) -> tuple[int, int]:
    """(what of an award pays a debt, what is left for the household)."""
    paid = min(points, debt)
    return paid, points - paid
