"""The tool shed's one page: the shelf, and for its keepers the desk."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.organizations import queries as organizations
from toolshed import queries, rules, services
from toolshed.forms import Button, ToolForm
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import VISIT, current_actor

_Request = Request[Any, Any, Any]


@get("/", include_in_schema=False, access=PUBLIC)
async def show_tools() -> Answer:
    """What there is to borrow, and what one has borrowed."""
    return await _tools_page(Form())


async def _tools_page(form: Form, status: int = 200) -> Answer:
    actor = VISIT.get().actor
    ids = [scope.id for scope in actor.scopes(rules.LEND)] if actor else []
    return page(
        "toolshed/tools.html",
        status=status,
        tools=await queries.tools(),
        sheds={str(shed.id): shed.name for shed in await organizations.organizations(ids)},
        me=actor.person_id if actor else 0,
        today=clock.today(),
        form=form,
    )


@post("/", include_in_schema=False, access=rules.LEND, status_code=303)
async def add_tool(request: _Request) -> Answer:
    """Put a tool on the shelf."""

    async def act(form: ToolForm) -> Answer:
        await services.add_tool(form.name, organization_id=form.organization_id, actor=current_actor())
        return see_other("/toolshed")

    return await submit(request, ToolForm, act, _tools_page)


@post("/{tool_id:int}/borrow", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def borrow(request: _Request, tool_id: RowId) -> Answer:
    """Reserve a tool and go on to its deposit."""

    async def act(_: Button) -> Answer:
        return see_other(f"/orders/{await services.borrow_tool(tool_id, actor=current_actor())}")

    return await submit(request, Button, act, _tools_page)


@post("/{tool_id:int}/return", include_in_schema=False, access=rules.LEND, status_code=303)
async def take_back(request: _Request, tool_id: RowId) -> Answer:
    """The tool is back: the deposit goes back over the counter."""

    async def act(_: Button) -> Answer:
        await services.take_back(tool_id, actor=current_actor())
        return see_other("/toolshed")

    return await submit(request, Button, act, _tools_page)


HANDLERS = [show_tools, add_tool, borrow, take_back]
