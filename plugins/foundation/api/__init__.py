"""Foundations for programs, by subject."""

from plugins.foundation.api import calendar, years

HANDLERS = [*calendar.HANDLERS, *years.HANDLERS]
