"""Campaigns of the first tenant's foundation at every state, and host names that it asks for."""

from dataclasses import replace
from datetime import timedelta

from core import clock
from core.organizations.rules import STAFF
from core.people.rules import Actor, Grant
from core.reference import Ref
from plugins.foundation.rules import SECRETARY
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.services import campaigns, hosts
from tests.contracts.platform_things import make_platform_things
from tests.factories import Committee, make_resident
from tests.plugins.foundation.campaigns import plan

_STATES = ("draft", "reviewed", "running", "ended")


async def make_campaign_things(here: Committee, fund: int) -> dict[str, int]:
    """Ids by name: `draft_campaign`, …, `directed_campaign`, `asked_host`, `own_host`."""
    secretary, reviewer = [await _holder(here, role, here.ref) for role in (SECRETARY, rules.REVIEWER)]
    things = {
        f"{state}_campaign": await _campaign(here, fund, state, secretary, reviewer) for state in _STATES
    }
    things["directed_campaign"] = await campaigns.write_plan(
        here.id, fund, plan(mode=rules.DIRECTED), actor=secretary
    )
    staff = await _holder(here, STAFF, Ref("region", here.region_id))
    for name in ("asked", "own"):
        things[f"{name}_host"] = await hosts.ask_for_host(here.id, f"{name}.example.org", actor=secretary)
    await hosts.confirm_host(things["own_host"], actor=staff)
    online = await _campaign(here, fund, "running", secretary, reviewer)
    treasurer = await _holder(here, "core.fund_treasurer", here.ref)
    return things | await make_platform_things(online, fund, treasurer=treasurer)


async def _holder(here: Committee, role: str, scope: Ref) -> Actor:
    return replace(await make_resident(here.region_id, name="经办人"), grants=(Grant(role, scope),))


async def _campaign(here: Committee, fund: int, state: str, secretary: Actor, reviewer: Actor) -> int:
    """Among neighbours, so that it needs no certificate."""
    written = plan(mode=rules.MUTUAL, title=state, ends_on=clock.today() + timedelta(days=9))
    campaign_id = await campaigns.write_plan(here.id, fund, written, actor=secretary)
    reached = _STATES.index(state)
    if reached >= 1:
        await campaigns.review_plan(campaign_id, actor=reviewer)
    if reached >= 2:
        await campaigns.publish_campaign(campaign_id, actor=secretary)
    if reached >= 3:
        await campaigns.stop_campaign(campaign_id, actor=secretary)
    return campaign_id
