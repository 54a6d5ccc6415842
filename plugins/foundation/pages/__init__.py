"""The pages of foundations, by subject."""

from plugins.foundation.pages import (
    annual,
    calendar,
    campaigns,
    disclosures,
    giving,
    hosts,
    plans,
    pledges,
    pools,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *disclosures.HANDLERS,
    *giving.HANDLERS,
    *plans.HANDLERS,
    *hosts.HANDLERS,
    *pledges.HANDLERS,
    *pools.HANDLERS,
    *annual.HANDLERS,
    *years.HANDLERS,
]
