"""What the stand-in for WeChat Pay remembers: orders, refunds, withdrawals; it refuses in WeChat's codes."""

import json
import secrets
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from core import clock

Thing = dict[str, Any]
_REFUNDS_MOST, _FEE_RATE = 50, 0.006


class Refused(Exception):
    """What WeChat would answer with this status and code."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.status, self.code = status, code


def _number(kind: str) -> str:
    return f"{kind}{clock.local(clock.now()):%Y%m%d}{secrets.randbelow(10**14):014d}"


def _now() -> str:
    return clock.local(clock.now()).replace(microsecond=0).isoformat()


class WeChatBooks:
    """All of it in memory and, after each change, in one file: a restarted stand-in knows its orders."""

    def __init__(self, public_url: str, kept_in: Path | None = None) -> None:
        self.public_url, self._kept_in = public_url, kept_in
        self._codes: set[str] = set()
        self.lock = RLock()
        self.orders: dict[str, Thing] = {}
        self.refunds: dict[str, Thing] = {}
        self.withdrawals: list[Thing] = []
        if kept_in is not None and kept_in.is_file():
            kept = json.loads(kept_in.read_text("utf-8"))
            self.orders, self.refunds = kept["orders"], kept["refunds"]
            self.withdrawals = kept["withdrawals"]

    def keep(self) -> None:
        """Write everything down, whole or not at all."""
        if self._kept_in is None:
            return
        everything = {"orders": self.orders, "refunds": self.refunds, "withdrawals": self.withdrawals}
        draft = self._kept_in.with_suffix(".new")
        draft.write_text(json.dumps(everything), "utf-8")
        draft.chmod(0o600)
        draft.replace(self._kept_in)

    def create(self, kind: str, asked: Thing) -> Thing:
        """An order that waits to be paid; asked for again in the same words, the same answer."""
        place = f"{asked['mchid']} {asked['out_trade_no']}"
        if known := self.orders.get(place):
            if known["trade_state"] in ("SUCCESS", "REFUND"):
                raise Refused(403, "ORDERPAID")
            if known["trade_state"] == "CLOSED":
                raise Refused(400, "ORDER_CLOSED")
            if (known["kind"], known["asked"]) != (kind, asked):
                raise Refused(403, "OUT_TRADE_NO_USED")
            return self._opened(known)
        order = {
            "kind": kind,
            "asked": asked,
            "code": secrets.token_hex(12),
            "mchid": asked["mchid"],
            "appid": asked["appid"],
            "out_trade_no": asked["out_trade_no"],
            "description": asked["description"],
            "notify_url": asked["notify_url"],
            "time_expire": asked["time_expire"],
            "total": asked["amount"]["total"],
            "trade_state": "NOTPAY",
            "was_declined": False,
        }
        self.orders[place] = order
        return self._opened(order)

    def _opened(self, order: Thing) -> Thing:
        page = f"{self.public_url}/practice/wechat/{order['code']}"
        return {
            "native": {"code_url": page},
            "h5": {"h5_url": page},
            "jsapi": {"prepay_id": f"wx{order['code']}"},
        }[order["kind"]]

    def order(self, mchid: str, out_trade_no: str) -> Thing:
        """Raises Refused."""
        order = self.orders.get(f"{mchid} {out_trade_no}")
        if order is None:
            raise Refused(404, "ORDER_NOT_EXIST")
        return order

    def shown(self, order: Thing) -> Thing:
        """The order as a query or a notification tells of it."""
        told = {name: order[name] for name in ("mchid", "appid", "out_trade_no", "trade_state")}
        told |= {"trade_state_desc": order["trade_state"]}
        if "transaction_id" in order:
            told |= {
                "transaction_id": order["transaction_id"],
                "trade_type": order["kind"].upper(),
                "bank_type": "OTHERS",
                "success_time": order["success_time"],
                "payer": {"openid": "o" + order["code"]},
                "amount": {
                    "total": order["total"],
                    "payer_total": order["total"],
                    "currency": "CNY",
                    "payer_currency": "CNY",
                },
            }
        return told

    def close(self, mchid: str, out_trade_no: str) -> None:
        """Take no money for it any more."""
        order = self.order(mchid, out_trade_no)
        if order["trade_state"] in ("SUCCESS", "REFUND"):
            raise Refused(403, "ORDERPAID")
        order["trade_state"] = "CLOSED"

    def by_code(self, code: str) -> Thing:
        """The order of a code that somebody scans; raises Refused."""
        for order in self.orders.values():
            if order["code"] == code:
                is_over = order["trade_state"] == "NOTPAY" and _is_past(order["time_expire"])
                return order | {"is_over": is_over}
        raise Refused(404, "ORDER_NOT_EXIST")

    def pay(self, code: str, outcome: str) -> Thing:
        """Whoever has scanned the code pays, or has not the money; returns the order."""
        seen = self.by_code(code)
        order = self.order(seen["mchid"], seen["out_trade_no"])
        if order["trade_state"] != "NOTPAY" or seen["is_over"]:
            raise Refused(400, "ORDER_CLOSED")
        if outcome == "declined":
            order["was_declined"] = True
        else:
            order.update(trade_state="SUCCESS", transaction_id=_number("42"), success_time=_now())
        return order

    def refund(self, mchid: str, asked: Thing) -> Thing:
        """Money on its way back; asked for again in the same words, the same one."""
        place = f"{mchid} {asked['out_refund_no']}"
        if known := self.refunds.get(place):
            if known["asked"] != asked:
                raise Refused(400, "INVALID_REQUEST", "the same number for another refund")
            return known
        order = self.order(mchid, asked["out_trade_no"])
        if "transaction_id" not in order:
            raise Refused(400, "INVALID_REQUEST", "not paid")
        gone = [one for one in self._refunds_of(order) if one["status"] != "CLOSED"]
        left = order["total"] - sum(one["amount"]["refund"] for one in gone)
        if asked["amount"]["total"] != order["total"] or asked["amount"]["refund"] > left:
            raise Refused(400, "INVALID_REQUEST", "more than is left")
        if len(self._refunds_of(order)) >= _REFUNDS_MOST:
            raise Refused(403, "RULE_LIMIT", "fifty refunds")
        refund = {
            "asked": asked,
            "mchid": mchid,
            "notify_url": asked.get("notify_url", order["notify_url"]),
            "refund_id": _number("50"),
            "out_refund_no": asked["out_refund_no"],
            "transaction_id": order["transaction_id"],
            "out_trade_no": order["out_trade_no"],
            "create_time": _now(),
            "status": "PROCESSING",
            "amount": asked["amount"] | {"payer_refund": asked["amount"]["refund"]},
        }
        order["trade_state"] = "REFUND"
        self.refunds[place] = refund
        return refund

    def _refunds_of(self, order: Thing) -> list[Thing]:
        return [
            one
            for one in self.refunds.values()
            if (one["mchid"], one["out_trade_no"]) == (order["mchid"], order["out_trade_no"])
        ]

    def refund_named(self, mchid: str, out_refund_no: str) -> Thing:
        """Raises Refused."""
        refund = self.refunds.get(f"{mchid} {out_refund_no}")
        if refund is None:
            raise Refused(404, "RESOURCE_NOT_EXISTS")
        return refund

    def end_refund(self, mchid: str, out_refund_no: str, status: str) -> Thing:
        """It has arrived (SUCCESS), or could not and is with the merchant again (CLOSED)."""
        refund = self.refund_named(mchid, out_refund_no)
        refund["status"] = status
        return refund

    def new_code(self) -> str:
        """For a browser that has told who it is."""
        code = secrets.token_hex(16)
        self._codes.add(code)
        return code

    def use_code(self, code: str) -> bool:
        """Is it good? It is no more."""
        is_good = code in self._codes
        self._codes.discard(code)
        return is_good

    def withdraw(self, mchid: str, amount: int) -> None:
        """So much of the merchant's money goes to the bank: never more than there is, after fees."""
        if not 0 < amount <= self._held(mchid):
            raise Refused(403, "NOT_ENOUGH")
        self.withdrawals.append({"mchid": mchid, "id": _number("10"), "amount": amount, "at": _now()})

    def _held(self, mchid: str) -> int:
        paid = [one["total"] for one in self.orders.values() if _is_paid_to(one, mchid)]
        gone = [
            one["amount"]["refund"]
            for one in self.refunds.values()
            if one["mchid"] == mchid and one["status"] != "CLOSED"
        ]
        withdrawn = sum(one["amount"] for one in self.withdrawals if one["mchid"] == mchid)
        fees = sum(map(fee_of, paid)) - sum(map(fee_of, gone))
        return int(sum(paid) - sum(gone) - fees - withdrawn)


def fee_of(amount: int) -> int:
    """What WeChat keeps of a payment, and gives back of a refund."""
    return round(amount * _FEE_RATE)


def _is_paid_to(order: Thing, mchid: str) -> bool:
    return order["mchid"] == mchid and "transaction_id" in order


def refund_shown(refund: Thing) -> Thing:
    """The refund as a query tells of it."""
    return {name: value for name, value in refund.items() if name not in ("asked", "mchid", "notify_url")}


def _is_past(moment: str) -> bool:
    return datetime.fromisoformat(moment) <= clock.now()
