"""The page that shows what would have been sent."""

from litestar import get

from plugins.practice import queries
from web.access import PUBLIC
from web.forms import Answer, Form, clean, see_other, tidy_phone
from web.parameters import Before, Words
from web.templates import page

_PAGE = 20


@get("/", include_in_schema=False, access=PUBLIC)
async def show_practice() -> Answer:
    """There is one page so far."""
    return see_other("/practice/messages")


@get("/messages", include_in_schema=False, access=PUBLIC)
async def show_messages(phone: Words = "", channel: Words = "", before: Before = None) -> Answer:
    """Newest first, of one phone or channel if asked."""
    phone, channel = tidy_phone(clean(phone))[:11], clean(channel)[:4]
    found = await queries.messages(phone=phone, channel=channel, before_id=before, limit=_PAGE + 1)
    return page(
        "practice/messages.html",
        messages=found[:_PAGE],
        older_than=found[_PAGE - 1].id if len(found) > _PAGE else None,
        phone=phone,
        channel=channel,
        form=Form({"phone": phone, "channel": channel}),
        names=queries.invented_phones(),
    )


HANDLERS = [show_practice, show_messages]
