"""The pages of foundations, by subject."""

from plugins.foundation.pages import (
    agreements,
    annual,
    calendar,
    campaigns,
    disclosures,
    giving,
    goods,
    hosts,
    plans,
    platforms,
    pledges,
    pools,
    related,
    years,
)

HANDLERS = [
    *agreements.HANDLERS,
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *disclosures.HANDLERS,
    *giving.HANDLERS,
    *goods.HANDLERS,
    *plans.HANDLERS,
    *hosts.HANDLERS,
    *pledges.HANDLERS,
    *platforms.HANDLERS,
    *pools.HANDLERS,
    *related.HANDLERS,
    *annual.HANDLERS,
    *years.HANDLERS,
]
