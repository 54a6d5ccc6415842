"""Funds, gifts and requests for money, for programs."""

from web.funds.api import (
    agreements,
    changes,
    fiscal,
    funds,
    gifts,
    giving,
    leftovers,
    mine,
    packs,
    receipts,
    requests,
)

HANDLERS = [
    *agreements.HANDLERS, *changes.HANDLERS, *fiscal.HANDLERS, *funds.HANDLERS, *gifts.HANDLERS,
    *giving.HANDLERS, *leftovers.HANDLERS, *mine.HANDLERS, *packs.HANDLERS, *receipts.HANDLERS,
    *requests.HANDLERS,
]  # fmt: skip
