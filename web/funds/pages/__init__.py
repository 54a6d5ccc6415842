"""Pages of funds, gifts and requests for money."""

from web.funds.pages import changes, funds, gifts, leftovers, requests

HANDLERS = [*changes.HANDLERS, *funds.HANDLERS, *gifts.HANDLERS, *leftovers.HANDLERS, *requests.HANDLERS]
