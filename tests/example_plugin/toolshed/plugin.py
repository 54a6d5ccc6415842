"""The tool shed's manifest and hook implementations, nothing more."""

from collections.abc import Sequence
from datetime import timedelta

from litestar.types import ControllerRouterHandler

from core import manifest
from core.language import mark
from core.plugins import hookimpl
from toolshed import api, pages, postings, queries, rules, tasks
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
def register_units() -> list[manifest.Unit]:
    return [manifest.Unit(code=postings.UNIT, title=mark("工具点数"), digits=0)]


@hookimpl
def register_account_kinds() -> list[manifest.AccountKind]:
    outside = manifest.AccountKind(code=postings.GIVEN_OUT, title=mark("送出的工具点数"), floor=None)
    return [manifest.AccountKind(code=postings.POINTS, title=mark("工具点数")), outside]


@hookimpl
def register_reasons() -> list[manifest.Reason]:
    welcome = manifest.Reason(code=postings.WELCOME, title=mark("新邻居的点数"))
    return [welcome, manifest.Reason(code=postings.LENT, title=mark("借工具"))]


@hookimpl
def register_parameters() -> list[manifest.Parameter]:
    return list(rules.PARAMETERS)


@hookimpl
def register_navigation() -> list[manifest.NavigationItem]:
    return [manifest.NavigationItem(title=mark("邻里工具间"), path="/toolshed", order=30, signed_in=True)]


@hookimpl
def register_pages() -> Sequence[ControllerRouterHandler]:
    return pages.HANDLERS


@hookimpl
def register_api() -> Sequence[ControllerRouterHandler]:
    return api.HANDLERS


@hookimpl
def register_tasks() -> list[Task]:
    return [tasks.remind_overdue]


@hookimpl
def register_schedule() -> list[manifest.ScheduledTask]:
    return [manifest.ScheduledTask(task=tasks.remind_overdue.name, every=timedelta(hours=1))]


@hookimpl
async def collect_differences() -> list[manifest.Difference]:
    return await queries.differences()
