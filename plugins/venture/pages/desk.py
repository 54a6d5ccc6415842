"""The officers' desk of a call: money in, publish, experts, scoring, ranking, objections, award."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get, post

from core.people import queries as people
from core.people.rules import Actor
from plugins.venture import rules
from plugins.venture.errors import CallNotFound
from plugins.venture.forms import AnswerForm, ExpertForm, FundForm, fen
from plugins.venture.queries import applications, calls
from plugins.venture.rules import flows
from plugins.venture.services import calls as services
from plugins.venture.services import decisions, reviews
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

_Request = Request[Any, Any, Any]


async def desk_call(call_id: int) -> calls.CallView:
    """The call, for its officers and for who books its money; CallNotFound for others."""
    actor, call = current_actor(), await calls.call(call_id)
    if not (actor.may(rules.MANAGE, call.funder) or actor.may(rules.PAY, call.funder)):
        raise CallNotFound
    return call


@get("/calls/{call_id:int}/desk", include_in_schema=False, access=SIGNED_IN)
async def show_desk(call_id: RowId) -> Answer:
    """All that is to be done for a call, the next step first."""
    return await _desk_page(call_id, Form())


async def _desk_page(call_id: int, form: Form, status: int = 200) -> Answer:
    call, actor = await desk_call(call_id), current_actor()
    candidates = await applications.candidates(call_id) if call.state == flows.SCORING else []
    return page(
        "venture/desk.html",
        status=status,
        call=call,
        money=await calls.money(call_id),
        experts=await calls.experts(call_id),
        applications=await applications.applications_of(call_id),
        missing=sum(one.missing for one in candidates),
        objections=await calls.objections(call_id),
        flow=flows.CALLS,
        application_flow=flows.APPLICATIONS,
        may_manage=actor.may(rules.MANAGE, call.funder),
        may_pay=actor.may(rules.PAY, call.funder),
        form=form,
    )


async def _press(request: _Request, call_id: int, verb: Callable[..., Awaitable[None]]) -> Answer:
    """A button of the desk; refused, the desk says why."""

    async def act(_: ButtonForm) -> Answer:
        await verb(call_id, actor=current_actor())
        return see_other(f"/venture/calls/{call_id}/desk")

    return await submit(request, ButtonForm, act, _again(call_id))


def _again(call_id: int) -> Callable[[Form, int], Awaitable[Answer]]:
    async def again(form: Form, status: int) -> Answer:
        return await _desk_page(call_id, form, status)

    return again


@post("/calls/{call_id:int}/funds", include_in_schema=False, access=rules.PAY, status_code=303)
async def fund(request: _Request, call_id: RowId) -> Answer:
    """Book money that came."""

    async def act(form: FundForm) -> Answer:
        amount = fen("amount", form.amount)
        await services.fund_call(call_id, amount_fen=amount, slip=form.slip, actor=current_actor())
        return see_other(f"/venture/calls/{call_id}/desk")

    return await submit(request, FundForm, act, _again(call_id))


@post("/calls/{call_id:int}/publish", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def publish(request: _Request, call_id: RowId) -> Answer:
    """Let organizations apply."""
    return await _press(request, call_id, services.publish_call)


@post("/calls/{call_id:int}/experts", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def appoint(request: _Request, call_id: RowId) -> Answer:
    """Put somebody on the panel."""

    async def act(form: ExpertForm) -> Answer:
        person_id = await people.person_id_of(form.phone, form.name)
        await services.appoint_expert(call_id, person_id, actor=current_actor())
        return see_other(f"/venture/calls/{call_id}/desk")

    return await submit(request, ExpertForm, act, _again(call_id))


@post("/calls/{call_id:int}/scoring", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def begin_scoring(request: _Request, call_id: RowId) -> Answer:
    """Open the applications to the experts."""
    return await _press(request, call_id, reviews.begin_scoring)


@post("/calls/{call_id:int}/ranking", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def rank(request: _Request, call_id: RowId) -> Answer:
    """Open the seals and begin publicity."""
    return await _press(request, call_id, decisions.publish_ranking)


@post("/calls/{call_id:int}/decision", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def decide(request: _Request, call_id: RowId) -> Answer:
    """Award, and offer the contracts."""
    return await _press(request, call_id, decisions.decide_call)


@post("/objections/{objection_id:int}", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def answer(request: _Request, objection_id: RowId) -> Answer:
    """Answer an objection."""
    call_id = await _call_of(objection_id, current_actor())

    async def act(form: AnswerForm) -> Answer:
        await decisions.answer_objection(
            objection_id, form.answer, is_upheld=form.outcome == "yes", actor=current_actor()
        )
        return see_other(f"/venture/calls/{call_id}/desk")

    return await submit(request, AnswerForm, act, _again(call_id))


async def _call_of(objection_id: int, actor: Actor) -> int:
    objection = await calls.objection(objection_id)
    await calls.managed_call(objection.call_id, actor)
    return objection.call_id


HANDLERS = [show_desk, fund, publish, appoint, begin_scoring, rank, decide, answer]
