"""Fiscal receipts of gifts: asked for by donors, recorded by the treasurer one by one or from a list."""

from typing import Any

from litestar import Request, get, post

from core.funds import services
from core.funds.queries import fiscal
from core.funds.rules import fiscal as rules
from core.funds.rules import states
from core.funds.rules.fiscal import Wrong
from core.funds.services.fiscal import ask_for_list
from core.organizations import queries as organizations
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, Form, see_other, submit
from web.funds.forms import CodeFiscalForm, FiscalForm, FiscalWishForm, FormatForm, ListForm
from web.funds.pages.gifts import gift_page, trace_page
from web.parameters import MaybeId, RowId
from web.templates import page
from web.visit import current_actor

PAGE_SIZE = 50
_DESK = "/funds/fiscal/{organization_id:int}"


@get(_DESK, include_in_schema=False, access=states.RECORD)
async def show_fiscal_desk(organization_id: RowId, after: MaybeId = None) -> Answer:
    """Who waits for one, the oldest gift first; names and numbers are masked."""
    return await _desk_page(organization_id, Form(), after=after or 0)


async def _desk_page(
    organization_id: int,
    form: Form,
    status: int = 200,
    *,
    after: int = 0,
    taken: int | None = None,
    wrong: list[Wrong] | None = None,
) -> Answer:
    owner = await organizations.organization(organization_id)
    current_actor().require(states.RECORD, Ref("organization", owner.id))
    found = await fiscal.waiting(owner.id, after_id=after, limit=PAGE_SIZE + 1)
    return page(
        "web/fund_fiscal.html",
        status=status,
        owner=owner,
        waiting=found[:PAGE_SIZE],
        after=found[PAGE_SIZE - 1].gift_id if len(found) > PAGE_SIZE else None,
        count=await fiscal.count_waiting([owner.id]),
        columns=rules.COLUMNS,
        rows_most=rules.ROWS_MOST,
        mask_tax_no=rules.mask_tax_no,
        taken=taken,
        wrong=wrong or [],
        form=form,
    )


@post(
    _DESK,
    include_in_schema=False,
    access=states.RECORD,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def import_fiscal(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Record a list, all of it or nothing, and say what is wrong with which line."""

    async def act(form: ListForm) -> Answer:
        taken, wrong = await services.import_fiscal(organization_id, form.list.content, actor=current_actor())
        if wrong:
            return await _desk_page(organization_id, Form(), 422, wrong=wrong)
        return await _desk_page(organization_id, Form(), taken=taken)

    async def again(form: Form, status: int) -> Answer:
        return await _desk_page(organization_id, form, status)

    return await submit(request, ListForm, act, again)


@post(f"{_DESK}/exports", include_in_schema=False, access=states.RECORD, status_code=303)
async def export_fiscal(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Ask for the list of who waits, in full, and go where its progress is shown."""

    async def act(form: FormatForm) -> Answer:
        job_id = await ask_for_list(organization_id, format=form.format, actor=current_actor())
        return see_other(f"/jobs/{job_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _desk_page(organization_id, form, status)

    return await submit(request, FormatForm, act, again)


@post("/gifts/{gift_id:int}/fiscal", include_in_schema=False, access=states.RECORD, status_code=303)
async def record_fiscal(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """The numbers of the one that was issued, or other ones that correct them."""

    async def act(form: FiscalForm) -> Answer:
        await services.record_fiscal(gift_id, form.numbers(), actor=current_actor())
        return see_other(f"/gifts/{gift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await gift_page(gift_id, form, status)

    return await submit(request, FiscalForm, act, again)


@post("/gifts/{gift_id:int}/fiscal/wish", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def ask_for_fiscal(request: Request[Any, Any, Any], gift_id: RowId) -> Answer:
    """The donor asks for one."""

    async def act(form: FiscalWishForm) -> Answer:
        await services.ask_for_fiscal(
            gift_id, title=form.fiscal_title, tax_no=form.tax_no.upper(), actor=current_actor()
        )
        return see_other(f"/gifts/{gift_id}")

    async def again(form: Form, status: int) -> Answer:
        return await gift_page(gift_id, form, status)

    return await submit(request, FiscalWishForm, act, again)


@post("/gifts/trace/fiscal", include_in_schema=False, access=PUBLIC, status_code=303)
async def ask_with_code(request: Request[Any, Any, Any]) -> Answer:
    """The same by whoever has the trace code."""

    async def act(form: CodeFiscalForm) -> Answer:
        await services.ask_for_fiscal_with_code(
            form.code, title=form.fiscal_title, tax_no=form.tax_no.upper()
        )
        return see_other(f"/gifts/trace?code={form.code}")

    async def again(form: Form, status: int) -> Answer:
        return await trace_page(form.value("code"), form, status)

    return await submit(request, CodeFiscalForm, act, again)


HANDLERS = [
    show_fiscal_desk, import_fiscal, export_fiscal, record_fiscal, ask_for_fiscal, ask_with_code,
]  # fmt: skip
