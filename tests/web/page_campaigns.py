"""What there is to be seen of campaigns: each mode, and several states."""

from core.database import fetch_value
from core.organizations.rules import STAFF
from core.people import queries as people
from core.people.rules import Actor
from core.people.services import grant_role
from core.reference import Ref
from plugins.foundation.rules import SECRETARY
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.services import campaigns, hosts, platforms
from tests.contracts.platform_things import sheet
from tests.core.funds.world import FundWorld, holder
from tests.plugins.foundation.campaigns import CampaignWorld, certify, drafted, published


async def build_campaign_pages(foundation: int, fund: int, phones: dict[str, str]) -> dict[str, int]:
    """Ids by name; the head plans, the compliance officer reviews."""
    at = Ref("organization", foundation)
    head, checker = [await _also(phones[who], role, at) for who, role in _ROLES]
    region_id = await fetch_value("select region from organization where id = $1", foundation)
    staff = await holder("施区域", STAFF, Ref("region", region_id), region_id)
    world = CampaignWorld(FundWorld(foundation, 0, fund), region_id, head, checker, staff)
    await certify(world)
    await hosts.ask_for_host(foundation, "asked.example.org", actor=head)
    link = {"mode": rules.LINK, "platform_url": "https://gongyi.example.org/1", "title": "站外募捐"}
    places = {
        "campaign_link": await published(world, **link),
        "campaign_own": await published(world, title="自有网址募捐"),
        "campaign_draft": await drafted(world, title="还在写"),
        "campaign_directed": await published(world, title="只问理事", mode=rules.DIRECTED),
        "campaign_reviewed": await drafted(world, title="等备案"),
        "campaign_reported": await published(world, title="办完了", mode=rules.OFFLINE),
    }
    await campaigns.review_plan(places["campaign_reviewed"], actor=checker)
    await campaigns.stop_campaign(places["campaign_reported"], actor=head)
    await campaigns.tell(places["campaign_reported"], "都用在助老餐上了。", actor=head)
    return places | await _lists(world, places["campaign_link"], phones["treasurer"])


async def _lists(world: CampaignWorld, campaign_id: int, treasurer: str) -> dict[str, int]:
    """Lists from the platform: one that is booked when its payout has come, one with a bad row."""
    person_id = await fetch_value("select id from person where phone = $1", treasurer)
    actor = await people.actor(person_id)
    assert actor is not None
    found = {}
    for name, yuan in (("list_good", "12.50"), ("list_bad", "0")):
        upload = sheet(name, yuan)
        target = f"{world.funds.fund}-"
        found[name] = await platforms.upload_list(campaign_id, target, upload, actor=actor)
    return found


_ROLES = (("head", SECRETARY), ("checker", rules.REVIEWER))


async def _also(phone: str, role: str, at: Ref) -> Actor:
    person_id = await fetch_value("select id from person where phone = $1", phone)
    await grant_role(person_id, role, at, actor_id=None)
    found = await people.actor(person_id)
    assert found is not None
    return found
