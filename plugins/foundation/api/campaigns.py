"""Campaigns for programs."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody

from core.language import explain
from core.people import queries as people
from plugins.foundation.forms.campaigns import (
    GOAL_MOST,
    FilingForm,
    FundForm,
    Id,
    InviteForm,
    PlanIn,
    ReportForm,
)
from plugins.foundation.queries import campaigns, hosts, taking
from plugins.foundation.queries.campaigns import CampaignView
from plugins.foundation.rules import PAGE_SIZE
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.services import campaigns as services
from web.access import PUBLIC
from web.forms import clean
from web.parameters import PageNumber, RowId
from web.visit import VISIT, current_actor


class CampaignOut(msgspec.Struct):
    """A campaign; `state` is running, ended or reported, before that draft, reviewed or dropped."""

    id: int
    organization_id: int
    organization: str
    title: str
    mode: str
    state: str
    begins_on: date
    ends_on: date
    platform_url: str


class ReportOut(msgspec.Struct):
    """What was told to the public."""

    is_final: bool
    text: str
    income_fen: int
    told_at: datetime


class WholeCampaignOut(CampaignOut):
    """With its plan, its certificate, and why no money is taken here (`reason`, "" where it is)."""

    plan: dict[str, str]
    is_emergency: bool
    goal_fen: int
    filing_no: str
    filed_on: date | None
    certificate_no: str
    certified_until: date | None
    fund_ids: list[int]
    gifts: int
    income_fen: int
    reason: str
    reports: list[ReportOut]


class NewPlanIn(PlanIn, kw_only=True):
    """A plan for a fund."""

    fund_id: Id
    goal_fen: Annotated[int, msgspec.Meta(ge=0, le=GOAL_MOST)] = 0


class ChangedPlanIn(PlanIn, kw_only=True):
    """All that a draft says from now on."""

    goal_fen: Annotated[int, msgspec.Meta(ge=0, le=GOAL_MOST)] = 0


class CampaignMade(msgspec.Struct):
    """The new campaign."""

    campaign_id: int


def _out(one: CampaignView) -> CampaignOut:
    return CampaignOut(**{name: getattr(one, name) for name in CampaignOut.__struct_fields__})


async def whole(request: Request[Any, Any, Any], campaign_id: int) -> WholeCampaignOut:
    """The campaign as this visitor may see it, at this address."""
    actor = VISIT.get().actor
    found = await campaigns.visible_campaign(campaign_id, actor)
    certificate = await campaigns.certificate(found.organization_id)
    host = await hosts.at(request.headers.get("host", ""))
    reason = await taking.why_not(found, host, actor.person_id if actor else None)
    gifts, income_fen = await campaigns.income(campaign_id)
    return WholeCampaignOut(
        **msgspec.structs.asdict(_out(found)),
        plan={name: getattr(found, name) for name in rules.WORDS},
        is_emergency=found.is_emergency,
        goal_fen=found.goal_fen,
        filing_no=found.filing_no,
        filed_on=found.filed_on,
        certificate_no=certificate.number if certificate else "",
        certified_until=certificate.valid_until if certificate else None,
        fund_ids=[fund.id for fund in await campaigns.funds_of(campaign_id)],
        gifts=gifts,
        income_fen=income_fen,
        reason=explain(reason) if reason else "",
        reports=[
            ReportOut(one.is_final, one.text, one.income_fen, one.told_at)
            for one in await campaigns.reports(campaign_id)
        ],
    )


@get("/campaigns", summary="募捐活动列表", access=PUBLIC)
async def list_campaigns(request: Request[Any, Any, Any], page: PageNumber = 1) -> list[CampaignOut]:
    """Twenty published campaigns, running ones first; at the own address of a charity only its own."""
    host = await hosts.at(request.headers.get("host", ""))
    offset = (min(page, 10**6) - 1) * PAGE_SIZE
    found = await campaigns.campaigns(
        organization_id=host.owner_id, also_hidden=False, offset=offset, limit=PAGE_SIZE
    )
    return [_out(one) for one in found]


@get("/campaigns/{campaign_id:int}", summary="募捐活动", access=PUBLIC)
async def get_campaign(request: Request[Any, Any, Any], campaign_id: RowId) -> WholeCampaignOut:
    """One campaign with its plan."""
    return await whole(request, campaign_id)


@post("/foundations/{organization_id:int}/campaigns", summary="起草募捐方案", access=rules.PLAN)
async def write_plan(organization_id: RowId, data: JSONBody[NewPlanIn]) -> CampaignMade:
    """Draft a campaign of a foundation."""
    plan = data.with_goal(data.goal_fen)
    made = await services.write_plan(organization_id, data.fund_id, plan, actor=current_actor())
    return CampaignMade(made)


@post("/campaigns/{campaign_id:int}/plan", summary="修改募捐方案", access=rules.PLAN, status_code=204)
async def rewrite_plan(campaign_id: RowId, data: JSONBody[ChangedPlanIn]) -> None:
    """Change what a draft says."""
    await services.rewrite_plan(campaign_id, data.with_goal(data.goal_fen), actor=current_actor())


@post("/campaigns/{campaign_id:int}/funds", summary="增加微基金", access=rules.PLAN, status_code=204)
async def add_fund(campaign_id: RowId, data: JSONBody[FundForm]) -> None:
    """Another fund that the campaign is for."""
    await services.add_fund(campaign_id, data.fund_id, actor=current_actor())


@post("/campaigns/{campaign_id:int}/review", summary="审核募捐方案", access=rules.REVIEW, status_code=204)
async def review_plan(campaign_id: RowId) -> None:
    """The second person has read the plan."""
    await services.review_plan(campaign_id, actor=current_actor())


@post("/campaigns/{campaign_id:int}/reopen", summary="退回修改方案", access=rules.PLAN, status_code=204)
async def reopen_plan(campaign_id: RowId) -> None:
    """Back to the draft."""
    await services.reopen_plan(campaign_id, actor=current_actor())


@post("/campaigns/{campaign_id:int}/drop", summary="取消募捐活动", access=rules.PLAN, status_code=204)
async def drop_campaign(campaign_id: RowId) -> None:
    """It does not take place."""
    await services.drop_campaign(campaign_id, actor=current_actor())


@post("/campaigns/{campaign_id:int}/filing", summary="登记备案编号", access=rules.PLAN, status_code=204)
async def record_filing(campaign_id: RowId, data: JSONBody[FilingForm]) -> None:
    """Under which number the plan was filed, and when."""
    await services.record_filing(
        campaign_id, filing_no=clean(data.filing_no), filed_on=data.filed_on, actor=current_actor()
    )


@post("/campaigns/{campaign_id:int}/publish", summary="发布募捐活动", access=rules.PLAN, status_code=204)
async def publish_campaign(campaign_id: RowId) -> None:
    """Show it to everybody."""
    await services.publish_campaign(campaign_id, actor=current_actor())


@post("/campaigns/{campaign_id:int}/stop", summary="提前结束募捐", access=rules.PLAN, status_code=204)
async def stop_campaign(campaign_id: RowId) -> None:
    """End it before its last day."""
    await services.stop_campaign(campaign_id, actor=current_actor())


@post("/campaigns/{campaign_id:int}/reports", summary="公开募捐情况", access=rules.PLAN, status_code=204)
async def tell(campaign_id: RowId, data: JSONBody[ReportForm]) -> None:
    """Tell the public how it goes or went."""
    await services.tell(campaign_id, clean(data.text), actor=current_actor())


@post("/campaigns/{campaign_id:int}/invited", summary="登记定向募捐对象", access=rules.PLAN, status_code=204)
async def invite(campaign_id: RowId, data: JSONBody[InviteForm]) -> None:
    """Put somebody on a directed campaign's list."""
    person_id = await people.person_id_of(data.phone, clean(data.name))
    await services.invite(campaign_id, person_id, data.capacity, actor=current_actor())


HANDLERS = [
    list_campaigns, get_campaign, write_plan, rewrite_plan, add_fund, review_plan, reopen_plan,
    drop_campaign, record_filing, publish_campaign, stop_campaign, tell, invite,
]  # fmt: skip
