"""Funds, gifts and requests for money, for programs."""

from web.funds.api import funds, gifts, requests

HANDLERS = [*funds.HANDLERS, *gifts.HANDLERS, *requests.HANDLERS]
