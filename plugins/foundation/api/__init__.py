"""Foundations for programs, by subject."""

from plugins.foundation.api import calendar, disclosures, years

HANDLERS = [*calendar.HANDLERS, *disclosures.HANDLERS, *years.HANDLERS]
