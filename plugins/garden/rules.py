"""The garden's decisions. Pure.

Figures of 青神县龙凤新区 are the defaults: 30 yuan a plot, 5 yuan membership. The rest (term, hold, one
plot a household) is this project's proposal, set per garden, committee or region.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.language import mark
from core.manifest import Parameter
from core.people.rules import REPRESENT
from core.workflow import CONCERNED, SYSTEM, State, Transition, Workflow
from plugins.garden.errors import (
    AgreementNotAccepted,
    FewerPlotsThanThat,
    HouseholdHasPlots,
    NoteMissing,
    PlotAlreadyLeased,
    PlotIsYours,
    PlotOutOfService,
    PlotsHeld,
)

MEMBERSHIP_FEE = "garden.membership_fee_fen"
PLOT_FEE = "garden.plot_fee_fen"
HOLD = "garden.hold_h"
TERM = "garden.term_months"
PLOTS_MOST = "garden.plots_per_household"

_SCOPES = ("platform", "region", "organization", "garden")
PARAMETERS = (
    Parameter(
        code=MEMBERSHIP_FEE,
        title=mark("每户每年会费"),
        default=500,
        maximum=10_000_00,
        unit=mark("分"),
        scopes=_SCOPES,
    ),
    Parameter(
        code=PLOT_FEE,
        title=mark("每块地认领费"),
        default=3000,
        maximum=10_000_00,
        unit=mark("分"),
        scopes=_SCOPES,
    ),
    Parameter(
        code=HOLD,
        title=mark("认领后等待缴费的时间"),
        default=48,
        minimum=1,
        maximum=720,
        unit=mark("小时"),
        scopes=_SCOPES,
    ),
    Parameter(
        code=TERM, title=mark("认领期"), default=12, minimum=1, maximum=60, unit=mark("个月"), scopes=_SCOPES
    ),
    Parameter(
        code=PLOTS_MOST,
        title=mark("每户最多地块数"),
        default=1,
        minimum=1,
        maximum=50,
        unit=mark("块"),
        scopes=_SCOPES,
    ),
)

RESERVED, ACTIVE, CANCELLED, EXPIRED = "reserved", "active", "cancelled", "expired"
OPEN_REVIEW, KEPT, ENDED = "open", "kept", "ended"
NOTE_MOST = 200
OPEN_STATES = (RESERVED, ACTIVE)

ENDING = timedelta(days=30)  # before its last day, a lease is something to think of
LEASES = Workflow(
    code="garden.lease",
    title=mark("地块认领"),
    table="garden_lease",
    states=(
        State(code=RESERVED, title=mark("待缴费")),
        State(code=ACTIVE, title=mark("已生效")),
        State(code=CANCELLED, title=mark("已放弃")),
        State(code=EXPIRED, title=mark("已过期")),
        State(code=ENDED, title=mark("已收回")),
    ),
    transitions=(
        Transition(
            code="garden.lease_activated",
            title=mark("缴费单缴清"),
            sources=(RESERVED,),
            target=ACTIVE,
            by=SYSTEM,
        ),
        Transition(
            code="garden.lease_ended",
            title=mark("退款后收回地块"),
            sources=(ACTIVE,),
            target=ENDED,
            by=REPRESENT,
        ),
        Transition(
            code="garden.lease_cancelled",
            title=mark("放弃认领"),
            sources=(RESERVED,),
            target=CANCELLED,
            by=CONCERNED,
        ),
        Transition(
            code="garden.lease_expired",
            title=mark("过时未缴"),
            sources=(RESERVED,),
            target=EXPIRED,
            by=SYSTEM,
        ),
    ),
)

WHY_REVIEW = {"refund": mark("退了款"), "dispute": mark("付款争议没有赢"), "undone": mark("到账记错了")}

_AGREEMENT_1 = (
    mark("只种蔬菜瓜果，不用高毒农药，不焚烧秸秆。"),
    mark("不搭棚、不建房、不转租、不买卖地块。"),
    mark("爱惜水源和公共工具，自觉清理杂草和垃圾。"),
    mark("收取的费用全部进入自治管理委员会公共账户，用于社区公共事务，账目公开。"),
)
AGREEMENTS = {1: _AGREEMENT_1}  # by version: what was agreed to is never changed
AGREEMENT_VERSION = max(AGREEMENTS)
AGREEMENT = AGREEMENTS[AGREEMENT_VERSION]


@dataclass(frozen=True)
class Terms:
    """The parameters as they hold for one garden on one day."""

    membership_fee_fen: int
    plot_fee_fen: int
    hold: timedelta
    term_months: int
    plots_most: int

    @classmethod
    def from_parameters(cls, values: dict[str, int]) -> "Terms":
        """From the effective values of PARAMETERS."""
        return cls(
            values[MEMBERSHIP_FEE],
            values[PLOT_FEE],
            timedelta(hours=values[HOLD]),
            values[TERM],
            values[PLOTS_MOST],
        )


@dataclass(frozen=True)
class HeldPlot:
    """An open lease, as the claim rule sees it. `is_late`: reserved, and its time to pay is over."""

    lease_id: int
    plot_id: int
    household_id: int
    state: str
    order_id: int
    is_late: bool


def check_claim(
    *,
    plot_id: int,
    number: int,
    in_service: bool,
    agreed: bool,
    household_id: int,
    held: Sequence[HeldPlot],
    terms: Terms,
) -> None:
    """Raise the reason why this household may not claim this plot now; nothing if it may.

    `held`: the open lease of the plot, if any, and those of the household in the garden.
    """
    if not in_service:
        raise PlotOutOfService(plot=number)
    if any(h.plot_id == plot_id and h.household_id == household_id for h in held):
        raise PlotIsYours(plot=number)
    if any(h.plot_id == plot_id for h in held):
        raise PlotAlreadyLeased(plot=number)
    if sum(h.household_id == household_id for h in held) >= terms.plots_most:
        raise HouseholdHasPlots(most=terms.plots_most)
    if not agreed:
        raise AgreementNotAccepted


def check_plots_most(value: int, plots: int | None) -> None:
    """A household's limit stays within the largest garden it is for; None: there is no garden yet."""
    if plots is not None and value > plots:
        raise FewerPlotsThanThat(plots=plots)


def repeated_claim(held: Sequence[HeldPlot], plot_id: int, household_id: int) -> HeldPlot | None:
    """The household's reservation of this very plot, if it has one: this is a second click."""
    own = (h for h in held if h.plot_id == plot_id and h.household_id == household_id)
    return next((h for h in own if h.state == RESERVED), None)


def last_day(starts_on: date, term_months: int) -> date:
    """The day before the same day `term_months` later; months without that day end on their last."""
    months = starts_on.month - 1 + term_months
    year, month = starts_on.year + months // 12, months % 12 + 1
    day = min(starts_on.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)


def garden_year(day: date) -> int:
    """Membership is paid once a calendar year."""
    return day.year


def next_review(state: str, review: str, *, returned_fen: int, decided_fen: int) -> str:
    """What the committee has to look at: more has gone back of a lease that holds than it decided about."""
    if state != ACTIVE:
        return review
    if returned_fen <= 0:
        return "" if review == OPEN_REVIEW else review
    return OPEN_REVIEW if review == "" or returned_fen > decided_fen else review


def check_note(note: str) -> None:
    """Raise NoteMissing unless it is a line that can be read."""
    if not note.strip() or len(note) > NOTE_MOST or not note.isprintable():
        raise NoteMissing


def check_no_plots(held: int) -> None:
    """Raise PlotsHeld unless the household has none."""
    if held:
        raise PlotsHeld
