"""Reads of what would have been sent; a bank's statement to practise with."""

from dataclasses import dataclass
from datetime import datetime

from core import clock, plugins
from core.database import fetch
from core.payments import queries as payments
from core.payments.rules import CONFIRM
from core.people.rules import Actor
from plugins.practice.rules import statement

_ORDERS_MOST = 6


@dataclass(frozen=True)
class Kept:
    """A message as the person would see it."""

    id: int
    channel: str
    phone: str
    address: str
    subject: str
    text: str
    kept_at: datetime


async def messages(*, phone: str, channel: str, before_id: int | None, limit: int) -> list[Kept]:
    """Newest first, older than `before_id` if given; "" for any phone or channel."""
    rows = await fetch(
        "select id, channel, phone, address, subject, text, kept_at from practice_message"
        " where ($1 = '' or phone = $1) and ($2 = '' or channel = $2) and ($3::bigint is null or id < $3)"
        " order by id desc limit $4",
        phone,
        channel,
        before_id,
        limit,
    )
    return [Kept(**dict(row)) for row in rows]


def invented_phones() -> dict[str, str]:
    """Phone -> name of every demo account."""
    return {account.phone: account.name for account in plugins.contributions("register_demo_accounts")}


async def practice_statement(treasurer: Actor) -> bytes:
    """About orders that wait at the treasurer's counters, in GBK as banks in China give it."""
    payees = [scope.id for scope in treasurer.scopes(CONFIRM)]
    orders = await payments.open_orders(payees, now=clock.now(), words="", limit=_ORDERS_MOST)
    text = statement([(one.id, one.payer, one.total_fen) for one in orders], clock.today())
    return text.encode("gb18030")
