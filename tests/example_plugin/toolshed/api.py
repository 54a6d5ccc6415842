"""The tool shed for programs."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from toolshed import queries, rules, services
from web.access import PUBLIC, SIGNED_IN
from web.parameters import RowId
from web.visit import current_actor


class ToolIn(msgspec.Struct):
    """A tool for the shelf."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    organization_id: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class ToolOut(msgspec.Struct):
    """A tool; `state` is free, reserved or out."""

    id: int
    name: str
    organization_id: int
    state: str
    due_on: date | None


class Made(msgspec.Struct):
    """What was made: a tool, or the order of a deposit."""

    id: int


@get("/tools", summary="工具列表", access=PUBLIC)
async def list_tools() -> list[ToolOut]:
    """The newest 200 tools."""
    return [ToolOut(t.id, t.name, t.organization_id, t.state, t.due_on) for t in await queries.tools()]


@post("/tools", summary="上架工具", access=rules.LEND)
async def add_tool(data: JSONBody[ToolIn]) -> Made:
    """Put a tool on the shelf of an organization whose keeper one is."""
    actor = current_actor()
    return Made(await services.add_tool(data.name, organization_id=data.organization_id, actor=actor))


@post("/tools/{tool_id:int}/borrow", summary="借工具", access=SIGNED_IN)
async def borrow_tool(tool_id: RowId) -> Made:
    """Reserve a tool; returns the order of its deposit. Repeating it returns the same order."""
    return Made(await services.borrow_tool(tool_id, actor=current_actor()))


@post("/tools/{tool_id:int}/return", summary="验收归还", access=rules.LEND, status_code=204)
async def take_back(tool_id: RowId) -> None:
    """The tool is back: its deposit goes back over the counter."""
    await services.take_back(tool_id, actor=current_actor())


HANDLERS = [list_tools, add_tool, borrow_tool, take_back]
