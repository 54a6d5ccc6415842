"""Goods: received by one, above a limit confirmed by another, handed out or written off, reversed."""

import secrets
from dataclasses import asdict, replace

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import fetch_value, unit_of_work
from core.documents.services import ask_for_paper
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds import rules as fund_rules
from core.funds.rules import states as fund_states
from core.ledger import services as ledger
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors import goods as errors
from plugins.foundation.postings import goods as postings
from plugins.foundation.queries import goods as queries
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.queries.goods import GoodsView
from plugins.foundation.rules import goods as rules
from plugins.foundation.rules.goods import GoodsDraft, MoveDraft
from plugins.foundation.tables.goods import Goods, GoodsMove

PAPER = "foundation.print_goods_receipt"


async def record_goods(organization_id: int, draft: GoodsDraft, upload: Upload, *, actor: Actor) -> int:
    """Write down what came, with its slip, and return its id; above the limit it waits for another person.

    The second click with the same slip returns the first. Raises FoundationNotFound, PermissionMissing,
    GoodsFundElsewhere, GoodsCampaignElsewhere, SlipUsed, what `check_draft` raises, and what a file can be
    refused for.
    """
    rules.check_draft(draft, clock.today())
    draft = replace(draft, donor_name="") if draft.is_anonymous else draft
    try:
        async with unit_of_work():
            place = Ref("organization", (await foundation(organization_id)).id)
            actor.require(fund_states.RECORD, place)
            await _check_aim(place.id, draft)
            made = await _save(place.id, draft, actor)
            await keep_file(upload, subject=Ref(rules.GOODS, made), actor_id=actor.person_id)
            record_audit("foundation.goods_recorded", Ref(rules.GOODS, made), actor_id=actor.person_id)
            alone_fen = (await queries.terms_on(place.id, clock.today()))[rules.ALONE]
            if not rules.needs_second(draft.value_fen, alone_fen):
                await _count(await queries.goods(made), actor.person_id)
            return made
    except asyncpg.UniqueViolationError:
        return await _repeated(organization_id, draft, actor)


async def _check_aim(organization_id: int, draft: GoodsDraft) -> None:
    aims = (
        ("fund", draft.fund_id, errors.GoodsFundElsewhere),
        ("foundation_campaign", draft.campaign_id, errors.GoodsCampaignElsewhere),
    )
    for table, found, refusal in aims:
        known = f"select exists (select from {table} where id = $1 and organization = $2)"
        if found is not None and not await fetch_value(known, found, organization_id):
            raise refusal


async def _save(organization_id: int, draft: GoodsDraft, actor: Actor) -> int:
    said = asdict(draft)
    made = Goods(
        organization=organization_id,
        fund=said.pop("fund_id"),
        campaign=said.pop("campaign_id"),
        trace_code=secrets.token_urlsafe(18),
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
        **said,
    )
    await made.save()
    return int(made.id)


async def _repeated(organization_id: int, draft: GoodsDraft, actor: Actor) -> int:
    """A second click of the same person with the same content; otherwise SlipUsed."""
    found = await queries.goods_by_slip(organization_id, draft.slip_no)
    if found is None or found.recorded_by != actor.person_id or found.draft != draft:
        raise errors.SlipUsed(slip_no=draft.slip_no)
    return found.id


async def confirm_goods(goods_id: int, *, actor: Actor) -> None:
    """The second person has seen goods and slip; repeating it changes nothing.

    Raises GoodsNotFound, PermissionMissing, OwnGoods or WrongState.
    """
    async with unit_of_work():
        found = await _locked(goods_id, actor, fund_states.CONFIRM)
        rules.check_second(actor.person_id, found.recorded_by)
        if found.state == rules.COUNTED:
            return
        rules.FLOW.check("foundation.goods_counted", found, clock.now())
        await _count(found, actor.person_id, confirmed_by=actor.person_id)


async def _count(found: GoodsView, actor_id: int, **columns: int) -> None:
    await advance(
        rules.FLOW,
        "foundation.goods_counted",
        found.id,
        actor_id=actor_id,
        facts={"quantity": found.quantity, "value_fen": found.value_fen},
        counted_at=clock.now(),
        **columns,
    )
    stock, outside = await _accounts(found)
    at = clock.begin_of(found.received_on)
    ledger.post(postings.received(found.id, stock=stock, outside=outside, quantity=found.quantity, at=at))


async def _accounts(found: GoodsView) -> tuple[int, int]:
    """These goods' account, and the world outside."""
    of_goods = Ref(rules.GOODS, found.id)
    stock = await ledger.open_account(of_goods, kind=postings.STOCK, unit=postings.PIECES)
    return stock, await ledger.open_account(found.foundation, kind=postings.OUTSIDE, unit=postings.PIECES)


async def drop_goods(goods_id: int, *, actor: Actor) -> None:
    """Written down by mistake, before it counted. Raises GoodsNotFound, PermissionMissing or WrongState."""
    async with unit_of_work():
        found = await _locked(goods_id, actor, fund_states.RECORD)
        if found.state != rules.DROPPED:
            rules.FLOW.check("foundation.goods_dropped", found, clock.now())
            await advance(rules.FLOW, "foundation.goods_dropped", goods_id, actor_id=actor.person_id)


async def reverse_goods(goods_id: int, *, reason: str, actor: Actor) -> None:
    """What was received was written down wrong: the opposite is booked, both stand. By another person.

    Raises ReasonMissing, GoodsNotFound, PermissionMissing, OwnGoods, GoodsHandedOut or WrongState.
    """
    fund_rules.check_reason(reason)
    async with unit_of_work():
        found = await _locked(goods_id, actor, fund_states.CONFIRM)
        rules.check_second(actor.person_id, found.recorded_by)
        if found.state == rules.REVERSED:
            return
        rules.FLOW.check("foundation.goods_reversed", found, clock.now())
        if found.left < found.quantity:
            raise errors.GoodsHandedOut
        await _undo(Ref(rules.GOODS, goods_id), reason)
        code, by = "foundation.goods_reversed", actor.person_id
        await advance(rules.FLOW, code, goods_id, actor_id=by, reversed_by=by, reason=reason)


async def _undo(subject: Ref, reason: str) -> None:
    transfer_id = await queries.transfer_of(subject)
    await ledger.reverse(
        transfer_id, reason=postings.REVERSED, cause=subject, occurred_at=clock.now(), note=reason[:80]
    )


async def move_goods(goods_id: int, draft: MoveDraft, upload: Upload, *, actor: Actor) -> int:
    """Hand out, against a receipt, or write off; returns the move's id. The second click returns the first.

    Raises GoodsNotFound, PermissionMissing, WrongState, TooFewLeft, ReceiverUnknown, RequestUnknown,
    SlipUsed, what `check_move` raises, and what a file can be refused for.
    """
    try:
        async with unit_of_work():
            found = await _found(goods_id, actor, fund_states.RECORD)
            _check_move(found, draft)
            await _check_receiver(found, draft)
            made = await _save_move(goods_id, draft, actor)
            await keep_file(upload, subject=Ref(rules.MOVE, made), actor_id=actor.person_id)
            locked = await queries.goods(goods_id, lock=True, without_move=made)
            rules.FLOW.check("foundation.goods_reversed", locked, clock.now())
            rules.check_left(draft.quantity, locked.left, locked.unit)
            await _book(locked, made, draft, actor)
            return made
    except asyncpg.UniqueViolationError:
        return await _moved_before(goods_id, draft, actor)


def _check_move(found: GoodsView, draft: MoveDraft) -> None:
    rules.check_move(draft, received_on=found.received_on, expires_on=found.expires_on, today=clock.today())


async def _check_receiver(found: GoodsView, draft: MoveDraft) -> None:
    organization = "select exists (select from organization where id = $1)"
    if draft.receiver_id is not None and not await fetch_value(organization, draft.receiver_id):
        raise errors.ReceiverUnknown
    request = "select exists (select from fund_request where id = $1 and foundation = $2)"
    if draft.request_id is not None and not await fetch_value(
        request, draft.request_id, found.organization_id
    ):
        raise errors.RequestUnknown


async def _save_move(goods_id: int, draft: MoveDraft, actor: Actor) -> int:
    said = asdict(draft)
    made = GoodsMove(
        goods=goods_id,
        receiver=said.pop("receiver_id"),
        request=said.pop("request_id"),
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
        **said,
    )
    await made.save()
    return int(made.id)


async def _book(found: GoodsView, move_id: int, draft: MoveDraft, actor: Actor) -> None:
    ref = Ref(rules.MOVE, move_id)
    record_audit("foundation.goods_moved", ref, actor_id=actor.person_id, quantity=draft.quantity)
    stock, outside = await _accounts(found)
    at = clock.begin_of(draft.happened_on)
    ledger.post(
        postings.moved(move_id, kind=draft.kind, stock=stock, outside=outside, quantity=draft.quantity, at=at)
    )


async def _moved_before(goods_id: int, draft: MoveDraft, actor: Actor) -> int:
    found = await queries.move_by_slip(goods_id, draft.slip_no)
    if found is None or found.recorded_by != actor.person_id or found.draft != draft:
        raise errors.SlipUsed(slip_no=draft.slip_no)
    return found.id


async def reverse_move(goods_id: int, move_id: int, *, reason: str, actor: Actor) -> None:
    """It was written down wrong: the goods are there again, both lines stand. By another person, once.

    Raises ReasonMissing, MoveNotFound, GoodsNotFound, PermissionMissing or OwnGoods.
    """
    fund_rules.check_reason(reason)
    async with unit_of_work() as unit:
        await _locked(goods_id, actor, fund_states.CONFIRM)
        found = await queries.move(move_id)
        if found.goods_id != goods_id:
            raise errors.MoveNotFound
        rules.check_second(actor.person_id, found.recorded_by)
        if found.reason:
            return
        ref, by = Ref(rules.MOVE, move_id), actor.person_id
        await unit.connection.execute(
            "update foundation_goods_move set reversed_by = $2, reversed_at = $3, reason = $4 where id = $1",
            move_id,
            by,
            clock.now(),
            reason,
        )
        await _undo(ref, reason)
        record_audit("foundation.goods_move_reversed", ref, actor_id=by)


async def ask_for_goods_receipt(goods_id: int, *, actor: Actor) -> int:
    """The receipt for the donor as a paper; returns the job's id.

    Raises GoodsNotFound or PermissionMissing.
    """
    await _found(goods_id, actor, fund_states.RECORD)
    return await ask_for_paper(PAPER, {"goods_id": goods_id}, person_id=actor.person_id)


async def _found(goods_id: int, actor: Actor, permission: str) -> GoodsView:
    """The goods, of a foundation where the person works; raises PermissionMissing for the wrong role."""
    found = await queries.goods(goods_id)
    if not queries.is_staff(found.organization_id, actor):
        raise errors.GoodsNotFound
    actor.require(permission, found.foundation)
    return found


async def _locked(goods_id: int, actor: Actor, permission: str) -> GoodsView:
    await _found(goods_id, actor, permission)
    return await queries.goods(goods_id, lock=True)
