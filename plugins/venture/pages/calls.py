"""The list of calls, one call as everybody sees it, objecting, and drafting one."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.organizations import queries as organizations
from core.people.rules import REPRESENT, Actor
from plugins.venture import rules
from plugins.venture.forms import PAGE, WORDS_MOST, CallForm, ObjectionForm
from plugins.venture.queries import applications, calls, contracts
from plugins.venture.rules import flows
from plugins.venture.services import calls as services
from plugins.venture.services.decisions import object_to
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, clean, see_other, submit
from web.parameters import PageNumber, RowId, Words
from web.templates import page
from web.visit import VISIT, current_actor

STEPS = (flows.DRAFT, flows.PUBLISHED, flows.CLOSED, flows.SCORING, flows.PUBLICITY, flows.DECIDED)


@get("/", include_in_schema=False, access=PUBLIC)
async def show_calls(words: Words = "", page_number: PageNumber = 1) -> Answer:
    """Calls, the newest first; what one's organizations have applied for."""
    actor = VISIT.get().actor
    words = clean(words)[:WORDS_MOST]
    found = await calls.calls(actor, words=words, offset=(page_number - 1) * PAGE, limit=PAGE + 1)
    mine = [scope.id for scope in actor.scopes(REPRESENT)] if actor else []
    return page(
        "venture/calls.html",
        calls=found[:PAGE],
        has_more=len(found) > PAGE,
        page_number=page_number,
        words=words,
        flow=flows.CALLS,
        application_flow=flows.APPLICATIONS,
        mine=await applications.applications_by(mine, limit=PAGE) if mine else [],
        may_draft=actor is not None and actor.may(rules.MANAGE),
    )


@get("/calls/{call_id:int}", include_in_schema=False, access=PUBLIC)
async def show_call(call_id: RowId) -> Answer:
    """What is sought, by which rules, with what money; later the ranking, and who got how much for what."""
    return await _call_page(call_id, Form())


async def _call_page(call_id: int, form: Form, status: int = 200) -> Answer:
    actor = VISIT.get().actor
    call = await calls.visible_call(call_id, actor)
    is_ranked = call.state in (flows.PUBLICITY, flows.DECIDED)
    return page(
        "venture/call.html",
        status=status,
        call=call,
        criteria=await calls.criteria(call_id),
        money=await calls.money(call_id),
        flow=flows.CALLS,
        application_flow=flows.APPLICATIONS,
        reached=STEPS.index(call.shown_state),
        ranking=await applications.applications_of(call_id) if is_ranked else [],
        paid=await contracts.paid_by_application(call_id) if is_ranked else {},
        objections=await calls.objection_counts(call_id),
        own=await calls.objections(call_id, person_id=actor.person_id) if actor and is_ranked else [],
        is_publicity=call.state == flows.PUBLICITY
        and call.publicity_until is not None
        and clock.today() <= call.publicity_until,
        may_manage=actor is not None
        and (actor.may(rules.MANAGE, call.funder) or actor.may(rules.PAY, call.funder)),
        applicants=await _applicants(call, actor),
        form=form,
    )


async def _applicants(call: calls.CallView, actor: Actor | None) -> list[organizations.OrganizationName]:
    """The visitor's organizations that may apply now."""
    if actor is None or not call.is_open:
        return []
    ids = [scope.id for scope in actor.scopes(REPRESENT) if scope != call.funder]
    return await organizations.organizations(ids)


@post("/calls/{call_id:int}/objections", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def object_(request: Request[Any, Any, Any], call_id: RowId) -> Answer:
    """Object to a proposed award."""

    async def act(form: ObjectionForm) -> Answer:
        await object_to(form.application_id, form.text, actor=current_actor())
        return see_other(f"/venture/calls/{call_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _call_page(call_id, form, status)

    return await submit(request, ObjectionForm, act, again)


@get("/calls/new", include_in_schema=False, access=rules.MANAGE)
async def show_new_call() -> Answer:
    """The form that drafts a call; its plan begins as the parameters propose."""
    return await _new_page(Form())


async def _new_page(form: Form, status: int = 200) -> Answer:
    ids = [scope.id for scope in current_actor().scopes(rules.MANAGE)]
    funders = await organizations.organizations(ids)
    values = await calls.terms(ids[0], clock.today()) if ids else {}
    first, second = values.get(rules.FIRST, 0), values.get(rules.SECOND, 0)
    plan = [first, second, 10_000 - first - second]
    return page(
        "venture/call_new.html",
        status=status,
        funders=[(one.id, one.name) for one in funders],
        plan=[f"{bp // 100}.{bp % 100:02}".removesuffix(".00") for bp in plan],
        rows=range(1, rules.CRITERIA_MOST + 1),
        form=form,
    )


@post("/calls/new", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def draft(request: Request[Any, Any, Any]) -> Answer:
    """Draft a call and go on to its desk."""

    async def act(form: CallForm) -> Answer:
        call_id = await services.draft_call(form.terms(), actor=current_actor())
        return see_other(f"/venture/calls/{call_id}/desk")

    return await submit(request, CallForm, act, _new_page)


HANDLERS = [show_calls, show_call, object_, show_new_call, draft]
