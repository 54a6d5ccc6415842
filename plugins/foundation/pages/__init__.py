"""The pages of foundations, by subject."""

from plugins.foundation.pages import calendar

HANDLERS = [*calendar.HANDLERS]
