"""What the rule about money is told: the campaign's certificate, whose the address is, who gives."""

from core import clock
from core.errors import YijiError
from plugins.foundation.queries import campaigns
from plugins.foundation.queries.campaigns import CampaignView
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules.taking import Host, may_take_money, why_not_from


async def why_not(
    found: CampaignView, host: Host, person_id: int | None, amount_fen: int = 0
) -> YijiError | None:
    """The reason against money here, today, from this person; `amount_fen` 0: any."""
    terms = await campaigns.terms(found.organization_id)
    certificate = await campaigns.certificate(found.organization_id)
    reason = may_take_money(found.taking(certificate), host, clock.today(), terms)
    if reason or found.mode == rules.OWN_SITE:
        return reason
    giver = await campaigns.giver(found, person_id) if person_id else None
    return why_not_from(found.mode, giver, amount_fen, place=found.region, terms=terms)
