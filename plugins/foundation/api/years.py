"""A foundation's year for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.files.rules import Upload
from core.funds.queries.sums import year_of_funds
from core.funds.rules import states
from core.people.errors import PermissionMissing
from plugins.foundation.forms.years import Year
from plugins.foundation.queries import entries as records
from plugins.foundation.queries import years as queries
from plugins.foundation.queries.beside import Beside, year_beside
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.rules import calendar as calendar_rules
from plugins.foundation.rules import ratios
from plugins.foundation.rules import years as rules
from plugins.foundation.rules.years import EntryDraft, OpeningDraft
from plugins.foundation.services import entries, openings
from plugins.foundation.services import years as services
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.funds.api.funds import Created, Number, Short, Text
from web.parameters import RowId
from web.visit import current_actor

_Fen = Annotated[int, msgspec.Meta(ge=0, le=rules.AMOUNT_MOST)]


class RowOut(msgspec.Struct):
    """A row of the table as it holds everywhere today; percentages.

    `sure`: law, law-ex (a reprint of the rule) or law-mem (quoted from memory); with a number set since,
    decided.
    """

    code: str
    title: str
    kind: str
    is_public: bool
    basis: str
    least_fen: int
    spend: int
    manage: int
    sure: str
    source: str
    since: date


class JudgedOut(msgspec.Struct):
    """The year against its row. `needed_fen` null: nobody knows last year's income."""

    row: str
    needed_fen: int | None
    missing_fen: int
    reserved_fen: int
    unplanned_fen: int
    management_most_fen: int
    is_exempt: bool
    costs_too_much: bool


class BesideOut(msgspec.Struct):
    """What stands beside the year's money and is in none of its sums: worth of goods, hours of volunteers.

    `hour_fen` 0: no price of an hour is set, and the hours are not valued.
    """

    goods_received_fen: int
    goods_handed_fen: int
    goods_written_fen: int
    goods_left_fen: int
    goods_unvalued: int
    minutes: int
    hour_fen: int
    hours_worth_fen: int


class YearOut(msgspec.Struct):
    """A year's figures; gifts `bound` to a purpose or `free`, without what was `returned`."""

    organization_id: int
    year: int
    bound_fen: int
    free_fen: int
    other_fen: int
    returned_fen: int
    income_fen: int
    paid_fen: int
    direct_fen: int
    management_fen: int
    judged: JudgedOut | None
    beside: BesideOut
    closed_at: datetime | None


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


@get("/ratios", summary="支出比例表", access=PUBLIC)
async def list_ratios() -> list[RowOut]:
    """How much of its income or assets a foundation must spend in a year, and what management may be."""
    found = await queries.table(clock.today())
    return [
        RowOut(
            code=row.code,
            title=row.title,
            kind=row.kind,
            is_public=row.is_public,
            basis=row.basis,
            least_fen=found[row.least].value if row.least else 0,
            spend=found[row.spend].value,
            manage=found[row.manage].value,
            sure="decided" if found[row.spend].scope and found[row.manage].scope else row.sure,
            source=row.source,
            since=row.since,
        )
        for row in ratios.ROWS
    ]


class FundYearOut(msgspec.Struct):
    """A fund's year. `returned_fen` below nothing: a bank did not take back what was sent before."""

    fund_id: int
    fund: str
    opening_fen: int
    bound_fen: int
    free_fen: int
    moved_in_fen: int
    returned_fen: int
    moved_out_fen: int
    paid_fen: int
    held_fen: int
    left_fen: int


@get("/foundations/{organization_id:int}/years/{year:int}/flows", summary="一年的资金流向", access=PUBLIC)
async def list_flows(organization_id: RowId, year: Year) -> list[FundYearOut]:
    """Of each fund what was there, came, went, and is there at the end; the one with the most first."""
    await foundation(organization_id)
    rules.check_year(year, clock.today())
    return [
        FundYearOut(**{name: getattr(one, name) for name in FundYearOut.__struct_fields__})
        for one in await year_of_funds(organization_id, year)
    ]


@get("/foundations/{organization_id:int}/years/{year:int}", summary="基金会的年度收支", access=PUBLIC)
async def get_year(organization_id: RowId, year: Year) -> YearOut:
    """A year: what came, what was spent, and whether that is enough."""
    return await _year(organization_id, year)


def _beside(found: Beside) -> BesideOut:
    goods, hours = found.goods, found.hours
    return BesideOut(
        goods_received_fen=goods.received_fen,
        goods_handed_fen=goods.handed_fen,
        goods_written_fen=goods.written_fen,
        goods_left_fen=goods.left_fen,
        goods_unvalued=goods.unvalued,
        minutes=hours.minutes,
        hour_fen=hours.hour_fen,
        hours_worth_fen=hours.worth_fen,
    )


async def _year(organization_id: int, year: int) -> YearOut:
    found = await queries.year_of(organization_id, year)
    judged, books = found.judged, found.books
    return YearOut(
        organization_id=organization_id,
        year=year,
        bound_fen=books.bound_fen,
        free_fen=books.free_fen,
        other_fen=books.other_fen,
        returned_fen=books.returned_fen,
        income_fen=books.income_fen,
        paid_fen=books.paid_fen,
        direct_fen=books.direct_fen,
        management_fen=books.management_fen,
        judged=_judged(judged) if judged else None,
        beside=_beside(await year_beside(organization_id, year)),
        closed_at=found.closed_at,
    )


def _judged(judged: ratios.Judged) -> JudgedOut:
    return JudgedOut(
        row=judged.row.code,
        needed_fen=judged.needed_fen,
        missing_fen=judged.missing_fen,
        reserved_fen=judged.reserved_fen,
        unplanned_fen=judged.unplanned_fen,
        management_most_fen=judged.manage_most_fen,
        is_exempt=judged.is_exempt,
        costs_too_much=judged.costs_too_much,
    )


@post(
    "/foundations/{organization_id:int}/years/{year:int}/close",
    summary="年度结账",
    access=calendar_rules.PUBLISH,
    status_code=200,
)
async def close_year(organization_id: RowId, year: Year) -> YearOut:
    """Keep the year's figures for good; a second time changes nothing."""
    await services.close_year(organization_id, year, actor=current_actor())
    return await _year(organization_id, year)


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
    list_ratios, get_year, list_flows, close_year, get_books, record_entry, record_opening, confirm_entry,
    drop_entry, reverse_entry, review_opening, drop_opening,
]  # fmt: skip
