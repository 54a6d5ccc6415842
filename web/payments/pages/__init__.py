"""An order as its payer sees it, and the counter where a treasurer takes the money."""

from web.payments.pages import counter, orders

HANDLERS = [*orders.HANDLERS, *counter.HANDLERS]
