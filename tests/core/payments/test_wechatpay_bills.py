"""WeChat's bills are read strictly: as they are, or not at all."""

import gzip
import hashlib

import pytest

from core.payments.providers import CAPTURED, OTHER, PAYOUT, REFUNDED
from core.payments.wechatpay_bills import FLOWS, TRADES, read_bill, unpacked

_NAMES = (
    "交易时间,商户号,微信订单号,商户订单号,交易状态,货币种类,应结订单金额,微信退款单号,商户退款单号,退款金额,"
    "退款状态,商品名称,手续费,订单金额,申请退款金额"
)
_PAID = "`2026-11-22 10:00:00,`1900000007,`4200,`ref,`SUCCESS,`CNY,`35.00,`0,`0,`0.00"
_PAID += ",`,`菜园,`会费,`0.21000,`35.00,`0.00"
_BACK = "`2026-11-22 11:00:00,`1900000007,`4200,`ref,`REFUND,`CNY,`0.00,`5000,`mine"
_BACK += ",`7.00,`{},`菜园,`-0.04000,`0.00,`7.00"
_SUMS = "总交易单数,应结订单总金额"


def bill(*rows: str, said: int | None = None) -> str:
    return "\r\n".join([_NAMES, *rows, _SUMS, f"`{len(rows) if said is None else said},`28.00", ""])


def test_what_a_bill_says() -> None:
    paid = _PAID.replace("`菜园,`会费", "`菜园, 会费")  # a comma in a title
    found = read_bill(TRADES, bill(paid, _BACK.format("SUCCESS"), _BACK.format("FAIL")))
    assert [(one.kind, one.amount, one.fee, one.source, one.reference, one.paid_fen) for one in found] == [
        (CAPTURED, 3500, 21, "4200", "ref", 3500),
        (REFUNDED, -700, -4, "mine", "ref", 700),
    ]
    assert found[0].booked_at.isoformat() == "2026-11-22T10:00:00+08:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        _NAMES,
        bill(_PAID),  # one value too many
        bill(_BACK.format("SUCCESS"), said=2),
        bill(_BACK.format("SUCCESS")) + "`more\r\n",
        bill(_BACK.format("SUCCESS")).replace("7.00", "7.005"),
        bill(_BACK.format("SUCCESS")).replace("7.00", "seven"),
        bill(_BACK.format("SUCCESS")).replace("手续费", "服务费"),
        bill(_BACK.format("SUCCESS")).replace("2026-11-22", "yesterday"),
    ],
)
def test_another_form_is_refused_whole(text: str) -> None:
    with pytest.raises((ValueError, LookupError, ArithmeticError)):
        read_bill(TRADES, text)


def test_what_else_has_moved() -> None:
    names = "记账时间,资金流水单号,业务类型,收支类型,收支金额（元）"
    kinds = [
        ("交易", "收入"),
        ("扣除交易手续费", "支出"),
        ("退款", "支出"),
        ("提现", "支出"),
        ("充值", "收入"),
    ]
    rows = [f"`2026-11-22 10:00:0{n},`10{n},`{kind},`{way},`20.00" for n, (kind, way) in enumerate(kinds)]
    text = "\n".join([names, *rows, "资金流水总笔数,收入笔数", "`5,`2"])
    assert [(one.kind, one.amount) for one in read_bill(FLOWS, text)] == [(PAYOUT, -2000), (OTHER, 2000)]


def test_only_the_bill_that_was_promised() -> None:
    text = bill(_BACK.format("SUCCESS")).encode()
    assert unpacked(gzip.compress(text), hashlib.sha1(text).hexdigest().upper()) == text.decode()
    with pytest.raises(ValueError, match="promised"):
        unpacked(gzip.compress(text + b" "), hashlib.sha1(text).hexdigest())
    with pytest.raises(gzip.BadGzipFile):
        unpacked(text, hashlib.sha1(text).hexdigest())
