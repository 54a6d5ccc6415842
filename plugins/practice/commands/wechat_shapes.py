"""Is a request one that WeChat Pay would take? By hand: its library has no types for what it sends."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from core import clock
from plugins.practice.commands.wechat_books import Refused

_NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}", re.ASCII)
_REFUND_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}", re.ASCII)
_TITLE_MOST, _URL_MOST, _MOST_FEN = 127, 255, 100_000_000
_COMMON = {"appid", "mchid", "description", "out_trade_no", "time_expire", "notify_url", "amount"}
_OWN = {"native": set[str](), "h5": {"scene_info"}, "jsapi": {"payer"}}


def check_order(kind: str, asked: Any, *, mchid: str, appid: str) -> dict[str, Any]:
    """An order as it was asked for; raises Refused."""
    _holds(isinstance(asked, dict) and set(asked) == _COMMON | _OWN[kind], "unknown or missing parameters")
    _holds(asked["mchid"] == mchid, "mchid")
    if asked["appid"] != appid:
        raise Refused(400, "APPID_MCHID_NOT_MATCH")
    _is_text(asked["description"], _TITLE_MOST, "description")
    _holds(
        isinstance(asked["out_trade_no"], str) and _NUMBER.fullmatch(asked["out_trade_no"]), "out_trade_no"
    )
    _check_url(asked["notify_url"])
    _check_amount(asked["amount"], {"total", "currency"}, ("total",))
    _holds(_moment(asked["time_expire"]) > clock.now(), "time_expire")
    if kind == "h5":
        scene = asked["scene_info"]
        _holds(isinstance(scene, dict) and scene.get("h5_info", {}).get("type") == "Wap", "h5_info")
        _is_text(scene.get("payer_client_ip"), 45, "payer_client_ip")
    if kind == "jsapi":
        _holds(isinstance(asked["payer"], dict) and set(asked["payer"]) == {"openid"}, "payer")
        _is_text(asked["payer"]["openid"], 128, "openid")
    return dict(asked)


def check_refund(asked: Any) -> dict[str, Any]:
    """A refund as it was asked for; raises Refused."""
    known = {"out_refund_no", "out_trade_no", "amount", "notify_url"}
    _holds(isinstance(asked, dict) and set(asked) <= known, "unknown parameters")
    number = asked.get("out_refund_no")
    _holds(isinstance(number, str) and _REFUND_NUMBER.fullmatch(number), "out_refund_no")
    _is_text(asked.get("out_trade_no"), 32, "out_trade_no")
    _check_amount(asked.get("amount"), {"refund", "total", "currency"}, ("refund", "total"))
    if "notify_url" in asked:
        _check_url(asked["notify_url"])
    return dict(asked)


def check_day(day: str) -> str:
    """The day of a bill: over, and not longer ago than three months."""
    try:
        ago = (clock.today() - datetime.strptime(day, "%Y-%m-%d").date()).days  # noqa: DTZ007
    except ValueError:
        raise Refused(400, "PARAM_ERROR", "bill_date") from None
    _holds(1 <= ago <= 92, "bill_date")
    return day


def _check_amount(amount: Any, names: set[str], sums: tuple[str, ...]) -> None:
    _holds(isinstance(amount, dict) and set(amount) == names and amount["currency"] == "CNY", "amount")
    for name in sums:
        _holds(type(amount[name]) is int and 1 <= amount[name] <= _MOST_FEN, f"amount.{name}")


def _check_url(url: Any) -> None:
    _is_text(url, _URL_MOST, "notify_url")
    parts = urlsplit(url)
    _holds(parts.scheme in ("http", "https") and parts.hostname and not parts.query, "notify_url")


def _is_text(value: Any, most: int, name: str) -> None:
    _holds(isinstance(value, str) and 0 < len(value.encode()) <= most, name)


def _moment(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refused(400, "PARAM_ERROR", "time_expire") from None
    _holds(found.tzinfo is not None, "time_expire")
    return found


def _holds(condition: Any, name: str) -> None:
    if not condition:
        raise Refused(400, "PARAM_ERROR", name)
