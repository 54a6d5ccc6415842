"""The pages of foundations, by subject."""

from plugins.foundation.pages import (
    calendar,
    campaigns,
    hosts,
    plans,
    pools,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *plans.HANDLERS,
    *hosts.HANDLERS,
    *pools.HANDLERS,
    *years.HANDLERS,
]
