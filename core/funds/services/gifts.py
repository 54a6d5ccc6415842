"""Gifts: recorded by one person, above a limit confirmed by another, and then one lot of the ledger."""

import secrets
from collections.abc import Sequence
from typing import Any

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.events.services import record_event
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds import postings, rules
from core.funds.errors import GiftNotFound, PurposeUnknown, ReceiptUsed, SlipMissing
from core.funds.queries import funds, gifts
from core.funds.queries.funds import FundView
from core.funds.queries.gifts import GiftView
from core.funds.rules import GiftDraft, states
from core.funds.services.wishes import drop_wishes, keep_wish
from core.funds.tables import FundGift
from core.ledger import services as ledger
from core.money import format_yuan
from core.people.masks import GONE
from core.people.rules import Actor
from core.reference import Ref

_SAME = (
    "purpose", "donor", "donor_name", "nickname", "display", "amount_fen", "method", "received_on",
    "recorded_by",
)  # fmt: skip
_TOLD_AT_ONCE = 500


async def record_gift(fund_id: int, draft: GiftDraft, *, actor: Actor, upload: Upload | None = None) -> int:
    """Write down a gift that has come, and return its id.

    Above the limit it waits for a second person, who looks at the slip (`upload`). The second click with the
    same receipt number returns the first. Raises PermissionMissing, FundNotOpenForGifts, PurposeUnknown,
    SlipMissing, ReceiptUsed, and what `check_draft` raises.
    """
    rules.check_draft(draft, clock.today())
    try:
        async with unit_of_work():
            fund = await funds.fund(fund_id, stays=True)
            actor.require(states.RECORD, fund.foundation)
            rules.check_takes_gifts(fund.state)
            await check_purpose(fund_id, draft.purpose_id)
            alone_fen = (await funds.terms(fund.organization_id))[rules.ALONE]
            is_alone = not rules.needs_second(draft.amount_fen, alone_fen)
            if not is_alone and upload is None:
                raise SlipMissing(limit=format_yuan(alone_fen))
            gift = FundGift(**row_of(fund, draft, actor))
            await gift.save()
            if upload is not None:
                await keep_file(upload, subject=Ref(rules.GIFT, gift.id), actor_id=actor.person_id)
            record_audit("fund_gift.recorded", Ref(rules.GIFT, gift.id), actor_id=actor.person_id)
            if draft.fiscal is not None:
                await keep_wish(gift.id, draft.fiscal, actor.person_id)
            if is_alone:
                await _count(await gifts.gift(gift.id), actor, confirmed_by=None)
            return int(gift.id)
    except asyncpg.UniqueViolationError:
        return await _repeated(fund_id, draft, actor)


async def check_purpose(fund_id: int, purpose_id: int | None) -> None:
    """Raise PurposeUnknown unless it is one of the fund's, or none."""
    if purpose_id is not None and purpose_id not in {p.id for p in await funds.purposes(fund_id)}:
        raise PurposeUnknown


def row_of(fund: FundView, draft: GiftDraft, actor: Actor) -> dict[str, Any]:
    """The columns of a new gift."""
    return {
        "fund": fund.id,
        "organization": fund.organization_id,
        "purpose": draft.purpose_id,
        "donor": draft.donor_id,
        "donor_name": draft.donor_name,
        "nickname": draft.nickname if draft.display == rules.NICKNAME else "",
        "display": draft.display,
        "amount_fen": draft.amount_fen,
        "method": draft.method,
        "receipt_no": draft.receipt_no,
        "received_on": draft.received_on,
        "trace_code": secrets.token_urlsafe(18),
        "recorded_by": actor.person_id,
        "recorded_at": clock.now(),
    }


async def _repeated(fund_id: int, draft: GiftDraft, actor: Actor) -> int:
    """A second click of the same person with the same content; otherwise ReceiptUsed."""
    fund = await funds.fund(fund_id)
    wanted = row_of(fund, draft, actor)
    found = await FundGift.select().where(FundGift.fund == fund_id, FundGift.receipt_no == draft.receipt_no)
    if found and all(found[0][column] == wanted[column] for column in _SAME):
        return int(found[0]["id"])
    raise ReceiptUsed(receipt_no=draft.receipt_no)


async def confirm_gift(gift_id: int, *, actor: Actor) -> None:
    """The second person has seen the money; repeating it changes nothing.

    Raises GiftNotFound, OwnGift, FundNotOpenForGifts or WrongState.
    """
    async with unit_of_work():
        gift = await lock_gift(gift_id, actor, states.CONFIRM)
        rules.check_second(actor.person_id, gift.recorded_by)
        if gift.state == states.COUNTED:
            return
        states.GIFTS.check("fund_gift.counted", gift, clock.now())
        fund = await funds.fund(gift.fund_id, stays=True)
        rules.check_takes_gifts(fund.state)
        await _count(gift, actor, confirmed_by=actor.person_id)


async def drop_gift(gift_id: int, *, actor: Actor) -> None:
    """It was written down by mistake; raises GiftNotFound or WrongState."""
    async with unit_of_work():
        gift = await lock_gift(gift_id, actor, states.RECORD)
        if gift.state != states.DROPPED:
            states.GIFTS.check("fund_gift.dropped", gift, clock.now())
            await advance(states.GIFTS, "fund_gift.dropped", gift_id, actor_id=actor.person_id)
            await drop_wishes([gift_id])


async def lock_gift(gift_id: int, actor: Actor, permission: str) -> GiftView:
    """The gift, locked, for who may do it at its foundation; GiftNotFound for others."""
    gift = await gifts.gift(gift_id, lock=True)
    if not actor.may(permission, Ref("organization", gift.organization_id)):
        raise GiftNotFound
    return gift


async def _count(gift: GiftView, actor: Actor, *, confirmed_by: int | None) -> None:
    now, columns = clock.now(), {"confirmed_by": confirmed_by} if confirmed_by else {}
    await advance(
        states.GIFTS,
        "fund_gift.counted",
        gift.id,
        actor_id=actor.person_id,
        facts={"amount_fen": gift.amount_fen},
        counted_at=now,
        **columns,
    )
    ledger.post(
        postings.gift(
            gift.id,
            purpose_id=gift.purpose_id,
            donors=await donors_account(gift.organization_id),
            fund=await fund_account(gift.fund_id),
            amount_fen=gift.amount_fen,
            at=now,
        )
    )
    tell_counted([gift.id])


def tell_counted(gift_ids: Sequence[int]) -> None:
    """Let plugins know of gifts that count from now on, in the caller's unit of work."""
    for first in range(0, len(gift_ids), _TOLD_AT_ONCE):
        some = list(gift_ids[first : first + _TOLD_AT_ONCE])
        record_event("fund_gifts_counted", Ref(rules.GIFT, some[0]), gift_ids=some)


async def donors_account(organization_id: int) -> int:
    """Where a foundation's gifts come from."""
    owner = Ref("organization", organization_id)
    return await ledger.open_account(owner, kind=postings.DONORS, unit=postings.UNIT)


async def fund_account(fund_id: int) -> int:
    """The fund's own account, with its lots."""
    return await ledger.open_account(Ref(rules.FUND, fund_id), kind=postings.MONEY, unit=postings.UNIT)


async def forget_donor(person_id: int) -> None:
    """The donor's account has ended: the gifts stay, thanked to nobody by name."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update fund_gift set donor_name = case donor_name when '' then '' else $2 end,"
            " nickname = case nickname when '' then '' else $2 end where donor = $1",
            person_id,
            GONE,
        )
