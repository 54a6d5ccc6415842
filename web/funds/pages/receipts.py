"""The receipt of a gift: for its donor, for the treasurer, for a stranger with the trace code."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import QueryParameter

from core import signature
from core.documents import queries as documents
from core.documents.errors import FileNotFound
from core.documents.services import NOBODY
from core.errors import NotFound
from core.funds import services
from core.funds.queries import gifts, receipts
from core.funds.rules import receipts as rules
from core.funds.rules import states
from web.access import PUBLIC, SIGNED_IN
from web.documents.pages import as_download
from web.forms import Answer, ButtonForm, Form, clean, see_other, submit
from web.funds.forms import CodeForm, NameForm
from web.funds.pages.gifts import gift_page, trace_page
from web.parameters import RowId, Words
from web.templates import page
from web.visit import current_actor

# How often a page that waits for the paper loads itself anew.
LOOKS_MOST = 20


@post("/gifts/{gift_id:int}/receipt", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def print_receipt(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """Ask for it as PDF, and go where its progress is shown."""

    async def act(_: ButtonForm) -> Answer:
        return see_other(f"/jobs/{await services.print_receipt(gift_id, actor=current_actor())}")

    async def again(form: Form, status: int) -> Answer:
        return await gift_page(gift_id, form, status)

    return await submit(request, ButtonForm, act, again)


@post("/gifts/trace/receipt", include_in_schema=False, access=PUBLIC, status_code=303)
async def ask_with_code(request: Request[Any, Any, Any]) -> Answer:
    """The same for whoever has the trace code."""

    async def act(form: CodeForm) -> Answer:
        await services.issue_with_code(form.code)
        return see_other(f"/gifts/trace/receipt?code={form.code}")

    async def again(form: Form, status: int) -> Answer:
        return await trace_page(form.value("code"), form, status)

    return await submit(request, CodeForm, act, again)


@get("/gifts/trace/receipt", include_in_schema=False, access=PUBLIC)
async def show_with_code(
    code: Words = "", looked: Annotated[int, QueryParameter(ge=0, le=LOOKS_MOST)] = 0
) -> Answer:
    """Whether the paper is there."""
    asked = clean(code)[:40]
    found = await _of_code(asked)
    file = await documents.file(found.file_id, NOBODY) if found.file_id else None
    return page(
        "web/gift_receipt.html",
        receipt=found,
        code=asked,
        file=file,
        is_over=found.file_id is not None and file is None,
        looks=looked + 1 if file is None and looked < LOOKS_MOST else None,
    )


@get("/gifts/trace/receipt.pdf", include_in_schema=False, access=PUBLIC)
async def download_with_code(code: Words = "") -> Answer:
    """The paper itself, for whoever has the trace code."""
    found = await _of_code(clean(code)[:40])
    if found.file_id is None:
        raise FileNotFound
    return as_download(*await documents.content(found.file_id, NOBODY))


async def _of_code(code: str) -> receipts.ReceiptView:
    gift = await gifts.gift_by_code(code)
    found = await receipts.valid_receipt(gift.id)
    if found is None:
        raise NoReceipt
    return found


class NoReceipt(NotFound):
    """None was asked for, or the last one holds no more."""

    message = "现在没有有效的捐赠回执，请在捐赠去向页上重新开具"


@get("/gifts/receipts/key.pem", include_in_schema=False, access=PUBLIC)
async def show_key() -> Response[bytes]:
    """The public key of all receipts, for OpenSSL."""
    return Response(signature.public_pem(rules.SIGNED_AS).encode(), media_type="application/x-pem-file")


@post("/gifts/{gift_id:int}/name/refuse", include_in_schema=False, access=states.RECORD, status_code=303)
async def refuse_name(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """The name is not to be published."""

    async def act(form: NameForm) -> Answer:
        await services.refuse_name(gift_id, reason=form.name_reason, actor=current_actor())
        return see_other(f"/gifts/{gift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await gift_page(gift_id, form, status)

    return await submit(request, NameForm, act, again)


@post("/gifts/{gift_id:int}/name/lift", include_in_schema=False, access=states.RECORD, status_code=303)
async def lift_name(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """It is published again."""

    async def act(_: ButtonForm) -> Answer:
        await services.lift_name(gift_id, actor=current_actor())
        return see_other(f"/gifts/{gift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await gift_page(gift_id, form, status)

    return await submit(request, ButtonForm, act, again)


HANDLERS = [
    print_receipt, ask_with_code, show_with_code, download_with_code, show_key, refuse_name, lift_name,
]  # fmt: skip
