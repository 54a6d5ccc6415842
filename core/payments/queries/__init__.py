"""Reads of orders, of attempts to pay them online, and of the accounts that take the money."""

from core.payments.queries.online import (
    MerchantView,
    OnlinePayment,
    attempt,
    attempt_by_reference,
    attempts,
    latest_attempt,
    merchant,
    merchants,
    online_payments,
    open_attempts,
    taking_merchant,
)
from core.payments.queries.orders import (
    PaymentView,
    QueuedOrder,
    expired_orders,
    lines,
    open_orders,
    order,
    payment,
    todos,
)

__all__ = [
    "MerchantView",
    "OnlinePayment",
    "PaymentView",
    "QueuedOrder",
    "attempt",
    "attempt_by_reference",
    "attempts",
    "expired_orders",
    "latest_attempt",
    "lines",
    "merchant",
    "merchants",
    "online_payments",
    "open_attempts",
    "open_orders",
    "order",
    "payment",
    "taking_merchant",
    "todos",
]
