"""Reads of what would have been sent; a bank's statement to practise with."""

from dataclasses import dataclass
from datetime import datetime

from core import clock, plugins
from core.database import fetch
from core.language import mark
from core.manifest import PersonalData
from core.payments import queries as payments
from core.payments.queries import QueuedOrder
from core.payments.rules import CONFIRM
from core.people.rules import Actor

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


async def personal_data(person_id: int) -> list[PersonalData]:
    """The messages that would have been sent to the person."""
    rows = await fetch(
        "select m.id, m.channel, m.subject, m.text, m.kept_at from practice_message m"
        " join person p on p.phone = m.phone where p.id = $1 order by m.id desc limit 10000",
        person_id,
    )
    columns = {
        "id": mark("编号"),
        "channel": mark("渠道"),
        "subject": mark("标题"),
        "text": mark("内容"),
        "kept_at": mark("时间"),
    }
    if not rows:
        return []
    told = [dict(row) for row in rows]
    title = mark("练习里的消息")
    return [
        PersonalData(name="practice.messages", title=title, columns=columns, rows=told, is_of_account=True)
    ]


def invented_phones() -> dict[str, str]:
    """Phone -> name of every demo account."""
    return {account.phone: account.name for account in plugins.contributions("register_demo_accounts")}


async def waiting_orders(treasurer: Actor) -> list[QueuedOrder]:
    """Some of the orders that wait at the treasurer's counters."""
    payees = [scope.id for scope in treasurer.scopes(CONFIRM)]
    return await payments.open_orders(payees, now=clock.now(), words="", limit=_ORDERS_MOST)
