"""What a provider's own books say, in words."""

from core.language import mark

LINE_KINDS = {
    "captured": mark("在线付款"),
    "refunded": mark("退款"),
    "refund_failed": mark("退款被银行退了回来"),
    "disputed": mark("因争议被银行扣走"),
    "dispute_returned": mark("争议的钱还了回来"),
    "payout": mark("提现到银行"),
    "other": mark("其他"),
}
VERDICTS = {
    "differs": mark("金额与我们记的不同"),
    "missing": mark("带着我们的编号，我们却没有记"),
    "not_ours": mark("不是这里的付款"),
}
