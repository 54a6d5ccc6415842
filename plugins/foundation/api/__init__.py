"""Foundations for programs, by subject."""

from plugins.foundation.api import (
    agreements,
    annual,
    books,
    calendar,
    campaigns,
    disclosures,
    giving,
    goods,
    hosts,
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
    *hosts.HANDLERS,
    *pledges.HANDLERS,
    *platforms.HANDLERS,
    *pools.HANDLERS,
    *related.HANDLERS,
    *annual.HANDLERS,
    *years.HANDLERS,
    *books.HANDLERS,
]
