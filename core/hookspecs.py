"""The whole plugin contract on one page. The grammar of a name tells its kind:

* `register_<things>` contributes: sync, pure, called once at start; returns a list.
* `collect_<things>` gives facts at run time: async, reads only, bounded.
* `<noun>_<verbed>` happened: an event, a row written in the unit of work that made it true, and
  delivered afterwards to each plugin on its own, inside one unit of work with its receipt: at least
  once until that commits, so exactly once in the database. Async. Arguments are ids. It must not
  call the outside world: add a job. If it raises, the event waits and is repeated; later events of
  the same subject wait behind it, for this plugin alone.

A plugin implements with `core.plugins.hookimpl`, in its `plugin.py`, any subset of hooks and of each
hook's arguments.
"""

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.types import ControllerRouterHandler

    from core.manifest import (
        AccountKind,
        DemoAccount,
        DemoStep,
        Difference,
        NavigationItem,
        Parameter,
        Reason,
        Role,
        ScheduledTask,
        Unit,
    )

hookspec = pluggy.HookspecMarker("yiji")


# --- contributions -----------------------------------------------------------------------------


@hookspec
def register_piccolo_apps() -> "list[str]":  # type: ignore[empty-body]
    """Dotted names of modules with an `APP_CONFIG`: the plugin's tables and migrations.

    Migrations run for every installed plugin, enabled or not, so that its data stays readable.
    """


@hookspec
def register_units() -> "list[Unit]":  # type: ignore[empty-body]
    """Units of the ledger. Written to rows by `yiji migrate`; the ledger refuses undeclared ones."""


@hookspec
def register_account_kinds() -> "list[AccountKind]":  # type: ignore[empty-body]
    """Kinds of account, each with its floor. Codes begin with the plugin's name."""


@hookspec
def register_reasons() -> "list[Reason]":  # type: ignore[empty-body]
    """Reasons for transfers. Codes begin with the plugin's name."""


@hookspec
def register_roles() -> "list[Role]":  # type: ignore[empty-body]
    """Roles and the permissions they carry. Permissions begin with the plugin's name."""


@hookspec
def register_parameters() -> "list[Parameter]":  # type: ignore[empty-body]
    """Numbers of the field's rules, read by `parameters.queries.effective()`; never constants."""


@hookspec
def register_pages() -> "Sequence[ControllerRouterHandler]":  # type: ignore[empty-body]
    """HTML handlers; web mounts them under `/<plugin>`. Each states its `access`."""


@hookspec
def register_api() -> "Sequence[ControllerRouterHandler]":  # type: ignore[empty-body]
    """JSON handlers; web mounts them under `/api/v1/<plugin>`. Each states its `access`."""


@hookspec
def register_navigation() -> "list[NavigationItem]":  # type: ignore[empty-body]
    """Links for the menu of every page."""


@hookspec
def register_tasks() -> "list[Any]":  # type: ignore[empty-body]
    """`workers.task.Task` objects: what a job row may name. Names begin with the plugin's name."""


@hookspec
def register_schedule() -> "list[ScheduledTask]":  # type: ignore[empty-body]
    """Tasks to be asked for at regular times."""


@hookspec
def register_demo_steps() -> "list[DemoStep]":  # type: ignore[empty-body]
    """Parts of the demo world, built through the same services as real life."""


@hookspec
def register_demo_accounts() -> "list[DemoAccount]":  # type: ignore[empty-body]
    """Accounts of the demo world, printed by `yiji up` and shown on the login page of a demo."""


# --- facts at run time -------------------------------------------------------------------------


@hookspec
async def collect_differences() -> "list[Difference]":  # type: ignore[empty-body]
    """What the plugin's own tables say against the ledger, for `yiji verify`. Empty when they agree."""


# --- events ------------------------------------------------------------------------------------


@hookspec
async def order_paid(order_id: int, cause_kind: str, cause_id: int) -> None:
    """An order was paid in full; its lines stand in the ledger, in the same unit of work.

    Fires once an order (`order_id`), however it was paid. Does not fire for part payments or cancelled
    orders.
    `cause_kind` and `cause_id` are the Ref given when the order was made (`garden.lease`, 12):
    return at once if it is not yours. You may not undo the payment; ask for a refund instead.
    """
