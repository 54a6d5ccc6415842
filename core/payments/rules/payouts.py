"""Payouts: what a provider has sent to the bank, and the bank's line with which it arrives. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# A payout that is overdue may come all the same.
WINDOW = timedelta(days=45)
_BEFORE = timedelta(days=1)  # a bank books by its own day
# In whose name the bank says that a provider pays.
_SENDERS = {"wechatpay": ("财付通", "微信支付"), "stripe": ("stripe",)}


@dataclass(frozen=True, kw_only=True)
class Payout:
    """On its way from a provider to the bank; `source` is the provider's name of it."""

    id: int
    provider: str
    source: str
    amount_fen: int
    on: date


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A line of the bank that nobody has decided about, and that names no order."""

    id: int
    amount_fen: int
    happened_on: date
    payer_name: str
    said: str


@dataclass(frozen=True)
class Arrivals:
    """Line -> payout where there is no doubt, and the lines that may be one."""

    sure: dict[int, int]
    perhaps: list[int]


def fits(payout: Payout, line: Arrival) -> bool:
    """The very sum, on a day on which it can arrive?"""
    in_time = payout.on - _BEFORE <= line.happened_on <= payout.on + WINDOW
    return in_time and payout.amount_fen == line.amount_fen


def match_payouts(lines: Sequence[Arrival], payouts: Sequence[Payout]) -> Arrivals:
    """Sure: the line says the payout's name, or the provider pays and nothing else fits either of them."""
    sure: dict[int, int] = {}
    for certain in (_names, _comes_alone):
        for line in lines:
            left = [one for one in payouts if one.id not in sure.values() and fits(one, line)]
            rivals = [other for other in lines if other.id not in sure and other.id != line.id]
            found = [one for one in left if certain(one, line, left, rivals)]
            if line.id not in sure and len(found) == 1:
                sure[line.id] = found[0].id
    left = [one for one in payouts if one.id not in sure.values()]
    return Arrivals(sure, [x.id for x in lines if x.id not in sure and any(fits(one, x) for one in left)])


def _names(payout: Payout, line: Arrival, left: Sequence[Payout], rivals: Sequence[Arrival]) -> bool:
    return len(payout.source) >= 8 and payout.source in line.said


def _comes_alone(payout: Payout, line: Arrival, left: Sequence[Payout], rivals: Sequence[Arrival]) -> bool:
    is_sender = any(name in line.payer_name.casefold() for name in _SENDERS.get(payout.provider, ()))
    return is_sender and len(left) == 1 and not any(fits(payout, other) for other in rivals)


def due_at(booked_at: datetime, days: int) -> datetime:
    """When it should have arrived."""
    return booked_at + timedelta(days=days)
