"""What a unit of work has collected, as one statement; and units that are kept together."""

import asyncio

import asyncpg
import pytest

from core import database
from core.database import (
    fetch,
    next_id,
    unit_of_work,
)
from tests.core.notes import assert_pool_is_whole, writer, written


async def test_new_rows_go_down_with_everything_else(notes: str) -> None:
    async with unit_of_work() as unit:
        unit.insert("note", n=1)
        unit.collect(writer("doubles"), 5)
        unit.insert("note", n=2)
        assert await written() == []
    assert await written() == [1, 2, 10]
    with pytest.raises(asyncpg.UniqueViolationError):
        async with unit_of_work() as unit:
            unit.insert("note", n=3)
            unit.insert("note", n=1)
    assert await written() == [1, 2, 10]


async def test_a_unit_that_only_adds_is_one_statement_and_all_or_nothing(notes: str) -> None:
    async with unit_of_work() as unit:
        unit.insert("note", n=1)
        assert not unit.connection.has_begun
    assert await written() == [1]
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with unit_of_work() as unit:
            unit.insert("note", n=2)
            unit.collect(writer("broken"), 1)
    assert await written() == [1]
    await assert_pool_is_whole()


async def test_ids_are_given_out_once_whoever_asks(notes: str) -> None:
    await fetch("create table thing (id bigserial primary key)")
    async with unit_of_work() as unit:
        inside = [await next_id("thing") for _ in range(40)]
        assert not unit.connection.has_begun
    outside = await asyncio.gather(*(next_id("thing") for _ in range(100)))
    assert len({*inside, *outside}) == 140
    database._ids.clear()  # as another process has a block of its own
    assert await next_id("thing") not in {*inside, *outside}
