"""The verbs of a campaign: write its plan, have it reviewed and filed, publish, end and report it."""

from dataclasses import asdict
from datetime import date
from typing import Any

import asyncpg
from piccolo.columns import Column

from core import clock
from core.audit.services import advance, advance_many, record_audit
from core.database import unit_of_work
from core.funds.queries import funds
from core.funds.rules import states
from core.language import mark
from core.notifications.services import notify
from core.organizations import queries as organizations
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.campaigns import AlreadyInvited, CampaignNotFound, FundOfAnother, ReportMissing
from plugins.foundation.queries import campaigns as queries
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.queries.campaigns import CampaignView
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules import taking
from plugins.foundation.rules.campaigns import Plan
from plugins.foundation.tables.campaigns import Campaign, CampaignFund, CampaignInvited, CampaignReport

Columns = dict[Column | str, Any]
_OVER_AT_ONCE, REPORT_MOST = 100, 2000
CAPACITIES = ("founder", "board", "member")


async def write_plan(organization_id: int, fund_id: int, plan: Plan, *, actor: Actor) -> int:
    """Draft a campaign of a foundation for one of its funds, and return its id.

    Raises FoundationNotFound, PermissionMissing, FundOfAnother and what `check_plan` raises.
    """
    rules.check_plan(plan)
    async with unit_of_work():
        found = await foundation(organization_id)
        actor.require(rules.PLAN, Ref(organizations.OWNER, organization_id))
        row = Campaign(
            organization=organization_id,
            region=found.region_id,
            written_by=actor.person_id,
            written_at=clock.now(),
            **asdict(plan),
        )
        await row.save()
        await _add_fund(row.id, organization_id, fund_id)
        record_audit("foundation.campaign_written", Ref(rules.CAMPAIGN, row.id), actor_id=actor.person_id)
        return int(row.id)


async def _add_fund(campaign_id: int, organization_id: int, fund_id: int) -> None:
    found = (await funds.funds_of(organization_id)).get(fund_id)
    if found is None or found.state != states.OPEN:
        raise FundOfAnother
    await CampaignFund(campaign=campaign_id, fund=fund_id).save()


async def rewrite_plan(campaign_id: int, plan: Plan, *, actor: Actor) -> None:
    """Change what a draft says. Raises CampaignNotFound, WrongState and what `check_plan` raises."""
    rules.check_plan(plan)
    async with unit_of_work():
        found = await _own(campaign_id, actor, rules.PLAN)
        rules.CAMPAIGNS.check("foundation.campaign_reviewed", found, clock.now())
        columns: Columns = {"written_by": actor.person_id, "written_at": clock.now()}
        columns.update(asdict(plan))
        await Campaign.update(columns).where(Campaign.id == campaign_id)
        _record("foundation.campaign_written", campaign_id, actor)


async def add_fund(campaign_id: int, fund_id: int, *, actor: Actor) -> None:
    """Another fund that the campaign is for; a second time changes nothing.

    Raises CampaignNotFound, WrongState or FundOfAnother.
    """
    async with unit_of_work():
        found = await _own(campaign_id, actor, rules.PLAN)
        rules.CAMPAIGNS.check("foundation.campaign_reviewed", found, clock.now())
        if fund_id not in {fund.id for fund in await queries.funds_of(campaign_id)}:
            await _add_fund(campaign_id, found.organization_id, fund_id)
            _record("foundation.campaign_fund_added", campaign_id, actor, fund_id=fund_id)


async def review_plan(campaign_id: int, *, actor: Actor) -> None:
    """The second person has read the plan. Raises CampaignNotFound, OwnPlan or WrongState."""
    async with unit_of_work():
        found = await _own(campaign_id, actor, rules.REVIEW)
        rules.check_reviewer(actor.person_id, found.written_by)
        seen = {"reviewed_by": actor.person_id, "reviewed_at": clock.now()}
        await _advance("foundation.campaign_reviewed", found, rules.REVIEWED, actor, **seen)


async def reopen_plan(campaign_id: int, *, actor: Actor) -> None:
    """Back to the draft, to be changed and reviewed anew. Raises CampaignNotFound or WrongState."""
    async with unit_of_work():
        found = await _own(campaign_id, actor, rules.PLAN)
        nobody = {"reviewed_by": None, "reviewed_at": None}
        await _advance("foundation.campaign_reopened", found, rules.DRAFT, actor, **nobody)


async def drop_campaign(campaign_id: int, *, actor: Actor) -> None:
    """It does not take place. Raises CampaignNotFound or WrongState."""
    async with unit_of_work():
        found = await _own(campaign_id, actor, rules.PLAN)
        await _advance("foundation.campaign_dropped", found, rules.DROPPED, actor)


async def record_filing(campaign_id: int, *, filing_no: str, filed_on: date, actor: Actor) -> None:
    """The number under which the reviewed plan was filed. An urgent campaign may get it while it runs.

    Raises CampaignNotFound, FiledInFuture or WrongState.
    """
    async with unit_of_work():
        found = await _own(campaign_id, actor, rules.PLAN)
        rules.check_filed_on(filed_on, clock.today())
        if not (found.state == rules.RUNNING and found.is_emergency and not found.filing_no):
            rules.CAMPAIGNS.check("foundation.campaign_published", found, clock.now())
        filed: Columns = {"filing_no": filing_no, "filed_on": filed_on}
        await Campaign.update(filed).where(Campaign.id == campaign_id)
        _record("foundation.campaign_filed", campaign_id, actor)


async def publish_campaign(campaign_id: int, *, actor: Actor) -> None:
    """Show it to everybody. Raises CampaignNotFound, WrongState, CampaignOver and what speaks against it."""
    async with unit_of_work():
        found = await _own(campaign_id, actor, rules.PLAN)
        if found.state == rules.RUNNING:
            return
        today, reason = clock.today(), None
        if found.mode in rules.PUBLIC:
            certificate = await queries.certificate(found.organization_id)
            terms = await queries.terms(found.organization_id)
            reason = taking.why_not_certified(certificate, today)
            reason = reason or rules.why_not_filed(found.filing, terms, today)
        if reason := reason or taking.why_not_over(found.ends_on, today):
            raise reason
        await _advance("foundation.campaign_published", found, rules.RUNNING, actor, published_at=clock.now())


async def stop_campaign(campaign_id: int, *, actor: Actor) -> None:
    """End it before its last day. Raises CampaignNotFound or WrongState."""
    async with unit_of_work():
        found = await _own(campaign_id, actor, rules.PLAN)
        await _advance("foundation.campaign_stopped", found, rules.ENDED, actor, ended_at=clock.now())


async def end_campaigns() -> None:
    """End those whose last day is over."""
    async with unit_of_work():
        ids = await queries.over(clock.today(), limit=_OVER_AT_ONCE)
        code, now = "foundation.campaign_over", clock.now()
        await advance_many(rules.CAMPAIGNS, code, ids, actor_id=None, ended_at=now)


async def tell(campaign_id: int, text: str, *, actor: Actor) -> None:
    """Tell the public how it goes, or, after its end, how it went; the same words again change nothing.

    The donors of a directed one are told by notice, too (慈善法 80).
    Raises CampaignNotFound, ReportMissing or WrongState.
    """
    if not 1 <= len(text) <= REPORT_MOST:
        raise ReportMissing
    async with unit_of_work():
        found = await _own(campaign_id, actor, rules.PLAN)
        told = await queries.reports(campaign_id)
        if told and told[0].text == text:
            return
        is_final = found.state != rules.RUNNING
        if is_final:
            rules.CAMPAIGNS.check("foundation.campaign_reported", found, clock.now())
            await _advance("foundation.campaign_reported", found, rules.REPORTED, actor)
        _, income_fen = await queries.income(campaign_id)
        await CampaignReport(
            campaign=campaign_id,
            is_final=is_final,
            text=text,
            income_fen=income_fen,
            told_by=actor.person_id,
            told_at=clock.now(),
        ).save()
        if found.mode == rules.DIRECTED:
            await _tell_donors(found)
        if not is_final:
            _record("foundation.campaign_told", campaign_id, actor)


async def _tell_donors(found: CampaignView) -> None:
    for person_id in await queries.donors(found.id):
        notify(
            person_id,
            title=mark("您捐过款的活动公开了情况"),
            body=mark("“%(what)s”收到的钱用得怎么样了，打开可以看到。"),
            path=f"/foundation/campaigns/{found.id}",
            what=found.title,
        )


async def invite(campaign_id: int, person_id: int, capacity: str, *, actor: Actor) -> None:
    """Put a founder, a member of the board or of the organization on a directed campaign's list.

    Raises CampaignNotFound or AlreadyInvited.
    """
    assert capacity in CAPACITIES, "the form knows no others"
    try:
        async with unit_of_work():
            found = await _own(campaign_id, actor, rules.PLAN)
            if found.mode != rules.DIRECTED:
                raise CampaignNotFound
            await CampaignInvited(
                campaign=campaign_id,
                person=person_id,
                capacity=capacity,
                invited_by=actor.person_id,
                invited_at=clock.now(),
            ).save()
            _record("foundation.campaign_invited", campaign_id, actor)
    except asyncpg.UniqueViolationError:
        raise AlreadyInvited from None


async def _own(campaign_id: int, actor: Actor, permission: str) -> CampaignView:
    """The campaign, locked, for who may do it at its foundation; CampaignNotFound for others."""
    found = await queries.campaign(campaign_id, lock=True)
    if not actor.may(permission, found.foundation):
        raise CampaignNotFound
    return found


async def _advance(code: str, found: CampaignView, target: str, actor: Actor, **columns: Any) -> None:
    """Take it along; the second click changes nothing."""
    if found.state == target:
        return
    rules.CAMPAIGNS.check(code, found, clock.now())
    await advance(rules.CAMPAIGNS, code, found.id, actor_id=actor.person_id, **columns)


def _record(action: str, campaign_id: int, actor: Actor, **facts: int) -> None:
    record_audit(action, Ref(rules.CAMPAIGN, campaign_id), actor_id=actor.person_id, **facts)
