"""What a provider's own books say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.language import mark

# The account that stands for an organization's money at its provider.
CLEARING = "core.outside_online"
LINE_KINDS = {
    "captured": mark("在线付款"),
    "refunded": mark("退款"),
    "refund_failed": mark("退款被银行退了回来"),
    "disputed": mark("因争议被银行扣走"),
    "dispute_returned": mark("争议的钱还了回来"),
    "payout": mark("提现到银行"),
    "other": mark("其他"),
}
VERDICTS = {
    "differs": mark("金额与我们记的不同"),
    "missing": mark("带着我们的编号，我们却没有记"),
    "not_ours": mark("不是这里的付款"),
}


@dataclass(frozen=True)
class Withdrawal:
    """What a merchant took to the bank out of an account in which `there_fen` of our money was."""

    line_id: int
    amount_fen: int
    booked_at: datetime
    there_fen: int


def shares(withdrawals: Sequence[Withdrawal]) -> dict[int, int]:
    """Line -> how much of it is our money: as far as there was some; the account may hold other money."""
    found: dict[int, int] = {}
    for one in withdrawals:
        there_fen = one.there_fen - sum(found.values())
        found[one.line_id] = max(0, min(one.amount_fen, there_fen))
    return found


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A line of a provider's books that agrees with a fact of ours; amounts out are less than nothing.

    `at_first`: what the payment that it belongs to came to, in fen and in the line's own currency.
    """

    line_id: int
    order_id: int
    moved_fen: int
    amount: int
    fee: int
    currency: str
    payout: str
    booked_at: datetime
    at_first: tuple[int, int]
