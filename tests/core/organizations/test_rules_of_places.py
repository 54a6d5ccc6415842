"""Who may set the field's rules where, and from where a place takes them."""

from datetime import timedelta

import pytest

from core import clock
from core.database import fetch, fetch_row
from core.errors import NotFound
from core.organizations import queries
from core.organizations.services import set_rule, withdraw_rule
from core.parameters.errors import ParameterUnchanged
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.reference import PLATFORM, Ref
from tests.factories import make_committee, make_garden, make_manager, make_official, make_resident

FEE = "garden.plot_fee_fen"


async def decide(scope: Ref, value: int, actor: Actor) -> None:
    await set_rule(FEE, scope, value, effective_on=clock.today(), actor=actor)


async def test_a_place_takes_its_rules_from_the_places_it_lies_in(db: str) -> None:
    committee = await make_committee()
    garden_id, _ = await make_garden(committee)
    path = await queries.scope_path(Ref("garden", garden_id))
    assert [(place.scope.kind, place.title) for place in path][:2] == [
        ("garden", "测试菜园"),
        ("organization", "测试自管会"),
    ]
    assert [place.scope.kind for place in path][2:] == ["region", "platform"]
    assert await queries.scope_path(PLATFORM) == path[-1:]
    assert await queries.scope_path(path[2].scope) == path[2:]


@pytest.mark.parametrize(
    "scope", [Ref("garden", 9), Ref("organization", 9), Ref("region", 9), Ref("platform", 2), Ref("moon", 1)]
)
async def test_an_unknown_place_has_no_rules(db: str, scope: Ref) -> None:
    official = await make_official("core.administrator")
    with pytest.raises(NotFound, match="没有找到"):
        await decide(scope, 100, official)
    assert await fetch("select * from parameter_value where code like 'garden.%'") == []


async def test_below_a_place_are_regions_organizations_and_their_things(db: str) -> None:
    committee = await make_committee()
    garden_id, _ = await make_garden(committee)

    async def below(scope: Ref) -> list[Ref]:
        return [place.scope for place in await queries.scopes_below(scope, limit=10)]

    region = Ref("region", committee.region_id)
    assert await below(PLATFORM) == [region]
    assert await below(region) == [committee.ref]
    assert await below(committee.ref) == [Ref("garden", garden_id)]
    assert await below(Ref("garden", garden_id)) == []


async def test_an_administrator_sets_rules_everywhere(db: str) -> None:
    committee = await make_committee()
    garden_id, _ = await make_garden(committee)
    official = await make_official("core.administrator")
    scopes = (Ref("garden", garden_id), committee.ref, Ref("region", committee.region_id), PLATFORM)
    for value, scope in enumerate(scopes, 100):
        await decide(scope, value, official)
    row = await fetch_row(
        "select set_by from parameter_value where set_by is not null and scope_kind = 'platform'"
    )
    assert tuple(row) == (official.person_id,)


async def test_a_manager_sets_rules_for_the_organization_and_its_things_only(db: str) -> None:
    committee, other = await make_committee(), await make_committee()
    mine, _ = await make_garden(committee)
    theirs, _ = await make_garden(other)
    manager = await make_manager(committee)
    await decide(committee.ref, 100, manager)
    await decide(Ref("garden", mine), 200, manager)
    for scope in (other.ref, Ref("garden", theirs), Ref("region", committee.region_id), PLATFORM):
        with pytest.raises(PermissionMissing):
            await decide(scope, 300, manager)
    assert len(await fetch("select * from parameter_value where code like 'garden.%'")) == 2


async def test_others_set_and_withdraw_nothing(db: str) -> None:
    committee = await make_committee()
    resident = await make_resident(committee.region_id)
    for actor in (resident, committee.treasurer, await make_official("core.operator", "core.auditor")):
        with pytest.raises(PermissionMissing):
            await decide(committee.ref, 100, actor)
        with pytest.raises(PermissionMissing):
            await withdraw_rule(FEE, committee.ref, effective_on=clock.today(), actor=actor)


async def test_the_value_that_holds_from_above_is_no_change(db: str) -> None:
    committee = await make_committee()
    official = await make_official("core.administrator")
    with pytest.raises(ParameterUnchanged):
        await decide(committee.ref, 3000, official)
    await decide(Ref("region", committee.region_id), 2000, official)
    with pytest.raises(ParameterUnchanged):
        await decide(committee.ref, 2000, official)
    await decide(committee.ref, 3000, official)


async def test_a_manager_withdraws_what_is_planned(db: str) -> None:
    committee = await make_committee()
    manager = await make_manager(committee)
    later = clock.today() + timedelta(days=3)
    await set_rule(FEE, committee.ref, 100, effective_on=later, actor=manager)
    await withdraw_rule(FEE, committee.ref, effective_on=later, actor=manager)
    row = await fetch_row(
        "select actor_id, facts->>'code' from audit_event where action = 'parameter.withdrawn'"
    )
    assert tuple(row) == (manager.person_id, FEE)
