"""Pledges: written down, kept by gifts, or withdrawn where the law allows it."""

from collections.abc import Sequence

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.funds import rules as fund_rules
from core.funds.queries import funds
from core.funds.rules import Promise
from core.funds.rules import states as fund_states
from core.funds.services.gifts import check_purpose
from core.people.masks import GONE
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.agreements import GiftOfOther
from plugins.foundation.errors.pledges import (
    GiftLinked,
    GiftNotOfPledge,
    NoCampaignForPledge,
    PledgeNotFound,
)
from plugins.foundation.queries import agreements, pledges, taking
from plugins.foundation.queries.pledges import PledgeView
from plugins.foundation.rules import pledges as rules
from plugins.foundation.rules.pledges import PLEDGE, PLEDGES, PledgeDraft
from plugins.foundation.services.agreements import fulfil_if_come
from plugins.foundation.services.giving import promise_gift
from plugins.foundation.tables.pledges import Pledge, PledgeGift


async def record_pledge(fund_id: int, draft: PledgeDraft, *, actor: Actor) -> int:
    """Write down what a donor has promised to a fund; returns its id.

    Raises FundNotFound, PermissionMissing, FundNotOpenForGifts, PurposeUnknown, what `check_draft` raises.
    """
    rules.check_draft(draft, clock.today())
    async with unit_of_work() as unit:
        fund = await funds.fund(fund_id)
        actor.require(fund_states.RECORD, fund.foundation)
        fund_rules.check_takes_gifts(fund.state)
        await check_purpose(fund_id, draft.purpose_id)
        made = Pledge(
            organization=fund.organization_id,
            fund=fund_id,
            purpose=draft.purpose_id,
            donor=draft.donor_id,
            donor_name=draft.donor_name,
            nickname=draft.nickname if draft.display == fund_rules.NICKNAME else "",
            display=draft.display,
            is_binding=draft.is_binding,
            total_fen=draft.total_fen,
            promised_on=clock.today(),
            recorded_by=actor.person_id,
            recorded_at=clock.now(),
        )
        await made.save()
        await unit.connection.execute(
            "insert into foundation_pledge_part (pledge, due_on, amount_fen)"
            " select $1, * from unnest($2::date[], $3::bigint[])",
            made.id,
            [part.due_on for part in draft.parts],
            [part.amount_fen for part in draft.parts],
        )
        record_audit("foundation.pledge_recorded", Ref(PLEDGE, made.id), actor_id=actor.person_id)
        return int(made.id)


async def link_gift(pledge_id: int, receipt_no: str, *, actor: Actor) -> None:
    """A gift that counts keeps the pledge, the earliest instalment first; a second time changes nothing.

    Raises PledgeNotFound, GiftNotOfPledge, GiftLinked, GiftOfOther or WrongState.
    """
    try:
        async with unit_of_work():
            found = await _locked(pledge_id, actor, fund_states.RECORD)
            gift_id = await pledges.gift_by_receipt(found.fund_id, receipt_no)
            if gift_id is None:
                raise GiftNotOfPledge
            if gift_id in {one.id for one in await pledges.gifts_of(pledge_id)}:
                return
            agreed = await agreements.agreement_of_pledge(pledge_id)
            if agreed and await agreements.agreements_of_gifts([gift_id]) - {agreed}:
                raise GiftOfOther
            PLEDGES.check("foundation.pledge_kept", found, clock.now())
            await PledgeGift(
                pledge=pledge_id, gift=gift_id, linked_by=actor.person_id, linked_at=clock.now()
            ).save()
            facts = {"gift_id": gift_id}
            record_audit(
                "foundation.pledge_linked", Ref(PLEDGE, pledge_id), actor_id=actor.person_id, **facts
            )
            await _keep(await pledges.pledge(pledge_id))
    except asyncpg.UniqueViolationError:
        raise GiftLinked from None


async def pay_part(pledge_id: int, *, host: str, actor: Actor, address: str) -> str:
    """Its donor pays the next instalment online; returns the page. While one waits there, it is that page.

    Raises PledgeNotFound, WrongState, NothingDue, what speaks against money here and now, and what `give`
    raises.
    """
    async with unit_of_work():
        found = await pledges.pledge(pledge_id, lock=True)
        if found.donor_id != actor.person_id:
            raise PledgeNotFound
        if path := await pledges.on_its_way(pledge_id):
            return path
        PLEDGES.check("foundation.pledge_kept", found, clock.now())
        due = rules.next_due((await pledges.dues([found]))[pledge_id])
        campaign_id, reason = await taking.open_place(found.fund_id, host, actor.person_id, due.missing_fen)
        if campaign_id is None:
            raise reason or NoCampaignForPledge
        promise = Promise(
            amount_fen=due.missing_fen,
            purpose_id=found.purpose_id,
            display=found.display,
            donor_name=found.donor_name,
            nickname=found.nickname,
        )
        gift_id, path = await promise_gift(
            campaign_id, found.fund_id, promise, host=host, actor=actor, address=address
        )
        # The gift's row is written at COMMIT, and this one after it.
        link = {"pledge": pledge_id, "gift": gift_id, "linked_by": actor.person_id, "linked_at": clock.now()}
        current_unit().insert("foundation_pledge_gift", **link)
        _tell_linked(pledge_id, gift_id, actor)
        return path


def _tell_linked(pledge_id: int, gift_id: int, actor: Actor) -> None:
    facts = {"gift_id": gift_id}
    record_audit("foundation.pledge_linked", Ref(PLEDGE, pledge_id), actor_id=actor.person_id, **facts)


async def keep_pledges(gift_ids: Sequence[int]) -> None:
    """Gifts have come that were to keep pledges. Runs in the unit of work of the event's receipt."""
    async with unit_of_work():
        for pledge_id in await pledges.kept_by(gift_ids):
            await _keep(await pledges.pledge(pledge_id, lock=True))


async def _keep(found: PledgeView) -> None:
    if found.state == rules.OPEN and found.received_fen >= found.total_fen:
        at = clock.now()
        await advance(PLEDGES, "foundation.pledge_kept", found.id, actor_id=None, ended_at=at)
    if agreed := await agreements.agreement_of_pledge(found.id):
        await fulfil_if_come(agreed, actor_id=None)


async def withdraw_pledge(pledge_id: int, *, ground: str, reason: str, actor: Actor) -> None:
    """It will not be kept; repeating it changes nothing.

    Raises PledgeNotFound, ReasonMissing, PledgeBinds or WrongState.
    """
    fund_rules.check_reason(reason)
    async with unit_of_work():
        found = await _locked(pledge_id, actor, fund_states.RUN)
        if found.state == rules.WITHDRAWN:
            return
        PLEDGES.check("foundation.pledge_withdrawn", found, clock.now())
        is_agreed = await agreements.agreement_of_pledge(pledge_id) is not None
        rules.check_withdrawal(found.is_binding or is_agreed, ground)
        by = actor.person_id
        await advance(
            PLEDGES,
            "foundation.pledge_withdrawn",
            pledge_id,
            actor_id=by,
            ground=ground,
            reason=reason,
            withdrawn_by=by,
            ended_at=clock.now(),
        )


async def forget_pledger(person_id: int) -> None:
    """The donor's account has ended: the pledges stay, and name nobody."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update foundation_pledge set donor_name = $2::text,"
            " nickname = case nickname when '' then '' else $2::text end where donor = $1",
            person_id,
            GONE,
        )


async def _locked(pledge_id: int, actor: Actor, permission: str) -> PledgeView:
    """The pledge, locked, for who may do it at its foundation; PledgeNotFound for others."""
    found = await pledges.pledge(pledge_id, lock=True)
    if not actor.may(permission, found.foundation):
        raise PledgeNotFound
    return found
