"""The tool shed's manifest and hook implementations, nothing more."""

from collections.abc import Sequence
from datetime import timedelta

from litestar.types import ControllerRouterHandler

from core import manifest
from core.language import mark
from core.plugins import hookimpl
from toolshed import api, pages, postings, queries, rules, services, tasks
from workers.task import Task

MANIFEST = manifest.Manifest(
    name="toolshed",
    title=mark("邻里工具间"),
    version="1.0",
    author="A neighbour",
    description=mark("梯子电钻，借来用用"),
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["toolshed.piccolo_app"]


@hookimpl
def register_account_kinds() -> list[manifest.AccountKind]:
    return [manifest.AccountKind(code=postings.HELD, title=mark("工具押金"))]


@hookimpl
def register_reasons() -> list[manifest.Reason]:
    taken = manifest.Reason(code=postings.TAKEN, title=mark("收工具押金"))
    return [taken, manifest.Reason(code=postings.GIVEN_BACK, title=mark("退工具押金"))]


@hookimpl
def register_roles() -> list[manifest.Role]:
    title, permissions = mark("工具管理员"), (rules.LEND,)
    return [manifest.Role(code=rules.KEEPER, title=title, scope_kind="organization", permissions=permissions)]


@hookimpl
def register_parameters() -> list[manifest.Parameter]:
    return list(rules.PARAMETERS)


@hookimpl
def register_navigation() -> list[manifest.NavigationItem]:
    return [manifest.NavigationItem(title=mark("邻里工具间"), path="/toolshed", order=30)]


@hookimpl
def register_pages() -> Sequence[ControllerRouterHandler]:
    return pages.HANDLERS


@hookimpl
def register_api() -> Sequence[ControllerRouterHandler]:
    return api.HANDLERS


@hookimpl
def register_tasks() -> list[Task]:
    return [tasks.release_unpaid, tasks.remind_overdue]


@hookimpl
def register_schedule() -> list[manifest.ScheduledTask]:
    often, hourly = timedelta(minutes=10), timedelta(hours=1)
    unpaid = manifest.ScheduledTask(task=tasks.release_unpaid.name, every=often)
    return [unpaid, manifest.ScheduledTask(task=tasks.remind_overdue.name, every=hourly)]


@hookimpl
async def collect_differences() -> list[manifest.Difference]:
    return await queries.differences()


@hookimpl
async def order_paid(order_id: int, cause_kind: str, cause_id: int) -> None:
    if cause_kind == services.TOOL:
        await services.hand_out(cause_id, order_id=order_id)
