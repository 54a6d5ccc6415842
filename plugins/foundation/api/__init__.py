"""Foundations for programs, by subject."""

from plugins.foundation.api import (
    calendar,
    campaigns,
    hosts,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *hosts.HANDLERS,
    *years.HANDLERS,
]
