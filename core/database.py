"""One engine, one pool, one way to open a transaction: `unit_of_work()`.

Piccolo's own `DB.transaction()` loses a pool connection when COMMIT fails and treats a nested
transaction as none; its `.batch()` swallows exceptions. Nobody may use them (a contract test looks).
Piccolo's queries still run inside the unit of work, because they read the same context variable.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import asyncpg
from piccolo.engine.postgres import PostgresEngine

from core.pool import Pool, connect
from core.writing import Collected, NewRow, Writer, compose

Isolation = Literal["serializable", "repeatable_read", "read_committed"]
# What it means that the database cannot be reached now, as opposed to a query that is wrong.
UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,  # used between the server's farewell and the end of the connection
)
log = logging.getLogger(__name__)


class _Engine(PostgresEngine):
    """Piccolo's engine, except that it asks no server for its version while being imported."""

    def get_version_sync(self) -> float:
        return 18.0

    async def get_version(self) -> float:
        return 18.0


DB = _Engine(config={}, extensions=())


class _Late:
    """A connection that opens its transaction with the first statement.

    A unit of work that only adds rows thus is a single statement, which commits by itself.
    """

    def __init__(self, connection: asyncpg.Connection, **options: Any) -> None:
        self.plain = connection
        self._transaction = connection.transaction(**options)
        self.has_begun = False

    async def begin(self) -> None:
        if self.has_begun:
            return
        try:
            await self._transaction.start()
        except BaseException:
            # Nobody knows whether it has begun: the next borrower would work inside it, and lose all.
            self.plain.terminate()
            raise
        self.has_begun = True

    async def commit(self) -> None:
        if self.has_begun:
            await self._transaction.commit()

    async def rollback(self) -> None:
        if self.has_begun:
            await self._transaction.rollback()

    async def fetch(self, sql: str, *args: Any, **options: Any) -> Any:
        await self.begin()
        return await self.plain.fetch(sql, *args, **options)

    async def fetchrow(self, sql: str, *args: Any, **options: Any) -> Any:
        await self.begin()
        return await self.plain.fetchrow(sql, *args, **options)

    async def fetchval(self, sql: str, *args: Any, **options: Any) -> Any:
        await self.begin()
        return await self.plain.fetchval(sql, *args, **options)

    async def execute(self, sql: str, *args: Any, **options: Any) -> Any:
        await self.begin()
        return await self.plain.execute(sql, *args, **options)

    async def executemany(self, sql: str, args: Any, **options: Any) -> None:
        await self.begin()
        await self.plain.executemany(sql, args, **options)


@dataclass(eq=False)
class Unit:
    """A unit of work in progress. `current_transaction` of Piccolo's engine holds it."""

    connection: _Late
    task: asyncio.Task[Any] | None = field(default_factory=asyncio.current_task)
    collected: list[Collected] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def collect(self, writer: Writer, item: Any) -> None:
        """Keep `item` until just before COMMIT, when all writers write all of their items in one call."""
        self.collected.append((writer, item))

    def insert(self, table: str, **values: Any) -> None:
        """Insert a row just before COMMIT, in the same call. Its id, if wanted, comes from `next_id()`."""
        self.collected.append(NewRow(table, values))

    async def write_collected(self) -> None:
        """Write what was collected, in one statement."""
        taken, self.collected = self.collected, []
        if not taken:
            return
        statement = compose(taken)
        try:
            await self.connection.plain.execute(statement.sql, *statement.arguments)
        except asyncpg.PostgresError as refusal:
            for writer in statement.writers:
                if explained := writer.explain(refusal):
                    raise explained from refusal
            raise


@dataclass(eq=False)
class _Borrowed:
    """A connection held without a transaction, for the several reads of one request."""

    connection: asyncpg.Connection


@dataclass(eq=False)
class _Joined:
    """A transaction in which every unit of work is a savepoint; what they planned waits for its COMMIT."""

    connection: asyncpg.Connection
    after_commit: list[Callable[[], None]] = field(default_factory=list)


_pool: Pool | None = None


async def open_pool(url: str, *, size: int) -> None:
    """Let this process have up to `size` connections."""
    global _pool
    if _pool is not None:
        raise RuntimeError("the pool is open already")
    _ids.clear()
    _pool = Pool(url, size=size)
    DB.config = {"dsn": url}
    # For Piccolo's queries outside of any unit of work: the command line, tests.
    DB.pool = await asyncpg.create_pool(url, min_size=0, max_size=2, connect=lambda *_, **__: connect(url))


async def close_pool() -> None:
    """Disconnect this process; waits for connections in use."""
    global _pool
    pool, _pool = _pool, None
    if pool is not None:
        await pool.close()
        assert DB.pool is not None
        await DB.pool.close()
        DB.pool = None


def _open_pool() -> Pool:
    assert _pool is not None, "open_pool() first"
    return _pool


@asynccontextmanager
async def borrowed_connection() -> AsyncIterator[None]:
    """Run all reads of this block on one connection; a unit of work opened inside uses it too."""
    async with _open_pool().lend() as connection:
        with on_connection(connection):
            yield


@contextmanager
def on_connection(connection: asyncpg.Connection) -> Iterator[None]:
    """The same on a connection that the caller opened: for a process or thread without a pool."""
    _refuse_another_connection()
    token = DB.current_transaction.set(_Borrowed(connection))  # type: ignore[arg-type]
    try:
        yield
    finally:
        DB.current_transaction.reset(token)


def _refuse_another_connection() -> None:
    if isinstance(DB.current_transaction.get(), Unit | _Joined):
        raise RuntimeError("a unit of work is open here: what runs on another connection would leave it")


@asynccontextmanager
async def unit_of_work(*, isolation: Isolation | None = None, readonly: bool = False) -> AsyncIterator[Unit]:
    """Everything inside happens, or nothing. Opened in services only.

    Inside another unit of work it is a real savepoint; if that is rolled back, what was collected
    or planned for after the commit inside it is dropped too. Raises RuntimeError when a child task
    inherits the unit: one connection cannot serve two tasks.
    """
    current = DB.current_transaction.get()
    if isinstance(current, Unit):
        if isolation or readonly:
            raise RuntimeError("a savepoint cannot change how its unit of work is isolated")
        async with _savepoint(current):
            yield current
    elif isinstance(current, _Borrowed | _Joined):
        async with _transaction(current.connection, isolation, readonly) as unit:
            yield unit
        if isinstance(current, _Joined):
            current.after_commit += unit.after_commit
        else:
            _run(unit.after_commit)
    else:
        async with _open_pool().lend() as connection, _transaction(connection, isolation, readonly) as unit:
            yield unit
        _run(unit.after_commit)


@asynccontextmanager
async def units_joined() -> AsyncIterator[None]:
    """All units of work opened inside are kept together, or none: for a door that must remember its answer.

    Each stays whole in itself: what it collects is written at its own end, and what it refuses is undone
    at once. Inside `borrowed_connection()` only.
    """
    borrowed = DB.current_transaction.get()
    if not isinstance(borrowed, _Borrowed):
        raise RuntimeError("borrow a connection first")
    joined = _Joined(borrowed.connection)
    async with joined.connection.transaction():
        token = DB.current_transaction.set(joined)
        try:
            yield
        finally:
            DB.current_transaction.reset(token)
    _run(joined.after_commit)


@asynccontextmanager
async def _savepoint(unit: Unit) -> AsyncIterator[None]:
    if unit.task is not asyncio.current_task():
        raise RuntimeError("open the unit of work inside the task that uses it")
    collected, planned = len(unit.collected), len(unit.after_commit)
    await unit.connection.begin()
    try:
        async with unit.connection.plain.transaction():
            yield
    except BaseException:
        del unit.collected[collected:]
        del unit.after_commit[planned:]
        raise


@asynccontextmanager
async def _transaction(
    connection: asyncpg.Connection, isolation: Isolation | None, readonly: bool
) -> AsyncIterator[Unit]:
    late = _Late(connection, isolation=isolation, readonly=readonly)
    unit = Unit(late)
    token = DB.current_transaction.set(unit)  # type: ignore[arg-type]
    try:
        if isolation or readonly or connection.is_in_transaction():
            await late.begin()
        yield unit
        await unit.write_collected()
    except BaseException:
        await late.rollback()
        raise
    else:
        await late.commit()
    finally:
        DB.current_transaction.reset(token)


def _run(after_commit: list[Callable[[], None]]) -> None:
    for act in after_commit:
        try:
            act()
        except Exception:
            # It is committed: nobody may be told otherwise, and the others must still run.
            log.exception("after commit")


@asynccontextmanager
async def connection_apart(*, wait_s: float) -> AsyncIterator[asyncpg.Connection]:
    """A connection outside the open unit of work: what it writes, others see at once, and it stays.

    Only for what is no part of the unit's effect. Raises TimeoutError when none is free in time.
    """
    async with asyncio.timeout(wait_s) as limit, _open_pool().lend() as connection:
        limit.reschedule(None)
        yield connection


@asynccontextmanager
async def unit_apart(*, wait_s: float) -> AsyncIterator[Unit]:
    """A unit of work on a connection apart that sees what the open `repeatable_read` one sees, and commits.

    What was found in a long read-only unit is thus written down as it was found.
    """
    seen = await current_unit().connection.fetchval("select pg_export_snapshot()")
    async with (
        connection_apart(wait_s=wait_s) as connection,
        _transaction(connection, "repeatable_read", False) as unit,
    ):
        await unit.connection.execute(f"set transaction snapshot '{seen}'")
        yield unit


def current_unit() -> Unit:
    """The unit of work that the caller must already have opened; RuntimeError otherwise."""
    unit = DB.current_transaction.get()
    if not isinstance(unit, Unit):
        raise RuntimeError("this writes, and needs a unit of work around it")
    return unit


async def fetch(sql: str, *args: Any) -> list[asyncpg.Record]:
    """Rows of hand-written SQL (`$1` placeholders), on the current unit's connection if there is one."""
    current = DB.current_transaction.get()
    if current is not None:
        return await current.connection.fetch(sql, *args)  # type: ignore[no-any-return]
    async with _open_pool().lend() as connection:
        return await connection.fetch(sql, *args)  # type: ignore[no-any-return]


_ids: dict[str, list[int]] = {}
_BLOCK = 32


async def next_id(table: str) -> int:
    """An id for a new row of `table`, from this process's block of its sequence; gaps are usual.

    For rows that go down with everything else (`Unit.insert`). They are in no order of time.
    """
    block = _ids.setdefault(table, [])
    if not block:
        sql = "select nextval(pg_get_serial_sequence($1, 'id')) from generate_series(1, $2)"
        current = DB.current_transaction.get()
        # Not as a unit's first statement: the block is no part of what it does.
        found = await (current.connection.plain.fetch if isinstance(current, Unit) else fetch)(
            sql, table, _BLOCK
        )
        block.extend(row[0] for row in reversed(found))
    return block.pop()


async def fetch_row(sql: str, *args: Any) -> asyncpg.Record | None:
    """The first row, or None."""
    rows = await fetch(sql, *args)
    return rows[0] if rows else None


async def fetch_value(sql: str, *args: Any) -> Any:
    """The first column of the first row, or None."""
    row = await fetch_row(sql, *args)
    return row[0] if row else None


def distinct(table: str, column: str) -> str:
    """SQL for the distinct values of an indexed text column, one look at the index for each."""
    return f"""
    with recursive known(value) as (
        (select {column} from {table} order by {column} limit 1)
        union all
        select (select t.{column} from {table} t where t.{column} > known.value order by t.{column} limit 1)
        from known where known.value is not null)
    select value from known where value is not null"""
