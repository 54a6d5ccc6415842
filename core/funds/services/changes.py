"""A change of purpose: proposed by the head, answered by donors, and brought to its end when they have."""

from typing import Any

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.events.services import record_event
from core.evidence.services import record_evidence
from core.funds import postings, rules
from core.funds.errors import ChangeUnderWay, NotAsked
from core.funds.queries import changes, funds, gifts
from core.funds.queries.changes import ChangeView
from core.funds.rules import changes as rule
from core.funds.rules import states
from core.funds.services.gifts import check_purpose, fund_account
from core.funds.tables import FundChange
from core.ledger import services as ledger
from core.people.rules import Actor
from core.reference import Ref


async def propose_change(
    fund_id: int, *, from_purpose_id: int, to_purpose_id: int, reason: str, actor: Actor
) -> int:
    """Ask the donors whose gifts are bound to a purpose and not used; returns the change's id.

    Raises ReasonMissing, SamePurpose, PermissionMissing, PurposeUnknown, NothingBound, ChangeUnderWay.
    """
    rules.check_reason(reason)
    rule.check_purposes(from_purpose_id, to_purpose_id)
    try:
        async with unit_of_work():
            fund = await funds.fund(fund_id, lock=True)
            actor.require(states.RUN, fund.foundation)
            for purpose_id in (from_purpose_id, to_purpose_id):
                await check_purpose(fund_id, purpose_id)
            terms = await funds.terms(fund.organization_id)
            change = FundChange(
                fund=fund_id,
                from_purpose=from_purpose_id,
                to_purpose=to_purpose_id,
                reason=reason,
                silence_counts=bool(terms[rule.SILENCE]),
                answers_until=rule.last_day(clock.today(), terms[rule.ANSWER_DAYS]),
                proposed_by=actor.person_id,
                proposed_at=clock.now(),
            )
            await change.save()
            rule.check_bound(await changes.asked(change.id))
            record_audit("fund_change.proposed", Ref(rule.CHANGE, change.id), actor_id=actor.person_id)
            _tell(change.id, rule.ASKING)
            return int(change.id)
    except asyncpg.UniqueViolationError:
        raise ChangeUnderWay from None


async def answer_change(change_id: int, *, answer: str, actor: Actor) -> None:
    """A donor answers for all own gifts about which is asked; until the last day it can be changed.

    Raises ChangeNotFound, NotAsked, WrongState, AnswersOver.
    """
    async with unit_of_work():
        change = await _open(change_id)
        own = await changes.gifts_asked(change_id, actor.person_id)
        await _write(change, own, answer, actor_id=actor.person_id)


async def answer_with_code(code: str, *, answer: str) -> None:
    """Whoever has the acknowledgement answers for its gift. Raises GiftNotFound, NotAsked, AnswersOver."""
    async with unit_of_work():
        gift = await gifts.gift_by_code(code)
        asked = await changes.asked_of_gift(gift.id)
        if asked is None:
            raise NotAsked
        await _write(await _open(asked.id), [gift.id], answer, actor_id=None)


async def _open(change_id: int) -> ChangeView:
    change = await changes.change(change_id, lock=True)
    rule.CHANGES.check("fund_change.done", change, clock.now())
    rule.check_in_time(change.answers_until, clock.today())
    return change


async def _write(change: ChangeView, gift_ids: list[int], answer: str, *, actor_id: int | None) -> None:
    if not gift_ids:
        raise NotAsked
    await current_unit().connection.execute(
        "insert into fund_change_answer (change, gift, answer, answered_at)"
        " select $1, unnest($2::bigint[]), $3, $4"
        " on conflict on constraint fund_change_answer_once do update"
        " set answer = excluded.answer, answered_at = excluded.answered_at",
        change.id,
        gift_ids,
        answer,
        clock.now(),
    )
    facts = {"gift_ids": gift_ids[:50], "answer": answer}
    record_audit("fund_change.answered", Ref(rule.CHANGE, change.id), actor_id=actor_id, **facts)


async def carry_out_change(change_id: int, *, actor: Actor) -> None:
    """The days are over, or all have answered: what may be is bound to the other purpose. Once.

    Raises ChangeNotFound, PermissionMissing, WrongState, ChangeNotOver.
    """
    async with unit_of_work():
        change = await changes.change(change_id, lock=True)
        actor.require(states.RUN, change.foundation)
        if change.state == rule.DONE:
            return
        rule.CHANGES.check("fund_change.done", change, clock.now())
        money = await fund_account(change.fund_id)
        passing = await ledger.open_account(change.foundation, kind=postings.PASSING, unit=postings.UNIT)
        await funds.lock_accounts([money, passing])
        asked = await changes.asked(change_id)
        rule.check_over(asked, change.answers_until, clock.today())
        moving = {one.gift_id for one in asked if one.moves(change.silence_counts)}
        moved_fen = sum(one.amount_fen for one in asked if one.gift_id in moving)
        if moving:
            await _rebind(change, asked, moving, (money, passing), actor)
        by, now = actor.person_id, clock.now()
        columns: dict[str, Any] = {"moved_fen": moved_fen, "done_by": by, "done_at": now}
        await advance(rule.CHANGES, "fund_change.done", change_id, actor_id=by, **columns)
        _tell(change_id, rule.DONE)


async def _rebind(
    change: ChangeView,
    asked: list[rule.Asked],
    moving: set[int],
    accounts: tuple[int, int],
    actor: Actor,
) -> None:
    ref = Ref(rule.CHANGE, change.id)
    counts = {tally.answer or "silent": tally.gifts for tally in changes.tallies(asked)}
    answered = await record_evidence(postings.ASKED, ref, actor_id=actor.person_id, **counts)
    for transfer in postings.change(
        change.id,
        fund=accounts[0],
        passing=accounts[1],
        from_purpose=change.from_purpose_id,
        to_purpose=change.to_purpose_id,
        parts=[(one.gift_id, one.amount_fen, one.gift_id in moving) for one in asked],
        answered=answered,
        at=clock.now(),
    ):
        ledger.post(transfer)


async def drop_change(change_id: int, *, actor: Actor) -> None:
    """It is not needed any more; raises ChangeNotFound, PermissionMissing or WrongState."""
    async with unit_of_work():
        change = await changes.change(change_id, lock=True)
        actor.require(states.RUN, change.foundation)
        if change.state != rule.DROPPED:
            rule.CHANGES.check("fund_change.dropped", change, clock.now())
            await advance(rule.CHANGES, "fund_change.dropped", change_id, actor_id=actor.person_id)
            _tell(change_id, rule.DROPPED)


def _tell(change_id: int, state: str) -> None:
    record_event("fund_change_moved", Ref(rule.CHANGE, change_id), change_id=change_id, state=state)
