"""Pages of funds, gifts and requests for money."""

from web.funds.pages import funds, gifts, requests

HANDLERS = [*funds.HANDLERS, *gifts.HANDLERS, *requests.HANDLERS]
