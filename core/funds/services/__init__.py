"""The verbs of funds: found and close, record gifts, ask, decide, check, pay, and bring the voucher."""

from core.funds.services.changes import (
    answer_change,
    answer_with_code,
    carry_out_change,
    drop_change,
    propose_change,
)
from core.funds.services.funds import (
    add_purpose,
    end_fund,
    found_fund,
    open_fund,
    seat_member,
    stop_gifts,
)
from core.funds.services.gifts import confirm_gift, drop_gift, record_gift
from core.funds.services.giving import (
    LAPSE,
    ask_about_gift,
    begin_gift,
    lapse_gifts,
    leave_gift_payment,
    pay_gift,
)
from core.funds.services.imports import NewFund, import_funds, import_gifts
from core.funds.services.leftovers import move_leftover, propose_leftover, settle_leftover
from core.funds.services.paying import (
    bring_voucher,
    prepare_payment,
    release_money,
    send_back,
    sign_payment,
)
from core.funds.services.refunds import drop_refund, prepare_refund, sign_refund
from core.funds.services.requests import (
    ask_for_money,
    check_request,
    refuse_request,
    settle_vote,
    withdraw_request,
)

__all__ = [
    "LAPSE",
    "NewFund",
    "add_purpose",
    "answer_change",
    "answer_with_code",
    "ask_about_gift",
    "ask_for_money",
    "begin_gift",
    "bring_voucher",
    "carry_out_change",
    "check_request",
    "confirm_gift",
    "drop_change",
    "drop_gift",
    "drop_refund",
    "end_fund",
    "found_fund",
    "import_funds",
    "import_gifts",
    "lapse_gifts",
    "leave_gift_payment",
    "move_leftover",
    "open_fund",
    "pay_gift",
    "prepare_payment",
    "prepare_refund",
    "propose_change",
    "propose_leftover",
    "record_gift",
    "refuse_request",
    "release_money",
    "seat_member",
    "send_back",
    "settle_leftover",
    "settle_vote",
    "sign_payment",
    "sign_refund",
    "stop_gifts",
    "withdraw_request",
]
