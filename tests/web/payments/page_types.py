"""Types of pages of payments: orders, the counter, online, at the bank; what becomes of gardens by them."""

from tests.web.page_type import PageType

_BANK_STATEMENT = "/counter/bank/statements/{statement_id:int}"
_BANK_LINE = "/counter/bank/lines/{line_id:int}"
_REVIEW = "/garden/leases/{lease_id:int}/review"
_MERCHANT = "/merchants/{organization_id:int}/{provider_id:str}"
_REFUND, _REFUND_FORM = "/refunds/{refund_id:int}", "/counter/{order_id:int}/refund"
OF_PAYMENTS = (
    PageType("/orders/{order_id:int}", "/orders/{owed}", "resident"),
    PageType("/orders/{order_id:int}", "/orders/{paid}", "resident"),
    PageType("/orders/{order_id:int}", "/orders/{begun}", "resident"),
    PageType("/orders/{order_id:int}", "/orders/{scanned}", "resident"),
    PageType("/counter/online", "/counter/online", "treasurer"),
    PageType("/counter/online", "/counter/online?show=all", "treasurer"),
    PageType("/merchants", "/merchants", "manager"),
    PageType("/merchants/{organization_id:int}", "/merchants/{committee}", "manager"),
    PageType(_MERCHANT, "/merchants/{committee}/wechatpay", "manager", press="/wechatpay"),
    PageType(_MERCHANT, "/merchants/{committee}/stripe", "manager"),
    PageType(_MERCHANT, "/merchants/{committee}/stripe", "manager", press="/stripe"),
    PageType("/counter", "/counter", "treasurer"),
    PageType("/counter", "/counter?words=没有的人", "treasurer"),
    PageType("/counter/{order_id:int}", "/counter/{owed}", "treasurer"),
    PageType("/counter/{order_id:int}", "/counter/{owed}", "treasurer", press="/{owed}"),
    PageType("/counter/{order_id:int}", "/counter/{paid}", "treasurer"),
    PageType("/counter/{order_id:int}", "/counter/{bank_held}", "treasurer"),
    PageType("/counter/{order_id:int}", "/counter/{bank_much}", "treasurer", press="/{bank_much}"),
    PageType("/counter/takings/{taking_id:int}", "/counter/takings/{bank_taking}", "treasurer"),
    PageType("/orders/{order_id:int}", "/orders/{bank_held}", "resident"),
    PageType(_REFUND_FORM, "/counter/{paid}/refund", "treasurer"),
    PageType(_REFUND_FORM, "/counter/{paid}/refund", "treasurer", press="/refund"),
    PageType(_REFUND, "/refunds/{refund}", "treasurer"),
    PageType(_REFUND, "/refunds/{refund}", "treasurer", press="/{refund}"),
    PageType(_REFUND, "/refunds/{refund}", "resident"),
    PageType("/counter/refunds", "/counter/refunds", "treasurer"),
    PageType("/counter/settlements", "/counter/settlements", "treasurer"),
    PageType("/counter/disputes", "/counter/disputes", "treasurer"),
    PageType("/counter/disputes", "/counter/disputes?show=all", "treasurer"),
    PageType("/garden/reviews", "/garden/reviews", "manager"),
    PageType(_REVIEW, "/garden/leases/{bank_lease}/review", "manager"),
    PageType(_REVIEW, "/garden/leases/{bank_lease}/review", "manager", press="/review"),
    PageType("/orders/{order_id:int}", "/orders/{transfer}", "resident"),
    PageType("/counter/bank", "/counter/bank", "treasurer"),
    PageType("/counter/bank", "/counter/bank", "treasurer", press="/bank"),
    PageType("/counter/bank", "/counter/bank?show=all", "treasurer"),
    PageType(_BANK_STATEMENT, "/counter/bank/statements/{bank_choosing}", "treasurer"),
    PageType(_BANK_STATEMENT, "/counter/bank/statements/{bank_judged}", "treasurer"),
    PageType(_BANK_LINE, "/counter/bank/lines/{bank_waiting}", "treasurer"),
    PageType(_BANK_LINE, "/counter/bank/lines/{bank_other}", "treasurer", press="/order"),
    PageType(_BANK_LINE, "/counter/bank/lines/{bank_returning}", "treasurer", press="/returned"),
    PageType(_BANK_LINE, "/counter/bank/lines/{bank_aside}", "treasurer"),
)
