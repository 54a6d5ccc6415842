"""One's own data, for programs."""

from datetime import datetime

import msgspec
from litestar import get

from core.language import translate
from core.privacy import queries
from web.access import SIGNED_IN
from web.parameters import Before
from web.privacy.pages import ACCESSES_MOST
from web.visit import current_actor


class AccessOut(msgspec.Struct):
    """Somebody on duty has looked at one's data."""

    id: int
    viewer: str
    what: str
    seen_at: datetime


@get("/me/accesses", summary="谁看过我的资料", tags=["people"], access=SIGNED_IN)
async def list_accesses(before: Before = None) -> list[AccessOut]:
    """Twenty at most, newest first, older than the id `before`."""
    found = await queries.accesses(current_actor().person_id, before_id=before, limit=ACCESSES_MOST)
    return [AccessOut(one.id, one.viewer, translate(one.what), one.seen_at) for one in found]


HANDLERS = [list_accesses]
