"""Organizations: registered, read, and where their rules may be set."""

import asyncpg
import pytest

from core.database import fetch_value
from core.organizations import queries
from core.organizations.errors import OrganizationNotFound
from core.organizations.services import register_organization
from core.reference import PLATFORM, Ref
from core.regions.services import add_region
from tests.factories import make_region


async def test_an_organization_is_read_as_it_was_registered(db: str) -> None:
    region = await make_region()
    number = await register_organization("青神县慈善会", kind="foundation", region_id=region)
    assert await queries.organization(number) == queries.OrganizationName(
        id=number, name="青神县慈善会", kind="foundation", region_id=region
    )
    assert await fetch_value("select count(*) from audit_event where action = 'organization.registered'") == 1


async def test_those_that_exist_come_by_name(db: str) -> None:
    region = await make_region()
    ids = [await register_organization(name, kind="committee", region_id=region) for name in ("B", "C", "A")]
    assert [o.name for o in await queries.organizations([*ids, 10**9])] == ["A", "B", "C"]
    assert await queries.organizations([]) == []


async def test_an_unknown_organization_is_not_found(db: str) -> None:
    with pytest.raises(OrganizationNotFound):
        await queries.organization(10**9)
    with pytest.raises(OrganizationNotFound):
        await queries.parameter_scopes(10**9)


async def test_rules_are_looked_for_at_the_organization_then_up_the_tree(db: str) -> None:
    county = await add_region("青神县", level="county", parent_id=None)
    street = await add_region("青竹街道", level="street", parent_id=county)
    number = await register_organization("自管会", kind="committee", region_id=street)
    assert await queries.parameter_scopes(number) == [
        Ref("organization", number),
        Ref("region", street),
        Ref("region", county),
        PLATFORM,
    ]


async def test_the_database_keeps_kinds_and_credit_codes(db: str) -> None:
    region = await make_region()
    with pytest.raises(asyncpg.CheckViolationError):
        await register_organization("帮派", kind="gang", region_id=region)
    code = "53510000MJY123456A"
    await register_organization("一", kind="foundation", region_id=region, uscc=code)
    with pytest.raises(asyncpg.UniqueViolationError):
        await register_organization("二", kind="foundation", region_id=region, uscc=code)
    for name in ("三", "四"):
        await register_organization(name, kind="committee", region_id=region)
