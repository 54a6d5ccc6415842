"""Pages of funds, gifts and requests for money."""

from web.funds.pages import funds, gifts, leftovers, requests

HANDLERS = [*funds.HANDLERS, *gifts.HANDLERS, *leftovers.HANDLERS, *requests.HANDLERS]
