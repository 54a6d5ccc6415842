"""The inbox, for programs."""

from datetime import datetime

import msgspec
from litestar import get

from core.language import translate
from core.notifications import queries
from web.access import SIGNED_IN
from web.parameters import Before
from web.visit import current_actor


class NoticeOut(msgspec.Struct):
    """A notice in the language that the request asks for."""

    id: int
    title: str
    body: str
    path: str
    created_at: datetime
    read_at: datetime | None


@get("/notices", summary="通知", tags=["notifications"], access=SIGNED_IN)
async def list_notices(before: Before = None) -> list[NoticeOut]:
    """Up to 50 notices, newest first; `before` is the id of the last one seen."""
    notices = await queries.inbox(current_actor().person_id, before_id=before, limit=50)
    return [
        NoticeOut(n.id, translate(n.title), translate(n.body, **n.params), n.path, n.created_at, n.read_at)
        for n in notices
    ]


HANDLERS = [list_notices]
