"""What would have been sent, for programs."""

from datetime import datetime

import msgspec
from litestar import get

from plugins.practice import queries
from web.access import PUBLIC
from web.forms import clean, tidy_phone
from web.parameters import Before, Words


class MessageOut(msgspec.Struct):
    """A message to an invented person; `channel` is mail or sms."""

    id: int
    channel: str
    phone: str
    address: str
    subject: str
    text: str
    kept_at: datetime


@get("/messages", summary="练习短信与邮件", access=PUBLIC)
async def list_messages(phone: Words = "", channel: Words = "", before: Before = None) -> list[MessageOut]:
    """Up to 50, newest first; `before` is the id of the last one seen."""
    found = await queries.messages(
        phone=tidy_phone(clean(phone))[:11], channel=clean(channel)[:4], before_id=before, limit=50
    )
    return [MessageOut(m.id, m.channel, m.phone, m.address, m.subject, m.text, m.kept_at) for m in found]


HANDLERS = [list_messages]
