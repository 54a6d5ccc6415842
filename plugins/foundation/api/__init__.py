"""Foundations for programs, by subject."""

from plugins.foundation.api import calendar, pools

HANDLERS = [*calendar.HANDLERS, *pools.HANDLERS]
