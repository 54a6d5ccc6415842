"""What is left of a fund that ends: proposed by the head, voted on by the committee, moved by another."""

from datetime import timedelta
from typing import Any

import asyncpg

from core import clock
from core.approvals import rules as approvals
from core.approvals.services import open_approval
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.evidence.queries import evidence_of
from core.funds import postings, rules
from core.funds.errors import (
    FundNotClosing,
    LeftoverElsewhere,
    LeftoverNotFound,
    LeftoverProposed,
    OwnProposal,
)
from core.funds.queries import funds, leftovers, requests
from core.funds.queries.funds import FundView
from core.funds.queries.leftovers import LeftoverView
from core.funds.rules import leaving, states
from core.funds.services.gifts import check_purpose, fund_account
from core.funds.tables import FundLeftover
from core.ledger import services as ledger
from core.people.rules import Actor
from core.reference import Ref


async def propose_leftover(
    fund_id: int, *, to_fund_id: int, to_purpose_id: int | None, reason: str, actor: Actor
) -> int:
    """Ask the committee of a closing fund to move its rest to another fund; returns the proposal's id.

    Raises PermissionMissing, ReasonMissing, FundNotClosing, RequestsUnderWay, NothingLeft,
    LeftoverElsewhere, PurposeUnknown, LeftoverProposed, TooFewVoters.
    """
    rules.check_reason(reason)
    try:
        async with unit_of_work():
            fund = await funds.fund(fund_id, lock=True)
            actor.require(states.RUN, fund.foundation)
            left_fen = await _check_closing(fund)
            if not await leftovers.is_target(fund, to_fund_id):
                raise LeftoverElsewhere
            await check_purpose(to_fund_id, to_purpose_id)
            leftover = FundLeftover(
                fund=fund_id,
                foundation=fund.organization_id,
                to_fund=to_fund_id,
                to_purpose=to_purpose_id,
                reason=reason,
                proposed_by=actor.person_id,
                proposed_at=clock.now(),
            )
            await leftover.save()
            ref = Ref(leaving.LEFTOVER, leftover.id)
            record_audit("fund_leftover.proposed", ref, actor_id=actor.person_id, amount_fen=left_fen)
            await _ask_committee(await leftovers.leftover(leftover.id), left_fen, actor)
            return int(leftover.id)
    except asyncpg.UniqueViolationError:
        raise LeftoverProposed from None


async def _check_closing(fund: FundView) -> int:
    """What is left; raises FundNotClosing, RequestsUnderWay or NothingLeft."""
    if fund.state != states.CLOSING:
        raise FundNotClosing
    left_fen, _held = await funds.holdings(fund.id)
    rules.check_end(0, await funds.under_way(fund.id))
    leaving.check_leftover(left_fen)
    return left_fen


async def _ask_committee(leftover: LeftoverView, left_fen: int, actor: Actor) -> None:
    terms = await funds.terms(leftover.foundation_id)
    voters = [person for person in await requests.members(leftover.fund_id) if person != actor.person_id]
    question = leaving.leftover_question(
        leftover.id,
        fund=leftover.fund,
        to_fund=leftover.to_fund,
        amount_fen=left_fen,
        members=len(voters),
        maker_id=actor.person_id,
        quorum_percent=terms[rules.QUORUM],
        deadline=clock.now() + timedelta(days=terms[rules.VOTE_DAYS]),
    )
    approval_id = await open_approval(question, voter_ids=voters)
    await FundLeftover.update({FundLeftover.approval: approval_id}).where(FundLeftover.id == leftover.id)


async def settle_leftover(leftover_id: int, outcome: str) -> None:
    """The committee has decided, or its time is over. Runs in the unit of work of the event's receipt."""
    leftover = await leftovers.leftover(leftover_id, lock=True)
    if leftover.state == leaving.VOTING:
        what = "approved" if outcome == approvals.APPROVED else "refused"
        await advance(leaving.LEFTOVERS, f"fund_leftover.{what}", leftover_id, actor_id=None)


async def move_leftover(leftover_id: int, *, actor: Actor) -> None:
    """The second person moves all that is left, gift by gift, and the fund ends. Once.

    Raises LeftoverNotFound, PermissionMissing, OwnProposal, WrongState, RequestsUnderWay, NothingLeft,
    LeftoverElsewhere.
    """
    async with unit_of_work():
        leftover = await leftovers.leftover(leftover_id, lock=True)
        if leftover.state != leaving.MOVED and not leftovers.takes_part(leftover, actor):
            raise LeftoverNotFound
        actor.require(states.CONFIRM, leftover.foundation)
        if actor.person_id == leftover.proposed_by:
            raise OwnProposal
        if leftover.state == leaving.MOVED:
            return
        leaving.LEFTOVERS.check("fund_leftover.moved", leftover, clock.now())
        fund = await funds.fund(leftover.fund_id, lock=True)
        left_fen = await _check_closing(fund)
        if not await leftovers.is_target(fund, leftover.to_fund_id):
            raise LeftoverElsewhere
        await _post(leftover)
        by = actor.person_id
        columns: dict[str, Any] = {"moved_fen": left_fen, "moved_by": by, "moved_at": clock.now()}
        await advance(leaving.LEFTOVERS, "fund_leftover.moved", leftover_id, actor_id=by, **columns)
        await advance(states.FUNDS, "fund.closed", fund.id, actor_id=by)


async def _post(leftover: LeftoverView) -> None:
    foundation = leftover.foundation
    voted = await evidence_of(Ref(leaving.LEFTOVER, leftover.id), kinds=[postings.VOTED])
    for transfer in postings.leftover(
        leftover.id,
        fund=await fund_account(leftover.fund_id),
        passing=await ledger.open_account(foundation, kind=postings.PASSING, unit=postings.UNIT),
        to_fund=await fund_account(leftover.to_fund_id),
        to_purpose=leftover.to_purpose_id,
        parts=await leftovers.gifts_left(leftover.fund_id),
        voted=voted[0].id if voted else None,
        at=clock.now(),
    ):
        ledger.post(transfer)
