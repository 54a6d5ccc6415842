"""What a foundation records beside its funds in a year, for programs."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.files.rules import Upload
from core.funds.rules import states
from core.people.errors import PermissionMissing
from plugins.foundation.forms.years import Year
from plugins.foundation.queries import entries as records
from plugins.foundation.rules import years as rules
from plugins.foundation.rules.years import EntryDraft, OpeningDraft
from plugins.foundation.services import entries, openings
from web.access import SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.funds.api.funds import Created, Number, Short, Text
from web.parameters import RowId
from web.visit import current_actor

_Fen = Annotated[int, msgspec.Meta(ge=0, le=rules.AMOUNT_MOST)]


class EntryOut(msgspec.Struct):
    """Income or cost that goes through no fund."""

    id: int
    kind: str
    what: str
    amount_fen: int
    occurred_on: date
    voucher_no: str
    state: str


class OpeningOut(msgspec.Struct):
    """Figures of a year's beginning."""

    id: int
    kind: str
    is_public: bool
    net_assets_fen: int
    income_1_fen: int | None
    income_2_fen: int | None
    income_3_fen: int | None
    note: str
    state: str


class BooksOut(msgspec.Struct):
    """What was recorded about a year, the latest first."""

    entries: list[EntryOut]
    openings: list[OpeningOut]


class EntryIn(msgspec.Struct):
    """Income or cost with its voucher."""

    kind: Literal["income", "programme", "management"]
    what: Short
    amount_fen: Annotated[int, msgspec.Meta(ge=1, le=rules.AMOUNT_MOST)]
    occurred_on: date
    voucher_no: Number
    file: Upload


class OpeningIn(msgspec.Struct):
    """The figures with the audited report; incomes of the three years before, if known."""

    kind: Literal["foundation", "other"]
    is_public: bool
    net_assets_fen: _Fen
    file: Upload
    income_1_fen: _Fen | None = None
    income_2_fen: _Fen | None = None
    income_3_fen: _Fen | None = None
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ReasonIn(msgspec.Struct):
    """Why."""

    reason: Text


@get(
    "/foundations/{organization_id:int}/years/{year:int}/books",
    summary="基金会的年度账本",
    access=SIGNED_IN,
)
async def get_books(organization_id: RowId, year: Year) -> BooksOut:
    """What was recorded about a year, for those who keep the foundation's books."""
    return await _books(organization_id, year)


async def _books(organization_id: int, year: int) -> BooksOut:
    rules.check_year(year, clock.today())
    if not records.keeps_books(current_actor(), organization_id):
        raise PermissionMissing
    return BooksOut(
        [
            EntryOut(**{name: getattr(one, name) for name in EntryOut.__struct_fields__})
            for one in await records.entries(organization_id, year)
        ],
        [
            OpeningOut(**{name: getattr(one, name) for name in OpeningOut.__struct_fields__})
            for one in await records.openings(organization_id, year)
        ],
    )


@post(
    "/foundations/{organization_id:int}/years/{year:int}/entries",
    summary="登记其他收支",
    access=states.RECORD,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_entry(organization_id: RowId, year: Year, data: JSONBody[EntryIn]) -> Created:
    """Write down income or cost; above the limit it waits for a second person."""
    draft = EntryDraft(
        kind=data.kind,
        what=clean(data.what),
        amount_fen=data.amount_fen,
        occurred_on=data.occurred_on,
        voucher_no=clean(data.voucher_no),
    )
    return Created(await entries.record_entry(organization_id, year, draft, data.file, actor=current_actor()))


@post(
    "/foundations/{organization_id:int}/years/{year:int}/openings",
    summary="登记年初数",
    access=states.RECORD,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_opening(organization_id: RowId, year: Year, data: JSONBody[OpeningIn]) -> Created:
    """Write down the figures of the year's beginning; they count when a second person has reviewed them."""
    draft = OpeningDraft(
        kind=data.kind,
        is_public=data.is_public,
        net_assets_fen=data.net_assets_fen,
        income_1_fen=data.income_1_fen,
        income_2_fen=data.income_2_fen,
        income_3_fen=data.income_3_fen,
        note=clean(data.note),
    )
    return Created(
        await openings.record_opening(organization_id, year, draft, data.file, actor=current_actor())
    )


@post("/entries/{entry_id:int}/confirm", summary="确认收支", access=states.CONFIRM, status_code=200)
async def confirm_entry(entry_id: RowId) -> BooksOut:
    """The second person has seen the voucher."""
    await entries.confirm_entry(entry_id, actor=current_actor())
    return await _books_of_entry(entry_id)


@post("/entries/{entry_id:int}/drop", summary="作废收支", access=states.RECORD, status_code=200)
async def drop_entry(entry_id: RowId) -> BooksOut:
    """It was written down by mistake."""
    await entries.drop_entry(entry_id, actor=current_actor())
    return await _books_of_entry(entry_id)


@post("/entries/{entry_id:int}/reverse", summary="冲销收支", access=states.CONFIRM, status_code=200)
async def reverse_entry(entry_id: RowId, data: JSONBody[ReasonIn]) -> BooksOut:
    """What was counted was wrong."""
    await entries.reverse_entry(entry_id, reason=clean(data.reason), actor=current_actor())
    return await _books_of_entry(entry_id)


async def _books_of_entry(entry_id: int) -> BooksOut:
    entry = await records.entry(entry_id)
    return await _books(entry.organization_id, entry.occurred_on.year)


@post("/openings/{opening_id:int}/review", summary="复核年初数", access=states.CHECK, status_code=200)
async def review_opening(opening_id: RowId) -> BooksOut:
    """The second person has compared the figures with the report."""
    await openings.review_opening(opening_id, actor=current_actor())
    return await _books_of_opening(opening_id)


@post("/openings/{opening_id:int}/drop", summary="作废年初数", access=states.RECORD, status_code=200)
async def drop_opening(opening_id: RowId) -> BooksOut:
    """They were written down by mistake."""
    await openings.drop_opening(opening_id, actor=current_actor())
    return await _books_of_opening(opening_id)


async def _books_of_opening(opening_id: int) -> BooksOut:
    opening = await records.opening(opening_id)
    return await _books(opening.organization_id, opening.year)


HANDLERS = [
    get_books, record_entry, record_opening, confirm_entry, drop_entry, reverse_entry, review_opening,
    drop_opening,
]  # fmt: skip
