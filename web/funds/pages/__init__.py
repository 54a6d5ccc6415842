"""Pages of funds, gifts and requests for money."""

from web.funds.pages import changes, funds, gifts, giving, leftovers, requests

HANDLERS = [
    *changes.HANDLERS, *funds.HANDLERS, *gifts.HANDLERS, *giving.HANDLERS, *leftovers.HANDLERS,
    *requests.HANDLERS,
]  # fmt: skip
