"""Who may do what, who may grant it, and when a wrong password closes the door. Pure."""

import functools
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core import plugins
from core.approvals.rules import Question, Rule
from core.language import mark
from core.manifest import Parameter, Role
from core.people.errors import (
    EndInThePast,
    HouseholdMissing,
    LastAdministrator,
    LoginLocked,
    OwnRole,
    PermissionMissing,
    ReasonMissing,
    RoleUnknown,
)
from core.reference import PLATFORM, Ref

ADMINISTRATOR, MANAGER = "core.administrator", "core.manager"
GRANT, SET_PARAMETERS = "core.roles.grant", "core.parameters.set"
WORKER, SERVE = "core.community_worker", "core.residents.serve"
REPRESENT = "core.organizations.represent"
PROPOSAL = "role_proposal"
REASON_MOST = 200


@functools.cache
def roles() -> dict[str, Role]:
    """Code -> declaration, of all enabled plugins."""
    return {role.code: role for role in plugins.contributions("register_roles")}


@dataclass(frozen=True)
class Grant:
    """A role held in one scope."""

    role: str
    scope: Ref

    def carries(self, permission: str) -> bool:
        """Is the permission part of the role? A role of a disabled plugin carries nothing."""
        role = roles().get(self.role)
        return role is not None and permission in role.permissions


@dataclass(frozen=True)
class Actor:
    """The person on whose behalf a verb runs, as far as the verb needs to know.

    `unread` notices are for the menu: every page shows them, and asks nothing more for it.
    """

    person_id: int
    name: str
    household_id: int | None
    grants: tuple[Grant, ...] = ()
    unread: int = field(default=0, compare=False)

    def may(self, permission: str, scope: Ref | None = None) -> bool:
        """Is there a grant that carries it: in `scope`, on the platform, or, without a scope, anywhere?"""
        return any(
            grant.carries(permission) and (scope is None or grant.scope in (scope, PLATFORM))
            for grant in self.grants
        )

    def require(self, permission: str, scope: Ref) -> None:
        """Raise PermissionMissing unless the person may."""
        if not self.may(permission, scope):
            raise PermissionMissing

    def scopes(self, permission: str) -> list[Ref]:
        """The single places where the person holds it; `may(permission, PLATFORM)` tells of all places."""
        return [grant.scope for grant in self.grants if grant.scope != PLATFORM and grant.carries(permission)]

    def require_household(self) -> int:
        """The household's id; raises HouseholdMissing."""
        if self.household_id is None:
            raise HouseholdMissing
        return self.household_id


def check_role(code: str, scope: Ref) -> None:
    """Raise RoleUnknown unless the role is declared for scopes of this kind."""
    if code not in roles() or roles()[code].scope_kind != scope.kind:
        raise RoleUnknown


def check_granter(granter: Actor, person_id: int, scope: Ref) -> None:
    """Raise PermissionMissing or OwnRole: roles are given and taken by another person in charge there."""
    granter.require(GRANT, scope)
    if granter.person_id == person_id:
        raise OwnRole


def check_end(ends_on: date | None, today: date) -> None:
    """Raise EndInThePast; a role that ends today still holds today."""
    if ends_on is not None and ends_on < today:
        raise EndInThePast


def check_reason(reason: str) -> None:
    """Raise ReasonMissing unless there are 1 to 200 characters."""
    if not 1 <= len(reason.strip()) <= REASON_MOST:
        raise ReasonMissing


def check_still_led(role: str, ends_of_others: Iterable[date | None]) -> None:
    """Raise LastAdministrator if nobody else administers the platform without an end."""
    if role == ADMINISTRATOR and None not in set(ends_of_others):
        raise LastAdministrator


_PLATFORM_ONLY = (PLATFORM.kind,)
PHONE_FAILURES = Parameter(
    code="core.login.phone_failures",
    title=mark("同一手机号输错几次密码后暂停登录"),
    unit=mark("次"),
    scopes=_PLATFORM_ONLY,
    default=5,
    minimum=1,
    maximum=100,
)
ADDRESS_FAILURES = Parameter(
    code="core.login.address_failures",
    title=mark("同一网络地址输错几次密码后暂停登录"),
    unit=mark("次"),
    scopes=_PLATFORM_ONLY,
    default=50,
    minimum=1,
    maximum=1000,
)
WINDOW = Parameter(
    code="core.login.window_minutes",
    title=mark("登录错误的计数时间"),
    unit=mark("分钟"),
    scopes=_PLATFORM_ONLY,
    default=15,
    minimum=1,
    maximum=1440,
)
PAUSES = (
    Parameter(
        code="core.login.pause_first",
        title=mark("第一次暂停登录"),
        default=1,
        minimum=1,
        maximum=1440,
        unit=mark("分钟"),
        scopes=_PLATFORM_ONLY,
    ),
    Parameter(
        code="core.login.pause_second",
        title=mark("第二次暂停登录"),
        default=5,
        minimum=1,
        maximum=1440,
        unit=mark("分钟"),
        scopes=_PLATFORM_ONLY,
    ),
    Parameter(
        code="core.login.pause_later",
        title=mark("以后每次暂停登录"),
        default=15,
        minimum=1,
        maximum=1440,
        unit=mark("分钟"),
        scopes=_PLATFORM_ONLY,
    ),
)
PARAMETERS = (PHONE_FAILURES, ADDRESS_FAILURES, WINDOW, *PAUSES)


def check_open(closed_until: datetime | None, now: datetime) -> None:
    """Raise LoginLocked, with the seconds until the door opens."""
    if closed_until is not None and now < closed_until:
        raise LoginLocked(-(-(closed_until - now) // timedelta(seconds=1)))


@dataclass(frozen=True)
class Limits:
    """How many tries within `window` close a door, and for how long the first, second, … time."""

    tries: int
    window: timedelta
    pauses: Sequence[timedelta]


@dataclass(frozen=True)
class Tries:
    """Tries at one door that have not succeeded; `closings` in a row make the pauses grow."""

    tried_at: tuple[datetime, ...] = ()
    closed_until: datetime | None = None
    closings: int = 0

    def with_one_more(self, now: datetime, limits: Limits) -> "Tries":
        """Count a try, before it is known how it ends; raises LoginLocked. The last one allowed closes.

        A door that was closed starts to count anew; a quiet window after that, the pauses do too.
        """
        check_open(self.closed_until, now)
        latest = max([*self.tried_at, *([self.closed_until] if self.closed_until else [])], default=now)
        closings = 0 if now - latest >= limits.window else self.closings
        counted = () if self.closed_until else self.tried_at
        tried_at = (*(at for at in counted if now - at < limits.window), now)
        if len(tried_at) < limits.tries:
            return Tries(tried_at, None, closings)
        pause = limits.pauses[min(closings, len(limits.pauses) - 1)]
        return Tries(tried_at, now + pause, closings + 1)

    def without(self, at: datetime, limits: Limits) -> "Tries":
        """Take back the try of that moment: it was none, or it succeeded."""
        tried_at = list(self.tried_at)
        if at in tried_at:
            tried_at.remove(at)
        if self.closed_until is not None and len(tried_at) < limits.tries:
            return Tries(tuple(tried_at), None, self.closings - 1)
        return Tries(tuple(tried_at), self.closed_until, self.closings)


def address_block(address: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits, which one subscriber has to himself."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if mapped := parsed.ipv4_mapped:
        return str(mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


_PROPOSAL_LIFE = timedelta(days=7)
_PROPOSAL_TITLES = {"organization": mark("让%(person)s在%(organization)s担任%(role)s")}


def proposal_question(
    proposal_id: int, person_id: int, role: str, scope: Ref, *, maker_id: int, now: datetime
) -> Question:
    """What the others who may grant roles in the scope are asked: one of them is enough."""
    return Question(
        subject=Ref(PROPOSAL, proposal_id),
        purpose=GRANT,
        maker_id=maker_id,
        title=_PROPOSAL_TITLES.get(scope.kind, mark("让%(person)s担任%(role)s")),
        params={"person": person_id, "role": role, scope.kind: scope.id},
        rule=Rule(needed=1),
        deadline=now + _PROPOSAL_LIFE,
    )
