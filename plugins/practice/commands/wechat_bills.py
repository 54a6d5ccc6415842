"""The stand-in's bills of a day, as WeChat writes them: a ` before each value, and sums at the end."""

from plugins.practice.commands.wechat_books import Thing, WeChatBooks, fee_of

_TRADES = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,"
    "订单金额,申请退款金额,费率备注"
)
_TRADE_SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_FLOWS = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,"
    "资金变更提交申请人,备注,业务凭证号"
)
_FLOW_SUMS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
_ZERO = "0.00"


def trade_bill(books: WeChatBooks, mchid: str, day: str) -> str:
    """What was paid and sent back on that day; "" for nothing."""
    rows = [
        _trade(order, books.shown(order)["success_time"])
        for order in books.orders.values()
        if order["mchid"] == mchid and order.get("success_time", "").startswith(day)
    ]
    rows += [
        _refund(books.order(mchid, one["out_trade_no"]), one)
        for one in books.refunds.values()
        if one["mchid"] == mchid and one["create_time"].startswith(day)
    ]
    return _bill(_TRADES, rows, _TRADE_SUMS)


def _trade(order: Thing, paid_at: str) -> list[str]:
    own = [_local(paid_at), order["appid"], order["mchid"], "", "", order["transaction_id"]]
    what = [order["out_trade_no"], "o" + order["code"], order["kind"].upper(), "SUCCESS", "OTHERS", "CNY"]
    gone = [_yuan(order["total"]), _ZERO, "0", "0", _ZERO, _ZERO, "", "", order["description"], ""]
    fee = f"{fee_of(order['total']) / 100:.5f}"
    return [*own, *what, *gone, fee, "0.60%", _yuan(order["total"]), _ZERO, ""]


def _refund(order: Thing, refund: Thing) -> list[str]:
    amount = refund["amount"]["refund"]
    own = [_local(refund["create_time"]), order["appid"], order["mchid"], "", "", order["transaction_id"]]
    what = [order["out_trade_no"], "o" + order["code"], order["kind"].upper(), "REFUND", "OTHERS", "CNY"]
    names = [_ZERO, _ZERO, refund["refund_id"], refund["out_refund_no"], _yuan(amount), _ZERO, "ORIGINAL"]
    status = "FAIL" if refund["status"] == "CLOSED" else refund["status"]
    fee = f"{-fee_of(amount) / 100:.5f}"
    return [*own, *what, *names, status, order["description"], "", fee, "0.60%", _ZERO, _yuan(amount), ""]


def flow_bill(books: WeChatBooks, mchid: str, day: str) -> str:
    """What has gone to the bank on that day; "" for nothing."""
    rows = [
        [
            _local(one["at"]),
            one["id"],
            one["id"],
            "提现",
            "提现",
            "支出",
            _yuan(one["amount"]),
            _ZERO,
            "",
            "",
            "",
        ]
        for one in books.withdrawals
        if one["mchid"] == mchid and one["at"].startswith(day)
    ]
    return _bill(_FLOWS, rows, _FLOW_SUMS)


def _bill(names: str, rows: list[list[str]], sums: str) -> str:
    if not rows:
        return ""
    lines = [names, *("`" + ",`".join(row) for row in rows), sums]
    lines.append("`" + ",`".join([str(len(rows)), *[_ZERO] * sums.count(",")]))
    return "\r\n".join(lines) + "\r\n"


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def _local(moment: str) -> str:
    return moment[:19].replace("T", " ")
