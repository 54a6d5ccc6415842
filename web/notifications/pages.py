"""The inbox."""

from litestar import get

from core.language import translate
from core.notifications import queries
from core.notifications.services import mark_read
from web.access import SIGNED_IN
from web.forms import Answer
from web.parameters import Before
from web.templates import page
from web.visit import current_actor

_PAGE = 20


@get("/inbox", include_in_schema=False, access=SIGNED_IN)
async def show_inbox(before: Before = None) -> Answer:
    """The person's notices, newest first; what is shown here counts as read."""
    person_id = current_actor().person_id
    found = await queries.inbox(person_id, before_id=before, limit=_PAGE + 1)
    notices = found[:_PAGE]
    answer = page(
        "web/inbox.html",
        notices=[(n, translate(n.body, **n.params)) for n in notices],
        older_than=notices[-1].id if len(found) > _PAGE else None,
    )
    if new := [notice.id for notice in notices if notice.read_at is None]:
        await mark_read(person_id, new)
    return answer


HANDLERS = [show_inbox]
