"""What a plugin says of itself, and the small declarations that its `register_*` hooks return."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from core.errors import YijiError
from core.reference import Ref


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`MANIFEST` of a plugin's `plugin.py`. `name` prefixes its routes, tables, roles and reasons.

    `notifies`: people may be told things by it, and choose on which channels.
    """

    name: str
    title: str
    version: str
    author: str
    description: str
    notifies: bool = True


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What an account counts. `digits` is the number of decimals people see: 2 for fen.

    `is_family`: services create its members, `<code>:<id>`, with `core.ledger.services.open_unit`.
    """

    code: str
    title: str
    digits: int
    is_family: bool = False


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
    """A role is granted to a person in one scope (`organization:7`) and carries permissions there.

    `needs_approval`: nobody grants it alone; somebody else who may grant roles there has to agree.
    """

    code: str
    title: str
    scope_kind: str
    permissions: tuple[str, ...]
    needs_approval: bool = False


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
class Conflict:
    """A conflict of interest: `person_id` takes no part in the decision. `title` is shown to the others."""

    person_id: int
    code: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Something `yiji verify` found: what it looked at, what should be there, what is."""

    subject: str
    expected: str
    found: str


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something with a name and a page, as search finds it; `detail` is the line below its name."""

    id: int
    name: str
    path: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Searchable:
    """A kind of things that search finds; `kind` is that of their Ref. Lower `order` first.

    Everybody finds them, or only who holds `permission` somewhere. `things(after_id, limit)` reads those
    that there are, by id from the first above `after_id`: to index anew what exists.
    """

    kind: str
    title: str
    order: int
    things: Callable[[int, int], Awaitable[Sequence[Thing]]]
    permission: str | None = None


@dataclass(frozen=True, kw_only=True)
class Todo:
    """Something that waits for the person: `title` with `params` in its places, and where to do it.

    `due_at` is when it must be done, if ever; `count` how many of its kind wait there, if more than one.
    """

    title: str
    path: str
    params: Mapping[str, object] = field(default_factory=dict)
    due_at: datetime | None = None
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class ProjectLine:
    """A fact of a project, fund or gift: `text` with `params` in its places, an amount, a day, a page."""

    text: str
    params: Mapping[str, object] = field(default_factory=dict)
    amount_fen: int | None = None
    at: datetime | None = None
    path: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProjectPart:
    """What a plugin tells of a project, fund or gift, in at most fifty lines. Lower `order` first."""

    title: str
    order: int
    lines: Sequence[ProjectLine]


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """Whether what a project was to do has been looked at: by which organization, when, with what result.

    `state`: accepted, asked (it is the acceptor's turn) or returned (something is missing).
    """

    project_id: int
    state: Literal["accepted", "asked", "returned"]
    at: datetime
    by: str
    result: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A quarter of a foundation: until which day it has to be published, when it was, where it stands."""

    due_on: date
    published_at: datetime | None
    path: str

    def is_late(self, today: date) -> bool:
        """On the last day itself it is still in time."""
        return self.published_at is None and today > self.due_on


@dataclass(frozen=True, kw_only=True)
class GivingPlace:
    """Where people give to a fund online: the name of its page, and why not here and now, if so."""

    title: str
    path: str
    reason: YijiError | None


@dataclass(frozen=True, kw_only=True)
class DossierPart:
    """Records for auditors: `rows` become `records/<name>.json`, so `name` begins with the plugin's.

    `subjects` are the things whose accounts, evidence, files and audit events belong in as well; `accounts`
    the ids of single accounts of somebody whose others do not.
    """

    name: str
    rows: Sequence[Mapping[str, object]]
    subjects: Sequence[Ref]
    accounts: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class GiftRecords:
    """What belongs to gifts, for the donor's copy (慈善法 42): `rows` become `records/<name>.json`.

    `columns`: key of a row -> its title, for the readable index; a key that ends with `_fen` is money.
    `files`: the things whose files the donor may see as well. `name` begins with the plugin's.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, object]]
    files: Sequence[Ref] = ()


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """What is known of a person, for the person's own copy: `rows` become `<name>.json` and `<name>.csv`.

    `name` begins with the plugin's. `columns`: key of a row -> its title, in the order of the table.
    `is_of_account`: it hangs on the phone or the sign-in alone, and says nothing of what the person has done.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, object]]
    is_of_account: bool = False


@dataclass(frozen=True, kw_only=True)
class TourStep:
    """Something to be done on a page; `phone` is the demo account that does it, if one must be signed in."""

    text: str
    path: str
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class Tour:
    """A journey through the demo world that a newcomer can play. Lower `order` first."""

    code: str
    title: str
    intro: str
    order: int
    steps: Sequence[TourStep]


@dataclass(frozen=True, kw_only=True)
class OrderCause:
    """Things of one kind for which orders are made, and which know of their money in the same moment.

    Both are called in the unit of work of the payment, with many at once, after the orders were locked and
    before any account is. `take`: ids -> those that are paid for from now on; what came for the others is
    kept apart, to be sent back. `note_returned`: id -> fen that have gone back of it, all in all.
    """

    kind: str
    take: Callable[[Sequence[int]], Awaitable[set[int]]]
    note_returned: Callable[[Mapping[int, int]], Awaitable[None]]
