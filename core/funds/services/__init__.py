"""The verbs of funds: found and close, record gifts, ask, decide, check, pay, and bring the voucher."""

from core.funds.services.agreements import (
    ask_for_agreement,
    draft_agreement,
    drop_agreement,
    sign_agreement,
)
from core.funds.services.changes import (
    answer_change,
    answer_with_code,
    carry_out_change,
    drop_change,
    propose_change,
)
from core.funds.services.fiscal import (
    ask_for_fiscal,
    ask_for_fiscal_while_giving,
    ask_for_fiscal_with_code,
    import_fiscal,
    record_fiscal,
)
from core.funds.services.funds import (
    add_purpose,
    end_fund,
    end_seat,
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
    drop_gift_transfer,
    lapse_gifts,
    leave_gift_payment,
    pay_gift,
    transfer_gift,
)
from core.funds.services.imports import NewFund, import_funds, import_gifts
from core.funds.services.leftovers import move_leftover, propose_leftover, settle_leftover
from core.funds.services.names import lift_name, refuse_name
from core.funds.services.paybacks import drop_payback, prepare_payback, sign_payback
from core.funds.services.paying import (
    bring_voucher,
    prepare_payment,
    release_money,
    send_back,
    sign_payment,
)
from core.funds.services.receipts import issue_receipt, issue_with_code, print_receipt
from core.funds.services.refunds import drop_refund, prepare_refund, sign_refund
from core.funds.services.requests import (
    ask_for_money,
    check_request,
    refuse_request,
    settle_vote,
    withdraw_request,
)
from core.funds.services.warnings import explain_warning

__all__ = [
    "LAPSE",
    "NewFund",
    "add_purpose",
    "answer_change",
    "answer_with_code",
    "ask_about_gift",
    "ask_for_agreement",
    "ask_for_fiscal",
    "ask_for_fiscal_while_giving",
    "ask_for_fiscal_with_code",
    "ask_for_money",
    "begin_gift",
    "bring_voucher",
    "carry_out_change",
    "check_request",
    "confirm_gift",
    "draft_agreement",
    "drop_agreement",
    "drop_change",
    "drop_gift",
    "drop_gift_transfer",
    "drop_payback",
    "drop_refund",
    "end_fund",
    "end_seat",
    "explain_warning",
    "found_fund",
    "import_fiscal",
    "import_funds",
    "import_gifts",
    "issue_receipt",
    "issue_with_code",
    "lapse_gifts",
    "leave_gift_payment",
    "lift_name",
    "move_leftover",
    "open_fund",
    "pay_gift",
    "prepare_payback",
    "prepare_payment",
    "prepare_refund",
    "print_receipt",
    "propose_change",
    "propose_leftover",
    "record_fiscal",
    "record_gift",
    "refuse_name",
    "refuse_request",
    "release_money",
    "seat_member",
    "send_back",
    "settle_leftover",
    "settle_vote",
    "sign_agreement",
    "sign_payback",
    "sign_payment",
    "sign_refund",
    "stop_gifts",
    "transfer_gift",
    "withdraw_request",
]
