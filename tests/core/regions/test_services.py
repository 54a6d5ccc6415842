"""The tree of places."""

import asyncio

import asyncpg
import pytest

from core.database import fetch_value
from core.regions import queries
from core.regions.services import add_region


async def add_qingshen() -> list[int]:
    """四川省 to a community, from the root down."""
    ids: list[int] = []
    for name, level in (
        ("四川省", "province"),
        ("眉山市", "city"),
        ("青神县", "county"),
        ("青竹街道", "street"),
        ("龙凤新区", "community"),
    ):
        ids.append(await add_region(name, level=level, parent_id=ids[-1] if ids else None))
    return ids


async def test_a_chain_goes_from_a_node_up_to_its_root(db: str) -> None:
    ids = await add_qingshen()
    assert await queries.chain(ids[-1]) == ids[::-1]
    assert await queries.chain(ids[0]) == [ids[0]]
    assert await queries.chain(0) == []


async def test_a_node_added_again_is_the_one_that_is_there(db: str) -> None:
    first = await add_qingshen()
    assert await add_qingshen() == first
    assert await fetch_value("select count(*) from region") == 5
    assert await fetch_value("select count(*) from audit_event where action = 'region.added'") == 5


async def test_the_same_name_below_another_parent_is_another_place(db: str) -> None:
    ids = await add_qingshen()
    one = await add_region("新华社区", level="community", parent_id=ids[3])
    other = await add_region("新华社区", level="community", parent_id=ids[2])
    root = await add_region("新华社区", level="community", parent_id=None)
    assert len({one, other, root}) == 3


async def test_an_unknown_level_or_parent_is_refused(db: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await add_region("银河", level="galaxy", parent_id=None)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await add_region("某村", level="community", parent_id=10**9)


async def test_a_region_added_twice_at_once_is_one(db: str) -> None:
    ids = await asyncio.gather(*(add_region("某社区", level="community", parent_id=None) for _ in range(8)))
    assert len(set(ids)) == 1


async def test_a_closed_region_gives_its_name_to_a_new_one(db: str) -> None:
    old = await add_region("某社区", level="community", parent_id=None)
    await fetch_value("update region set valid_to = '2026-01-01' where id = $1 returning id", old)
    assert await add_region("某社区", level="community", parent_id=None) != old
