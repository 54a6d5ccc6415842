"""The dispatcher keeps the broker's queue short, and leaves alone what nobody here can run."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from core.database import fetch, fetch_value, unit_of_work
from core.jobs.services import add_job
from workers.dispatch import Dispatcher

MOST = 4


@asynccontextmanager
async def dispatching(
    url: str, sent: list[int], broker: Callable[[], None] = lambda: None
) -> AsyncIterator[Dispatcher]:
    """A dispatcher at work that may have four jobs on the broker; `broker` raises while it is down."""

    def send(_: str, job_id: int) -> None:
        broker()
        sent.append(job_id)

    dispatcher = Dispatcher(
        url,
        lease=timedelta(minutes=1),
        send=send,
        names=["test.work"],
        most=MOST,
    )
    running = asyncio.create_task(dispatcher.run())
    yield dispatcher
    await dispatcher.stop()
    await running


async def until(sent: list[int], count: int) -> None:
    async with asyncio.timeout(5):
        while len(sent) < count:
            await asyncio.sleep(0.01)


async def ask(name: str, count: int, *, priority: int = 0) -> None:
    async with unit_of_work():
        for _ in range(count):
            add_job(name, {}, priority=priority)


async def test_only_so_many_are_on_the_broker_at_once(db: str, database_url: str) -> None:
    """What only waits its turn is not taken for lost, sent again and given up."""
    await ask("test.work", 10)
    sent: list[int] = []
    async with dispatching(database_url, sent) as dispatcher:
        await until(sent, MOST)
        await asyncio.sleep(0.5)
        assert len(sent) == MOST
        await ask("test.work", 1, priority=-1)
        urgent = await fetch_value("select max(id) from job")
        await fetch("update job set state = 'done' where id = $1", sent[0])
        dispatcher.take_done(sent[0])
        await until(sent, MOST + 1)
        assert sent[-1] == urgent, "a better priority overtakes what waits"
    assert await fetch_value("select max(attempts) from job") == 1


async def test_what_another_process_has_done_makes_room_too(db: str, database_url: str) -> None:
    await ask("test.work", MOST + 1)
    sent: list[int] = []
    async with dispatching(database_url, sent):
        await until(sent, MOST)
        await fetch("update job set state = 'done' where id = any($1)", sent)
        await until(sent, MOST + 1)


async def test_jobs_of_a_plugin_that_is_off_wait_for_it(db: str, database_url: str) -> None:
    await ask("off.work", 1)
    await ask("test.work", 1)
    sent: list[int] = []
    async with dispatching(database_url, sent):
        await until(sent, 1)
        await asyncio.sleep(0.2)
    rows = await fetch("select state, attempts from job where name = 'off.work'")
    assert [tuple(row) for row in rows] == [("waiting", 0)]


async def test_while_the_broker_is_down_no_job_is_lost(db: str, database_url: str) -> None:
    """What was committed is sent once the broker is back, as the first attempt."""
    tries, is_down = 0, True

    def broker() -> None:
        nonlocal tries
        tries += 1
        if is_down:
            raise ConnectionRefusedError

    sent: list[int] = []
    await ask("test.work", 2)
    async with dispatching(database_url, sent, broker):
        async with asyncio.timeout(10):
            while tries < 4:
                await asyncio.sleep(0.01)
        assert sent == []
        is_down = False
        await until(sent, 2)
    assert sorted(sent) == [row["id"] for row in await fetch("select id from job order by id")]
    assert await fetch_value("select max(attempts) from job") == 1
