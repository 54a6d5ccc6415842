"""The pages of foundations, by subject."""

from plugins.foundation.pages import (
    calendar,
    campaigns,
    giving,
    hosts,
    plans,
    pools,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *giving.HANDLERS,
    *plans.HANDLERS,
    *hosts.HANDLERS,
    *pools.HANDLERS,
    *years.HANDLERS,
]
