"""A foundation's year for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post

from core import clock
from core.funds.queries.sums import year_of_funds
from plugins.foundation.forms.years import Year
from plugins.foundation.queries import years as queries
from plugins.foundation.queries.beside import Beside, year_beside
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.rules import calendar as calendar_rules
from plugins.foundation.rules import ratios
from plugins.foundation.rules import years as rules
from plugins.foundation.rules.forecasts import Forecast
from plugins.foundation.services import years as services
from web.access import PUBLIC
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


class ForecastOut(msgspec.Struct):
    """31 December, if the rest of the year's `days` is like the `days_past`; for `settled` only what is set
    aside is paid. What will be missing then: null without reviewed figures of the year's beginning.
    """

    days_past: int
    days: int
    income_fen: int
    programme_fen: int
    settled_fen: int
    management_fen: int
    missing_at_pace_fen: int | None
    missing_settled_fen: int | None
    costs_too_much: bool


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
    forecast: ForecastOut | None
    beside: BesideOut
    closed_at: datetime | None


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
        forecast=_forecast(found.forecast) if found.forecast else None,
        beside=_beside(await year_beside(organization_id, year)),
        closed_at=found.closed_at,
    )


def _forecast(found: Forecast) -> ForecastOut:
    return ForecastOut(
        days_past=found.days_past,
        days=found.days,
        income_fen=found.income_fen,
        programme_fen=found.programme_fen,
        settled_fen=found.settled_fen,
        management_fen=found.management_fen,
        missing_at_pace_fen=_missing(found.at_pace),
        missing_settled_fen=_missing(found.settled),
        costs_too_much=found.costs_too_much,
    )


def _missing(judged: ratios.Judged | None) -> int | None:
    return None if judged is None or judged.needed_fen is None else judged.missing_fen


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


HANDLERS = [list_ratios, get_year, list_flows, close_year]
