"""Pledges: sums promised by days, kept by gifts, the earliest instalment first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core import money
from core.funds.errors import DonorNameMissing, NicknameMissing
from core.funds.rules import AMOUNT_MOST, NICKNAME
from core.funds.rules import states as fund_states
from core.language import mark
from core.workflow import SYSTEM, State, Transition, Workflow
from plugins.foundation.errors.pledges import (
    NothingDue,
    PartInThePast,
    PartMalformed,
    PledgeBinds,
    TooManyParts,
)

PLEDGE = "foundation.pledge"
OPEN, KEPT, WITHDRAWN = "open", "kept", "withdrawn"
PARTS_MOST, SOON_DAYS = 24, 7
HARDSHIP, NOT_BOUND = "hardship", "not_bound"
GROUNDS = {
    HARDSHIP: mark("经济状况显著恶化，严重影响生产经营或家庭生活"),
    NOT_BOUND: mark("没有公开承诺，也没有签协议，捐赠人改变了主意"),
}
PLEDGES = Workflow(
    code=PLEDGE,
    title=mark("认捐"),
    table="foundation_pledge",
    states=(
        State(code=OPEN, title=mark("履行中")),
        State(code=KEPT, title=mark("已全部到账")),
        State(code=WITHDRAWN, title=mark("不再履行")),
    ),
    transitions=(
        Transition(
            code="foundation.pledge_kept", title=mark("全部到账"), sources=(OPEN,), target=KEPT, by=SYSTEM
        ),
        Transition(
            code="foundation.pledge_withdrawn",
            title=mark("不再履行"),
            sources=(OPEN,),
            target=WITHDRAWN,
            by=fund_states.RUN,
        ),
    ),
)


@dataclass(frozen=True)
class Part:
    """An instalment as promised."""

    due_on: date
    amount_fen: int


@dataclass(frozen=True)
class Due:
    """An instalment, and what of it has come."""

    part: Part
    received_fen: int

    @property
    def missing_fen(self) -> int:
        """What is still to come."""
        return self.part.amount_fen - self.received_fen

    def is_late(self, today: date) -> bool:
        """On the day itself it is still in time."""
        return self.missing_fen > 0 and today > self.part.due_on


@dataclass(frozen=True, kw_only=True)
class PledgeDraft:
    """A pledge as it is written down. `is_binding`: promised in public or in writing (慈善法 41)."""

    purpose_id: int | None
    donor_id: int | None
    donor_name: str
    nickname: str
    display: str
    is_binding: bool
    parts: tuple[Part, ...]

    @property
    def total_fen(self) -> int:
        """What the instalments add up to."""
        return sum(part.amount_fen for part in self.parts)


def typed_parts(text: str) -> tuple[Part, ...]:
    """Instalments as people type them, `day sum` a line; raises PartMalformed or TooManyParts."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise PartMalformed(number=1)
    if len(lines) > PARTS_MOST:
        raise TooManyParts(most=PARTS_MOST)
    return tuple(_typed(number, line) for number, line in enumerate(lines, 1))


def _typed(number: int, line: str) -> Part:
    day, _, amount = line.replace("\u3000", " ").replace("\t", " ").partition(" ")
    try:
        found = Part(date.fromisoformat(day), money.parse_yuan(amount))
    except ValueError:
        raise PartMalformed(number=number) from None
    if not 0 < found.amount_fen <= AMOUNT_MOST:
        raise PartMalformed(number=number)
    return found


def check_draft(draft: PledgeDraft, today: date) -> None:
    """Raise DonorNameMissing, NicknameMissing, PartMalformed, TooManyParts or PartInThePast."""
    if not draft.donor_name:
        raise DonorNameMissing
    if draft.display == NICKNAME and not draft.nickname:
        raise NicknameMissing
    if not draft.parts:
        raise PartMalformed(number=1)
    if len(draft.parts) > PARTS_MOST:
        raise TooManyParts(most=PARTS_MOST)
    if any(part.due_on < today for part in draft.parts):
        raise PartInThePast


def covered(parts: Sequence[Part], received_fen: int) -> list[Due]:
    """What has come keeps the earliest instalments first."""
    found = []
    for part in sorted(parts, key=lambda one: one.due_on):
        taken = min(part.amount_fen, received_fen)
        received_fen -= taken
        found.append(Due(part, taken))
    return found


def next_due(dues: Sequence[Due]) -> Due:
    """The earliest instalment that has not come whole; raises NothingDue."""
    found = next((due for due in dues if due.missing_fen), None)
    if found is None:
        raise NothingDue
    return found


def check_withdrawal(is_binding: bool, ground: str) -> None:
    """Raise PledgeBinds."""
    if is_binding and ground != HARDSHIP:
        raise PledgeBinds
