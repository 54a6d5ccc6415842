"""The pages of foundations, by subject."""

from plugins.foundation.pages import calendar, disclosures, years

HANDLERS = [*calendar.HANDLERS, *disclosures.HANDLERS, *years.HANDLERS]
