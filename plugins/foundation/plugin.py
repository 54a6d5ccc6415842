"""The foundation's manifest and hook implementations, nothing more."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from core import clock
from core.funds.rules.quarters import Quarter
from core.language import mark
from core.manifest import (
    AuditAction,
    DemoAccount,
    DemoStep,
    Difference,
    Manifest,
    NavigationItem,
    Parameter,
    Publication,
    Role,
    Todo,
    Tour,
)
from core.people.rules import Actor
from core.plugins import hookimpl
from plugins.foundation import api, demo, pages, rules
from plugins.foundation.demo import endings, shift
from plugins.foundation.queries import calendar as calendar_queries
from plugins.foundation.rules import calendar as calendar_rules

MANIFEST = Manifest(
    name="foundation",
    title=mark("社区基金会"),
    version="0.1.0",
    author="Yiji",
    description=mark("收了多少，用在哪里，按季度公开"),
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["plugins.foundation.piccolo_app"]


@hookimpl
def register_roles() -> list[Role]:
    return [
        Role(
            code=rules.SECRETARY,
            title=mark("基金会秘书长"),
            scope_kind="organization",
            permissions=(calendar_rules.PUBLISH,),
        )
    ]


@hookimpl
def register_parameters() -> list[Parameter]:
    return [calendar_rules.PARAMETER]


@hookimpl
def register_audit_actions() -> list[AuditAction]:
    return [AuditAction(code="foundation.published", title=mark("公开季度收支"))]


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [NavigationItem(title=mark("社区基金会"), path="/foundation", order=24)]


@hookimpl
def register_pages() -> Sequence[ControllerRouterHandler]:
    return pages.HANDLERS


@hookimpl
def register_api() -> Sequence[ControllerRouterHandler]:
    return api.HANDLERS


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    return [
        DemoStep(title=mark("成都的基金会和微基金"), order=40, build=demo.build_foundations),
        DemoStep(title=mark("一支微基金的用款"), order=41, build=demo.build_uses),
        DemoStep(title=mark("结束的基金和改变用途"), order=42, build=endings.build_endings),
        DemoStep(title=mark("善款项目的志愿者班次"), order=63, build=shift.build_shift),
    ]


@hookimpl
def register_demo_accounts() -> list[DemoAccount]:
    return list(demo.ACCOUNTS)


@hookimpl
def register_tours() -> list[Tour]:
    return [demo.TOUR]


@hookimpl
async def collect_todos(actor: Actor) -> list[Todo]:
    ids = [scope.id for scope in actor.scopes(calendar_rules.PUBLISH)]
    return await calendar_queries.todos(ids, clock.today())


@hookimpl
async def collect_publications(organization_id: int, year: int, quarter: int) -> list[Publication]:
    return await calendar_queries.publications(organization_id, Quarter(year, quarter), clock.today())


@hookimpl
async def collect_differences() -> list[Difference]:
    return await calendar_queries.differences()
