"""Foundations for programs, by subject."""

from plugins.foundation.api import (
    annual,
    calendar,
    campaigns,
    disclosures,
    giving,
    hosts,
    pledges,
    pools,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *disclosures.HANDLERS,
    *giving.HANDLERS,
    *hosts.HANDLERS,
    *pledges.HANDLERS,
    *pools.HANDLERS,
    *annual.HANDLERS,
    *years.HANDLERS,
]
