"""Funds, gifts and requests for money, for programs."""

from web.funds.api import funds, gifts, leftovers, requests

HANDLERS = [*funds.HANDLERS, *gifts.HANDLERS, *leftovers.HANDLERS, *requests.HANDLERS]
