"""The stand-in for WeChat Pay refuses what WeChat refuses, in WeChat's codes, and answers nobody else."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.type import RequestType

from core import clock
from core.settings import load
from plugins.practice.commands.wechat import WeChat
from plugins.practice.commands.wechat_books import WeChatBooks
from plugins.practice.rules import merchant_number, organization_of_merchant
from tests.core.payments.stand_in import Cashier, Told, cashier, wechat_keys, wechat_of


@pytest.fixture
def stand_in() -> Iterator[Cashier]:
    with cashier() as running:
        yield running


def client(stand_in: Cashier, **changed: str) -> Any:
    """Its own library, as a merchant uses it."""
    keys = {**wechat_of(7), **changed}
    made = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=keys["mchid"],
        appid=keys["appid"],
        cert_serial_no=keys["serial"],
        private_key=keys["private_secret"],
        apiv3_key=keys["v3_secret"],
        public_key_id=keys["public_key_id"],
        public_key=keys["public_key"],
        timeout=5,
    )
    made._core._gate_way = stand_in.url
    return made


def order(**changed: Any) -> dict[str, Any]:
    until = clock.local(clock.now() + timedelta(hours=1)).replace(microsecond=0)
    return {
        "description": "菜园",
        "out_trade_no": "order-0001",
        "amount": {"total": 100, "currency": "CNY"},
        "time_expire": until.isoformat(),
        "notify_url": "http://yiji.test/notify",
        **changed,
    }


def code_of(answer: tuple[int, Any]) -> tuple[int, str]:
    status, text = answer
    return status, json.loads(text).get("code", "") if text else ""


@pytest.mark.parametrize(
    "changed",
    [
        {"out_trade_no": "short"},
        {"out_trade_no": "x" * 33},
        {"out_trade_no": "菜园缴费单一"},
        {"amount": {"total": 0, "currency": "CNY"}},
        {"amount": {"total": 100_000_001, "currency": "CNY"}},
        {"amount": {"total": 1.5, "currency": "CNY"}},
        {"amount": {"total": 100, "currency": "USD"}},
        {"description": "字" * 43},
        {"notify_url": "http://yiji.test/notify?a=1"},
        {"notify_url": "yiji.test"},
        {"time_expire": "2020-01-01T00:00:00+08:00"},
        {"time_expire": "2036-01-01T00:00:00"},
        {"attach": "what we never send"},
    ],
)
def test_an_order_of_another_form(stand_in: Cashier, changed: dict[str, Any]) -> None:
    assert code_of(client(stand_in).pay(**order(**changed))) == (400, "PARAM_ERROR")
    assert stand_in.wechat.books.orders == {}


def test_a_number_is_used_once(stand_in: Cashier) -> None:
    merchant = client(stand_in)
    asked = order()
    first = merchant.pay(**asked)
    assert first[0] == 200
    assert merchant.pay(**asked) == first
    other = {**asked, "amount": {"total": 101, "currency": "CNY"}}
    assert code_of(merchant.pay(**other)) == (403, "OUT_TRADE_NO_USED")
    assert code_of(merchant.query(out_trade_no="order-0002")) == (404, "ORDER_NOT_EXIST")
    assert code_of(merchant.close(out_trade_no="order-0002")) == (404, "ORDER_NOT_EXIST")
    assert merchant.close(out_trade_no="order-0001")[0] == 204
    assert code_of(merchant.pay(**asked)) == (400, "ORDER_CLOSED")
    assert code_of(client(stand_in, **wechat_of(8)).query(out_trade_no="order-0001"))[0] == 404


def test_no_more_goes_back_than_came_and_fifty_times_at_most(stand_in: Cashier) -> None:
    merchant = client(stand_in)
    merchant.pay(**order())

    def refund(name: str, fen: int, total: int = 100) -> tuple[int, str]:
        amount = {"refund": fen, "total": total, "currency": "CNY"}
        return code_of(merchant.refund(out_refund_no=name, out_trade_no="order-0001", amount=amount))

    assert refund("r-unpaid", 1) == (400, "INVALID_REQUEST")
    made = stand_in.wechat.books.order(merchant_number(7), "order-0001")
    stand_in.wechat.pay(made["code"], "paid")
    assert code_of(merchant.close(out_trade_no="order-0001")) == (403, "ORDERPAID")
    assert code_of(merchant.pay(**order(time_expire=made["time_expire"]))) == (403, "ORDERPAID")
    assert refund("r-much", 101) == (400, "INVALID_REQUEST")
    assert refund("r-total", 1, total=99) == (400, "INVALID_REQUEST")
    assert refund("r-none", 0) == (400, "PARAM_ERROR")
    assert refund("r-1", 1) == (200, "")
    assert refund("r-1", 1) == (200, "")
    assert refund("r-1", 2) == (400, "INVALID_REQUEST")
    assert code_of(merchant.query_refund(out_refund_no="r-none")) == (404, "RESOURCE_NOT_EXISTS")
    assert {refund(f"r-{number}", 1) for number in range(2, 51)} == {(200, "")}
    assert refund("r-51", 1) == (403, "RULE_LIMIT")


def test_only_who_signs_now_is_answered(stand_in: Cashier) -> None:
    assert code_of(client(stand_in, serial="0" * 40).query(out_trade_no="order-0001")) == (401, "SIGN_ERROR")
    assert code_of(client(stand_in, mchid="1900000008").pay(**order())) == (401, "SIGN_ERROR")
    assert code_of(client(stand_in, mchid="1600000007").pay(**order())) == (401, "SIGN_ERROR")
    assert code_of(client(stand_in, appid="wx0000000812345678").pay(**order())) == (
        400,
        "APPID_MCHID_NOT_MATCH",
    )
    other = client(stand_in)
    assert code_of(other._core.request("/v3/certificates", method=RequestType.GET))[0] == 404
    late = WeChat(
        WeChatBooks("http://yiji.test"),
        Told(),  # type: ignore[arg-type]
        load().secret,
        wechat_keys(),
        lambda: time.time() + 301,
    )
    stand_in.wechat.answer, before = late.answer, stand_in.wechat.answer  # type: ignore[method-assign]
    assert code_of(client(stand_in).query(out_trade_no="order-0001")) == (401, "SIGN_ERROR")
    stand_in.wechat.answer = before  # type: ignore[method-assign]
    assert code_of(client(stand_in).query(out_trade_no="order-0001")) == (404, "ORDER_NOT_EXIST")


def test_a_bill_is_of_a_day_that_is_over(stand_in: Cashier) -> None:
    merchant = client(stand_in)
    today = clock.today()
    for day in (today, today + timedelta(days=1), today - timedelta(days=93)):
        assert code_of(merchant.trade_bill(bill_date=str(day))) == (400, "PARAM_ERROR")
    assert code_of(merchant.trade_bill(bill_date="yesterday")) == (400, "PARAM_ERROR")
    for asking in (merchant.trade_bill, merchant.fundflow_bill):
        nothing = asking(bill_date=str(today - timedelta(days=1)))
        assert code_of(nothing) == (400, "NO_STATEMENT_EXIST")


def test_a_merchant_number_is_an_organizations() -> None:
    assert organization_of_merchant(merchant_number(12345678)) == 12345678
    for nobody in ("", "1900000007x", "1800000007", "19000000077", "19٠٠٠٠٠٠٠٧"):
        assert organization_of_merchant(nobody) is None


def test_a_restarted_stand_in_knows_its_orders(tmp_path: Any) -> None:
    kept_in = tmp_path / "books.json"
    asked = {**order(), "mchid": merchant_number(7), "appid": "wx"}
    books = WeChatBooks("http://yiji.test", kept_in)
    first = books.create("native", asked)
    books.keep()
    again = WeChatBooks("http://yiji.test", kept_in)
    assert again.create("native", asked) == first
    assert kept_in.stat().st_mode & 0o777 == 0o600
