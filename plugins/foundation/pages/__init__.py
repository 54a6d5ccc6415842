"""The pages of foundations, by subject."""

from plugins.foundation.pages import calendar, pools

HANDLERS = [*calendar.HANDLERS, *pools.HANDLERS]
