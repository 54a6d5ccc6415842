"""Funds for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.funds import services
from core.funds.queries import funds as queries
from core.funds.queries import traces
from core.funds.rules import states
from web.access import PUBLIC
from web.forms import PHONE, Answer, clean
from web.funds.pages.funds import PAGE_SIZE, WORDS_MOST, publication_sheet, publications, quarter_asked
from web.parameters import PageNumber, RowId, Words
from web.visit import current_actor

TAGS = ["funds"]
Id = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
# Something that can be seen: neither blank nor what the database cannot keep.
Short = Annotated[str, msgspec.Meta(max_length=60, pattern=r"[^\s\x00]")]
Number = Annotated[str, msgspec.Meta(max_length=40, pattern=r"[^\s\x00]")]
Text = Annotated[str, msgspec.Meta(max_length=200, pattern=r"[^\s\x00]")]


class FundOut(msgspec.Struct):
    """A fund; `state` is opening, open, closing or closed; the balance includes what is set aside."""

    id: int
    name: str
    state: str
    organization_id: int
    balance_fen: int


class PurposeOut(msgspec.Struct):
    """A purpose, and what is bound to it and not used."""

    id: int
    title: str
    bound_fen: int


class FundDetail(msgspec.Struct):
    """A fund: `free_fen` may still be set aside, `held_fen` is set aside and not paid yet."""

    id: int
    name: str
    summary: str
    state: str
    organization_id: int
    free_fen: int
    held_fen: int
    purposes: list[PurposeOut]


class PublishedOut(msgspec.Struct):
    """A purpose (null: free) in a quarter; `changed_fen` came from other purposes, as their donors agreed."""

    purpose_id: int | None
    title: str | None
    opening_fen: int
    income_fen: int
    uses_fen: int
    closing_fen: int
    changed_fen: int


class QuarterOut(msgspec.Struct):
    """Until which day a quarter has to be published, and when it was."""

    due_on: date
    published_at: datetime | None
    is_late: bool


class FundIn(msgspec.Struct):
    """A new fund; its name begins with the foundation's."""

    organization_id: Id
    name: Short
    summary: Annotated[str, msgspec.Meta(max_length=200)] = ""


class PurposeIn(msgspec.Struct):
    """What gifts can be bound to."""

    title: Annotated[str, msgspec.Meta(max_length=20, pattern=r"[^\s\x00]")]


class MemberIn(msgspec.Struct):
    """Who gets a seat on the committee: phone and name together."""

    phone: Annotated[str, PHONE]
    name: Annotated[str, msgspec.Meta(max_length=40)]


class SeatEndIn(msgspec.Struct):
    """Why a member leaves the committee."""

    reason: Annotated[str, msgspec.Meta(max_length=200)]


class Seat(msgspec.Struct):
    """A seat on the committee, and who holds it."""

    id: int
    person: str


class Created(msgspec.Struct):
    """The id of what was made."""

    id: int


@get("/funds", summary="基金", tags=TAGS, access=PUBLIC)
async def list_funds(words: Words = "", page: PageNumber = 1) -> list[FundOut]:
    """Twenty funds by id, whose names contain `words`."""
    offset = (min(page, 10**6) - 1) * PAGE_SIZE
    found = await queries.listed(clean(words)[:WORDS_MOST], offset=offset, limit=PAGE_SIZE)
    return [FundOut(f.id, f.name, f.state, f.organization_id, f.balance_fen) for f in found]


@get("/funds/{fund_id:int}", summary="基金详情", tags=TAGS, access=PUBLIC)
async def get_fund(fund_id: RowId) -> FundDetail:
    """One fund with its purposes."""
    return await _detail(fund_id)


async def _detail(fund_id: int) -> FundDetail:
    fund = await queries.fund(fund_id)
    free, held = await queries.holdings(fund_id)
    purposes = [PurposeOut(p.id, p.title, p.bound_fen) for p in await queries.purposes(fund_id)]
    return FundDetail(
        fund.id, fund.name, fund.summary, fund.state, fund.organization_id, free, held, purposes
    )


@get("/funds/{fund_id:int}/publication", summary="季度公开", tags=TAGS, access=PUBLIC)
async def get_publication(fund_id: RowId, quarter: Words = "") -> list[PublishedOut]:
    """A quarter (`2026-3`; by default the present one) of the fund, purpose by purpose."""
    await queries.fund(fund_id)
    lines = await traces.publication([fund_id], quarter_asked(quarter))
    names = PublishedOut.__struct_fields__
    return [PublishedOut(**{name: getattr(line, name) for name in names}) for line in lines]


@get("/funds/{fund_id:int}/publication/clock", summary="季度公开期限", tags=TAGS, access=PUBLIC)
async def get_clock(fund_id: RowId, quarter: Words = "") -> list[QuarterOut]:
    """By when the foundation must publish the quarter; empty while it is not over."""
    fund = await queries.fund(fund_id)
    found = await publications(fund.organization_id, quarter_asked(quarter))
    return [QuarterOut(one.due_on, one.published_at, one.is_late(clock.today())) for one in found]


@get("/funds/{fund_id:int}/publication.csv", summary="季度公开表", tags=TAGS, access=PUBLIC)
async def get_publication_sheet(fund_id: RowId, quarter: Words = "") -> Answer:
    """The same as CSV."""
    asked = quarter_asked(quarter)
    return publication_sheet(await queries.fund(fund_id), asked, await traces.publication([fund_id], asked))


@post("/funds", summary="设立基金", tags=TAGS, access=states.RUN)
async def found_fund(data: JSONBody[FundIn]) -> Created:
    """Found a fund; it opens when it has a purpose."""
    fund_id = await services.found_fund(
        clean(data.name),
        organization_id=data.organization_id,
        summary=clean(data.summary),
        actor=current_actor(),
    )
    return Created(fund_id)


@post("/funds/{fund_id:int}/purposes", summary="增加用途", tags=TAGS, access=states.RUN)
async def add_purpose(fund_id: RowId, data: JSONBody[PurposeIn]) -> Created:
    """Add what gifts can be bound to."""
    return Created(await services.add_purpose(fund_id, clean(data.title), actor=current_actor()))


@post("/funds/{fund_id:int}/members", summary="请进管委会", tags=TAGS, access=states.RUN, status_code=204)
async def seat_member(fund_id: RowId, data: JSONBody[MemberIn]) -> None:
    """Give somebody a seat on the committee."""
    await services.seat_member(fund_id, phone=data.phone, name=clean(data.name), actor=current_actor())


@get("/funds/{fund_id:int}/members", summary="管委会成员", tags=TAGS, access=states.RUN)
async def list_seats(fund_id: RowId) -> list[Seat]:
    """Who sits on the committee today."""
    fund = await queries.fund(fund_id)
    current_actor().require(states.RUN, fund.foundation)
    return [Seat(seat.id, seat.person) for seat in await queries.seats(fund_id)]


@post(
    "/funds/{fund_id:int}/members/{seat_id:int}/end",
    summary="请成员退出管委会",
    tags=TAGS,
    access=states.RUN,
    status_code=204,
)
async def end_seat(fund_id: RowId, seat_id: RowId, data: JSONBody[SeatEndIn]) -> None:
    """End a seat on the committee: its votes of before still count."""
    await services.end_seat(fund_id, seat_id, reason=clean(data.reason), actor=current_actor())


@post("/funds/{fund_id:int}/open", summary="开放基金", tags=TAGS, access=states.RUN, status_code=200)
async def open_fund(fund_id: RowId) -> FundDetail:
    """Take gifts and requests from now on."""
    await services.open_fund(fund_id, actor=current_actor())
    return await _detail(fund_id)


@post("/funds/{fund_id:int}/stop-gifts", summary="开始收尾", tags=TAGS, access=states.RUN, status_code=200)
async def stop_gifts(fund_id: RowId) -> FundDetail:
    """Take no more gifts: what is there is still to be used."""
    await services.stop_gifts(fund_id, actor=current_actor())
    return await _detail(fund_id)


@post("/funds/{fund_id:int}/end", summary="结束基金", tags=TAGS, access=states.RUN, status_code=200)
async def end_fund(fund_id: RowId) -> FundDetail:
    """End a fund of which every fen is used."""
    await services.end_fund(fund_id, actor=current_actor())
    return await _detail(fund_id)


HANDLERS = [
    list_funds, get_fund, get_publication, get_clock, get_publication_sheet, found_fund, add_purpose,
    seat_member, list_seats, end_seat, open_fund, stop_gifts, end_fund,
]  # fmt: skip
