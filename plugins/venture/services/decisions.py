"""From sealed scores to contracts: ranking, publicity with objections, award."""

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.language import mark
from core.notifications.services import notify
from core.people.rules import Actor
from core.reference import Ref
from plugins.venture import rules
from plugins.venture.errors import (
    AnswerMissing,
    ApplicationNotFound,
    ObjectionAnswered,
    ObjectionNotFound,
    ObjectionsOpen,
    PublicityOver,
    PublicityRuns,
)
from plugins.venture.queries import applications as queries
from plugins.venture.queries import calls
from plugins.venture.queries.calls import CallView, ObjectionView
from plugins.venture.rules import days, flows, scores
from plugins.venture.rules.scores import Placed
from plugins.venture.services.notices import tell
from plugins.venture.tables import Contract, Objection

OPEN, DISMISSED, UPHELD = "open", "dismissed", "upheld"
ANSWER_MOST = 500


async def publish_ranking(call_id: int, *, actor: Actor) -> None:
    """Open the seals: rank, propose awards within line and money, begin publicity.

    Raises CallNotFound, WrongState, ScoresMissing, TooFewScores, YearNotListed.
    """
    async with unit_of_work():
        call = await calls.managed_call(call_id, actor, lock=True)
        flows.CALLS.check("venture.ranked", call, clock.now())
        candidates = await queries.candidates(call_id)
        scores.check_complete(candidates, call.fewest_scores)
        placed = scores.ranking(
            candidates, trim_from=call.trim_from, line=call.award_line, budget_fen=call.budget_fen
        )
        for place in placed:
            await _place(place)
        await advance(
            flows.CALLS,
            "venture.ranked",
            call_id,
            actor_id=actor.person_id,
            ranked_at=clock.now(),
            publicity_until=days.last_of(clock.today(), call.publicity_days, await calls.work_calendar()),
        )
        for application in await queries.applications_of(call_id):
            await tell(
                application.organization_id,
                title=mark("评审结果开始公示"),
                body=mark("%(call)s的排名已经公布，您申报的项目排第 %(rank)s 名。"),
                path=f"/venture/calls/{call_id}",
                call=call.title,
                rank=application.rank or 0,
            )


async def _place(place: Placed) -> None:
    await advance(
        flows.APPLICATIONS,
        "venture.proposed" if place.award_fen else "venture.unplaced",
        place.id,
        actor_id=None,
        rank=place.rank,
        score=place.score,
        need_score=place.need,
        award_fen=place.award_fen,
    )


async def object_to(application_id: int, text: str, *, actor: Actor) -> int:
    """Object to a proposed award during publicity; the second click returns the first objection.

    Raises ApplicationNotFound or PublicityOver.
    """
    try:
        async with unit_of_work():
            application = await queries.application(application_id)
            if application.rank is None:
                raise ApplicationNotFound
            call = await calls.call(application.call_id, lock=True)
            is_over = call.publicity_until is None or clock.today() > call.publicity_until
            if call.state != flows.PUBLICITY or is_over or application.state != flows.PROPOSED:
                raise PublicityOver
            objection = Objection(
                application=application_id, person=actor.person_id, text=text, made_at=clock.now()
            )
            await objection.save()
            record_audit("venture.objected", application.ref, actor_id=actor.person_id)
            await tell(
                call.organization_id,
                rules.MANAGE,
                title=mark("收到一条异议"),
                body=mark("%(call)s公示期间收到异议，答复以后才能定标。"),
                path=f"/venture/calls/{call.id}/desk",
                call=call.title,
            )
            return int(objection.id)
    except asyncpg.UniqueViolationError:
        mine = await calls.objections(application.call_id, person_id=actor.person_id)
        return next(one.id for one in mine if one.application_id == application_id)


async def answer_objection(objection_id: int, answer: str, *, is_upheld: bool, actor: Actor) -> None:
    """Answer it with words; upheld, the application is excluded. The same answer again changes nothing.

    Raises ObjectionNotFound, ObjectionAnswered or AnswerMissing.
    """
    if not 1 <= len(answer) <= ANSWER_MOST:
        raise AnswerMissing
    async with unit_of_work():
        call = await calls.call((await calls.objection(objection_id)).call_id, lock=True)
        objection, state = await calls.objection(objection_id), UPHELD if is_upheld else DISMISSED
        if not actor.may(rules.MANAGE, call.funder):
            raise ObjectionNotFound
        if (objection.state, objection.answer) == (state, answer):
            return
        if objection.state != OPEN:
            raise ObjectionAnswered
        await Objection.update(
            {
                Objection.state: state,
                Objection.answer: answer,
                Objection.answered_by: actor.person_id,
                Objection.answered_at: clock.now(),
            }
        ).where(Objection.id == objection_id)
        await _carry_answer_out(objection, call, is_upheld, actor)


async def _carry_answer_out(objection: ObjectionView, call: CallView, is_upheld: bool, actor: Actor) -> None:
    by = actor.person_id
    if is_upheld:
        await advance(
            flows.APPLICATIONS, "venture.excluded", objection.application_id, actor_id=by, award_fen=0
        )
    facts = {"objection_id": objection.id, "is_upheld": is_upheld}
    record_audit("venture.objection_answered", call.ref, actor_id=by, **facts)
    notify(
        objection.person_id,
        title=mark("您的异议有了答复"),
        body=mark("您对%(call)s提出的异议已经答复，打开可以看到。"),
        path=f"/venture/calls/{call.id}",
        call=call.title,
    )


async def decide_call(call_id: int, *, actor: Actor) -> None:
    """Award what was proposed and stood publicity, and offer the contracts.

    Raises CallNotFound, WrongState, PublicityRuns, ObjectionsOpen.
    """
    async with unit_of_work():
        call = await calls.managed_call(call_id, actor, lock=True)
        flows.CALLS.check("venture.decided", call, clock.now())
        if call.publicity_until is not None and clock.today() <= call.publicity_until:
            raise PublicityRuns(until=call.publicity_until.isoformat())
        waiting, _ = await calls.objection_counts(call_id)
        if waiting:
            raise ObjectionsOpen(count=waiting)
        for application in await queries.applications_of(call_id):
            if application.state == flows.PROPOSED:
                await _award(application.id, application.organization_id, application.award_fen, call)
        await advance(
            flows.CALLS, "venture.decided", call_id, actor_id=actor.person_id, decided_at=clock.now()
        )


async def _award(application_id: int, organization_id: int, amount_fen: int, call: CallView) -> None:
    await advance(flows.APPLICATIONS, "venture.awarded", application_id, actor_id=None)
    contract = Contract(application=application_id, organization=organization_id, amount_fen=amount_fen)
    await contract.save()
    record_audit("venture.contract_offered", Ref(rules.CONTRACT, contract.id), actor_id=None)
    await tell(
        organization_id,
        title=mark("项目中标，请确认合同"),
        body=mark("您申报%(call)s的项目中标了，双方确认合同以后可以拨付首付款。"),
        path=f"/venture/contracts/{contract.id}",
        call=call.title,
    )
