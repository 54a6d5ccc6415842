"""A foundation whose secretary plans campaigns, whose reviewer reviews them; a region's worker."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core import clock
from core.database import fetch_value
from core.organizations.rules import STAFF
from core.organizations.rules.records import CHARITY, FUNDRAISING, Finding
from core.organizations.services.records import record_finding
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.rules import SECRETARY
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules.campaigns import Plan
from plugins.foundation.services import campaigns, hosts
from tests.core.funds.online import take_online
from tests.core.funds.world import FundWorld, holder, make_fund_world

HOST = "ce.example.org"


@dataclass
class CampaignWorld:
    """The world of funds, and who works on campaigns."""

    funds: FundWorld
    region_id: int
    secretary: Actor
    reviewer: Actor
    staff: Actor


def plan(**changes: Any) -> Plan:
    """Of a charity on its own site, from today for a month."""
    known: dict[str, Any] = {
        "mode": rules.OWN_SITE,
        "title": "暖冬行动",
        "aim": "让独居老人吃上热饭",
        "area": "样里社区",
        "leader": "施负责",
        "office": "样里路 1 号",
        "contact": "028-00000000",
        "ways": "在线付款、银行转账",
        "account": "测样基金会 样里支行 000000",
        "beneficiaries": "七十岁以上的独居老人",
        "use": "助老餐的食材和餐盒",
        "cost": "不超过募得款的百分之五",
        "leftover": "转入助老餐",
        "begins_on": clock.today(),
        "ends_on": clock.today() + timedelta(days=30),
    }
    return Plan(**(known | changes))


async def make_campaign_world(phones: dict[str, str] | None = None) -> CampaignWorld:
    """The world; whoever has a phone in `phones` can log in."""
    phones = phones or {}
    funds = await make_fund_world(phones)
    region_id = await fetch_value("select region from organization where id = $1", funds.foundation)
    at = Ref("organization", funds.foundation)
    return CampaignWorld(
        funds,
        region_id,
        await holder("施书记", SECRETARY, at, region_id, phones.get("secretary")),
        await holder("施审核", rules.REVIEWER, at, region_id, phones.get("reviewer")),
        await holder("施区域", STAFF, Ref("region", region_id), region_id, phones.get("staff")),
    )


async def certify(world: CampaignWorld, *, until: date | None = None) -> None:
    """Make it a charity that may raise money in public, since long ago."""
    since = date(2025, 1, 1)
    for kind, number, end in ((CHARITY, "", None), (FUNDRAISING, "川募001", until or date(2029, 12, 31))):
        finding = Finding(
            kind=kind,
            value="granted",
            given_by="测样民政局",
            valid_from=since,
            valid_until=end,
            number=number,
            reason="证书已核对",
        )
        await record_finding(world.funds.foundation, finding, actor=world.staff)


async def takes_online(world: CampaignWorld) -> None:
    """The foundation has an account at a provider, which has accepted its keys."""
    await take_online(world.funds)


async def own_host(world: CampaignWorld, name: str = HOST) -> int:
    """A name that is the foundation's alone."""
    host_id = await hosts.ask_for_host(world.funds.foundation, name, actor=world.secretary)
    await hosts.confirm_host(host_id, actor=world.staff)
    return host_id


async def drafted(world: CampaignWorld, **changes: Any) -> int:
    """A campaign as it is drafted."""
    written = plan(**changes)
    return await campaigns.write_plan(
        world.funds.foundation, world.funds.fund, written, actor=world.secretary
    )


async def published(world: CampaignWorld, **changes: Any) -> int:
    """A campaign that runs; filed long enough before its begin if it is public."""
    campaign_id = await drafted(world, **changes)
    await campaigns.review_plan(campaign_id, actor=world.reviewer)
    if changes.get("mode", rules.OWN_SITE) in rules.PUBLIC and not changes.get("is_emergency"):
        day = changes.get("begins_on", clock.today()) - timedelta(days=10)
        await campaigns.record_filing(campaign_id, filing_no="备案1", filed_on=day, actor=world.secretary)
    await campaigns.publish_campaign(campaign_id, actor=world.secretary)
    return campaign_id
