"""Which accounts a gift, a hold and a payment move. Pure, for a book-keeper to read."""

from datetime import datetime

from core.approvals.rules import APPROVALS
from core.funds.rules import GIFT, REQUEST, restriction
from core.ledger.rules import Draw, Entry, Receive, Transfer
from core.reference import Ref

UNIT = "CNY"
MONEY, HELD = "core.fund", "core.fund_held"
DONORS, RECIPIENTS = "core.fund_donors", "core.fund_recipients"
GIVEN, SET_ASIDE = "core.fund_gift", "core.fund_hold"
RELEASED, PAID = "core.fund_release", "core.fund_payment"
# What the database asks for: the committee's yes for setting money aside, the check for paying it out.
VOTED, CHECKED = f"core.{APPROVALS.code}", "core.fund_check"


def gift(
    gift_id: int, *, purpose_id: int | None, donors: int, fund: int, amount_fen: int, at: datetime
) -> Transfer:
    """From the world outside to the fund: one lot, bound to its purpose."""
    lot = Receive(restriction=restriction(purpose_id))
    return Transfer(
        key=f"{GIFT}:{gift_id}",
        unit=UNIT,
        reason=GIVEN,
        cause=Ref(GIFT, gift_id),
        occurred_at=at,
        entries=(Entry(donors, -amount_fen), Entry(fund, amount_fen, lot)),
    )


def hold(
    request_id: int,
    *,
    purpose_id: int | None,
    fund: int,
    held: int,
    amount_fen: int,
    voted: int | None,
    at: datetime,
) -> Transfer:
    """From the fund to the request's own account: first what is bound to its purpose, then what is free."""
    drawn = Draw(restriction=restriction(purpose_id))
    return Transfer(
        key=f"{REQUEST}:{request_id}:hold",
        unit=UNIT,
        reason=SET_ASIDE,
        cause=Ref(REQUEST, request_id),
        occurred_at=at,
        entries=(Entry(fund, -amount_fen, drawn), Entry(held, amount_fen)),
        evidence_id=voted,
    )


def release(request_id: int, *, fund: int, held: int, amount_fen: int, at: datetime) -> Transfer:
    """Back to the fund, each lot with its age."""
    return Transfer(
        key=f"{REQUEST}:{request_id}:release",
        unit=UNIT,
        reason=RELEASED,
        cause=Ref(REQUEST, request_id),
        occurred_at=at,
        entries=(Entry(held, -amount_fen, Draw(way="return")), Entry(fund, amount_fen)),
    )


def payment(
    request_id: int, *, held: int, recipients: int, amount_fen: int, checked: int | None, at: datetime
) -> Transfer:
    """From the request's own account to the world outside."""
    return Transfer(
        key=f"{REQUEST}:{request_id}:payment",
        unit=UNIT,
        reason=PAID,
        cause=Ref(REQUEST, request_id),
        occurred_at=at,
        entries=(Entry(held, -amount_fen, Draw(way="any")), Entry(recipients, amount_fen)),
        evidence_id=checked,
    )
