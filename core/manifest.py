"""What a plugin says of itself, and the small declarations that its `register_*` hooks return."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from core.reference import Ref


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`MANIFEST` of a plugin's `plugin.py`. `name` prefixes its routes, tables, roles and reasons."""

    name: str
    title: str
    version: str
    author: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What an account counts. `digits` is the number of decimals people see: 2 for fen."""

    code: str
    title: str
    digits: int


@dataclass(frozen=True, kw_only=True)
class AccountKind:
    """A kind of account. `floor` is the lowest balance the database allows; None for the outside.

    With `tracks_lots` the ledger keeps, beside the balance, of which lots it consists: gifts with their
    restriction, points with their expiry.
    """

    code: str
    title: str
    floor: int | None = 0
    tracks_lots: bool = False


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a transfer happens; `title` is what the public account shows.

    With `evidence` (a kind of it) the database refuses the transfer without such evidence about its
    cause, and consumes it for `purpose`, by default the reason itself. A reason in use keeps its gate.
    """

    code: str
    title: str
    evidence: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role is granted to a person in one scope (`organization:7`) and carries permissions there."""

    code: str
    title: str
    scope_kind: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AuditAction:
    """What an audit event of this code means, in words."""

    code: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A number of the field's rules: `default` until a scope sets its own from a date on.

    `unit` stands behind the number; people see and type what counts 分 in 元. `scopes`: the kinds of
    scope that may set it.
    """

    code: str
    title: str
    default: int
    minimum: int = 0
    maximum: int = 10**12
    unit: str = ""
    scopes: tuple[str, ...] = ("platform", "region", "organization")


@dataclass(frozen=True, kw_only=True)
class ParameterScope:
    """A thing of a plugin, run by an organization, for which parameters may be set."""

    scope: Ref
    title: str


@dataclass(frozen=True, kw_only=True)
class NavigationItem:
    """A link of the menu; shown to holders of `permission`, or to everybody. Lower `order` first."""

    title: str
    path: str
    order: int
    permission: str | None = None
    signed_in: bool = False


@dataclass(frozen=True, kw_only=True)
class ScheduledTask:
    """Ask for the task named `task` every `every`; missed ticks are not made up for."""

    task: str
    every: timedelta


@dataclass(frozen=True, kw_only=True)
class DemoStep:
    """One part of the demo world, built through services; lower `order` first.

    `build(report)` goes on where an interrupted run stopped, and calls `report(done, of)`.
    """

    title: str
    order: int
    build: Callable[[Callable[[int, int], None]], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """An account of the demo world that a newcomer may use."""

    phone: str
    password: str
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Something `yiji verify` found: what it looked at, what should be there, what is."""

    subject: str
    expected: str
    found: str
