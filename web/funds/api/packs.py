"""The donor's copy of what was given (慈善法 42), for programs."""

from datetime import datetime

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.documents import queries as documents
from core.documents.services import NOBODY
from core.dossiers import services
from core.jobs import queries as jobs
from web.access import PUBLIC, SIGNED_IN
from web.forms import clean
from web.funds.api.funds import TAGS, Text
from web.funds.api.receipts import CodeIn, JobOut
from web.funds.pages.packs import pack_of_code
from web.parameters import RowId, Words
from web.visit import VISIT, current_actor


class PackIn(msgspec.Struct):
    """`whole`: all gifts of the donor to this foundation. `reason`: for whoever asks on duty."""

    whole: bool = False
    reason: Text = ""


class PackOut(msgspec.Struct):
    """How far the copy is; made, it is at `/gifts/trace/pack.zip?code=` until `kept_until`."""

    asked_at: datetime
    is_under_way: bool
    done: int | None
    of: int | None
    kept_until: datetime | None
    manifest_sha256: str


@post("/gifts/{gift_id:int}/pack", summary="捐赠资料副本", tags=TAGS, access=SIGNED_IN, status_code=202)
async def ask_for_pack(gift_id: RowId, data: JSONBody[PackIn]) -> JobOut:
    """A copy of all records of a gift, for its donor, and with a reason for the foundation's books."""
    reason = clean(data.reason)
    return JobOut(
        await services.ask_for_pack(gift_id, whole=data.whole, reason=reason, actor=current_actor())
    )


@post("/gifts/trace/pack", summary="凭查询码申请捐赠资料副本", tags=TAGS, access=PUBLIC, status_code=202)
async def ask_with_code(data: JSONBody[CodeIn]) -> PackOut:
    """The same for whoever has the trace code."""
    code = clean(data.code)
    await services.ask_with_code(code, address=VISIT.get().address)
    return await _out(code)


@get("/gifts/trace/pack", summary="捐赠资料副本做到哪里", tags=TAGS, access=PUBLIC)
async def get_with_code(code: Words = "") -> PackOut:
    """How far it is."""
    return await _out(clean(code)[:40])


async def _out(code: str) -> PackOut:
    found = await pack_of_code(code)
    job = await jobs.job_on(found.job_id if found.is_under_way else None)
    file = await documents.file(found.file_id, NOBODY) if found.file_id else None
    return PackOut(
        asked_at=found.asked_at,
        is_under_way=found.is_under_way,
        done=job.progress_done if job else None,
        of=job.progress_of if job else None,
        kept_until=file.expires_at if file else None,
        manifest_sha256=found.manifest,
    )


HANDLERS = [ask_for_pack, ask_with_code, get_with_code]
