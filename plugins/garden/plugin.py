"""The garden's manifest and hook implementations, nothing more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from core.language import mark
from core.manifest import (
    AuditAction,
    DemoStep,
    Difference,
    DossierPart,
    Manifest,
    NavigationItem,
    Parameter,
    ParameterScope,
    PersonalData,
    Reason,
    ScheduledTask,
    Searchable,
    Todo,
    Tour,
)
from core.people.rules import Actor
from core.plugins import hookimpl
from core.reference import Ref
from core.workflow import Workflow
from plugins.garden import demo, postings, queries, rules, services, tasks
from plugins.garden.queries import reviews
from plugins.garden.services.reviews import look_at_dispute, look_at_money
from workers.task import Task

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler

MANIFEST = Manifest(
    name="garden",
    title=mark("共享菜园"),
    version="0.1.0",
    author="Yiji",
    description=mark("邻里认领小菜园，收入进公共账户"),
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["plugins.garden.piccolo_app"]


@hookimpl
def register_reasons() -> list[Reason]:
    return [
        Reason(code=postings.MEMBERSHIP_FEE, title=mark("菜园会费")),
        Reason(code=postings.PLOT_FEE, title=mark("地块认领费")),
    ]


@hookimpl
def register_parameters() -> list[Parameter]:
    return list(rules.PARAMETERS)


@hookimpl
def register_workflows() -> list[Workflow]:
    return [rules.LEASES]


@hookimpl
def register_audit_actions() -> list[AuditAction]:
    return [
        AuditAction(code="garden.founded", title=mark("开辟菜园")),
        AuditAction(code="garden.plot_claimed", title=mark("认领地块")),
        AuditAction(code="garden.lease_kept", title=mark("退款后保留地块")),
    ]


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [
        NavigationItem(title=mark("共享菜园"), path="/garden", order=10),
        NavigationItem(title=mark("我的地块"), path="/garden/mine", order=20, signed_in=True),
    ]


@hookimpl
def register_pages() -> "Sequence[ControllerRouterHandler]":
    from plugins.garden import pages

    return pages.HANDLERS


@hookimpl
def register_api() -> "Sequence[ControllerRouterHandler]":
    from plugins.garden import api

    return api.HANDLERS


@hookimpl
def register_tasks() -> list[Task]:
    return [tasks.release_unpaid, tasks.print_agreement]


@hookimpl
def register_schedule() -> list[ScheduledTask]:
    return [ScheduledTask(task=tasks.release_unpaid.name, every=timedelta(minutes=10))]


@hookimpl
def register_demo_steps() -> list[DemoStep]:
    return [
        DemoStep(title=mark("龙凤新区共享菜园"), order=10, build=demo.build_full_garden),
        DemoStep(title=mark("龙凤新区二号园"), order=11, build=demo.build_free_garden),
    ]


@hookimpl
def register_searchables() -> list[Searchable]:
    return [Searchable(kind=queries.GARDEN, title=mark("共享菜园"), order=10, things=queries.things)]


@hookimpl
def register_tours() -> list[Tour]:
    return [demo.TOUR]


@hookimpl
async def collect_todos(actor: Actor) -> list[Todo]:
    waiting = await reviews.todos(actor)
    if actor.household_id is None:
        return waiting
    return [*waiting, *await queries.ending_leases(actor.household_id, clock.today())]


@hookimpl
async def collect_differences() -> list[Difference]:
    return await queries.differences()


@hookimpl
async def collect_dossier(subject_kind: str, subject_id: int) -> list[DossierPart]:
    return await queries.dossier(Ref(subject_kind, subject_id))


@hookimpl
async def collect_parameter_scopes(organization_id: int) -> list[ParameterScope]:
    return await queries.parameter_scopes(organization_id)


@hookimpl
async def decide_organization_of(scope_kind: str, scope_id: int) -> int | None:
    return await queries.organization_of(scope_id) if scope_kind == "garden" else None


@hookimpl
async def check_parameter_change(code: str, scope_kind: str, scope_id: int, value: int) -> None:
    if code == rules.PLOTS_MOST:
        rules.check_plots_most(value, await queries.largest_garden(Ref(scope_kind, scope_id)))


@hookimpl
async def collect_personal_data(person_id: int) -> list[PersonalData]:
    return await queries.personal_data(person_id)


@hookimpl
async def check_person_deletion(person_id: int) -> None:
    await queries.check_no_lease(person_id)


@hookimpl
async def check_household_closing(household_id: int) -> None:
    rules.check_no_plots(await queries.plots_held(household_id))


@hookimpl
async def order_paid(cause_kind: str, cause_id: int) -> None:
    if cause_kind == services.LEASE:
        await services.activate_lease(cause_id)


@hookimpl
async def money_returned(cause_kind: str, cause_id: int, outcome: str) -> None:
    if cause_kind == services.LEASE:
        await look_at_money(cause_id, why="undone" if outcome == "undone" else "refund")


@hookimpl
async def dispute_moved(dispute_id: int, state: str) -> None:
    await look_at_dispute(dispute_id, state)
