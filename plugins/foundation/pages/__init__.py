"""The pages of foundations, by subject."""

from plugins.foundation.pages import (
    calendar,
    campaigns,
    hosts,
    plans,
    pledges,
    pools,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *plans.HANDLERS,
    *hosts.HANDLERS,
    *pledges.HANDLERS,
    *pools.HANDLERS,
    *years.HANDLERS,
]
