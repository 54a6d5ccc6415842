"""One's own data, for programs."""

from datetime import datetime

import msgspec
from litestar import get, post

from core.language import translate
from core.privacy import queries
from core.privacy.services import ask_for_copy
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


class CopyOut(msgspec.Struct):
    """The job that makes the copy; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


@post("/me/data/copy", summary="我的资料副本", tags=["people"], access=SIGNED_IN, status_code=202)
async def post_copy() -> CopyOut:
    """Have a zip made with everything that is known of oneself."""
    return CopyOut(await ask_for_copy(actor=current_actor()))


HANDLERS = [list_accesses, post_copy]
