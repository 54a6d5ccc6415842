"""WeChat Pay (API v3): a QR code on our page, WeChat's page on a phone, or its own window in its browser.

The only module that imports `wechatpayv3`. That library answers (status, text), raises bare exceptions, and
checks no time: everything is put right here. Always in public key mode: else its
constructor asks the network.
"""

import json
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.utils import load_private_key

from core import clock
from core.language import mark
from core.payments.providers import (
    CAPTURED,
    JSAPI,
    PHONE,
    QR,
    REFUND_FAILED,
    REFUNDED,
    WECHAT,
    BadSignature,
    CredentialField,
    Credentials,
    Move,
    Notice,
    PaymentIntent,
    ProviderRefused,
    ProviderSilent,
    RefundRequest,
    SettlementLine,
    Snapshot,
    Started,
)
from core.payments.rules.online import EXPIRED, FAILED, PENDING, SUCCEEDED
from core.payments.wechatpay_bills import FLOWS, NONE_YET, TRADES, read_bill, unpacked
from core.payments.wechatpay_fields import FIELDS
from core.settings import load

STAND_IN = "PUB_KEY_ID_STANDIN_"
_TIMEOUT_S, _TOLERANCE_S, _TITLE_MOST = 10, 300, 40
# The bill of a day is there the next morning, and for three months.
_BILL_HOUR, _BILL_DAYS_MOST = 10, 89
_IDENTITY, _NAMES = "https://open.weixin.qq.com", "https://api.weixin.qq.com"
_STATES = {
    "SUCCESS": SUCCEEDED,
    "REFUND": SUCCEEDED,
    "CLOSED": EXPIRED,
    "REVOKED": EXPIRED,
    "PAYERROR": FAILED,
}


class _Refused(ProviderRefused):
    """With WeChat's own code; its words are left out, for they may quote what was sent."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}".strip())
        self.status, self.code = status, code


@dataclass(frozen=True)
class WeChatPayments:
    """One order at WeChat an attempt. Our reference is its name there (`out_trade_no`), for good."""

    id: str = "wechatpay"
    title: str = mark("微信支付")
    means: str = mark("微信")
    words: str = mark("用微信付款，钱直接进收款方自己的账户。")
    fields: tuple[CredentialField, ...] = FIELDS

    def is_live(self, credentials: Credentials) -> bool:
        """WeChat has no test accounts; only the stand-in's move nothing."""
        return not credentials["public_key_id"].startswith(STAND_IN)

    def can_verify(self, credentials: Credentials) -> bool:
        """Always: with WeChat's public key."""
        return bool(credentials["public_key"])

    def identify(self, credentials: Credentials, device: str, back: str, state: str) -> str:
        """In WeChat's own browser, through its page that tells who it is: nothing else can be paid there."""
        if device != WECHAT or not credentials.values.get("app_secret"):
            return ""
        asked = {"appid": credentials["appid"], "redirect_uri": back, "response_type": "code"}
        sent = urlencode({**asked, "scope": "snsapi_base", "state": state})
        return f"{_elsewhere(credentials, _IDENTITY)}/connect/oauth2/authorize?{sent}#wechat_redirect"

    def start(self, intent: PaymentIntent, credentials: Credentials) -> Started:
        """Make the order; the same one again gets the same answer. What a phone cannot do is scanned."""
        client, asked = _client(credentials), _order(intent)
        if intent.device == WECHAT and intent.payer:
            with suppress(ProviderRefused):  # a code is good for once, and five minutes
                payer = {"openid": _openid(intent.payer, credentials)}
                made = _ask(lambda: client.pay(**asked, payer=payer, pay_type=WeChatPayType.JSAPI))
                window = _window(client, credentials["appid"], _said(made, "prepay_id"))
                return Started(external_id=intent.reference, url=window, flow=JSAPI)
        if intent.device == PHONE and intent.payer:
            scene = {"payer_client_ip": intent.payer, "h5_info": {"type": "Wap"}}
            with suppress(_Refused):  # few merchants have it: then the code is shown
                made = _ask(lambda: client.pay(**asked, scene_info=scene, pay_type=WeChatPayType.H5))
                back = urlencode({"redirect_url": intent.return_url})
                page = _said(made, "h5_url")
                url = f"{page}{'&' if '?' in page else '?'}{back}"
                return Started(external_id=intent.reference, url=url)
        try:
            made = _ask(lambda: client.pay(**asked, pay_type=WeChatPayType.NATIVE))
        except _Refused as refused:
            if refused.code == "ORDERPAID":  # opened before we could note it, and paid: nothing to scan
                return Started(external_id=intent.reference, url="", flow=QR)
            raise
        return Started(external_id=intent.reference, url=_said(made, "code_url"), flow=QR)

    def fetch(self, external_id: str, credentials: Credentials, refunds: Sequence[str] = ()) -> Snapshot:
        """The order, its money, and each refund by its name: WeChat lists none."""
        client = _client(credentials)
        order = _ask(lambda: client.query(out_trade_no=external_id))
        try:
            if order["mchid"] != credentials["mchid"]:
                raise ProviderSilent("an order of another merchant")
            state = _STATES.get(order["trade_state"], PENDING)
            moves = list(_captured(order)) if state == SUCCEEDED else []
            if moves:
                moves += [move for name in refunds for move in _refunded(client, external_id, name)]
            currency = order.get("amount", {}).get("currency", "CNY").lower()
            return Snapshot(reference=order["out_trade_no"], state=state, currency=currency, moves=moves)
        except (LookupError, TypeError, ValueError, AttributeError):
            raise ProviderSilent("an answer of another form") from None

    def close(self, external_id: str, credentials: Credentials, refunds: Sequence[str] = ()) -> Snapshot:
        """Close the order; one that is paid or closed already says so."""
        client = _client(credentials)
        with suppress(_Refused):  # only an unpaid one can be closed: what it is now, it tells itself
            _ask(lambda: client.close(out_trade_no=external_id))
        return self.fetch(external_id, credentials, refunds)

    def refund(self, wanted: RefundRequest, credentials: Credentials) -> str:
        """Send money back; our reference is its name (`out_refund_no`), so it goes once."""
        client = _client(credentials)
        order = _ask(lambda: client.query(out_trade_no=wanted.external_id))
        amount = {
            "refund": wanted.amount_fen,
            "total": (order.get("amount") or {}).get("total", 0),
            "currency": "CNY",
        }
        _ask(
            lambda: client.refund(
                out_refund_no=wanted.reference,
                out_trade_no=wanted.external_id,
                amount=amount,
                notify_url=wanted.notify_url,
            )
        )
        return wanted.reference

    def settlements(self, since: datetime, credentials: Credentials) -> Sequence[SettlementLine]:
        """The bills of each day since then: trades with their fees, and what else has moved."""
        client, now = _client(credentials), clock.local(clock.now())
        last = now.date() - timedelta(days=1 if now.hour >= _BILL_HOUR else 2)
        first = max(clock.local(since).date(), now.date() - timedelta(days=_BILL_DAYS_MOST))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        found: list[SettlementLine] = []
        for day in map(str, days):
            found += _bill(client, TRADES, partial(client.trade_bill, bill_date=day))
            found += _bill(client, FLOWS, partial(client.fundflow_bill, bill_date=day))
        return found

    def check(self, credentials: Credentials) -> None:
        """Make an order of one fen and close it: that proves all keys but the one of notifications."""
        client, reference = _client(credentials), token_hex(16)
        until = (clock.now() + timedelta(minutes=5)).replace(microsecond=0)
        _ask(
            lambda: client.pay(
                description="yiji",
                out_trade_no=reference,
                amount={"total": 1, "currency": "CNY"},
                time_expire=clock.local(until).isoformat(),
                notify_url=load().public_url,
                pay_type=WeChatPayType.NATIVE,
            )
        )
        with suppress(ProviderRefused, ProviderSilent):  # it ends by itself
            _ask(lambda: client.close(out_trade_no=reference))

    def parse_notification(self, body: bytes, headers: Mapping[str, str], credentials: Credentials) -> Notice:
        """Signed by WeChat, of this time, sealed with the merchant's own key. What happened, we ask for."""
        # With a serial that it does not know, the library would go and look for certificates.
        if headers.get("wechatpay-serial") != credentials["public_key_id"]:
            raise BadSignature
        try:
            told = _client(credentials).callback(dict(headers), body)
            age_s = clock.now().timestamp() - int(headers["wechatpay-timestamp"])
            about = told["resource"]
            if abs(age_s) > _TOLERANCE_S or about["mchid"] != credentials["mchid"]:
                raise BadSignature
            return Notice(
                external_id=str(told["id"]),
                kind=str(told["event_type"]),
                reference=str(about["out_trade_no"]),
                is_live=self.is_live(credentials),
            )
        except Exception:  # its errors are bare ones
            raise BadSignature from None


def _client(credentials: Credentials) -> Any:
    """A client of this account; a stand-in's goes to the stand-in, and never to WeChat."""
    try:
        private_key = _private_key(credentials["private_secret"])
        client = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=credentials["mchid"],
            appid=credentials["appid"],
            cert_serial_no=credentials["serial"],
            private_key="",
            apiv3_key=credentials["v3_secret"],
            public_key_id=credentials["public_key_id"],
            public_key=credentials["public_key"],
            timeout=_TIMEOUT_S,
        )
    except ProviderRefused:
        raise
    except Exception:  # bare ones, for what is no key
        raise ProviderRefused("a key that cannot be read") from None
    client._core._private_key = private_key
    client._core._gate_way = _elsewhere(credentials, client._core._gate_way)
    return client


@lru_cache(maxsize=256)
def _private_key(pem: str) -> Any:
    """Reading one proves it, which takes longer than all the rest of a call: once a process is enough."""
    return load_private_key(pem)


def _elsewhere(credentials: Credentials, real: str) -> str:
    """The stand-in's address for its own keys, WeChat's for all others."""
    if not credentials["public_key_id"].startswith(STAND_IN):
        return real
    stand_in = load().payment_stand_in
    if stand_in is None:
        raise ProviderRefused("no stand-in is running")
    return stand_in


def _openid(code: str, credentials: Credentials) -> str:
    """WeChat's name of the person who came back with the code."""
    asked = {"appid": credentials["appid"], "secret": credentials["app_secret"], "code": code}
    sent = urlencode({**asked, "grant_type": "authorization_code"})
    address = f"{_elsewhere(credentials, _NAMES)}/sns/oauth2/access_token?{sent}"
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT_S) as answer:
            told = json.load(answer)
    except (OSError, ValueError) as error:
        raise ProviderSilent(type(error).__name__) from None
    openid = told.get("openid") if isinstance(told, dict) else None
    if not isinstance(openid, str) or not openid:
        raise ProviderRefused("a code that is used or over")
    return openid


def _ask(call: Callable[[], tuple[int, str | bytes]]) -> Any:
    """The answer's JSON. What came but is not surely WeChat's is no answer: it may have happened."""
    try:
        status, text = call()
        answer = json.loads(text) if text else {}
    except Exception as error:  # bare ones, also for an answer that is not signed
        raise ProviderSilent(type(error).__name__) from None
    if status in (200, 204):
        return answer
    if status < 400 or status >= 500 or status in (408, 409, 429):
        raise ProviderSilent(f"status {status}")
    code = answer.get("code") if isinstance(answer, dict) else None
    raise _Refused(status, code[:40] if isinstance(code, str) else "")


def _said(made: Any, name: str) -> str:
    value = made.get(name) if isinstance(made, dict) else None
    if not isinstance(value, str) or not value:
        raise ProviderSilent(f"no {name}")
    return value


def _order(intent: PaymentIntent) -> dict[str, Any]:
    return {
        "description": intent.title[:_TITLE_MOST],
        "out_trade_no": intent.reference,
        "amount": {"total": intent.amount_fen, "currency": "CNY"},
        "time_expire": clock.local(intent.expires_at).isoformat(),
        "notify_url": intent.notify_url,
    }


def _window(client: Any, appid: str, prepay_id: str) -> str:
    """What WeChat's browser wants to open its own window, signed."""
    package, moment, nonce = f"prepay_id={prepay_id}", str(int(clock.now().timestamp())), token_hex(16)
    signed = client.sign([appid, moment, nonce, package])
    given = {"appId": appid, "timeStamp": moment, "nonceStr": nonce, "package": package}
    return json.dumps({**given, "signType": "RSA", "paySign": signed})


def _captured(order: Any) -> Iterator[Move]:
    yield Move(
        kind=CAPTURED,
        external_id=order["transaction_id"],
        amount_fen=int(order["amount"]["total"]),
        happened_at=datetime.fromisoformat(order["success_time"]),
    )


def _refunded(client: Any, external_id: str, name: str) -> Iterator[Move]:
    """What was asked back under this name has left the account, unless WeChat has closed it."""
    try:
        refund = _ask(lambda: client.query_refund(out_refund_no=name))
    except _Refused as refused:
        if refused.status == 404:  # it was never made
            return
        raise
    if refund["out_trade_no"] != external_id:
        return
    for kind in (REFUNDED, REFUND_FAILED) if refund["status"] == "CLOSED" else (REFUNDED,):
        yield Move(
            kind=kind,
            external_id=name,
            amount_fen=int(refund["amount"]["refund"]),
            happened_at=datetime.fromisoformat(refund["create_time"]),
            reference=name,
        )


def _bill(client: Any, form: str, asking: Callable[[], Any]) -> list[SettlementLine]:
    """One day's bill; none where nothing has moved."""
    try:
        found = _ask(asking)
    except _Refused as refused:
        if refused.code in NONE_YET:
            return []
        raise
    try:
        status, packed = client.download_bill(_said(found, "download_url"))
        if status != 200:
            raise ProviderSilent(f"status {status}")
        return read_bill(form, unpacked(packed, found["hash_value"]))
    except ProviderSilent:
        raise
    except Exception as error:
        raise ProviderSilent(f"a bill that cannot be read: {type(error).__name__}") from None
