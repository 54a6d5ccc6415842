"""The tool shed for programs."""

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from toolshed import queries, services
from toolshed.forms import ToolForm
from web.access import SIGNED_IN
from web.parameters import RowId
from web.visit import current_actor


class Made(msgspec.Struct):
    """The tool that was put on the shelf."""

    id: int


@get("/tools", summary="工具列表", access=SIGNED_IN)
async def list_tools() -> list[queries.ToolView]:
    """The newest 200 tools."""
    return await queries.tools(current_actor().person_id)


@get("/points", summary="我的点数", access=SIGNED_IN)
async def show_points() -> dict[str, int]:
    """What one may spend, and what holds for a loan today."""
    return {"points": await queries.points(current_actor().person_id), **await queries.terms()}


@post("/tools", summary="上架工具", access=SIGNED_IN)
async def add_tool(data: JSONBody[ToolForm]) -> Made:
    """Put a tool of one's own on the shelf."""
    return Made(await services.add_tool(data.name, actor=current_actor()))


@post("/tools/{tool_id:int}/borrow", summary="借工具", access=SIGNED_IN, status_code=204)
async def borrow_tool(tool_id: RowId) -> None:
    """Borrow a tool for points. Repeating it changes nothing."""
    await services.borrow_tool(tool_id, actor=current_actor())


@post("/tools/{tool_id:int}/return", summary="收回工具", access=SIGNED_IN, status_code=204)
async def take_back(tool_id: RowId) -> None:
    """One's tool is at home again."""
    await services.take_back(tool_id, actor=current_actor())


HANDLERS = [list_tools, show_points, add_tool, borrow_tool, take_back]
