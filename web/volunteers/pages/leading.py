"""What a leader prepares: opportunities, their shifts, publishing and ending them."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, get, post

from core import clock
from core.organizations import queries as organizations
from core.projects import queries as projects
from core.reference import PLATFORM, Ref
from core.volunteers.errors import OpportunityNotFound
from core.volunteers.queries import opportunities
from core.volunteers.queries.opportunities import OpportunityView, ShiftView
from core.volunteers.rules import flows
from core.volunteers.services import opportunities as services
from web.forms import Answer, ButtonForm, Form, searched, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import current_actor
from web.volunteers.forms import NewForm, PlanForm, ShiftForm, ShiftSearch

PAGE, PROJECTS_MOST = 20, 100
_ONE = "/volunteers/lead/{opportunity_id:int}"
_NEXT = ShiftSearch()


def led_organization_ids() -> list[int] | None:
    """Where the person leads; None: everywhere."""
    actor = current_actor()
    if actor.may(flows.LEAD, PLATFORM):
        return None
    return [scope.id for scope in actor.scopes(flows.LEAD)]


@get("/volunteers/lead", include_in_schema=False, access=flows.LEAD)
async def show_led(before: Before = None) -> Answer:
    """The opportunities of the organizations where the person leads."""
    ids = led_organization_ids()
    found = await opportunities.opportunities_of(ids, before_id=before, limit=PAGE + 1)
    return page(
        "web/volunteer_lead.html",
        opportunities=found[:PAGE],
        older_than=found[PAGE - 1].id if len(found) > PAGE else None,
        organizations=await organizations.organizations(ids or []),
        flow=flows.OPPORTUNITIES,
    )


@get("/volunteers/lead/new", include_in_schema=False, access=flows.LEAD)
async def show_new() -> Answer:
    """The form for a new opportunity."""
    return await _plan_page(None, Form())


async def _plan_page(found: OpportunityView | None, form: Form, status: int = 200) -> Answer:
    ids = [found.organization_id] if found else led_organization_ids() or []
    owners = await organizations.organizations(ids)
    theirs = await projects.projects(organization_ids=ids, limit=PROJECTS_MOST)
    return page(
        "web/volunteer_plan.html",
        status=status,
        opportunity=found,
        owners=[(owner.id, owner.name) for owner in owners],
        projects=[(project.id, project.title) for project in theirs],
        trainings=await opportunities.trainings(ids),
        form=form,
    )


@post("/volunteers/lead/new", include_in_schema=False, access=flows.LEAD, status_code=303)
async def create(request: Request[Any, Any, Any]) -> Answer:
    """Prepare an opportunity."""

    async def act(form: NewForm) -> Answer:
        id_ = await services.create_opportunity(
            form.plan(), organization_id=form.organization_id, actor=current_actor()
        )
        return see_other(f"/volunteers/lead/{id_}")

    async def again(form: Form, status: int) -> Answer:
        return await _plan_page(None, form, status)

    return await submit(request, NewForm, act, again)


async def led_opportunity(opportunity_id: int) -> OpportunityView:
    """For who leads it; raises OpportunityNotFound for others."""
    found = await opportunities.opportunity(opportunity_id)
    if not current_actor().may(flows.LEAD, Ref("organization", found.organization_id)):
        raise OpportunityNotFound
    return found


@get(f"{_ONE}/edit", include_in_schema=False, access=flows.LEAD)
async def show_edit(opportunity_id: RowId) -> Answer:
    """The form of an opportunity that is being prepared."""
    return await _plan_page(await led_opportunity(opportunity_id), Form())


@post(f"{_ONE}/edit", include_in_schema=False, access=flows.LEAD, status_code=303)
async def edit(request: Request[Any, Any, Any], opportunity_id: RowId) -> Answer:
    """Say it otherwise."""

    async def act(form: PlanForm) -> Answer:
        await services.change_opportunity(opportunity_id, form.plan(), actor=current_actor())
        return see_other(f"/volunteers/lead/{opportunity_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _plan_page(await led_opportunity(opportunity_id), form, status)

    return await submit(request, PlanForm, act, again)


@get(_ONE, include_in_schema=False, access=flows.LEAD)
async def show_one(request: Request[Any, Any, Any], opportunity_id: RowId) -> Answer:
    """Its shifts, and what the leader can do now."""
    asked, search = searched(request, ShiftSearch)
    return await _led_page(opportunity_id, Form(), search=search, asked=asked)


async def _led_page(
    opportunity_id: int,
    form: Form,
    status: int = 200,
    *,
    search: Form | None = None,
    asked: ShiftSearch | None = _NEXT,
) -> Answer:
    found = await led_opportunity(opportunity_id)
    shifts = await shifts_led(found.id, asked, limit=PAGE + 1, page_size=PAGE) if asked else []
    return page(
        "web/volunteer_led.html",
        status=422 if asked is None else status,
        opportunity=found,
        shifts=shifts[:PAGE],
        has_more=len(shifts) > PAGE,
        asked=asked or _NEXT,
        flow=flows.OPPORTUNITIES,
        now=clock.now(),
        form=form,
        wanted=search or Form(),
    )


async def shifts_led(
    opportunity_id: int, asked: ShiftSearch, *, limit: int, page_size: int
) -> list[ShiftView]:
    """A page of what was asked for."""
    return await opportunities.planned(
        opportunity_id,
        now=clock.now(),
        over=asked.over,
        since=clock.begin_of(asked.since) if asked.since else None,
        offset=(asked.page_number - 1) * page_size,
        limit=limit,
    )


async def _act_on_one(
    request: Request[Any, Any, Any],
    opportunity_id: int,
    shape: type[msgspec.Struct],
    act: Callable[[Any], Awaitable[object]],
) -> Answer:
    async def done(form: msgspec.Struct) -> Answer:
        await act(form)
        return see_other(f"/volunteers/lead/{opportunity_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _led_page(opportunity_id, form, status)

    return await submit(request, shape, done, again)


@post(f"{_ONE}/shifts", include_in_schema=False, access=flows.LEAD, status_code=303)
async def add(request: Request[Any, Any, Any], opportunity_id: RowId) -> Answer:
    """Plan a shift."""

    async def act(form: ShiftForm) -> int:
        return await services.add_shift(
            opportunity_id, form.span(), capacity=form.capacity, actor=current_actor()
        )

    return await _act_on_one(request, opportunity_id, ShiftForm, act)


@post(f"{_ONE}/open", include_in_schema=False, access=flows.LEAD, status_code=303)
async def publish(request: Request[Any, Any, Any], opportunity_id: RowId) -> Answer:
    """Let people sign up."""

    async def act(_: ButtonForm) -> None:
        await services.open_opportunity(opportunity_id, actor=current_actor())

    return await _act_on_one(request, opportunity_id, ButtonForm, act)


@post(f"{_ONE}/close", include_in_schema=False, access=flows.LEAD, status_code=303)
async def close(request: Request[Any, Any, Any], opportunity_id: RowId) -> Answer:
    """Let nobody sign up any more."""

    async def act(_: ButtonForm) -> None:
        await services.close_opportunity(opportunity_id, actor=current_actor())

    return await _act_on_one(request, opportunity_id, ButtonForm, act)


HANDLERS = [show_led, show_new, create, show_edit, edit, show_one, add, publish, close]
