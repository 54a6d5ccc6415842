"""Giving in a campaign: the same question as the page asks, before any money is promised."""

from core.database import current_unit, fetch_row, unit_of_work
from core.funds.rules import Promise
from core.funds.services import begin_gift
from core.people.rules import Actor
from plugins.foundation.errors.campaigns import CampaignNotFound, FundOfAnother
from plugins.foundation.queries import campaigns, hosts, taking
from plugins.foundation.rules import campaigns as rules


async def give(
    campaign_id: int, fund_id: int, promise: Promise, *, host: str, actor: Actor | None, address: str
) -> str:
    """Promise a gift in a campaign; returns the address of the page on which it is paid.

    `host` is the Host header of the request. Raises CampaignNotFound, FundOfAnother, what speaks against
    money here and now, and what `begin_gift` raises.
    """
    return (await promise_gift(campaign_id, fund_id, promise, host=host, actor=actor, address=address))[1]


async def promise_gift(
    campaign_id: int, fund_id: int, promise: Promise, *, host: str, actor: Actor | None, address: str
) -> tuple[int, str]:
    """The same for a verb that goes on with the gift: (its id, the page). Its row is written at COMMIT."""
    async with unit_of_work():
        # Locked, so that nobody ends it meanwhile, and a neighbour's gifts are counted one by one.
        found = await campaigns.campaign(campaign_id, lock=True)
        if found.state not in rules.SHOWN:
            raise CampaignNotFound
        person_id = actor.person_id if actor else None
        where = await hosts.at(host)
        if reason := await taking.why_not(found, where, person_id, promise.amount_fen):
            raise reason
        if fund_id not in {fund.id for fund in await campaigns.funds_of(campaign_id)}:
            raise FundOfAnother
        order_id = await begin_gift(fund_id, promise, actor=actor, address=address)
        order = await fetch_row("select cause_id, page from payment_order where id = $1", order_id)
        assert order is not None, "it has just been made"
        current_unit().insert("foundation_campaign_gift", campaign=campaign_id, gift=order["cause_id"])
        return order["cause_id"], order["page"]
