"""Fiscal receipts of gifts, for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.rules import Upload
from core.funds import services
from core.funds.queries import fiscal, gifts
from core.funds.rules import states
from core.funds.rules.fiscal import Numbers, mask_tax_no
from core.funds.services.fiscal import ask_for_list
from core.people.masks import mask_name
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.funds.api.funds import TAGS, Number
from web.parameters import MaybeId, RowId, Words
from web.visit import current_actor

_WAITING = "/funds/fiscal/{organization_id:int}"
PAGE_SIZE = 50


class FiscalIn(msgspec.Struct):
    """The numbers on the paper."""

    code: Number
    number: Number
    check_code: Number
    issued_on: date


class WishIn(msgspec.Struct):
    """Made out to whom; a private person has no tax number."""

    title: Annotated[str, msgspec.Meta(max_length=60)]
    tax_no: Annotated[str, msgspec.Meta(max_length=20)] = ""


class CodeWishIn(WishIn, kw_only=True):
    """The same by whoever has the trace code."""

    code: Number


class ListIn(msgspec.Struct):
    """A list as CSV or XLSX; its first row names the columns."""

    list: Upload


class FiscalOut(msgspec.Struct):
    """What is recorded of a gift: `is_asked`, and the numbers once it was issued."""

    is_asked: bool
    code: str | None = None
    number: str | None = None
    check_code: str | None = None
    issued_on: date | None = None


class WaitingOut(msgspec.Struct):
    """A gift for which somebody waits; `title` and `tax_no` are masked."""

    gift_id: int
    receipt_no: str
    fund: str
    amount_fen: int
    received_on: date
    asked_at: datetime
    title: str
    tax_no: str


class WrongOut(msgspec.Struct):
    """A line that cannot be taken, and why."""

    line: int
    reason: str


class TakenOut(msgspec.Struct):
    """How many were recorded: all that are new, or none if a line is wrong."""

    taken: int
    wrong: list[WrongOut]


class JobOut(msgspec.Struct):
    """The job that writes the file; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


class FormatIn(msgspec.Struct):
    """csv, xlsx or json."""

    format: Annotated[str, msgspec.Meta(max_length=10)]


async def _out(gift_id: int) -> FiscalOut:
    is_asked = await fiscal.wish_of(gift_id) is not None
    found = next((one for one in await fiscal.fiscal_of(gift_id) if one.replaced_at is None), None)
    if found is None:
        return FiscalOut(is_asked)
    return FiscalOut(is_asked, found.code, found.number, found.check_code, found.issued_on)


@get("/gifts/{gift_id:int}/fiscal", summary="捐赠的财政票据", tags=TAGS, access=SIGNED_IN)
async def get_fiscal(gift_id: RowId) -> FiscalOut:
    """Of a gift of one's own, or of a foundation whose books one keeps."""
    await gifts.gift_for(gift_id, current_actor())
    return await _out(gift_id)


@post("/gifts/{gift_id:int}/fiscal", summary="登记财政票据", tags=TAGS, access=states.RECORD, status_code=200)
async def record_fiscal(gift_id: RowId, data: JSONBody[FiscalIn]) -> FiscalOut:
    """The numbers of the one that was issued, or other ones that correct them."""
    numbers = Numbers(clean(data.code), clean(data.number), clean(data.check_code), data.issued_on)
    await services.record_fiscal(gift_id, numbers, actor=current_actor())
    return await _out(gift_id)


@post(
    "/gifts/{gift_id:int}/fiscal/wish", summary="申请财政票据", tags=TAGS, access=SIGNED_IN, status_code=200
)
async def ask_for_fiscal(gift_id: RowId, data: JSONBody[WishIn]) -> FiscalOut:
    """The donor asks for one."""
    await services.ask_for_fiscal(
        gift_id, title=clean(data.title), tax_no=clean(data.tax_no).upper(), actor=current_actor()
    )
    return await _out(gift_id)


@post("/gifts/trace/fiscal", summary="凭查询码申请财政票据", tags=TAGS, access=PUBLIC, status_code=200)
async def ask_with_code(data: JSONBody[CodeWishIn]) -> FiscalOut:
    """The same by whoever has the trace code."""
    code = clean(data.code)
    await services.ask_for_fiscal_with_code(code, title=clean(data.title), tax_no=clean(data.tax_no).upper())
    return await _out((await gifts.gift_by_code(code)).id)


@get("/gifts/trace/fiscal", summary="凭查询码查财政票据", tags=TAGS, access=PUBLIC)
async def get_with_code(code: Words) -> FiscalOut:
    """Whether it was issued, and its numbers."""
    return await _out((await gifts.gift_by_code(clean(code)[:40])).id)


@get(_WAITING, summary="等财政票据的捐赠", tags=TAGS, access=states.RECORD)
async def list_waiting(organization_id: RowId, after: MaybeId = None) -> list[WaitingOut]:
    """Fifty, the oldest gift first, with ids above `after`."""
    current_actor().require(states.RECORD, Ref("organization", organization_id))
    return [
        WaitingOut(
            gift_id=one.gift_id,
            receipt_no=one.receipt_no,
            fund=one.fund,
            amount_fen=one.amount_fen,
            received_on=one.received_on,
            asked_at=one.wish.asked_at,
            title=mask_name(one.wish.title),
            tax_no=mask_tax_no(one.wish.tax_no),
        )
        for one in await fiscal.waiting(organization_id, after_id=after or 0, limit=PAGE_SIZE)
    ]


@post(
    _WAITING,
    summary="导入财政票据",
    tags=TAGS,
    access=states.RECORD,
    status_code=200,
    request_max_body_size=WITH_FILE_MOST,
)
async def import_fiscal(organization_id: RowId, data: JSONBody[ListIn]) -> TakenOut:
    """Record a list, all of it or nothing."""
    taken, wrong = await services.import_fiscal(organization_id, data.list.content, actor=current_actor())
    return TakenOut(taken, [WrongOut(one.line, one.reason) for one in wrong])


@post(f"{_WAITING}/exports", summary="导出等财政票据的捐赠", tags=TAGS, access=states.RECORD, status_code=202)
async def export_fiscal(organization_id: RowId, data: JSONBody[FormatIn]) -> JobOut:
    """Who waits, in full, as a sheet to be filled in."""
    return JobOut(await ask_for_list(organization_id, format=data.format, actor=current_actor()))


HANDLERS = [
    get_fiscal, record_fiscal, ask_for_fiscal, ask_with_code, get_with_code, list_waiting, import_fiscal,
    export_fiscal,
]  # fmt: skip
