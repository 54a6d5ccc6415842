"""Funds, gifts and requests for money, for programs."""

from web.funds.api import changes, funds, gifts, giving, leftovers, requests

HANDLERS = [
    *changes.HANDLERS, *funds.HANDLERS, *gifts.HANDLERS, *giving.HANDLERS, *leftovers.HANDLERS,
    *requests.HANDLERS,
]  # fmt: skip
