"""A name that is not to be published: a person decides, says why, and may take it back. All is kept."""

from core import clock
from core.audit.services import record_audit
from core.database import fetch_value, unit_of_work
from core.funds import rules
from core.funds.errors.receipts import NameReasonMissing, NameRefusedAlready, NameShownAlready, NothingNamed
from core.funds.rules import states
from core.funds.services.gifts import lock_gift
from core.funds.tables import FundNameRefusal
from core.people.rules import Actor
from core.reference import Ref


async def refuse_name(gift_id: int, *, reason: str, actor: Actor) -> None:
    """From now on everybody reads 爱心人士 in its place.

    Raises NameReasonMissing, GiftNotFound, NothingNamed, NameRefusedAlready.
    """
    if not reason.strip():
        raise NameReasonMissing
    async with unit_of_work():
        gift = await lock_gift(gift_id, actor, states.RECORD)
        if gift.display == rules.ANONYMOUS:
            raise NothingNamed
        if gift.name_refused:
            raise NameRefusedAlready
        refusal = FundNameRefusal(
            gift=gift_id, reason=reason, refused_by=actor.person_id, refused_at=clock.now()
        )
        await refusal.save()
        record_audit("fund_gift.name_refused", Ref(rules.GIFT, gift_id), actor_id=actor.person_id)


async def lift_name(gift_id: int, *, actor: Actor) -> None:
    """The name is published as the donor wishes. Raises GiftNotFound, NameShownAlready."""
    async with unit_of_work():
        await lock_gift(gift_id, actor, states.RECORD)
        lifted = await fetch_value(
            "update fund_name_refusal set lifted_by = $2, lifted_at = $3"
            " where gift = $1 and lifted_at is null returning id",
            gift_id,
            actor.person_id,
            clock.now(),
        )
        if lifted is None:
            raise NameShownAlready
        record_audit("fund_gift.name_lifted", Ref(rules.GIFT, gift_id), actor_id=actor.person_id)
