"""What is added to gifts from an account where a sponsor's money lies already, and what goes back there.

For a plugin that keeps such accounts: it has asked the rules, holds the locks, and opened the unit.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from core import clock
from core.audit.services import record_audit
from core.database import current_unit
from core.funds import postings, rules
from core.funds.queries import refunds
from core.funds.rules import leaving, states
from core.funds.services.gifts import fund_account
from core.funds.services.imports import insert_gifts
from core.funds.tables import FundRefund
from core.ledger import services as ledger
from core.reference import Ref


@dataclass(frozen=True, kw_only=True)
class Sponsored:
    """A sponsor's gift to a fund; `donor_id` None: a sponsor without an account."""

    fund_id: int
    purpose_id: int | None
    amount_fen: int
    donor_id: int | None
    donor_name: str
    receipt_no: str


async def count_sponsored(
    organization_id: int, new: Sequence[Sponsored], *, source: int, recorded_by: int
) -> list[int]:
    """Gifts out of the account `source`, counted at once, each one lot of its fund; returns their ids.

    `recorded_by` has written down the sponsor's money when it came. No event: they cause no other gift.
    """
    current_unit()
    now = clock.now()
    known = {
        "organization": organization_id,
        "nickname": "",
        "display": rules.NAME,
        "method": rules.BANK,
        "received_on": clock.today(),
        "recorded_by": recorded_by,
        "recorded_at": now,
        "state": states.COUNTED,
        "counted_at": now,
    }
    ids = await insert_gifts([known | _own(one) for one in new])
    accounts = {fund_id: await fund_account(fund_id) for fund_id in {one.fund_id for one in new}}
    for gift_id, one in zip(ids, new, strict=True):
        record_audit("fund_gift.counted", Ref(rules.GIFT, gift_id), actor_id=None, amount_fen=one.amount_fen)
        ledger.post(
            postings.gift(
                gift_id,
                purpose_id=one.purpose_id,
                donors=source,
                fund=accounts[one.fund_id],
                amount_fen=one.amount_fen,
                at=now,
            )
        )
    return ids


def _own(one: Sponsored) -> dict[str, object]:
    return {
        "fund": one.fund_id,
        "purpose": one.purpose_id,
        "donor": one.donor_id,
        "donor_name": one.donor_name,
        "amount_fen": one.amount_fen,
        "receipt_no": one.receipt_no,
        "trace_code": secrets.token_urlsafe(18),
    }


async def return_sponsored(
    gift_id: int, amount_fen: int, *, source: int, because_of: int, reason: str
) -> int:
    """Up to `amount_fen` of a sponsor's gift goes back to its account; returns how much was still there.

    It follows the refund of the gift `because_of`, and stands on record under the same two persons. Once.
    """
    first = await refunds.refund_of(because_of)
    assert first is not None, "it went back before"
    assert first.signed_by is not None, "it went back before"
    if await refunds.refund_of(gift_id, lock=True):
        return 0
    left = await refunds.left_of_gift(gift_id)
    returned = min(amount_fen, sum(left.values()))
    if not returned:
        return 0
    now = clock.now()
    refund = FundRefund(
        gift=gift_id,
        amount_fen=returned,
        reason=reason,
        payment_no=first.payment_no,
        state=leaving.REFUNDED,
        prepared_by=first.prepared_by,
        prepared_at=now,
        signed_by=first.signed_by,
        signed_at=now,
    )
    await refund.save()
    record_audit(
        "fund_refund.refunded",
        Ref(leaving.REFUND, refund.id),
        actor_id=None,
        gift_id=gift_id,
        amount_fen=returned,
    )
    ledger.post(
        postings.refund(refund.id, gift_id=gift_id, left=left, donors=source, amount_fen=returned, at=now)
    )
    return returned
