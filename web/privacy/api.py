"""One's own data, for programs."""

from datetime import datetime

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.language import translate
from core.privacy import queries
from core.privacy.services import ask_deletion, ask_for_copy, withdraw_deletion
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


class DeletionIn(msgspec.Struct):
    """One knows what it means."""

    sure: bool


class DeletionOut(msgspec.Struct):
    """When the account ends, and until when that can be taken back; null: it does not."""

    due_at: datetime | None


@get("/me/data/deletion", summary="注销申请", tags=["people"], access=SIGNED_IN)
async def get_deletion() -> DeletionOut:
    """Does one's account end?"""
    waiting = await queries.waiting_deletion(current_actor().person_id)
    return DeletionOut(waiting.due_at if waiting else None)


@post("/me/data/deletion", summary="申请注销账号", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_deletion(data: JSONBody[DeletionIn]) -> None:
    """Ask that one's account ends after some days; refused while something is owed or open."""
    await ask_deletion(sure=data.sure, actor=current_actor())


@post(
    "/me/data/deletion/withdraw", summary="撤回注销申请", tags=["people"], access=SIGNED_IN, status_code=204
)
async def post_withdrawal() -> None:
    """Keep one's account."""
    await withdraw_deletion(actor=current_actor())


HANDLERS = [list_accesses, post_copy, get_deletion, post_deletion, post_withdrawal]
