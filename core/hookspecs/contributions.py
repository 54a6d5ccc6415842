"""What plugins bring, once at start: sync and pure."""

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.types import ControllerRouterHandler

    from core import manifest
    from core.payments.providers import PaymentProvider
    from core.workflow import Workflow

hookspec = pluggy.HookspecMarker("yiji")


@hookspec
def register_piccolo_apps() -> "list[str]":
    """Dotted names of modules with an `APP_CONFIG`. Migrations of disabled plugins run, too."""


@hookspec
def register_units() -> "list[manifest.Unit]":
    """Units of the ledger, and families of them. Written to rows by `yiji migrate`.

    The ledger refuses undeclared ones. Members of a family are created by services, with `open_unit`.
    """


@hookspec
def register_account_kinds() -> "list[manifest.AccountKind]":
    """Kinds of account, each with its floor. Codes begin with the plugin's name."""


@hookspec
def register_reasons() -> "list[manifest.Reason]":
    """Reasons for transfers. Codes begin with the plugin's name."""


@hookspec
def register_roles() -> "list[manifest.Role]":
    """Roles and the permissions they carry. Permissions begin with the plugin's name."""


@hookspec
def register_parameters() -> "list[manifest.Parameter]":
    """Numbers of the field's rules, read by `parameters.queries.effective()`; never constants."""


@hookspec
def register_workflows() -> "list[Workflow]":
    """States and transitions of the plugin's things, shown at `/workflows`. Codes begin with its name."""


@hookspec
def register_audit_actions() -> "list[manifest.AuditAction]":
    """What the plugin's audit events mean, in words for auditors. Codes begin with its name.

    A transition of a workflow has its title already. An action without words is shown by its code.
    """


@hookspec
def register_pages() -> "Sequence[ControllerRouterHandler]":
    """HTML handlers; web mounts them under `/<plugin>`. Each states its `access`."""


@hookspec
def register_api() -> "Sequence[ControllerRouterHandler]":
    """JSON handlers; web mounts them under `/api/v1/<plugin>`. Each states its `access`."""


@hookspec
def register_navigation() -> "list[manifest.NavigationItem]":
    """Links for the menu of every page."""


@hookspec
def register_tasks() -> "list[Any]":
    """`workers.task.Task` objects: what a job row may name. Names begin with the plugin's name."""


@hookspec
def register_schedule() -> "list[manifest.ScheduledTask]":
    """Tasks to be asked for at regular times."""


@hookspec
def register_demo_steps() -> "list[manifest.DemoStep]":
    """Parts of the demo world, built through the same services as real life."""


@hookspec
def register_demo_accounts() -> "list[manifest.DemoAccount]":
    """Accounts of the demo world, printed by `yiji up` and shown on the login page of a demo."""


@hookspec
def register_tours() -> "list[manifest.Tour]":
    """Journeys through the plugin's part of the demo world, shown at `/tour` of a demo."""


@hookspec
def register_payment_providers() -> "list[PaymentProvider]":
    """Places where orders are paid online; an `id` is there once. Asked for when somebody pays, not at start.

    An organization's account at a provider names it by `id` for ever.
    """


@hookspec
def register_order_causes() -> "list[manifest.OrderCause]":
    """Kinds of things that know of their orders' money in the payment's own unit of work, not by an event."""


@hookspec
def register_searchables() -> "list[manifest.Searchable]":
    """Kinds of things that search finds. Their verbs call `search.services.index_thing`."""
