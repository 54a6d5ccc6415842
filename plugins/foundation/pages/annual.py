"""What the annual report asks of a year, as a page and as a file."""

from itertools import groupby
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core.language import mark
from plugins.foundation.forms.years import Year
from plugins.foundation.queries.annual import annual
from plugins.foundation.services.annual import ask_for_annual
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, said, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor


class AnnualForm(msgspec.Struct):
    """As which kind of file."""

    format: Annotated[str, said(mark("请选择一项"), pattern="^(csv|xlsx|json)$")]


@get("/{organization_id:int}/years/{year:int}/annual", include_in_schema=False, access=PUBLIC)
async def show_annual(organization_id: RowId, year: Year) -> Answer:
    """Every figure of the report, with where it comes from."""
    return await _annual_page(organization_id, year)


async def _annual_page(organization_id: int, year: int, status: int = 200) -> Answer:
    found, lines = await annual(organization_id, year)
    sections = [(section, list(some)) for section, some in groupby(lines, key=lambda line: line.section)]
    return page("foundation/annual.html", status=status, found=found, sections=sections)


@post(
    "/{organization_id:int}/years/{year:int}/annual",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def export_annual(request: Request[Any, Any, Any], organization_id: RowId, year: Year) -> Answer:
    """Ask for the figures as a file."""

    async def act(form: AnnualForm) -> Answer:
        actor = current_actor()
        job_id = await ask_for_annual(organization_id, year, format=form.format, actor=actor)
        return see_other(f"/jobs/{job_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _annual_page(organization_id, year, status)

    return await submit(request, AnnualForm, act, again)


HANDLERS = [show_annual, export_annual]
