"""What the rule about money is told: the campaign's certificate, whose the address is, who gives."""

from core import clock
from core.errors import YijiError
from core.manifest import GivingPlace
from core.payments.queries import takes_from_afar
from plugins.foundation.errors.campaigns import NoAccountOnline
from plugins.foundation.queries import campaigns, hosts
from plugins.foundation.queries.campaigns import CampaignView
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules.taking import Host, may_take_money, why_not_from

PLACES_MOST = 3


async def why_not(
    found: CampaignView, host: Host, person_id: int | None, amount_fen: int = 0
) -> YijiError | None:
    """The reason against money here, today, from this person; `amount_fen` 0: any."""
    terms = await campaigns.terms(found.organization_id)
    certificate = await campaigns.certificate(found.organization_id)
    reason = may_take_money(found.taking(certificate), host, clock.today(), terms)
    if reason is None and not await takes_from_afar(found.organization_id):
        reason = NoAccountOnline()
    if reason or found.mode == rules.OWN_SITE:
        return reason
    giver = await campaigns.giver(found, person_id) if person_id else None
    return why_not_from(found.mode, giver, amount_fen, place=found.region, terms=terms)


async def open_place(
    fund_id: int, host: str, person_id: int, amount_fen: int
) -> tuple[int | None, YijiError | None]:
    """(the campaign of a fund that takes this money here and now, or why none does)."""
    where, refusal = await hosts.at(host), None
    for campaign_id in await campaigns.running_for(fund_id, limit=PLACES_MOST):
        reason = await why_not(await campaigns.campaign(campaign_id), where, person_id, amount_fen)
        if reason is None:
            return campaign_id, None
        refusal = refusal or reason
    return None, refusal


async def places(fund_id: int, host: str, person_id: int | None) -> list[GivingPlace]:
    """The running campaigns of a fund that take money at all, and why not here and now."""
    where = await hosts.at(host)
    found = []
    for campaign_id in await campaigns.running_for(fund_id, limit=PLACES_MOST):
        one = await campaigns.campaign(campaign_id)
        reason = await why_not(one, where, person_id)
        found.append(GivingPlace(title=one.title, path=f"/foundation/campaigns/{one.id}", reason=reason))
    return found
