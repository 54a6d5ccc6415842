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


def control_token(secret: bytes) -> str:
    """What the cashier's page shows the stand-in, to speak for the payer."""
    return _sign("control", secret)


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
