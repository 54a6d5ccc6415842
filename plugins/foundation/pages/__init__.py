"""The pages of foundations, by subject."""

from plugins.foundation.pages import calendar, campaigns, hosts, plans

HANDLERS = [*calendar.HANDLERS, *campaigns.HANDLERS, *plans.HANDLERS, *hosts.HANDLERS]
