"""A foundation's year: what is recorded beside its funds, by whom, and when it can be closed. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.funds.rules import states
from core.language import mark
from core.manifest import Parameter
from core.workflow import SYSTEM, State, Transition, Workflow
from plugins.foundation.errors.years import (
    AmountOutOfRange,
    EntryDayElsewhere,
    EntryReasonMissing,
    EntryWaits,
    OpeningMissing,
    OwnEntry,
    YearNotOver,
    YearUnknown,
)

INCOME, PROGRAMME, MANAGEMENT = "income", "programme", "management"
ENTRY_KINDS = {
    INCOME: mark("其他收入"),
    PROGRAMME: mark("直接开展的项目支出"),
    MANAGEMENT: mark("管理费用"),
}
ALONE = "foundation.entry_alone_fen"
PARAMETER = Parameter(
    code=ALONE, title=mark("一个人登记就入账的收支最多多少"), default=500000, minimum=0, unit="分"
)
WAITING, COUNTED, DROPPED, REVERSED = "waiting", "counted", "dropped", "reversed"
REVIEWED, SUPERSEDED = "reviewed", "superseded"
FIRST_YEAR, AMOUNT_MOST = 2000, 10**13

ENTRIES = Workflow(
    code="foundation.entry",
    title=mark("基金会的其他收支"),
    table="foundation_entry",
    states=(
        State(code=WAITING, title=mark("等第二人确认")),
        State(code=COUNTED, title=mark("已入账")),
        State(code=DROPPED, title=mark("登记有误，作废")),
        State(code=REVERSED, title=mark("已冲销")),
    ),
    transitions=(
        Transition(
            code="foundation.entry_counted",
            title=mark("确认入账"),
            sources=(WAITING,),
            target=COUNTED,
            by=states.CONFIRM,
        ),
        Transition(
            code="foundation.entry_dropped",
            title=mark("作废"),
            sources=(WAITING,),
            target=DROPPED,
            by=states.RECORD,
        ),
        Transition(
            code="foundation.entry_reversed",
            title=mark("冲销"),
            sources=(COUNTED,),
            target=REVERSED,
            by=states.CONFIRM,
        ),
    ),
)
OPENINGS = Workflow(
    code="foundation.opening",
    title=mark("基金会的年初数"),
    table="foundation_opening",
    states=(
        State(code=WAITING, title=mark("等复核")),
        State(code=REVIEWED, title=mark("已复核")),
        State(code=DROPPED, title=mark("登记有误，作废")),
        State(code=SUPERSEDED, title=mark("已由更正的代替")),
    ),
    transitions=(
        Transition(
            code="foundation.opening_reviewed",
            title=mark("复核无误"),
            sources=(WAITING,),
            target=REVIEWED,
            by=states.CHECK,
        ),
        Transition(
            code="foundation.opening_dropped",
            title=mark("作废"),
            sources=(WAITING,),
            target=DROPPED,
            by=states.RECORD,
        ),
        Transition(
            code="foundation.opening_superseded",
            title=mark("由更正的代替"),
            sources=(REVIEWED,),
            target=SUPERSEDED,
            by=SYSTEM,
        ),
    ),
)
ENTRY, OPENING = ENTRIES.code, OPENINGS.code


@dataclass(frozen=True, kw_only=True)
class Books:
    """What came and went in a year, in fen; `returned_fen` went back to donors."""

    bound_fen: int
    free_fen: int
    other_fen: int
    returned_fen: int
    paid_fen: int
    direct_fen: int
    management_fen: int

    @property
    def income_fen(self) -> int:
        """All income, without what went back."""
        return self.bound_fen + self.free_fen + self.other_fen - self.returned_fen

    @property
    def programme_fen(self) -> int:
        """What was spent for the purpose itself."""
        return self.paid_fen + self.direct_fen


@dataclass(frozen=True, kw_only=True)
class EntryDraft:
    """Income or cost as it is recorded."""

    kind: str
    what: str
    amount_fen: int
    occurred_on: date
    voucher_no: str


@dataclass(frozen=True, kw_only=True)
class OpeningDraft:
    """The figures of a year's beginning as they are recorded; incomes of the years before, if known."""

    kind: str
    is_public: bool
    net_assets_fen: int
    income_1_fen: int | None
    income_2_fen: int | None
    income_3_fen: int | None
    note: str = ""


def check_year(year: int, today: date) -> None:
    """Raise YearUnknown for a year to come, or before foundations of this kind."""
    if not FIRST_YEAR <= year <= today.year:
        raise YearUnknown


def span(year: int) -> tuple[datetime, datetime]:
    """From its first moment up to but without that of the next."""
    return clock.begin_of(date(year, 1, 1)), clock.begin_of(date(year + 1, 1, 1))


def check_entry(draft: EntryDraft, year: int, today: date) -> None:
    """Raise AmountOutOfRange or EntryDayElsewhere."""
    if not 0 < draft.amount_fen <= AMOUNT_MOST:
        raise AmountOutOfRange
    if draft.occurred_on.year != year or draft.occurred_on > today:
        raise EntryDayElsewhere(year=year)


def check_opening(draft: OpeningDraft) -> None:
    """Raise AmountOutOfRange, naming the field."""
    for name in ("net_assets_fen", "income_1_fen", "income_2_fen", "income_3_fen"):
        amount = getattr(draft, name)
        if amount is not None and not 0 <= amount <= AMOUNT_MOST:
            raise AmountOutOfRange


def needs_second(amount_fen: int, alone_fen: int) -> bool:
    """Exactly the limit is still recorded by one person."""
    return amount_fen > alone_fen


def check_second(person_id: int, recorded_by: int) -> None:
    """Raise OwnEntry."""
    if person_id == recorded_by:
        raise OwnEntry


def check_reason(reason: str) -> None:
    """Raise EntryReasonMissing."""
    if not reason.strip():
        raise EntryReasonMissing


def check_closable(year: int, today: date, *, waiting: int, is_opened: bool) -> None:
    """Raise YearNotOver, OpeningMissing or EntryWaits."""
    if year >= today.year:
        raise YearNotOver(day=date(year + 1, 1, 1))
    if not is_opened:
        raise OpeningMissing
    if waiting:
        raise EntryWaits(n=waiting)
