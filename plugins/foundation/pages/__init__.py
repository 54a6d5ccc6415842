"""The pages of foundations, by subject."""

from plugins.foundation.pages import calendar, years

HANDLERS = [*calendar.HANDLERS, *years.HANDLERS]
