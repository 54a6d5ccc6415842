"""The unit of work against a real pool: commit, savepoint, failing COMMIT, cancellation, isolation."""

import asyncio
import random
from collections.abc import Callable

import asyncpg
import pytest

from core import database
from core.database import (
    DB,
    borrowed_connection,
    current_unit,
    fetch,
    fetch_value,
    unit_of_work,
    units_joined,
)
from core.writing import Writer
from tests.core.notes import assert_pool_is_whole, write, writer, written


async def test_a_unit_commits_what_it_wrote(notes: str) -> None:
    async with unit_of_work():
        await write(1)
    assert await written() == [1]


async def test_a_unit_that_raises_leaves_nothing(notes: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            await write(1)
            raise ZeroDivisionError
    assert await written() == []


async def test_nobody_else_sees_a_unit_before_its_commit(notes: str) -> None:
    async with unit_of_work():
        await write(1)
        seen = await asyncio.get_running_loop().create_task(DB.pool.fetchval("select count(*) from note"))
        assert seen == 0
        assert await written() == [1]


async def test_an_inner_unit_is_a_savepoint(notes: str) -> None:
    said: list[str] = []

    numbers = writer("numbers")

    def say(word: str) -> Callable[[], None]:
        return lambda: said.append(word)

    async with unit_of_work() as outer:
        await write(1)
        outer.collect(numbers, 100)
        outer.after_commit.append(say("outer act"))
        with pytest.raises(ZeroDivisionError):
            async with unit_of_work() as inner:
                assert inner is outer
                await write(2)
                inner.collect(numbers, 200)
                inner.after_commit.append(say("inner act"))
                raise ZeroDivisionError
        async with unit_of_work() as inner:
            await write(3)
            inner.collect(numbers, 300)
            inner.after_commit.append(say("second act"))
        assert said == []
    assert await written() == [1, 3, 100, 300]
    assert said == ["outer act", "second act"]


async def test_a_database_error_in_a_savepoint_leaves_the_outer_unit_usable(notes: str) -> None:
    async with unit_of_work():
        await write(1)
        with pytest.raises(asyncpg.UndefinedTableError):
            async with unit_of_work():
                await fetch("select * from nowhere")
        await write(2)
    assert await written() == [1, 2]


async def test_the_outer_unit_takes_a_finished_savepoint_down_with_it(notes: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            async with unit_of_work():
                await write(1)
            raise ZeroDivisionError
    assert await written() == []


async def test_collected_items_go_down_in_one_call_before_the_commit(notes: str) -> None:
    numbers, doubles = writer("numbers"), writer("doubles")
    async with unit_of_work() as unit:
        unit.collect(numbers, 1)
        unit.collect(doubles, 10)
        unit.collect(numbers, 2)
        assert await written() == []
    assert await written() == [1, 2, 20]


async def test_a_writer_that_refuses_rolls_the_whole_unit_back_and_is_explained(notes: str) -> None:
    def explain(refusal: asyncpg.PostgresError) -> Exception | None:
        return KeyError("ours") if refusal.sqlstate == "22012" else None

    for broken, raised in (
        (writer("broken", explain=explain), KeyError),
        (writer("broken"), asyncpg.DivisionByZeroError),
    ):
        with pytest.raises(raised):
            async with unit_of_work() as unit:
                await write(1)
                unit.collect(writer("numbers"), 2)
                unit.collect(broken, 3)
        assert await written() == []
        await assert_pool_is_whole()


async def test_after_commit_runs_when_others_can_see_the_rows_and_never_after_a_rollback(notes: str) -> None:
    done: list[str] = []
    async with unit_of_work() as unit:
        await write(1)
        unit.after_commit.append(lambda: done.append("committed"))
        assert done == []
    assert done == ["committed"]

    with pytest.raises(ZeroDivisionError):
        async with unit_of_work() as unit:
            unit.after_commit.append(lambda: done.append("rolled back"))
            raise ZeroDivisionError
    with pytest.raises(asyncpg.UniqueViolationError):
        async with unit_of_work() as unit:
            await write(1)
            unit.after_commit.append(lambda: done.append("commit refused"))
    assert done == ["committed"]


async def test_failing_commits_lose_no_connection(notes: str) -> None:
    async with unit_of_work():
        await write(1)
    for _ in range(5):
        with pytest.raises(asyncpg.UniqueViolationError):
            async with unit_of_work():
                await write(1)
        with pytest.raises(RuntimeError):
            current_unit()
    assert await written() == [1]
    await assert_pool_is_whole()


async def test_cancellation_at_any_moment_leaves_the_pool_whole(notes: str) -> None:
    dice = random.Random(4)

    async def work(n: int) -> None:
        async with unit_of_work():
            await write(n)
            async with unit_of_work():
                await fetch("select pg_sleep(0.001)")

    cancelled, failed = 0, []
    for n in range(80):
        task = asyncio.create_task(work(n))
        await asyncio.sleep(dice.random() * 0.006)
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        cancelled += isinstance(result, asyncio.CancelledError)
        if isinstance(result, Exception):
            failed.append(result)
    assert failed == []
    assert cancelled > 5
    assert len(await written()) >= 80 - cancelled
    await assert_pool_is_whole()


async def test_a_child_task_may_not_open_a_unit_inside_its_parents(notes: str) -> None:
    async def child() -> None:
        async with unit_of_work():
            await write(2)

    async with unit_of_work():
        await write(1)
        with pytest.raises(RuntimeError, match="inside the task that uses it"):
            await asyncio.create_task(child())
    assert await written() == [1]


async def test_units_of_two_tasks_are_two_transactions(notes: str) -> None:
    async def work(n: int) -> None:
        async with unit_of_work():
            await write(n)
            await asyncio.sleep(0.01)
            if n == 2:
                raise ZeroDivisionError

    results = await asyncio.gather(work(1), work(2), return_exceptions=True)
    assert [type(r) for r in results] == [type(None), ZeroDivisionError]
    assert await written() == [1]


async def test_writing_without_a_unit_is_refused(notes: str) -> None:
    with pytest.raises(RuntimeError, match="needs a unit of work"):
        current_unit()
    async with borrowed_connection():
        with pytest.raises(RuntimeError, match="needs a unit of work"):
            current_unit()


async def test_a_borrowed_connection_serves_reads_and_units(notes: str) -> None:
    async with borrowed_connection():
        backend = await fetch_value("select pg_backend_pid()")
        assert await fetch_value("select pg_backend_pid()") == backend
        async with unit_of_work() as unit:
            assert await unit.connection.fetchval("select pg_backend_pid()") == backend
            await write(1)
        with pytest.raises(ZeroDivisionError):
            async with unit_of_work():
                await write(2)
                raise ZeroDivisionError
        assert await written() == [1]
    assert DB.current_transaction.get() is None
    await assert_pool_is_whole()


async def test_joined_units_are_kept_together(notes: str) -> None:
    done: list[str] = []
    async with borrowed_connection(), units_joined():
        for n in (1, 2):
            async with unit_of_work() as unit:
                await write(n)
                unit.after_commit.append(lambda: done.append("rung"))
        assert await written() == [1, 2]
        assert done == []
    assert done == ["rung", "rung"]
    assert await written() == [1, 2]
    await assert_pool_is_whole()


async def test_joined_units_are_undone_together(notes: str) -> None:
    done: list[str] = []
    with pytest.raises(ZeroDivisionError):
        async with borrowed_connection(), units_joined():
            async with unit_of_work() as unit:
                await write(1)
                unit.after_commit.append(lambda: done.append("rung"))
            raise ZeroDivisionError
    assert (await written(), done) == ([], [])
    await assert_pool_is_whole()


async def test_one_of_joined_units_may_fail_alone(notes: str) -> None:
    done: list[str] = []
    async with borrowed_connection(), units_joined():
        with pytest.raises(ZeroDivisionError):
            async with unit_of_work() as unit:
                await write(1)
                unit.after_commit.append(lambda: done.append("rung"))
                raise ZeroDivisionError
        async with unit_of_work():
            await write(2)
    assert (await written(), done) == ([2], [])


async def test_a_joined_unit_writes_what_it_collected_at_its_own_end(notes: str) -> None:
    await fetch(
        "create function write_all(int[]) returns void begin atomic insert into note select unnest($1); end"
    )
    write_all = Writer("write_all", lambda numbers: (numbers,))
    async with borrowed_connection(), units_joined():
        async with unit_of_work() as unit:
            unit.collect(write_all, 1)
            async with unit_of_work():
                unit.collect(write_all, 2)
            assert await written() == []
        assert await written() == [1, 2]


async def test_one_of_joined_units_that_only_adds_rows_may_fail_alone_too(notes: str) -> None:
    await fetch("create table once (n int unique)")
    async with borrowed_connection(), units_joined():
        async with unit_of_work() as unit:
            unit.insert("once", n=1)
        with pytest.raises(asyncpg.UniqueViolationError):
            async with unit_of_work() as unit:
                unit.insert("once", n=1)
        async with unit_of_work() as unit:
            unit.insert("once", n=2)
    assert [row["n"] for row in await fetch("select n from once order by n")] == [1, 2]


async def test_joined_units_whose_commit_is_refused_leave_nothing(notes: str) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        async with borrowed_connection(), units_joined():
            for _ in range(2):
                async with unit_of_work():
                    await write(1)
    assert await written() == []
    await assert_pool_is_whole()


async def test_units_are_joined_on_a_borrowed_connection_only(notes: str) -> None:
    with pytest.raises(RuntimeError, match="borrow a connection"):
        async with units_joined():
            pass
    async with unit_of_work():
        with pytest.raises(RuntimeError, match="borrow a connection"):
            async with units_joined():
                pass


async def test_a_readonly_unit_reads_and_refuses_to_write(notes: str) -> None:
    async with unit_of_work(readonly=True):
        assert await written() == []
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with unit_of_work(readonly=True):
            await write(1)


async def test_serializable_is_in_force(notes: str) -> None:
    """Both count, then both write: under read committed both would get in."""

    async def count_then_write(isolation: database.Isolation | None, met: asyncio.Barrier) -> None:
        async with unit_of_work(isolation=isolation):
            n = await fetch_value("select count(*) from note where n < 100")
            await met.wait()
            await write(n + 1)

    met = asyncio.Barrier(2)
    results = await asyncio.gather(
        *(count_then_write("serializable", met) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["NoneType", "SerializationError"]
    assert await written() == [1]
    await assert_pool_is_whole()


async def test_piccolo_and_hand_written_sql_share_the_unit(db: str) -> None:
    from core.regions.tables import Region

    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            await Region(name="龙凤新区", level="community").save()
            assert await fetch_value("select count(*) from region") == 1
            raise ZeroDivisionError
    assert await Region.count() == 0


async def test_reads_find_a_row_a_value_or_none(notes: str) -> None:
    assert await database.fetch_row("select n from note") is None
    assert await fetch_value("select n from note") is None
    async with unit_of_work():
        await write(7)
    assert dict(await database.fetch_row("select n from note")) == {"n": 7}
    assert await fetch_value("select n from note") == 7


async def test_the_pool_opens_once_and_bounds_what_a_statement_may_cost(notes: str) -> None:
    with pytest.raises(RuntimeError, match="open already"):
        await database.open_pool(notes, size=1)
    assert await fetch_value("show statement_timeout") == "15s"
    assert await fetch_value("show idle_in_transaction_session_timeout") == "30s"
    assert await fetch_value("show timezone") == "UTC"
