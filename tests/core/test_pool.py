"""Connections lent and given back: after cancellation, after the server hung up, while the pool closes."""

import asyncio
import random
from collections.abc import AsyncIterator

import asyncpg
import pytest

from core import database
from core.database import fetch, fetch_value, unit_of_work

POOL_SIZE = 2


@pytest.fixture
async def notes(empty_url: str) -> AsyncIterator[str]:
    """A pool of two, and a table."""
    await database.open_pool(empty_url, size=POOL_SIZE)
    await fetch("create table note (n int)")
    yield empty_url
    await database.close_pool()


async def assert_pool_is_whole() -> None:
    """Every connection can be had at the same time, in units of work of their own, and works."""
    together = asyncio.Barrier(POOL_SIZE)

    async def use() -> int:
        async with unit_of_work() as unit:
            await together.wait()
            return int(await unit.connection.fetchval("select 1"))

    async with asyncio.timeout(5):
        assert await asyncio.gather(*(use() for _ in range(POOL_SIZE))) == [1] * POOL_SIZE


async def test_a_lent_connection_is_never_given_back_inside_a_transaction(notes: str) -> None:
    """Cancelled at sixty moments: within BEGIN, a statement, the savepoint's end, COMMIT."""
    dice = random.Random(9)
    for n in range(60):
        tasks = [asyncio.create_task(_write_slowly(2 * n + k)) for k in range(2)]
        await asyncio.sleep(dice.random() * 0.005)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await assert_pool_is_whole()
    async with asyncio.timeout(5):
        while others := await fetch_value(OTHERS_AT_WORK):  # the server may still be noticing
            await asyncio.sleep(0.01)
    assert others == 0
    assert await fetch_value(CONNECTIONS) <= POOL_SIZE


CONNECTIONS = (
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and backend_type = 'client backend'"
)
OTHERS_AT_WORK = f"{CONNECTIONS} and pid <> pg_backend_pid() and state <> 'idle'"


async def _write_slowly(n: int) -> None:
    async with unit_of_work():
        await fetch("insert into note values ($1)", n)
        async with unit_of_work():
            await fetch("select pg_sleep(0.001)")


async def test_after_the_server_closed_all_connections_the_next_units_work(notes: str) -> None:
    await assert_pool_is_whole()
    for _ in range(2):
        outsider = await asyncpg.connect(notes)
        await outsider.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        await outsider.close()
        await asyncio.sleep(0.05)  # the news must travel through the event loop
        await assert_pool_is_whole()
        assert await fetch_value("select count(*) from note") == 0


@pytest.mark.parametrize("ends", ["well", "badly"])
async def test_closing_waits_for_a_unit_in_progress_and_not_longer(empty_url: str, ends: str) -> None:
    await database.open_pool(empty_url, size=2)
    inside, go = asyncio.Event(), asyncio.Event()

    async def work() -> int:
        async with unit_of_work() as unit:
            inside.set()
            await go.wait()
            if ends == "badly":
                raise ZeroDivisionError
            return int(await unit.connection.fetchval("select 1"))

    task = asyncio.create_task(work())
    await inside.wait()
    closing = asyncio.create_task(database.close_pool())
    await asyncio.sleep(0.01)
    go.set()
    async with asyncio.timeout(5):
        (result, _) = await asyncio.gather(task, closing, return_exceptions=True)
    assert result == 1 if ends == "well" else isinstance(result, ZeroDivisionError)


async def test_a_connection_whose_begin_was_cut_off_is_never_lent_again(
    notes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever got it would work inside a transaction that nobody ends."""
    start = asyncpg.transaction.Transaction.start

    async def cut_off(transaction: asyncpg.transaction.Transaction) -> None:
        await start(transaction)
        raise TimeoutError

    for _ in range(3):
        with monkeypatch.context() as patch:
            patch.setattr(asyncpg.transaction.Transaction, "start", cut_off)
            with pytest.raises(TimeoutError):
                async with unit_of_work(readonly=True):
                    pass
        await fetch("insert into note values (1)")
    await assert_pool_is_whole()
    assert await fetch_value("select count(*) from note") == 3
