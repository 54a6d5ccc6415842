"""Granting and revoking roles: by whom, until when, and that somebody stays who can."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.people import queries
from core.people.errors import (
    EndInThePast,
    GrantNotFound,
    LastAdministrator,
    OwnRole,
    PermissionMissing,
    ReasonMissing,
    RoleHeldAlready,
    RoleUnknown,
)
from core.people.rules import ADMINISTRATOR, MANAGER
from core.people.services import grant_role, register_person, revoke_role
from core.reference import PLATFORM, Ref

HERE, THERE = Ref("organization", 1), Ref("organization", 2)
TREASURER = "core.treasurer"
EVENING = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)  # 23:59 where the users live


async def register(*grants: tuple[str, Ref]) -> int:
    person_id = await register_person("张三", phone=None, password=None)
    for role, scope in grants:
        await grant_role(person_id, role, scope, actor_id=None)
    return person_id


async def grant_id(person_id: int) -> int:
    return int(await fetch_value("select max(id) from role_grant where person = $1", person_id))


async def test_a_role_is_granted_once_in_a_scope(db: str) -> None:
    person, manager = await register(), await register((MANAGER, HERE), (MANAGER, THERE))
    await asyncio.gather(*(grant_role(person, MANAGER, HERE, actor_id=manager) for _ in range(3)))
    await grant_role(person, MANAGER, THERE, actor_id=manager)
    assert await fetch_value("select count(*) from role_grant where person = $1", person) == 2
    granted = "select count(*) from audit_event where action = 'role.granted' and actor_id = $1"
    assert await fetch_value(granted, manager) == 2
    row = await fetch_row(
        "select role, scope_kind, scope_id, granted_by from role_grant where person = $1 order by id", person
    )
    assert row is not None
    assert tuple(row) == (MANAGER, *HERE, manager)


async def test_a_role_is_held_in_a_scope_of_its_kind(db: str) -> None:
    person = await register()
    for role, scope in ((TREASURER, Ref("region", 1)), (ADMINISTRATOR, HERE), ("core.emperor", HERE)):
        with pytest.raises(RoleUnknown):
            await grant_role(person, role, scope, actor_id=None)
    assert await fetch_value("select count(*) from role_grant") == 0


async def test_an_administrator_grants_everywhere_and_a_manager_at_his_place(db: str) -> None:
    administrator, manager = await register((ADMINISTRATOR, PLATFORM)), await register((MANAGER, HERE))
    person = await register()
    for role, scope in ((MANAGER, HERE), (MANAGER, THERE), (ADMINISTRATOR, PLATFORM)):
        await grant_role(person, role, scope, actor_id=administrator)
    await grant_role(await register(), MANAGER, HERE, actor_id=manager)
    for role, scope in ((TREASURER, THERE), (ADMINISTRATOR, PLATFORM)):
        with pytest.raises(PermissionMissing):
            await grant_role(await register(), role, scope, actor_id=manager)
    with pytest.raises(PermissionMissing):
        await grant_role(person, TREASURER, HERE, actor_id=await register((TREASURER, HERE)))
    with pytest.raises(PermissionMissing):
        await grant_role(person, TREASURER, HERE, actor_id=10**9)


async def test_nobody_grants_to_or_revokes_from_himself(db: str) -> None:
    one = await register((ADMINISTRATOR, PLATFORM))
    await register((ADMINISTRATOR, PLATFORM))
    with pytest.raises(OwnRole):
        await grant_role(one, TREASURER, HERE, actor_id=one)
    with pytest.raises(OwnRole):
        await revoke_role(await grant_id(one), reason="够了", actor_id=one)


async def test_a_revoked_granter_grants_nothing_more(db: str) -> None:
    manager, person = await register((MANAGER, HERE)), await register()
    await revoke_role(await grant_id(manager), reason="离任", actor_id=None)
    with pytest.raises(PermissionMissing):
        await grant_role(person, TREASURER, HERE, actor_id=manager)


async def test_revoking_keeps_the_history_and_twice_is_once(db: str) -> None:
    person, manager = await register(), await register((MANAGER, HERE))
    await grant_role(person, MANAGER, HERE, actor_id=manager)
    held = await grant_id(person)
    for reason in ("任期届满", "又一次"):
        await revoke_role(held, reason=reason, actor_id=manager)
    (view,) = await queries.grants_of(person, limit=10)
    assert (view.granted_by, view.revoked_by, view.reason) == ("张三", "张三", "任期届满")
    assert not view.holds_on(clock.today())
    actor = await queries.actor(person)
    assert actor is not None
    assert actor.grants == ()
    facts = await fetch("select facts from audit_event where action = 'role.revoked'")
    assert len(facts) == 1
    assert "任期" not in facts[0]["facts"]

    await grant_role(person, MANAGER, HERE, actor_id=manager)
    assert len(await queries.grants_in(HERE, before_id=None, limit=10)) == 3


async def test_what_is_elsewhere_cannot_be_revoked_or_known(db: str) -> None:
    manager, stranger = await register((MANAGER, HERE)), await register((TREASURER, THERE))
    for id_ in (await grant_id(stranger), 10**9):
        with pytest.raises(GrantNotFound):
            await revoke_role(id_, reason="不认识", actor_id=manager)
    with pytest.raises(ReasonMissing):
        await revoke_role(await grant_id(stranger), reason=" ", actor_id=None)


async def test_a_grant_holds_through_its_last_day(db: str) -> None:
    person = await register()
    with clock.frozen(EVENING):
        await grant_role(person, TREASURER, HERE, actor_id=None, ends_on=clock.today())
        actor = await queries.actor(person)
        assert actor is not None
        assert len(actor.grants) == 1
        with pytest.raises(EndInThePast):
            yesterday = clock.today() - timedelta(days=1)
            await grant_role(person, TREASURER, THERE, actor_id=None, ends_on=yesterday)
    with clock.frozen(EVENING + timedelta(minutes=1)):
        actor = await queries.actor(person)
        assert actor is not None
        assert actor.grants == ()
        await grant_role(person, TREASURER, HERE, actor_id=None)
        actor = await queries.actor(person)
        assert actor is not None
        assert len(actor.grants) == 1


async def test_another_end_is_another_decision(db: str) -> None:
    person = await register((TREASURER, HERE))
    await grant_role(person, TREASURER, HERE, actor_id=None)
    with pytest.raises(RoleHeldAlready):
        await grant_role(person, TREASURER, HERE, actor_id=None, ends_on=clock.today())


async def test_the_last_administrator_without_an_end_stays(db: str) -> None:
    one = await register((ADMINISTRATOR, PLATFORM))
    interim = await register()
    await grant_role(
        interim, ADMINISTRATOR, PLATFORM, actor_id=one, ends_on=clock.today() + timedelta(days=9)
    )
    with pytest.raises(LastAdministrator):
        await revoke_role(await grant_id(one), reason="离任", actor_id=interim)
    other = await register((ADMINISTRATOR, PLATFORM))
    await revoke_role(await grant_id(one), reason="离任", actor_id=other)
    await revoke_role(await grant_id(interim), reason="离任", actor_id=other)


async def test_two_administrators_cannot_revoke_each_other_at_once(db: str) -> None:
    one, other = await register((ADMINISTRATOR, PLATFORM)), await register((ADMINISTRATOR, PLATFORM))
    ids = await grant_id(one), await grant_id(other)
    results = await asyncio.gather(
        revoke_role(ids[1], reason="快一步", actor_id=one),
        revoke_role(ids[0], reason="快一步", actor_id=other),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) in (
        ["LastAdministrator", "NoneType"],
        ["GrantNotFound", "NoneType"],
    )
    left = "select count(*) from role_grant where role = 'core.administrator' and revoked_at is null"
    assert await fetch_value(left) == 1
