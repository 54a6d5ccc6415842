"""Matching pools: what a sponsor adds to a gift, which cap cuts it, what follows a gift that goes back. Pure.

Rounded down to the fen, always: the pool never gives more than its ratio says.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core import clock, money
from core.funds.rules import states as fund_states
from core.language import mark, translate
from core.workflow import SYSTEM, State, Transition, Workflow
from plugins.foundation.errors.pools import (
    CapAboveWhole,
    FundsMissing,
    MoneyBeyondPool,
    OwnMoney,
    OwnPool,
    OwnRest,
    PeriodOver,
    PeriodReversed,
    PoolEmpty,
    RatioMalformed,
    RestFundMissing,
    SponsorMissing,
)

POOL, MONEY = "foundation.pool", "foundation.pool_money"
DRAFT, OPEN, ENDED, PREPARED, SETTLED = "draft", "open", "ended", "prepared", "settled"
TO_SPONSOR, TO_FUND = "sponsor", "fund"
RESTS = {TO_SPONSOR: mark("退还出资方"), TO_FUND: mark("转入一支基金")}
RATIO_MOST, FUNDS_MOST = 100, 50
_RUN, _RECORD, _CONFIRM = fund_states.RUN, fund_states.RECORD, fund_states.CONFIRM

POOLS = Workflow(
    code=POOL,
    title=mark("配捐池"),
    table="foundation_pool",
    states=(
        State(code=DRAFT, title=mark("筹备中")),
        State(code=OPEN, title=mark("配捐中")),
        State(code=ENDED, title=mark("已结束，等处理余款")),
        State(code=PREPARED, title=mark("余款正在付，等第二人复核")),
        State(code=SETTLED, title=mark("已结清")),
    ),
    transitions=(
        Transition(
            code="foundation.pool_opened", title=mark("开放配捐"), sources=(DRAFT,), target=OPEN, by=_CONFIRM
        ),
        Transition(
            code="foundation.pool_ended", title=mark("结束配捐"), sources=(DRAFT, OPEN), target=ENDED, by=_RUN
        ),
        Transition(
            code="foundation.pool_rest_prepared",
            title=mark("余款制单"),
            sources=(ENDED,),
            target=PREPARED,
            by=_RECORD,
        ),
        Transition(
            code="foundation.pool_rest_dropped",
            title=mark("取消余款制单"),
            sources=(PREPARED,),
            target=ENDED,
            by=_RECORD,
        ),
        Transition(
            code="foundation.pool_settled",
            title=mark("付出余款"),
            sources=(PREPARED,),
            target=SETTLED,
            by=_CONFIRM,
        ),
        Transition(
            code="foundation.pool_rest_came",
            title=mark("又有配捐退回"),
            sources=(SETTLED,),
            target=ENDED,
            by=SYSTEM,
        ),
    ),
)
WAITING, COUNTED, DROPPED = "waiting", "counted", "dropped"
MONEYS = Workflow(
    code=MONEY,
    title=mark("配捐池到账"),
    table="foundation_pool_money",
    states=(
        State(code=WAITING, title=mark("等第二人确认")),
        State(code=COUNTED, title=mark("已入账")),
        State(code=DROPPED, title=mark("登记有误，作废")),
    ),
    transitions=(
        Transition(
            code="foundation.pool_money_counted",
            title=mark("确认到账"),
            sources=(WAITING,),
            target=COUNTED,
            by=_CONFIRM,
        ),
        Transition(
            code="foundation.pool_money_dropped",
            title=mark("作废"),
            sources=(WAITING,),
            target=DROPPED,
            by=_RECORD,
        ),
    ),
)

# Why a gift is matched by less than the ratio says; "": it is not.
PER_GIFT, PER_DONOR, PER_FUND, WHOLE = "gift", "donor", "fund", "pool"
OWN, CLOSED, GONE = "own", "closed", "gone"
LIMITS = {
    PER_GIFT: mark("到了每笔的上限"),
    PER_DONOR: mark("到了每人每天的上限"),
    PER_FUND: mark("到了这支基金的上限"),
    WHOLE: mark("配捐池用完了"),
    OWN: mark("出资方自己的捐赠不配"),
    CLOSED: mark("基金不再接受捐赠"),
    GONE: mark("这笔捐赠已经退还"),
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a sponsor and a foundation have agreed; None: no such cap.

    `numerator` fen for every `denominator` fen given.
    """

    numerator: int
    denominator: int
    per_gift_fen: int | None = None
    per_donor_day_fen: int | None = None
    per_fund_fen: int | None = None


@dataclass(frozen=True, kw_only=True)
class Given:
    """A gift that counts. `kept_fen`: what has not gone back of it meanwhile.

    `donor_id` None: a stranger, whom nobody can tell from another: only the cap per gift holds.
    """

    gift_id: int
    fund_id: int
    kept_fen: int
    donor_id: int | None
    day: date
    is_own: bool = False
    is_open: bool = True


@dataclass
class Room:
    """What is left in a pool, and what was matched already: per fund, per donor and day."""

    left_fen: int
    by_fund: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    by_donor: dict[tuple[int, date], int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class Match:
    """What is added to a gift, and what cut it ("": nothing did)."""

    gift_id: int
    amount_fen: int
    limit: str


def match(terms: Terms, gift: Given, room: Room) -> Match:
    """What the pool adds to the gift; the last match is partial, none is negative."""
    if reason := _why_not(gift):
        return Match(gift.gift_id, 0, reason)
    caps = [(gift.kept_fen * terms.numerator // terms.denominator, "")]
    if terms.per_gift_fen is not None:
        caps.append((terms.per_gift_fen, PER_GIFT))
    if terms.per_donor_day_fen is not None and gift.donor_id is not None:
        caps.append((terms.per_donor_day_fen - room.by_donor[gift.donor_id, gift.day], PER_DONOR))
    if terms.per_fund_fen is not None:
        caps.append((terms.per_fund_fen - room.by_fund[gift.fund_id], PER_FUND))
    caps.append((room.left_fen, WHOLE))
    amount_fen, limit = min(caps, key=lambda cap: cap[0])
    return Match(gift.gift_id, max(amount_fen, 0), limit)


def _why_not(gift: Given) -> str:
    if gift.is_own:
        return OWN
    if gift.kept_fen <= 0:
        return GONE
    return "" if gift.is_open else CLOSED


def match_all(terms: Terms, gifts: Sequence[Given], room: Room) -> list[Match]:
    """One after the other, each from what those before it have left."""
    found = []
    for gift in gifts:
        one = match(terms, gift, room)
        room.left_fen -= one.amount_fen
        room.by_fund[gift.fund_id] += one.amount_fen
        if gift.donor_id is not None:
            room.by_donor[gift.donor_id, gift.day] += one.amount_fen
        found.append(one)
    return found


def to_return(amount_fen: int, base_fen: int, kept_fen: int) -> int:
    """What of a match follows the gift back: in proportion to what was matched (`base_fen`) and has gone."""
    kept = min(kept_fen, base_fen)
    return amount_fen - amount_fen * kept // base_fen


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A pool as it is set up."""

    title: str
    sponsor_name: str
    sponsor_person: int | None
    terms: Terms
    whole_fen: int
    begins_on: date
    ends_on: date
    fund_ids: tuple[int, ...]
    rest: str = TO_SPONSOR
    rest_fund: int | None = None


def parse_ratio(text: str) -> tuple[int, int]:
    """`1:2` as typed: one fen for every two; raises RatioMalformed."""
    found = re.fullmatch(r"\s*(\d{1,3})\s*[:：比]\s*(\d{1,3})\s*", text)
    if not found:
        raise RatioMalformed
    numerator, denominator = int(found[1]), int(found[2])
    if not (1 <= numerator <= RATIO_MOST and 1 <= denominator <= RATIO_MOST):
        raise RatioMalformed
    return numerator, denominator


def check_plan(plan: Plan, today: date) -> None:
    """Raise what is wrong with it."""
    terms = plan.terms
    if not (1 <= terms.numerator <= RATIO_MOST and 1 <= terms.denominator <= RATIO_MOST):
        raise RatioMalformed
    if not plan.sponsor_name.strip():
        raise SponsorMissing
    if plan.ends_on < plan.begins_on:
        raise PeriodReversed
    if plan.ends_on < today:
        raise PeriodOver
    if not 1 <= len(plan.fund_ids) <= FUNDS_MOST:
        raise FundsMissing
    if plan.rest == TO_FUND and plan.rest_fund is None:
        raise RestFundMissing
    for cap in (terms.per_gift_fen, terms.per_donor_day_fen, terms.per_fund_fen):
        if cap is not None and cap > plan.whole_fen:
            raise CapAboveWhole(whole=money.format_yuan(plan.whole_fen))


def check_money(amount_fen: int, known_fen: int, whole_fen: int) -> None:
    """Raise MoneyBeyondPool: exactly what was agreed may come."""
    if known_fen + amount_fen > whole_fen:
        raise MoneyBeyondPool(whole=money.format_yuan(whole_fen), known=money.format_yuan(known_fen))


def check_opens(person_id: int, made_by: int, balance_fen: int) -> None:
    """Raise OwnPool or PoolEmpty."""
    if person_id == made_by:
        raise OwnPool
    if balance_fen <= 0:
        raise PoolEmpty


def check_second_money(person_id: int, recorded_by: int) -> None:
    """Raise OwnMoney."""
    if person_id == recorded_by:
        raise OwnMoney


def check_second_rest(person_id: int, prepared_by: int | None) -> None:
    """Raise OwnRest."""
    if person_id == prepared_by:
        raise OwnRest


def begins_at(begins_on: date, opened_at: datetime) -> datetime:
    """Gifts that count from then on are matched: its first day, but not before a second person opened it."""
    return max(clock.begin_of(begins_on), opened_at)


def is_own_gift(donor_id: int | None, donor_name: str, person: int | None, name: str) -> bool:
    """Is it the sponsor's? By account; an organization, which has none, by the name in the book."""
    return (donor_id is not None and donor_id == person) or (bool(donor_name) and donor_name == name)


def share(part_fen: int, whole_fen: int) -> int:
    """Percent, for a picture."""
    return min(100, part_fen * 100 // whole_fen) if whole_fen else 0


def said_limit(limit: str) -> str:
    """In the reader's language; "" for what nothing has cut."""
    return translate(LIMITS[limit]) if limit else ""
