"""Foundations for programs, by subject."""

from plugins.foundation.api import (
    calendar,
    campaigns,
    hosts,
    pools,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *hosts.HANDLERS,
    *pools.HANDLERS,
    *years.HANDLERS,
]
