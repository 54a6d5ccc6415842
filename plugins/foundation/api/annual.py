"""The figures of an annual report, for programs."""

from typing import Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from plugins.foundation.forms.years import Year
from plugins.foundation.queries.annual import annual
from plugins.foundation.services.annual import ask_for_annual
from web.access import PUBLIC, SIGNED_IN
from web.parameters import RowId
from web.visit import current_actor


class AnnualOut(msgspec.Struct):
    """A figure: an amount or minutes, and the page it comes from."""

    section: str
    title: str
    path: str
    amount_fen: int | None
    minutes: int | None


class AnnualAsked(msgspec.Struct):
    """As which kind of file."""

    format: Literal["csv", "xlsx", "json"]


class AnnualJob(msgspec.Struct):
    """The job that writes the file; see `/api/v1/jobs/…`."""

    job_id: int


@get("/foundations/{organization_id:int}/years/{year:int}/annual", summary="年报数据", access=PUBLIC)
async def get_annual(organization_id: RowId, year: Year) -> list[AnnualOut]:
    """Every figure of the report, with where it comes from."""
    _, lines = await annual(organization_id, year)
    return [AnnualOut(one.section, one.title, one.path, one.amount_fen, one.minutes) for one in lines]


@post(
    "/foundations/{organization_id:int}/years/{year:int}/annual",
    summary="导出年报数据",
    access=SIGNED_IN,
    status_code=202,
)
async def export_annual(organization_id: RowId, year: Year, data: JSONBody[AnnualAsked]) -> AnnualJob:
    """Ask for the figures as a file."""
    return AnnualJob(await ask_for_annual(organization_id, year, format=data.format, actor=current_actor()))


HANDLERS = [get_annual, export_annual]
