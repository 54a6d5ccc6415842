"""Foundations as everybody sees them."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.funds.queries import funds
from core.funds.rules.quarters import Quarter
from core.reference import Ref
from plugins.foundation.forms.calendar import PublishForm
from plugins.foundation.queries import agreements, campaigns
from plugins.foundation.queries import calendar as queries
from plugins.foundation.rules import PAGE_SIZE, WORDS_MOST
from plugins.foundation.rules import calendar as rules
from plugins.foundation.rules import campaigns as plans
from plugins.foundation.services import calendar as services
from web.access import PUBLIC
from web.forms import Answer, Form, clean, see_other, submit
from web.parameters import PageNumber, RowId, Words
from web.templates import page
from web.visit import VISIT, current_actor


@get("/", include_in_schema=False, access=PUBLIC)
async def show_foundations(words: Words = "", page_number: PageNumber = 1) -> Answer:
    """Foundations, how many funds each has, and what is in them."""
    asked, number = clean(words)[:WORDS_MOST], min(page_number, 10**6)
    found = await queries.foundations(asked, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1)
    return page(
        "foundation/foundations.html",
        foundations=found[:PAGE_SIZE],
        has_more=len(found) > PAGE_SIZE,
        page_number=number,
        words=asked,
    )


@get("/{organization_id:int}", include_in_schema=False, access=PUBLIC)
async def show_foundation(organization_id: RowId, page_number: PageNumber = 1) -> Answer:
    """One foundation: this year's sums, what it must publish by when, its funds."""
    return await _foundation_page(organization_id, page_number, Form())


async def _foundation_page(organization_id: int, number: int, form: Form, status: int = 200) -> Answer:
    found = await queries.foundation(organization_id)
    actor, today, number = VISIT.get().actor, clock.today(), min(number, 10**6)
    listed = await funds.listed(
        "", organization_id=organization_id, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1
    )
    return page(
        "foundation/foundation.html",
        status=status,
        foundation=found,
        year=today.year,
        sums=await queries.year_sums(organization_id, today),
        calendar=await queries.calendar(organization_id, today),
        today=today,
        may_publish=bool(actor and actor.may(rules.PUBLISH, Ref("organization", organization_id))),
        funds=listed[:PAGE_SIZE],
        has_more=len(listed) > PAGE_SIZE,
        page_number=number,
        is_staff=bool(actor and agreements.is_staff(organization_id, actor)),
        form=form,
        **await _campaigns(organization_id),
    )


async def _campaigns(organization_id: int) -> dict[str, Any]:
    """The newest campaigns, those in preparation too for who works on them."""
    actor, ref = VISIT.get().actor, Ref("organization", organization_id)
    works = bool(actor and (actor.may(plans.PLAN, ref) or actor.may(plans.REVIEW, ref)))
    return {
        "campaigns": await campaigns.campaigns(
            organization_id=organization_id, also_hidden=works, offset=0, limit=PAGE_SIZE
        ),
        "campaign_terms": await campaigns.terms(organization_id),
        "flow": plans.CAMPAIGNS,
        "modes": plans.MODES,
        "may_plan": bool(actor and actor.may(plans.PLAN, ref)),
    }


@post("/{organization_id:int}/publications", include_in_schema=False, access=rules.PUBLISH, status_code=303)
async def publish(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Publish a quarter."""

    async def act(form: PublishForm) -> Answer:
        year, number = form.quarter.split("-")
        quarter = Quarter(int(year), int(number))
        await services.publish_quarter(organization_id, quarter, actor=current_actor())
        return see_other(f"/foundation/{organization_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _foundation_page(organization_id, 1, form, status)

    return await submit(request, PublishForm, act, again)


HANDLERS = [show_foundations, show_foundation, publish]
