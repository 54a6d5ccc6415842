"""Who may do what, where."""

import pytest

from core.people.errors import HouseholdMissing, PermissionMissing
from core.people.rules import Actor, Grant, roles
from core.reference import Ref

CONFIRM = "core.payments.confirm"
HERE, THERE = Ref("organization", 1), Ref("organization", 2)
TREASURER = Actor(1, "钱出纳", 7, (Grant("core.treasurer", HERE),))
RESIDENT = Actor(2, "张三", None)


def test_a_role_carries_its_permissions_in_its_scope_only() -> None:
    assert TREASURER.may(CONFIRM, HERE)
    assert not TREASURER.may(CONFIRM, THERE)
    assert not TREASURER.may(CONFIRM, Ref("region", HERE.id))
    assert not TREASURER.may("core.payments.refund", HERE)
    assert not RESIDENT.may(CONFIRM, HERE)


def test_without_a_scope_any_grant_will_do() -> None:
    assert TREASURER.may(CONFIRM)
    assert not TREASURER.may("core.payments.refund")
    assert not RESIDENT.may(CONFIRM)


def test_requiring_says_nothing_or_refuses() -> None:
    TREASURER.require(CONFIRM, HERE)
    for actor, scope in ((TREASURER, THERE), (RESIDENT, HERE)):
        with pytest.raises(PermissionMissing):
            actor.require(CONFIRM, scope)


def test_scopes_are_those_whose_role_carries_the_permission() -> None:
    actor = Actor(
        1, "", None, (Grant("core.treasurer", HERE), Grant("core.treasurer", THERE), Grant("gone.role", HERE))
    )
    assert actor.scopes(CONFIRM) == [HERE, THERE]
    assert actor.scopes("core.payments.refund") == []
    assert RESIDENT.scopes(CONFIRM) == []


def test_a_role_of_a_disabled_plugin_carries_nothing() -> None:
    assert "gone.role" not in roles()
    assert not Grant("gone.role", HERE).carries(CONFIRM)


def test_a_household_is_there_or_asked_for_in_words() -> None:
    assert TREASURER.require_household() == 7
    with pytest.raises(HouseholdMissing, match="社区登记"):
        RESIDENT.require_household()
