"""What is not used of a gift goes back to its donor, by two persons: a reversal as far as there is one."""

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.events.services import record_event
from core.funds import postings, rules
from core.funds.errors import GiftNotCounted, GivenOnline, RefundedAlready, RefundNotFound
from core.funds.queries import refunds
from core.funds.queries.refunds import RefundView
from core.funds.rules import leaving, states
from core.funds.services.gifts import donors_account, lock_gift
from core.funds.services.receipts import void_receipts
from core.funds.tables import FundRefund
from core.ledger import services as ledger
from core.people.rules import Actor
from core.reference import Ref


async def prepare_refund(gift_id: int, *, reason: str, payment_no: str, actor: Actor) -> None:
    """The first person writes down that all that is left of the gift goes back; repeating changes nothing.

    Raises ReasonMissing, GiftNotFound, GiftNotCounted, GivenOnline, GiftUsedUp, RefundedAlready.
    """
    rules.check_reason(reason)
    async with unit_of_work():
        gift = await lock_gift(gift_id, actor, states.RECORD)
        if gift.state != states.COUNTED:
            raise GiftNotCounted
        if gift.order_id is not None:
            raise GivenOnline
        if found := await refunds.refund_of(gift_id):
            if (found.prepared_by, found.payment_no) == (actor.person_id, payment_no):
                return
            raise RefundedAlready
        left_fen = sum((await refunds.left_of_gift(gift_id)).values())
        leaving.check_left_of_gift(left_fen)
        refund = FundRefund(
            gift=gift_id,
            amount_fen=left_fen,
            reason=reason,
            payment_no=payment_no,
            prepared_by=actor.person_id,
            prepared_at=clock.now(),
        )
        await refund.save()
        ref, facts = Ref(leaving.REFUND, refund.id), {"gift_id": gift_id, "amount_fen": left_fen}
        record_audit("fund_refund.prepared", ref, actor_id=actor.person_id, **facts)


async def sign_refund(gift_id: int, *, actor: Actor) -> None:
    """The second person signs: the money goes back, and the gift's donor sees it. Once.

    Raises GiftNotFound, RefundNotFound, OwnPayment, WrongState, RefundTooMuch.
    """
    async with unit_of_work():
        gift = await lock_gift(gift_id, actor, states.CONFIRM)
        refund = await _lock(gift_id)
        rules.check_payer(actor.person_id, refund.prepared_by)
        if refund.state == leaving.REFUNDED:
            return
        left = await refunds.left_of_gift(gift_id)
        leaving.check_refund(refund.amount_fen, sum(left.values()))
        ledger.post(
            postings.refund(
                refund.id,
                gift_id=gift_id,
                left=left,
                donors=await donors_account(gift.organization_id),
                amount_fen=refund.amount_fen,
                at=clock.now(),
            )
        )
        by, now = actor.person_id, clock.now()
        await advance(
            leaving.REFUNDS, "fund_refund.refunded", refund.id, actor_id=by, signed_by=by, signed_at=now
        )
        await void_receipts([gift_id])
        record_event("fund_gift_refunded", Ref(rules.GIFT, gift_id), gift_id=gift_id)


async def drop_refund(gift_id: int, *, actor: Actor) -> None:
    """It does not go back after all; raises GiftNotFound, RefundNotFound or WrongState."""
    async with unit_of_work():
        await lock_gift(gift_id, actor, states.RECORD)
        refund = await _lock(gift_id)
        leaving.REFUNDS.check("fund_refund.dropped", refund, clock.now())
        await advance(leaving.REFUNDS, "fund_refund.dropped", refund.id, actor_id=actor.person_id)


async def _lock(gift_id: int) -> RefundView:
    refund = await refunds.refund_of(gift_id, lock=True)
    if refund is None:
        raise RefundNotFound
    return refund
