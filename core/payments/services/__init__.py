"""The verbs of payments: orders and the counter, paying online, notifications, merchant accounts."""

from core.payments.services.merchants import (
    CHECK_MERCHANT,
    check_merchant,
    connect_merchant,
    deployment_credentials,
    disconnect_merchant,
    identify_url,
    known_provider,
    notify_url,
    retest_merchant,
)
from core.payments.services.notifications import SWEEP, receive_notification, sweep
from core.payments.services.online import (
    OPEN_PAYMENT,
    ask_to_settle,
    leave_payment,
    open_payment,
    settle,
    start_payment,
)
from core.payments.services.orders import (
    RECEIPT,
    SETTLE,
    ask_for_receipt,
    cancel_order,
    check_not_paying,
    confirm_cash,
    create_order,
)
from core.payments.services.reconciling import (
    RECONCILE,
    RECONCILE_ALL,
    ask_to_reconcile,
    reconcile,
    reconcile_all,
    set_line_aside,
)
from core.payments.services.refunds import (
    SEND_REFUND,
    ask_refund,
    pay_refund_out,
    send_refund,
    settle_refund_vote,
)
from core.payments.services.taking import TAKE, take_notification

__all__ = [
    "CHECK_MERCHANT",
    "OPEN_PAYMENT",
    "RECEIPT",
    "RECONCILE",
    "RECONCILE_ALL",
    "SEND_REFUND",
    "SETTLE",
    "SWEEP",
    "TAKE",
    "ask_for_receipt",
    "ask_refund",
    "ask_to_reconcile",
    "ask_to_settle",
    "cancel_order",
    "check_merchant",
    "check_not_paying",
    "confirm_cash",
    "connect_merchant",
    "create_order",
    "deployment_credentials",
    "disconnect_merchant",
    "identify_url",
    "known_provider",
    "leave_payment",
    "notify_url",
    "open_payment",
    "pay_refund_out",
    "receive_notification",
    "reconcile",
    "reconcile_all",
    "retest_merchant",
    "send_refund",
    "set_line_aside",
    "settle",
    "settle_refund_vote",
    "start_payment",
    "sweep",
    "take_notification",
]
