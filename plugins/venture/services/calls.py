"""The verbs of a call: draft, money in, publish, close."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.ledger import services as ledger
from core.ledger.errors import TransferAlreadyPosted, TransferKeyReused
from core.money import format_yuan
from core.organizations import queries as organizations
from core.people.rules import Actor
from core.people.services import grant_role
from core.reference import Ref
from core.search.services import index_thing
from plugins.venture import postings, rules
from plugins.venture.errors import (
    AmountTooSmall,
    BudgetClosed,
    CallNotFound,
    DeadlinePassed,
    ExpertAlready,
    NotFunded,
    NotScoring,
    SlipUsed,
)
from plugins.venture.queries import calls as queries
from plugins.venture.queries.calls import CallView
from plugins.venture.rules import flows, money, scores
from plugins.venture.rules.scores import Criterion
from plugins.venture.tables import Call, Expert
from plugins.venture.tables import Criterion as CriterionRow

_LATE_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an officer says of a call. The plan's last part is what the others leave."""

    organization_id: int
    title: str
    summary: str
    budget_fen: int
    cap_fen: int
    plan: tuple[int, int, int]
    closes_on: date
    criteria: tuple[Criterion, ...]


def check_terms(terms: Terms) -> None:
    """Raise all that is wrong with the numbers, one by one."""
    money.check_money(terms.budget_fen, terms.cap_fen)
    money.check_plan(terms.plan)
    scores.check_criteria(terms.criteria)
    if terms.closes_on < clock.today():
        raise DeadlinePassed


async def draft_call(terms: Terms, *, actor: Actor) -> int:
    """Draft a call of an organization whose officer one is; its rules are those of today.

    Raises PermissionMissing and what `check_terms` finds.
    """
    actor.require(rules.MANAGE, Ref(organizations.OWNER, terms.organization_id))
    check_terms(terms)
    async with unit_of_work():
        values = await queries.terms(terms.organization_id, clock.today())
        first_bp, second_bp, last_bp = terms.plan
        call = Call(
            organization=terms.organization_id,
            title=terms.title,
            summary=terms.summary,
            budget_fen=terms.budget_fen,
            cap_fen=terms.cap_fen,
            first_bp=first_bp,
            second_bp=second_bp,
            last_bp=last_bp,
            award_line=values[rules.LINE],
            fewest_scores=values[rules.FEWEST],
            trim_from=values[rules.TRIM],
            publicity_days=values[rules.PUBLICITY],
            closes_at=clock.end_of(terms.closes_on),
            made_by=actor.person_id,
        )
        await call.save()
        await CriterionRow.insert(
            *(
                CriterionRow(call=call.id, number=number, title=one.title, weight=one.weight)
                for number, one in enumerate(terms.criteria, 1)
            )
        )
        record_audit("venture.drafted", Ref(rules.CALL, call.id), actor_id=actor.person_id)
        return int(call.id)


async def fund_call(call_id: int, *, amount_fen: int, slip: str, actor: Actor) -> None:
    """Book money that came for the call, with the number of its voucher; needs the right to pay.

    The same voucher with the same sum changes nothing. Raises CallNotFound, BudgetClosed, AmountTooSmall or
    SlipUsed.
    """
    if not 0 < amount_fen <= rules.BUDGET_MOST_FEN:
        raise AmountTooSmall
    try:
        async with unit_of_work():
            call = await queries.call(call_id, lock=True)
            if not actor.may(rules.PAY, call.funder):
                raise CallNotFound
            if call.state == flows.DECIDED:
                raise BudgetClosed
            transfer = postings.funding(
                call_id,
                slip=slip,
                outside=await ledger.open_account(call.funder, kind=postings.OUTSIDE, unit=postings.UNIT),
                budget=await budget_account(call_id),
                amount_fen=amount_fen,
                at=clock.now(),
            )
            ledger.post(transfer)
            record_audit("venture.funded", call.ref, actor_id=actor.person_id, amount_fen=amount_fen)
    except TransferAlreadyPosted:
        return
    except TransferKeyReused:
        raise SlipUsed(slip=slip) from None


async def budget_account(call_id: int) -> int:
    """Where the call's money lies until a contract holds it."""
    return await ledger.open_account(Ref(rules.CALL, call_id), kind=postings.BUDGET, unit=postings.UNIT)


async def publish_call(call_id: int, *, actor: Actor) -> None:
    """Let organizations apply; the whole budget must be on the call's account.

    Raises CallNotFound, WrongState, DeadlinePassed, NotFunded.
    """
    async with unit_of_work():
        call = await queries.managed_call(call_id, actor, lock=True)
        flows.CALLS.check("venture.published", call, clock.now())
        if clock.now() >= call.closes_at:
            raise DeadlinePassed
        there = (await queries.money(call_id)).free_fen
        if there < call.budget_fen:
            raise NotFunded(there=format_yuan(there), budget=format_yuan(call.budget_fen))
        await _advance(call, "published", actor.person_id, published_at=clock.now())
        await index_thing(
            call.ref, name=call.title, path=f"/venture/calls/{call_id}", detail=call.organization
        )


async def close_late() -> None:
    """Close the calls whose deadline is over."""
    async with unit_of_work():
        for call_id in await queries.late_calls(clock.now(), limit=_LATE_AT_ONCE):
            await _advance(await queries.call(call_id, lock=True), "closed", None)


async def appoint_expert(call_id: int, person_id: int, *, actor: Actor) -> None:
    """Put a person on the panel, with the role that opens the pages; raises CallNotFound or ExpertAlready.

    As long as the scores are not opened: recusals may leave too few.
    """
    async with unit_of_work():
        call = await queries.managed_call(call_id, actor, lock=True)
        if call.state in (flows.PUBLICITY, flows.DECIDED):
            raise NotScoring
        if await queries.is_expert(call_id, person_id):
            raise ExpertAlready
        await Expert(call=call_id, person=person_id, appointed_at=clock.now()).save()
        # The officer's right to appoint stands in the call: it is no right to grant any role.
        await grant_role(person_id, rules.EXPERT, call.ref, actor_id=None)
        record_audit("venture.expert_appointed", call.ref, actor_id=actor.person_id, person_id=person_id)


async def _advance(call: CallView, step: str, actor_id: int | None, **columns: Any) -> None:
    await advance(flows.CALLS, f"venture.{step}", call.id, actor_id=actor_id, **columns)
