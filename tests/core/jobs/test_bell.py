"""The bell on a real connection: few NOTIFYs for many rings, and silence when it cannot ring."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from core.database import unit_of_work
from core.jobs.bell import BELL, CHANNEL, Bell
from core.jobs.services import add_job


class Ear:
    """A connection that listens."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection, self._heard = connection, 0

    def note(self, *_: object) -> None:
        self._heard += 1

    async def heard(self) -> int:
        """How many NOTIFYs came; all that were committed before this call are in."""
        await self.connection.fetchval("select 1")
        return self._heard

    async def hears(self, number: int) -> None:
        """Wait for so many."""
        async with asyncio.timeout(5):
            while await self.heard() < number:
                await asyncio.sleep(0.005)


@pytest.fixture
async def ear(database_url: str) -> AsyncIterator[Ear]:
    connection = await asyncpg.connect(database_url)
    ear = Ear(connection)
    await connection.add_listener(CHANNEL, ear.note)
    yield ear
    await connection.close()


@pytest.fixture
async def bell(database_url: str) -> AsyncIterator[Bell]:
    bell = Bell()
    bell.open(database_url)
    yield bell
    await bell.close()


async def test_many_rings_at_once_make_one_notify(bell: Bell, ear: Ear) -> None:
    for _ in range(100):
        bell.ring()
    await bell.close()
    assert await ear.heard() == 1


async def test_rings_while_a_notify_is_under_way_make_one_more(bell: Bell, ear: Ear) -> None:
    bell.ring()
    await asyncio.sleep(0)  # the first is connecting
    for _ in range(100):
        bell.ring()
    await bell.close()
    assert await ear.heard() == 2


async def test_many_rings_over_time_make_few_notifies_and_the_last_is_heard(bell: Bell, ear: Ear) -> None:
    bell.ring()
    await ear.hears(1)
    for _ in range(500):
        bell.ring()
        await asyncio.sleep(0)
    before_last = await ear.heard()
    bell.ring()
    await bell.close()
    assert before_last < await ear.heard() < 250


async def test_single_rings_are_all_heard(bell: Bell, ear: Ear) -> None:
    for number in (1, 2, 3):
        bell.ring()
        await ear.hears(number)


async def test_a_bell_that_is_not_open_is_silent(ear: Ear) -> None:
    bell = Bell()
    for _ in range(3):
        bell.ring()
    await bell.close()
    assert await ear.heard() == 0


async def test_a_closed_bell_is_silent_and_can_be_opened_again(
    bell: Bell, ear: Ear, database_url: str
) -> None:
    await bell.close()
    bell.ring()
    await bell.close()
    assert await ear.heard() == 0
    bell.open(database_url)
    bell.ring()
    await bell.close()
    assert await ear.heard() == 1


async def test_a_database_that_is_gone_makes_no_noise(bell: Bell, ear: Ear, database_url: str) -> None:
    missing = urlunsplit(urlsplit(database_url)._replace(path="/no_such_database"))
    for gone in (missing, "postgresql://nobody@127.0.0.1:1/nothing"):
        bell.open(gone)
        bell.ring()
        await bell.close()
    bell.open(database_url)
    bell.ring()
    await bell.close()
    assert await ear.heard() == 1


async def test_a_connection_that_was_cut_is_opened_again(bell: Bell, ear: Ear) -> None:
    bell.ring()
    await ear.hears(1)
    await ear.connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    async with asyncio.timeout(5):
        while await ear.heard() < 2:  # the first ring may be the one that finds out
            bell.ring()
            await asyncio.sleep(0.01)


async def test_the_ring_comes_after_the_commit_once_a_unit_and_not_after_a_rollback(
    db: str, ear: Ear
) -> None:
    BELL.open(db)
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            add_job("test.work", {})
            raise ZeroDivisionError
    await BELL.close()
    assert await ear.heard() == 0

    BELL.open(db)
    async with unit_of_work() as unit:
        for _ in range(3):
            add_job("test.work", {})
        assert unit.after_commit == [BELL.ring]
        assert await ear.heard() == 0
    await BELL.close()
    assert await ear.heard() == 1
