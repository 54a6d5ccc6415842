"""Foundations for programs, by subject."""

from plugins.foundation.api import (
    calendar,
    campaigns,
    giving,
    hosts,
    years,
)

HANDLERS = [
    *calendar.HANDLERS,
    *campaigns.HANDLERS,
    *giving.HANDLERS,
    *hosts.HANDLERS,
    *years.HANDLERS,
]
