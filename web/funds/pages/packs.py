"""The donor's copy of what was given (慈善法 42): for the donor, on duty for the donor, by trace code."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import QueryParameter

from core.documents import queries as documents
from core.documents.errors import FileNotFound
from core.documents.services import NOBODY
from core.dossiers import services
from core.dossiers.errors import PackNotFound
from core.dossiers.queries import packs
from core.dossiers.queries.packs import PackView
from core.funds.queries import gifts
from core.jobs import queries as jobs
from web.access import PUBLIC, SIGNED_IN
from web.documents.pages import as_download
from web.forms import Answer, Form, clean, see_other, submit
from web.funds.forms import CodeForm, PackForm
from web.funds.pages.gifts import gift_page, trace_page
from web.parameters import RowId, Words
from web.templates import page
from web.visit import VISIT, current_actor

# How often a page that waits for the copy loads itself anew.
LOOKS_MOST = 100


@post("/gifts/{gift_id:int}/pack", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def ask_for_pack(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """Ask for it, and go where its progress is shown."""

    async def act(form: PackForm) -> Answer:
        job_id = await services.ask_for_pack(
            gift_id, whole=form.whole, reason=form.pack_reason, actor=current_actor()
        )
        return see_other(f"/jobs/{job_id}")

    async def again(form: Form, status: int) -> Answer:
        return await gift_page(gift_id, form, status)

    return await submit(request, PackForm, act, again)


@post("/gifts/trace/pack", include_in_schema=False, access=PUBLIC, status_code=303)
async def ask_with_code(request: Request[Any, Any, Any]) -> Answer:
    """The same about one gift for whoever has the trace code."""

    async def act(form: CodeForm) -> Answer:
        await services.ask_with_code(form.code, address=VISIT.get().address)
        return see_other(f"/gifts/trace/pack?code={form.code}")

    async def again(form: Form, status: int) -> Answer:
        return await trace_page(form.value("code"), form, status)

    return await submit(request, CodeForm, act, again)


@get("/gifts/trace/pack", include_in_schema=False, access=PUBLIC)
async def show_with_code(
    code: Words = "", looked: Annotated[int, QueryParameter(ge=0, le=LOOKS_MOST)] = 0
) -> Answer:
    """How far it is, and the copy itself."""
    asked = clean(code)[:40]
    found = await pack_of_code(asked)
    return page(
        "web/gift_pack.html",
        pack=found,
        code=asked,
        job=await _job(found),
        file=await documents.file(found.file_id, NOBODY) if found.file_id else None,
        looks=looked + 1 if found.is_under_way and looked < LOOKS_MOST else None,
    )


async def _job(found: PackView) -> jobs.JobView | None:
    return await jobs.job_on(found.job_id if found.is_under_way else None)


@get("/gifts/trace/pack.zip", include_in_schema=False, access=PUBLIC)
async def download_with_code(code: Words = "") -> Answer:
    """The copy itself, for whoever has the trace code."""
    found = await pack_of_code(clean(code)[:40])
    if found.file_id is None:
        raise FileNotFound
    return as_download(*await documents.content(found.file_id, NOBODY))


async def pack_of_code(code: str) -> PackView:
    """The newest that was asked for with the code; raises GiftNotFound or PackNotFound."""
    found = await packs.newest_by_code((await gifts.gift_by_code(code)).id)
    if found is None:
        raise PackNotFound
    return found


HANDLERS = [ask_for_pack, ask_with_code, show_with_code, download_with_code]
