"""Who may do what, where."""

from datetime import date, timedelta

import pytest

from core.people.errors import (
    EndInThePast,
    HouseholdMissing,
    LastAdministrator,
    OwnRole,
    PermissionMissing,
    ReasonMissing,
    RoleUnknown,
)
from core.people.rules import (
    GRANT,
    Actor,
    Grant,
    check_end,
    check_granter,
    check_reason,
    check_role,
    check_still_led,
    roles,
)
from core.reference import PLATFORM, Ref

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


def test_a_grant_on_the_platform_carries_everywhere_and_no_further_than_its_role() -> None:
    administrator = Actor(3, "高样平", None, (Grant("core.administrator", PLATFORM),))
    for scope in (PLATFORM, HERE, THERE, Ref("region", 9), None):
        assert administrator.may(GRANT, scope)
        assert not administrator.may(CONFIRM, scope)
    manager = Actor(4, "负责人", None, (Grant("core.manager", HERE),))
    assert manager.may(GRANT, HERE)
    assert not manager.may(GRANT, THERE)
    assert not manager.may(GRANT, PLATFORM)


def test_the_platform_is_no_organization_for_those_who_list_places() -> None:
    """Its id is 1, as that of some organization."""
    grants = (Grant("core.administrator", PLATFORM), Grant("core.manager", THERE))
    actor = Actor(3, "高样平", None, grants)
    assert actor.scopes(GRANT) == [THERE]
    assert actor.may(GRANT, PLATFORM)


def test_nobody_decides_on_his_own_roles() -> None:
    administrator = Actor(3, "高样平", None, (Grant("core.administrator", PLATFORM),))
    check_granter(administrator, 4, HERE)
    with pytest.raises(OwnRole):
        check_granter(administrator, 3, HERE)
    with pytest.raises(PermissionMissing):
        check_granter(TREASURER, 4, HERE)


@pytest.mark.parametrize(
    ("code", "scope"), [("core.treasurer", PLATFORM), ("core.administrator", HERE), ("core.emperor", HERE)]
)
def test_a_role_belongs_to_its_kind_of_place(code: str, scope: Ref) -> None:
    with pytest.raises(RoleUnknown):
        check_role(code, scope)


def test_a_role_may_end_today_and_not_yesterday() -> None:
    today = date(2026, 11, 22)
    for ends_on in (None, today, today + timedelta(days=1)):
        check_end(ends_on, today)
    with pytest.raises(EndInThePast):
        check_end(today - timedelta(days=1), today)


@pytest.mark.parametrize(("reason", "is_one"), [("", False), (" ", False), ("退", True), ("因" * 200, True)])
def test_taking_a_role_away_needs_words(reason: str, is_one: bool) -> None:
    if is_one:
        check_reason(reason)
    else:
        with pytest.raises(ReasonMissing):
            check_reason(reason)
    with pytest.raises(ReasonMissing):
        check_reason("因" * 201)


def test_somebody_stays_who_administers_without_an_end() -> None:
    check_still_led("core.administrator", [date(2027, 1, 1), None])
    check_still_led("core.treasurer", [])
    for ends in ([], [date(2027, 1, 1)]):
        with pytest.raises(LastAdministrator):
            check_still_led("core.administrator", ends)


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
