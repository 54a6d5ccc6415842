"""The desk of a campaign: its plan, review, filing, publication, end and report."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get, post

from core import clock
from core.funds.queries import funds as fund_queries
from core.funds.rules import states
from core.people import queries as people
from plugins.foundation.errors.campaigns import CampaignNotFound
from plugins.foundation.forms.campaigns import (
    FilingForm,
    FundForm,
    InviteForm,
    NewPlanForm,
    PlanForm,
    ReportForm,
)
from plugins.foundation.queries import campaigns
from plugins.foundation.queries.campaigns import CampaignView
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.services import campaigns as services
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

_Request = Request[Any, Any, Any]
_CHOICES_MOST = 100


@get("/campaigns/new/{organization_id:int}", include_in_schema=False, access=rules.PLAN)
async def show_new_plan(organization_id: RowId) -> Answer:
    """The form of a plan."""
    return await _new_page(organization_id, Form())


async def _new_page(organization_id: int, form: Form, status: int = 200) -> Answer:
    places = await campaigns.foundations_of(current_actor(), rules.PLAN)
    found = next((one for one in places if one.id == organization_id), None)
    if found is None:
        raise CampaignNotFound
    return page(
        "foundation/plan_new.html",
        status=status,
        foundation=found,
        funds=await _open_funds(organization_id),
        modes=rules.MODES,
        form=form,
    )


async def _open_funds(organization_id: int) -> list[tuple[int, str]]:
    found = await fund_queries.listed("", organization_id=organization_id, offset=0, limit=_CHOICES_MOST)
    return [(one.id, one.name) for one in found if one.state == states.OPEN]


@post("/campaigns/new/{organization_id:int}", include_in_schema=False, access=rules.PLAN, status_code=303)
async def write_plan(request: _Request, organization_id: RowId) -> Answer:
    """Draft a campaign and go on to its desk."""

    async def act(form: NewPlanForm) -> Answer:
        campaign_id = await services.write_plan(
            organization_id, form.fund_id, form.plan(), actor=current_actor()
        )
        return see_other(f"/foundation/campaigns/{campaign_id}/desk")

    async def again(form: Form, status: int) -> Answer:
        return await _new_page(organization_id, form, status)

    return await submit(request, NewPlanForm, act, again)


@get("/campaigns/{campaign_id:int}/desk", include_in_schema=False, access=SIGNED_IN)
async def show_desk(campaign_id: RowId) -> Answer:
    """What is to be done for a campaign, for who plans and reviews."""
    return await _desk_page(campaign_id, Form())


async def _desk(campaign_id: int) -> CampaignView:
    found = await campaigns.campaign(campaign_id)
    if not campaigns.takes_part(found, current_actor()):
        raise CampaignNotFound
    return found


async def _desk_page(campaign_id: int, form: Form, status: int = 200) -> Answer:
    found, actor = await _desk(campaign_id), current_actor()
    return page(
        "foundation/desk.html",
        status=status,
        campaign=found,
        funds=await campaigns.funds_of(campaign_id),
        choices=await _open_funds(found.organization_id),
        certificate=await campaigns.certificate(found.organization_id),
        invited=await campaigns.invited(campaign_id) if found.mode == rules.DIRECTED else [],
        terms=await campaigns.terms(found.organization_id),
        flow=rules.CAMPAIGNS,
        modes=rules.MODES,
        today=clock.today(),
        may_plan=actor.may(rules.PLAN, found.foundation),
        may_review=actor.may(rules.REVIEW, found.foundation) and actor.person_id != found.written_by,
        form=form,
    )


async def _submit(
    request: _Request, campaign_id: int, shape: type[Any], verb: Callable[[Any], Awaitable[None]]
) -> Answer:
    """A form of the desk; refused, the desk says why."""

    async def act(form: Any) -> Answer:
        await verb(form)
        return see_other(f"/foundation/campaigns/{campaign_id}/desk")

    async def again(form: Form, status: int) -> Answer:
        return await _desk_page(campaign_id, form, status)

    return await submit(request, shape, act, again)


def _button(path: str, access: str, verb: Callable[..., Awaitable[None]]) -> Any:
    """A route that is only a button."""

    async def press(request: _Request, campaign_id: RowId) -> Answer:
        async def act(_: ButtonForm) -> None:
            await verb(campaign_id, actor=current_actor())

        return await _submit(request, campaign_id, ButtonForm, act)

    press.__doc__ = verb.__doc__
    place = f"/campaigns/{{campaign_id:int}}/{path}"
    return post(place, include_in_schema=False, access=access, status_code=303)(press)


@post("/campaigns/{campaign_id:int}/plan", include_in_schema=False, access=rules.PLAN, status_code=303)
async def rewrite(request: _Request, campaign_id: RowId) -> Answer:
    """Change what the plan says."""

    async def act(form: PlanForm) -> None:
        await services.rewrite_plan(campaign_id, form.plan(), actor=current_actor())

    return await _submit(request, campaign_id, PlanForm, act)


@post("/campaigns/{campaign_id:int}/funds", include_in_schema=False, access=rules.PLAN, status_code=303)
async def add_fund(request: _Request, campaign_id: RowId) -> Answer:
    """Another fund that the campaign is for."""

    async def act(form: FundForm) -> None:
        await services.add_fund(campaign_id, form.fund_id, actor=current_actor())

    return await _submit(request, campaign_id, FundForm, act)


@post("/campaigns/{campaign_id:int}/filing", include_in_schema=False, access=rules.PLAN, status_code=303)
async def record_filing(request: _Request, campaign_id: RowId) -> Answer:
    """Under which number the plan was filed."""

    async def act(form: FilingForm) -> None:
        await services.record_filing(
            campaign_id, filing_no=form.filing_no, filed_on=form.filed_on, actor=current_actor()
        )

    return await _submit(request, campaign_id, FilingForm, act)


@post("/campaigns/{campaign_id:int}/reports", include_in_schema=False, access=rules.PLAN, status_code=303)
async def tell(request: _Request, campaign_id: RowId) -> Answer:
    """Tell the public."""

    async def act(form: ReportForm) -> None:
        await services.tell(campaign_id, form.text, actor=current_actor())

    return await _submit(request, campaign_id, ReportForm, act)


@post("/campaigns/{campaign_id:int}/invited", include_in_schema=False, access=rules.PLAN, status_code=303)
async def invite(request: _Request, campaign_id: RowId) -> Answer:
    """Put somebody on a directed campaign's list."""

    async def act(form: InviteForm) -> None:
        person_id = await people.person_id_of(form.phone, form.name)
        await services.invite(campaign_id, person_id, form.capacity, actor=current_actor())

    return await _submit(request, campaign_id, InviteForm, act)


HANDLERS = [
    show_new_plan, write_plan, show_desk, rewrite, add_fund, record_filing, tell, invite,
    _button("review", rules.REVIEW, services.review_plan),
    _button("reopen", rules.PLAN, services.reopen_plan),
    _button("drop", rules.PLAN, services.drop_campaign),
    _button("publish", rules.PLAN, services.publish_campaign),
    _button("stop", rules.PLAN, services.stop_campaign),
]  # fmt: skip
