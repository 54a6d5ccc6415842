"""What is added to gifts from an account where a sponsor's money lies already, and what goes back there.

For a plugin that keeps such accounts: it has asked the rules, holds the locks, and opened the unit.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, fetch_value
from core.funds import postings, rules
from core.funds.queries import refunds
from core.funds.rules import states
from core.funds.services.gifts import fund_account
from core.funds.services.imports import insert_gifts
from core.funds.services.receipts import void_receipts
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
        "method": rules.MATCH,
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


async def return_sponsored(gift_id: int, amount_fen: int, *, source: int) -> int:
    """Up to `amount_fen` of a sponsor's gift goes back to its account, of what is not used.

    Returns how much that was. It follows what two persons, or a provider, have sent back of another gift.
    """
    left = await refunds.left_of_gift(gift_id)
    returned = min(amount_fen, sum(left.values()))
    if not returned:
        return 0
    now = clock.now()
    total = await fetch_value(
        "update fund_gift set returned_fen = returned_fen + $2, returned_at = $3 where id = $1"
        " returning returned_fen",
        gift_id,
        returned,
        now,
    )
    await void_receipts([gift_id])
    record_audit("fund_gift.back_to_sponsor", Ref(rules.GIFT, gift_id), actor_id=None, amount_fen=returned)
    ledger.post(
        postings.back_to_sponsor(
            gift_id, left=left, sponsor=source, amount_fen=returned, total_fen=total, at=now
        )
    )
    return returned
