"""Foundations for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.funds.rules.quarters import Quarter
from plugins.foundation.queries import calendar as queries
from plugins.foundation.rules import PAGE_SIZE, WORDS_MOST
from plugins.foundation.rules import calendar as rules
from plugins.foundation.services import calendar as services
from web.access import PUBLIC
from web.forms import clean
from web.parameters import PageNumber, RowId, Words
from web.visit import current_actor


class FoundationOut(msgspec.Struct):
    """A foundation; the balance includes what is set aside."""

    id: int
    name: str
    funds: int
    balance_fen: int


class DueOut(msgspec.Struct):
    """A quarter that has ended, and by when it must be published."""

    year: int
    quarter: int
    opening_fen: int
    income_fen: int
    uses_fen: int
    closing_fen: int
    due_on: date
    published_at: datetime | None
    is_late: bool


class FoundationDetail(msgspec.Struct):
    """A foundation: this year's sums, and what it has to publish, the latest quarter first."""

    id: int
    name: str
    income_fen: int
    uses_fen: int
    calendar: list[DueOut]


class PublishIn(msgspec.Struct):
    """A quarter that is over."""

    year: Annotated[int, msgspec.Meta(ge=2000, le=2099)]
    quarter: Annotated[int, msgspec.Meta(ge=1, le=4)]


@get("/foundations", summary="基金会", access=PUBLIC)
async def list_foundations(words: Words = "", page: PageNumber = 1) -> list[FoundationOut]:
    """Twenty foundations by name."""
    offset = (min(page, 10**6) - 1) * PAGE_SIZE
    found = await queries.foundations(clean(words)[:WORDS_MOST], offset=offset, limit=PAGE_SIZE)
    return [FoundationOut(f.id, f.name, f.funds, f.balance_fen) for f in found]


@get("/foundations/{organization_id:int}", summary="基金会详情", access=PUBLIC)
async def get_foundation(organization_id: RowId) -> FoundationDetail:
    """One foundation."""
    return await _detail(organization_id)


async def _detail(organization_id: int) -> FoundationDetail:
    found, today = await queries.foundation(organization_id), clock.today()
    year = await queries.year_sums(organization_id, today)
    calendar = [
        DueOut(
            due.quarter.year,
            due.quarter.number,
            due.opening_fen,
            due.income_fen,
            due.uses_fen,
            due.closing_fen,
            due.due_on,
            due.published_at,
            due.is_late(today),
        )
        for due in await queries.calendar(organization_id, today)
    ]
    return FoundationDetail(found.id, found.name, year.income_fen, year.uses_fen, calendar)


@post(
    "/foundations/{organization_id:int}/publications",
    summary="公开季度收支",
    access=rules.PUBLISH,
    status_code=200,
)
async def publish(organization_id: RowId, data: JSONBody[PublishIn]) -> FoundationDetail:
    """Publish a quarter; a second time changes nothing."""
    quarter = Quarter(data.year, data.quarter)
    await services.publish_quarter(organization_id, quarter, actor=current_actor())
    return await _detail(organization_id)


HANDLERS = [list_foundations, get_foundation, publish]
