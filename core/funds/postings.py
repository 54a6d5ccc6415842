"""Which accounts a gift, a hold and a payment move. Pure, for a book-keeper to read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.approvals.rules import APPROVALS
from core.funds.rules import GIFT, REQUEST, restriction
from core.funds.rules.changes import CHANGE
from core.funds.rules.leaving import LEFTOVER, REFUND
from core.language import mark
from core.ledger.rules import Draw, Entry, Receive, Transfer
from core.manifest import AccountKind, Reason
from core.payments.rules import OrderLine
from core.reference import Ref

UNIT = "CNY"
MONEY, HELD = "core.fund", "core.fund_held"
DONORS, RECIPIENTS = "core.fund_donors", "core.fund_recipients"
# Where a lot loses one restriction and gets another; empty between two units of work.
PASSING = "core.fund_passing"
GIVEN, SET_ASIDE = "core.fund_gift", "core.fund_hold"
RELEASED, PAID = "core.fund_release", "core.fund_payment"
# Unused money of a payee comes back: the payment is taken back whole, and what stays paid goes out again.
PAID_BACK, STAYS_PAID = "core.fund_payback", "core.fund_rest"
RETURNED, LEFT_OVER, TAKEN_OVER = "core.fund_refund", "core.fund_leftover", "core.fund_taken_over"
REBOUND = "core.fund_change"
_LEGS_AT_ONCE = 1_000
KINDS = (
    AccountKind(code=MONEY, title=mark("基金"), tracks_lots=True),
    AccountKind(code=HELD, title=mark("基金专款"), tracks_lots=True),
    AccountKind(code=PASSING, title=mark("基金之间转款")),
    AccountKind(code=DONORS, title=mark("捐赠来源"), floor=None),
    AccountKind(code=RECIPIENTS, title=mark("基金付给"), floor=None),
)
# What the database asks for: the committee's yes for setting money aside, the check for paying it out.
VOTED, CHECKED = f"core.{APPROVALS.code}", "core.fund_check"
# … the slip on which it came back, for what stays paid of it,
SLIP = "core.fund_payback_slip"
# … and that the donors were asked, for binding it to another purpose.
ASKED = "core.fund_answers"
REASONS = (
    Reason(code=GIVEN, title=mark("捐赠")),
    Reason(code=SET_ASIDE, title=mark("留存专款"), evidence=VOTED),
    Reason(code=RELEASED, title=mark("专款退回基金")),
    Reason(code=PAID, title=mark("基金付款"), evidence=CHECKED),
    Reason(code=PAID_BACK, title=mark("用款退回")),
    Reason(code=STAYS_PAID, title=mark("基金付款，扣除退回"), evidence=SLIP),
    Reason(code=RETURNED, title=mark("退还捐赠")),
    Reason(code=LEFT_OVER, title=mark("基金余款转出"), evidence=VOTED),
    Reason(code=REBOUND, title=mark("改变用途"), evidence=ASKED),
    Reason(code=TAKEN_OVER, title=mark("转入基金")),
)


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


def gift_line(gift_id: int, *, purpose_id: int | None, fund: int, amount_fen: int) -> OrderLine:
    """The same of a gift that is paid online: what its order owes."""
    return OrderLine(
        reason=GIVEN,
        account_id=fund,
        amount_fen=amount_fen,
        note="",
        given=Ref(GIFT, gift_id),
        restriction=restriction(purpose_id),
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


def stays_paid(
    payback_id: int, request_id: int, *, held: int, recipients: int, amount_fen: int, slip: int, at: datetime
) -> Transfer:
    """What the payee has used goes out again, the lots that came first."""
    return Transfer(
        key=f"fund_payback:{payback_id}:rest",
        unit=UNIT,
        reason=STAYS_PAID,
        cause=Ref(REQUEST, request_id),
        occurred_at=at,
        entries=(Entry(held, -amount_fen, Draw(way="any")), Entry(recipients, amount_fen)),
        evidence_id=slip,
    )


def paid_back(
    payback_id: int, request_id: int, *, fund: int, held: int, amount_fen: int, at: datetime
) -> Transfer:
    """What the payee did not use goes on to the fund, each lot with its age."""
    return Transfer(
        key=f"fund_payback:{payback_id}",
        unit=UNIT,
        reason=RELEASED,
        cause=Ref(REQUEST, request_id),
        occurred_at=at,
        entries=(Entry(held, -amount_fen, Draw(way="return")), Entry(fund, amount_fen)),
    )


def refund(
    refund_id: int, *, gift_id: int, left: Mapping[int, int], donors: int, amount_fen: int, at: datetime
) -> Transfer:
    """What is left of one gift, wherever it lies, back to the world outside."""
    return Transfer(
        key=f"{REFUND}:{refund_id}",
        unit=UNIT,
        reason=RETURNED,
        cause=Ref(REFUND, refund_id),
        occurred_at=at,
        entries=(*_out_of(gift_id, left, amount_fen), Entry(donors, amount_fen)),
    )


def back_to_sponsor(
    gift_id: int, *, left: Mapping[int, int], sponsor: int, amount_fen: int, total_fen: int, at: datetime
) -> Transfer:
    """What is left of a sponsor's gift, back to its account here. `total_fen`: with what went before."""
    return Transfer(
        key=f"{GIFT}:{gift_id}:back:{total_fen}",
        unit=UNIT,
        reason=RETURNED,
        cause=Ref(GIFT, gift_id),
        occurred_at=at,
        entries=(*_out_of(gift_id, left, amount_fen), Entry(sponsor, amount_fen)),
    )


def _out_of(gift_id: int, left: Mapping[int, int], amount_fen: int) -> list[Entry]:
    """From the gift's own lots, account by account."""
    own, rest, legs = Draw(way="any", origin=Ref(GIFT, gift_id)), amount_fen, []
    for account, there in left.items():
        if part := min(there, rest):
            legs.append(Entry(account, -part, own))
            rest -= part
    return legs


def leftover(
    leftover_id: int,
    *,
    fund: int,
    passing: int,
    to_fund: int,
    to_purpose: int | None,
    parts: Sequence[tuple[int, int]],
    voted: int | None,
    at: datetime,
) -> list[Transfer]:
    """The rest of a fund that ends: out as one sum, into the other fund gift by gift, so that each is still
    found. `parts`: (gift, amount)."""
    amount_fen, cause = sum(amount for _, amount in parts), Ref(LEFTOVER, leftover_id)
    out = Transfer(
        key=f"{LEFTOVER}:{leftover_id}",
        unit=UNIT,
        reason=LEFT_OVER,
        cause=cause,
        occurred_at=at,
        entries=(Entry(fund, -amount_fen, Draw(way="any")), Entry(passing, amount_fen)),
        evidence_id=voted,
    )
    lots = [(gift_id, amount, restriction(to_purpose)) for gift_id, amount in parts]
    return [out, *_taken_over(lots, passing, to_fund, cause, at)]


def change(
    change_id: int,
    *,
    fund: int,
    passing: int,
    from_purpose: int,
    to_purpose: int,
    parts: Sequence[tuple[int, int, bool]],
    answered: int,
    at: datetime,
) -> list[Transfer]:
    """All that is bound to a purpose: out as one sum, and in again gift by gift, for the other purpose or as
    before. `parts`: (gift, amount, does it change)."""
    amount_fen, cause = sum(amount for _, amount, _ in parts), Ref(CHANGE, change_id)
    drawn = Draw(restriction=restriction(from_purpose))
    out = Transfer(
        key=f"{CHANGE}:{change_id}",
        unit=UNIT,
        reason=REBOUND,
        cause=cause,
        occurred_at=at,
        entries=(Entry(fund, -amount_fen, drawn), Entry(passing, amount_fen)),
        evidence_id=answered,
    )
    lots = [
        (gift_id, amount, restriction(to_purpose if changes else from_purpose))
        for gift_id, amount, changes in parts
    ]
    return [out, *_taken_over(lots, passing, fund, cause, at)]


def _taken_over(
    parts: Sequence[tuple[int, int, str]], passing: int, fund: int, cause: Ref, at: datetime
) -> list[Transfer]:
    """Into a fund again, each (gift, amount, restriction) as a lot of its own."""
    found = []
    for first in range(0, len(parts), _LEGS_AT_ONCE):
        some = parts[first : first + _LEGS_AT_ONCE]
        legs = [
            Entry(fund, amount, Receive(restriction=bound_to, origin=Ref(GIFT, gift_id)))
            for gift_id, amount, bound_to in some
        ]
        total = sum(amount for _, amount, _ in some)
        found.append(
            Transfer(
                key=f"{cause}:in:{first}",
                unit=UNIT,
                reason=TAKEN_OVER,
                cause=cause,
                occurred_at=at,
                entries=(Entry(passing, -total), *legs),
            )
        )
    return found
