"""Foundations for programs, by subject."""

from plugins.foundation.api import calendar

HANDLERS = [*calendar.HANDLERS]
