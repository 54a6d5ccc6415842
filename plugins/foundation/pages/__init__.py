"""The pages of foundations, by subject."""

from plugins.foundation.pages import (
    calendar,
    campaigns,
    hosts,
    plans,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *plans.HANDLERS,
    *hosts.HANDLERS,
    *years.HANDLERS,
]
