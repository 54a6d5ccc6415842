"""Whose messages may be shown to everybody; what opens the practice cashier. Pure."""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from core.money import format_yuan
from core.payments.rules import transfer_code
from core.settings import Settings

MAIL, SMS = "mail", "sms"
KEPT = timedelta(days=7)


# Whoever tries to register in a demo takes a number of this range, so that no real phone is shown here.
INVENTED = "1380000"


def may_keep(phone: str | None, invented: Collection[str], settings: Settings) -> bool:
    """Only in a demo, and only what is for an account of the demo world, or for a number like theirs."""
    return settings.demo and phone is not None and (phone in invented or phone.startswith(INVENTED))


STAND_IN_KEY = "sk_standin_"
# What the payer can do at the cashier's, and then the bank; a payment may be disputed later.
Outcome = Literal[
    "paid", "delayed", "declined", "arrived", "bounced", "disputed", "dispute_won", "dispute_lost"
]
OUTCOMES = get_args(Outcome)


@dataclass(frozen=True, kw_only=True)
class Session:
    """A payment as the practice cashier's page shows it. `state`: open, waiting, paid, failed, expired.

    `dispute`: open, won or lost, or none.
    """

    id: str
    state: str
    title: str
    amount_fen: int
    was_declined: bool
    success_url: str
    cancel_url: str
    dispute: str

    @classmethod
    def of(cls, found: dict[str, Any]) -> "Session":
        """What the stand-in tells of it."""
        intent = (found["payment_intent"] or {}).get("status")
        is_declined = intent == "requires_payment_method"
        state = found["status"]
        if state == "complete":
            state = "paid" if found["payment_status"] == "paid" else "failed" if is_declined else "waiting"
        return cls(
            id=found["id"],
            state=state,
            title=found["title"],
            amount_fen=found["amount_total"],
            was_declined=is_declined,
            success_url=found["success_url"],
            cancel_url=found["cancel_url"] or found["success_url"],
            dispute=found.get("dispute", ""),
        )


def _sign(words: str, secret: bytes) -> str:
    return hmac.new(secret, f"practice cashier: {words}".encode(), hashlib.sha256).hexdigest()[:40]


def stand_in_key(organization_id: int, secret: bytes) -> str:
    """The key that opens an organization's account at the stand-in of this deployment."""
    return f"{STAND_IN_KEY}{organization_id}_{_sign(f'key {organization_id}', secret)}"


def organization_of_key(key: str, secret: bytes) -> int | None:
    """Whose account the key opens; None: nobody's."""
    number = key.removeprefix(STAND_IN_KEY).partition("_")[0]
    if not number.isascii() or not number.isdigit():
        return None
    is_ours = hmac.compare_digest(key.encode(), stand_in_key(int(number), secret).encode())
    return int(number) if is_ours else None


def webhook_secret(key: str, secret: bytes) -> str:
    """What the stand-in signs its notifications to this account with."""
    return f"whsec_{_sign(f'webhook {key}', secret)}"


@dataclass(frozen=True)
class Keys:
    """The pairs of keys, as PEM, with which the stand-in for WeChat Pay and its merchants sign."""

    platform_private: str
    platform_public: str
    merchant_private: str
    merchant_public: str

    def __repr__(self) -> str:
        return "Keys(…)"


_MCHID = "19"


def merchant_number(organization_id: int) -> str:
    """What WeChat's stand-in calls an organization."""
    return f"{_MCHID}{organization_id:08d}"


def organization_of_merchant(mchid: str) -> int | None:
    """Whose number it is; None: nobody's."""
    number = mchid.removeprefix(_MCHID)
    is_ours = mchid.startswith(_MCHID) and len(number) == 8 and number.isascii() and number.isdigit()
    return int(number) if is_ours else None


def organization_of_app(appid: str) -> int | None:
    """Whose official account it is; None: nobody's."""
    number = appid[2:10]
    return int(number) if number.isascii() and number.isdigit() else None


def wechat_credentials(organization_id: int, secret: bytes, keys: Keys) -> dict[str, str]:
    """What opens an organization's account at the stand-in for WeChat Pay, as its form asks for it."""
    mchid = merchant_number(organization_id)
    return {
        "mchid": mchid,
        "appid": f"wx{organization_id:08d}" + _sign(f"wechat app {mchid}", secret)[:8],
        "serial": _sign(f"wechat serial {mchid}", secret).upper(),
        "private_secret": keys.merchant_private,
        "v3_secret": _sign(f"wechat v3 {mchid}", secret)[:32],
        "public_key_id": "PUB_KEY_ID_STANDIN_" + _sign("wechat platform", secret)[:24],
        "public_key": keys.platform_public,
        "app_secret": _sign(f"wechat secret {mchid}", secret)[:32],
    }


# What the payer can do who has scanned a code, and then WeChat.
ScanOutcome = Literal["paid", "declined"]


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """A payment as the phone shows it that has scanned its code. `state`: open, paid or closed."""

    code: str
    state: str
    title: str
    amount_fen: int
    was_declined: bool

    @classmethod
    def of(cls, found: dict[str, Any]) -> "Scanned":
        """What the stand-in tells of it."""
        states = {"NOTPAY": "open", "SUCCESS": "paid", "REFUND": "paid"}
        return cls(
            code=found["code"],
            state="closed" if found["is_over"] else states.get(found["trade_state"], "closed"),
            title=found["description"],
            amount_fen=found["total"],
            was_declined=found["was_declined"],
        )


@dataclass(frozen=True)
class Told:
    """A notification as it would have come to an address of ours."""

    path: str
    body: bytes
    headers: dict[str, str]


def control_token(secret: bytes) -> str:
    """What the cashier's page shows the stand-in, to speak for the payer."""
    return _sign("control", secret)


def arrivals_statement(lines: Sequence[tuple[date, int, str, str]]) -> str:
    """A bank's statement: (day, fen, who pays, remark)."""
    rows = [
        f"{day:%Y%m%d},{fen / 100:.2f},,{payer},6222000000005555,{remark},YT{day:%Y%m%d}{fen}"
        for day, fen, payer, remark in lines
    ]
    return "\r\n".join(["样例银行 账户交易明细", _HEADER, *rows]) + "\r\n"


_HEADER = "交易日期,贷方发生额,借方发生额,对方户名,对方账号,附言,交易流水号"


def statement(orders: Sequence[tuple[int, str, int]], today: date) -> str:
    """A bank's statement about (order, payer, fen): the first ones pay with their code, one without it, one
    with a wrong sum; money of nobody knows whom, and money that went out, stand there too.
    """
    day = today.strftime("%Y%m%d")
    lines = [f"样例银行 账户交易明细 {day}", _HEADER]
    for number, (order_id, payer, amount_fen) in enumerate(orders, 1):
        code, sum_fen = transfer_code(order_id), amount_fen
        if number == len(orders) - 1:
            code = ""
        elif number == len(orders) > 1:
            sum_fen += 100
        yuan = format_yuan(sum_fen).replace(",", "")
        lines.append(f"{day},{yuan},,{payer},6222000000008888,{code},YL{order_id}")
    lines += [
        f"{day},8.88,,样例热心人,6222000000007777,祝好,YL{day}A",
        f"{day},,120.00,样例供电公司,6222000000006666,电费,YL{day}B",
    ]
    return "\r\n".join(lines) + "\r\n"
