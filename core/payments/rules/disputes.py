"""A payer has told the own bank that a payment was not right: the bank takes the money until it is decided.

What we know of it is what the provider says; our own answer to the bank is given on the provider's pages.
"""

from dataclasses import dataclass
from datetime import datetime

from core.language import mark
from core.workflow import SYSTEM, State, Transition, Workflow

OPEN, WON, LOST = "open", "won", "lost"

DISPUTES = Workflow(
    code="dispute",
    title=mark("付款争议"),
    table="payment_dispute",
    states=(
        State(code=OPEN, title=mark("待回应")),
        State(code=WON, title=mark("已胜诉")),
        State(code=LOST, title=mark("已败诉")),
    ),
    transitions=(
        Transition(
            code="dispute.won", title=mark("银行判我方有理"), sources=(OPEN, LOST), target=WON, by=SYSTEM
        ),
        Transition(
            code="dispute.lost", title=mark("银行判付款人有理"), sources=(OPEN, WON), target=LOST, by=SYSTEM
        ),
    ),
)

REASONS = {
    "duplicate": mark("重复扣款"),
    "fraudulent": mark("付款人说没有付过"),
    "product_not_received": mark("没有收到东西"),
    "product_unacceptable": mark("东西与说的不符"),
    "credit_not_processed": mark("说好的退款没有到"),
    "unrecognized": mark("付款人不认得这笔付款"),
}


@dataclass(frozen=True)
class DisputeView:
    """A dispute as a treasurer sees it."""

    id: int
    order_id: int
    payee_id: int
    payee: str
    payer: str
    external_id: str
    state: str
    amount_fen: int
    reason: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
