"""The tool shed's one page."""

from typing import Any

from litestar import Request, get, post

from core import clock
from toolshed import queries, services
from toolshed.forms import Button, ToolForm
from web.access import SIGNED_IN
from web.forms import Answer, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor


@get("/", include_in_schema=False, access=SIGNED_IN)
async def show_tools() -> Answer:
    """What there is to borrow, and what one has borrowed and lent."""
    return await _tools_page(Form())


async def _tools_page(form: Form, status: int = 200) -> Answer:
    me, terms, today = current_actor().person_id, await queries.terms(), clock.today()
    mine = {"me": me, "points": await queries.points(me), "tools": await queries.tools(me)}
    return page("toolshed/tools.html", status=status, form=form, terms=terms, today=today, **mine)


@post("/", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def add_tool(request: Request[Any, Any, Any]) -> Answer:
    """Put a tool on the shelf."""

    async def act(form: ToolForm) -> Answer:
        await services.add_tool(form.name, actor=current_actor())
        return see_other("/toolshed")

    return await submit(request, ToolForm, act, _tools_page)


@post("/{tool_id:int}/borrow", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def borrow_tool(request: Request[Any, Any, Any], tool_id: RowId) -> Answer:
    """Borrow a tool for points."""

    async def act(_: Button) -> Answer:
        await services.borrow_tool(tool_id, actor=current_actor())
        return see_other("/toolshed")

    return await submit(request, Button, act, _tools_page)


@post("/{tool_id:int}/return", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def take_back(request: Request[Any, Any, Any], tool_id: RowId) -> Answer:
    """The tool is at home again."""

    async def act(_: Button) -> Answer:
        await services.take_back(tool_id, actor=current_actor())
        return see_other("/toolshed")

    return await submit(request, Button, act, _tools_page)


HANDLERS = [show_tools, add_tool, borrow_tool, take_back]
