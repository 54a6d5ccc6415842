"""The stand-in for WeChat Pay: its addresses, its signatures, and what it tells the merchant."""

import base64
import gzip
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from core import clock
from plugins.practice.commands.delivery import Delivery
from plugins.practice.commands.wechat_bills import flow_bill, trade_bill
from plugins.practice.commands.wechat_books import Refused, Thing, WeChatBooks, refund_shown
from plugins.practice.commands.wechat_shapes import check_day, check_order, check_refund
from plugins.practice.rules import Keys, organization_of_app, organization_of_merchant, wechat_credentials

_SCHEME = "WECHATPAY2-SHA256-RSA2048"
_PART = re.compile(r'(\w+)="([^"]*)"')
_TOLERANCE_S = 300
_BILLS = {"tradebill": trade_bill, "fundflowbill": flow_bill}
Answer = tuple[int, bytes, dict[str, str]]


class WeChat:
    """What a merchant's requests meet. `second`: the time by which the merchant's own library signs."""

    def __init__(
        self,
        books: WeChatBooks,
        delivery: Delivery,
        secret: bytes,
        keys: Keys,
        second: Callable[[], float] = lambda: clock.now().timestamp(),
    ) -> None:
        self.books, self.delivery, self._secret, self._keys = books, delivery, secret, keys
        self._second = second
        # Both are RSA, which is all that WeChat knows.
        self._private: Any = load_pem_private_key(keys.platform_private.encode(), None)
        self._merchants: Any = load_pem_public_key(keys.merchant_public.encode())

    def answer(self, method: str, target: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Status, body and headers of the answer to a request; `target`: path and query."""
        base = f"http://{headers.get('host', '')}"
        try:
            account = self._account(method, target, body, headers)
            with self.books.lock:
                status, found = self._do(method, target, body, account, base)
                self.books.keep()
        except Refused as refused:
            status, found = refused.status, {"code": refused.code, "message": str(refused)}
        if isinstance(found, bytes):  # a bill: its sum was told before
            return status, found, {"content-type": "text/plain"}
        text = "" if found is None else json.dumps(found, ensure_ascii=False)
        return status, text.encode(), {"content-type": "application/json; charset=utf-8", **self.signed(text)}

    def _account(self, method: str, target: str, body: str, headers: Mapping[str, str]) -> dict[str, str]:
        """Whose request it is; raises Refused where it is not signed by a merchant's key, now."""
        scheme, _, rest = headers.get("authorization", "").partition(" ")
        said = dict(_PART.findall(rest))
        organization_id = organization_of_merchant(said.get("mchid", ""))
        if scheme != _SCHEME or organization_id is None:
            raise Refused(401, "SIGN_ERROR")
        account = wechat_credentials(organization_id, self._secret, self._keys)
        moment, nonce = said.get("timestamp", ""), said.get("nonce_str", "")
        is_now = moment.isascii() and moment.isdigit() and abs(self._second() - int(moment)) <= _TOLERANCE_S
        if not is_now or said.get("serial_no") != account["serial"]:
            raise Refused(401, "SIGN_ERROR")
        message = f"{method}\n{target}\n{moment}\n{nonce}\n{body}\n".encode()
        try:
            signature = base64.b64decode(said.get("signature", ""))
            self._merchants.verify(signature, message, PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            raise Refused(401, "SIGN_ERROR") from None
        return account

    def _do(self, method: str, target: str, body: str, account: dict[str, str], base: str) -> tuple[int, Any]:
        parts, mchid, books = urlsplit(target), account["mchid"], self.books
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match (method, parts.path.strip("/").split("/")):
            case "POST", ["v3", "pay", "transactions", ("native" | "h5" | "jsapi") as kind]:
                return 200, books.create(
                    kind, check_order(kind, _read(body), mchid=mchid, appid=account["appid"])
                )
            case "GET", ["v3", "pay", "transactions", "out-trade-no", number]:
                if asked.get("mchid") != mchid:
                    raise Refused(400, "PARAM_ERROR", "mchid")
                return 200, books.shown(books.order(mchid, number))
            case "POST", ["v3", "pay", "transactions", "out-trade-no", number, "close"]:
                if _read(body) != {"mchid": mchid}:
                    raise Refused(400, "PARAM_ERROR", "mchid")
                books.close(mchid, number)
                return 204, None
            case "POST", ["v3", "refund", "domestic", "refunds"]:
                refund = books.refund(mchid, check_refund(_read(body)))
                answer = refund_shown(refund)
                if refund["status"] == "PROCESSING":
                    self.end_refund(mchid, refund["out_refund_no"], "SUCCESS")
                return 200, answer
            case "GET", ["v3", "refund", "domestic", "refunds", number]:
                return 200, refund_shown(books.refund_named(mchid, number))
            case "GET", ["v3", ("bill" | "billdownload"), name]:
                return 200, self._bill(name, mchid, asked, base)
        raise Refused(404, "RESOURCE_NOT_EXISTS")

    def _bill_text(self, kind: str, mchid: str, day: str) -> str:
        if kind not in _BILLS:
            raise Refused(404, "RESOURCE_NOT_EXISTS")
        return _BILLS[kind](self.books, mchid, check_day(day))

    def _bill(self, name: str, mchid: str, asked: Thing, base: str) -> Thing | bytes:
        """Where a bill is, or the bill itself."""
        kind, day = name, asked.get("bill_date", "")
        if name == "file":
            kind, _, day = asked.get("token", "").partition(".")
        text = self._bill_text(kind, mchid, day)
        if name == "file":
            return gzip.compress(text.encode())
        if not text:
            raise Refused(400, "NO_STATEMENT_EXIST")
        url = f"{base}/v3/billdownload/file?token={kind}.{day}"
        return {
            "hash_type": "SHA1",
            "hash_value": hashlib.sha1(text.encode()).hexdigest(),
            "download_url": url,
        }

    def come_back(self, asked: Thing) -> str:
        """Where the browser goes that asked who it is: back to us, with a code."""
        back = asked.get("redirect_uri", "")
        if not back.startswith(f"{self.books.public_url}/"):
            raise Refused(400, "10003")
        return f"{back}?{urlencode({'code': self.books.new_code(), 'state': asked.get('state', '')})}"

    def who(self, asked: Thing) -> Thing:
        """The name behind a code, once, for the account that knows its secret."""
        organization_id = organization_of_app(asked.get("appid", ""))
        account = wechat_credentials(organization_id or 0, self._secret, self._keys)
        is_known = account["app_secret"] == asked.get("secret")
        if not is_known or not self.books.use_code(asked.get("code", "")):
            return {"errcode": 40029, "errmsg": "invalid code"}
        return {"openid": "o" + hashlib.sha1(asked["code"].encode()).hexdigest()[:27]}

    def pay(self, code: str, outcome: str) -> Thing:
        """Whoever has scanned the code does something; the merchant is told of money."""
        with self.books.lock:
            order = self.books.pay(code, outcome)
            self.books.keep()
            if outcome == "paid":
                self._tell(order, "TRANSACTION.SUCCESS", "transaction", self.books.shown(order))
            return self.books.by_code(code)

    def end_refund(self, mchid: str, out_refund_no: str, status: str) -> None:
        """The payer has it, or it came back; the merchant is told."""
        refund = self.books.end_refund(mchid, out_refund_no, status)
        told = refund_shown(refund) | {"mchid": mchid, "refund_status": status}
        self._tell(refund, f"REFUND.{status}", "refund", told)

    def _tell(self, about: Thing, kind: str, original: str, told: Thing) -> None:
        body = self.notification(about["mchid"], kind, original, told)
        self.delivery.tell(urlsplit(about["notify_url"]).path, body, self.signed)

    def notification(self, mchid: str, kind: str, original: str, told: Thing) -> str:
        """What tells the merchant, sealed with the merchant's own key."""
        organization_id = organization_of_merchant(mchid)
        assert organization_id is not None
        key = wechat_credentials(organization_id, self._secret, self._keys)["v3_secret"]
        nonce = secrets.token_hex(6)
        sealed = AESGCM(key.encode()).encrypt(nonce.encode(), json.dumps(told).encode(), original.encode())
        return json.dumps(
            {
                "id": secrets.token_hex(16),
                "create_time": clock.local(clock.now()).isoformat(),
                "event_type": kind,
                "resource_type": "encrypt-resource",
                "summary": kind,
                "resource": {
                    "original_type": original,
                    "algorithm": "AEAD_AES_256_GCM",
                    "ciphertext": base64.b64encode(sealed).decode(),
                    "associated_data": original,
                    "nonce": nonce,
                },
            }
        )

    def signed(self, body: str, moment: int | None = None) -> dict[str, str]:
        """The headers that sign a body; `moment`: when, if not now."""
        at, nonce = str(moment or int(clock.now().timestamp())), secrets.token_hex(16)
        signature: bytes = self._private.sign(f"{at}\n{nonce}\n{body}\n".encode(), PKCS1v15(), SHA256())
        account = wechat_credentials(0, self._secret, self._keys)
        return {
            "wechatpay-timestamp": at,
            "wechatpay-nonce": nonce,
            "wechatpay-serial": account["public_key_id"],
            "wechatpay-signature": base64.b64encode(signature).decode(),
            "wechatpay-signature-type": _SCHEME,
        }


def _read(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Refused(400, "PARAM_ERROR", "body") from None
