"""A table of notes, to see what a unit of work has written."""

import asyncio
from typing import Any

from core.database import current_unit, fetch, unit_of_work
from core.writing import Writer

POOL_SIZE = 2


def writer(name: str, **more: Any) -> Writer:
    return Writer(f"write_{name}", lambda items: (items,), **more)


async def write(n: int) -> None:
    await current_unit().connection.execute("insert into note values ($1)", n)


async def written() -> list[int]:
    return [row["n"] for row in await fetch("select n from note order by n")]


async def assert_pool_is_whole() -> None:
    """Every connection can be had at the same time, in units of work of their own, and works."""
    together = asyncio.Barrier(POOL_SIZE)

    async def use() -> int:
        async with unit_of_work() as unit:
            await together.wait()
            return int(await unit.connection.fetchval("select 1"))

    async with asyncio.timeout(5):
        assert await asyncio.gather(*(use() for _ in range(POOL_SIZE))) == [1] * POOL_SIZE
