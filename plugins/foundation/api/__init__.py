"""Foundations for programs, by subject."""

from plugins.foundation.api import (
    calendar,
    campaigns,
    giving,
    hosts,
    pools,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *giving.HANDLERS,
    *hosts.HANDLERS,
    *pools.HANDLERS,
    *years.HANDLERS,
]
