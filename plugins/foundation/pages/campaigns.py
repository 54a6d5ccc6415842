"""Campaigns as everybody sees them."""

from typing import Any

from litestar import Request, get

from core import clock
from core.language import explain
from plugins.foundation.queries import calendar, campaigns, hosts, platforms, taking
from plugins.foundation.queries.beside import campaign_figures
from plugins.foundation.rules import AMOUNTS, PAGE_SIZE
from plugins.foundation.rules import campaigns as rules
from web.access import PUBLIC
from web.forms import Answer, Form
from web.parameters import PageNumber, RowId
from web.templates import page
from web.visit import VISIT


@get("/campaigns", include_in_schema=False, access=PUBLIC)
async def show_campaigns(request: Request[Any, Any, Any], page_number: PageNumber = 1) -> Answer:
    """Published campaigns, running ones first; at the own address of a charity those of that charity."""
    number, host = min(page_number, 10**6), await hosts.at(request.headers.get("host", ""))
    found = await campaigns.campaigns(
        organization_id=host.owner_id,
        also_hidden=False,
        offset=(number - 1) * PAGE_SIZE,
        limit=PAGE_SIZE + 1,
    )
    return page(
        "foundation/campaigns.html",
        campaigns=found[:PAGE_SIZE],
        has_more=len(found) > PAGE_SIZE,
        page_number=number,
        flow=rules.CAMPAIGNS,
        modes=rules.MODES,
        today=clock.today(),
        owner=await calendar.foundation(host.owner_id) if host.owner_id else None,
    )


@get("/campaigns/{campaign_id:int}", include_in_schema=False, access=PUBLIC)
async def show_campaign(request: Request[Any, Any, Any], campaign_id: RowId) -> Answer:
    """What the law wants to be shown (慈善法 §25), what came, and the button to give or why there is none."""
    return await campaign_page(request, campaign_id, Form())


async def campaign_page(
    request: Request[Any, Any, Any], campaign_id: int, form: Form, status: int = 200
) -> Answer:
    """The page with what was refused."""
    actor = VISIT.get().actor
    found = await campaigns.visible_campaign(campaign_id, actor)
    terms = await campaigns.terms(found.organization_id)
    gifts, sum_fen = await campaigns.income(campaign_id)
    host = await hosts.at(request.headers.get("host", ""))
    reason = await taking.why_not(found, host, actor.person_id if actor else None)
    return page(
        "foundation/campaign.html",
        status=status,
        campaign=found,
        funds=await campaigns.funds_of(campaign_id),
        certificate=await campaigns.certificate(found.organization_id),
        flow=rules.CAMPAIGNS,
        modes=rules.MODES,
        gifts=gifts,
        sum_fen=sum_fen,
        goods=await campaign_figures(campaign_id),
        reports=await campaigns.reports(campaign_id),
        due=found.due(terms),
        today=clock.today(),
        amounts=AMOUNTS,
        reason=explain(reason) if reason else "",
        takes_part=campaigns.takes_part(found, actor),
        keeps_books=actor is not None and platforms.keeps_books(found.foundation, actor),
        form=form,
    )


HANDLERS = [show_campaigns, show_campaign]
