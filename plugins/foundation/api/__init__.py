"""Foundations for programs, by subject."""

from plugins.foundation.api import (
    annual,
    calendar,
    campaigns,
    disclosures,
    giving,
    hosts,
    pools,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *disclosures.HANDLERS,
    *giving.HANDLERS,
    *hosts.HANDLERS,
    *pools.HANDLERS,
    *annual.HANDLERS,
    *years.HANDLERS,
]
