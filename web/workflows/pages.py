"""Every workflow: a list, and a page each with its picture."""

from litestar import get

from core import plugins
from core.errors import NotFound
from core.language import mark, translate
from core.people.rules import roles
from core.workflow import CONCERNED, SYSTEM, Workflow
from web.access import PUBLIC
from web.forms import Answer
from web.parameters import PathCode
from web.templates import page
from web.workflows.pictures import draw_flow

_BY = {SYSTEM: mark("系统自动"), CONCERNED: mark("本人或本户")}


class WorkflowNotFound(NotFound):
    """No enabled plugin has a workflow of this code."""

    message = mark("没有这样的流程。")


def workflows() -> list[Workflow]:
    """Those of all enabled plugins, core's first."""
    return plugins.contributions("register_workflows")


def who(by: str) -> str:
    """Who makes a transition, in the visitor's language: the roles that carry the permission."""
    if by in _BY:
        return translate(_BY[by])
    titles = [translate(role.title) for role in roles().values() if by in role.permissions]
    return " / ".join(titles) or translate(mark("得到授权的人"))


@get("/workflows", include_in_schema=False, access=PUBLIC)
async def show_workflows() -> Answer:
    """Everything that has states."""
    return page("web/workflows.html", flows=workflows())


@get("/workflows/{code:str}", include_in_schema=False, access=PUBLIC)
async def show_workflow(code: PathCode) -> Answer:
    """The states of one kind of thing, and what leads from one to the next."""
    flow = next((one for one in workflows() if one.code == code), None)
    if flow is None:
        raise WorkflowNotFound
    return page("web/workflow.html", flow=flow, picture=draw_flow(flow), who=who)


HANDLERS = [show_workflows, show_workflow]
