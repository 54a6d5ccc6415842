"""Who may do what. Pure."""

import functools
from dataclasses import dataclass

from core import plugins
from core.manifest import Role
from core.people.errors import HouseholdMissing, PermissionMissing
from core.reference import Ref


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
    """The person on whose behalf a verb runs, as far as the verb needs to know."""

    person_id: int
    name: str
    household_id: int | None
    grants: tuple[Grant, ...] = ()

    def may(self, permission: str, scope: Ref | None = None) -> bool:
        """Is there a grant that carries it, in `scope` or, without one, anywhere?"""
        return any(grant.carries(permission) and scope in (None, grant.scope) for grant in self.grants)

    def require(self, permission: str, scope: Ref) -> None:
        """Raise PermissionMissing unless the person may."""
        if not self.may(permission, scope):
            raise PermissionMissing

    def scopes(self, permission: str) -> list[Ref]:
        """Where the person holds the permission."""
        return [grant.scope for grant in self.grants if grant.carries(permission)]

    def require_household(self) -> int:
        """The household's id; raises HouseholdMissing."""
        if self.household_id is None:
            raise HouseholdMissing
        return self.household_id
