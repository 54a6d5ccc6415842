"""Funds, gifts and requests for money, for programs."""

from web.funds.api import changes, funds, gifts, leftovers, requests

HANDLERS = [*changes.HANDLERS, *funds.HANDLERS, *gifts.HANDLERS, *leftovers.HANDLERS, *requests.HANDLERS]
