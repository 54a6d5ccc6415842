"""Foundations for programs, by subject."""

from plugins.foundation.api import (
    calendar,
    campaigns,
    hosts,
    pledges,
    pools,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *hosts.HANDLERS,
    *pledges.HANDLERS,
    *pools.HANDLERS,
    *years.HANDLERS,
]
