"""Types of pages of what comes by bank transfer."""

from tests.web.page_type import PageType

_BANK_STATEMENT = "/counter/bank/statements/{statement_id:int}"
_BANK_LINE = "/counter/bank/lines/{line_id:int}"
AT_BANK = (
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
