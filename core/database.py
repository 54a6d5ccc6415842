"""One engine, one pool, one way to open a transaction: `unit_of_work()`.

Piccolo's own `DB.transaction()` loses a pool connection when COMMIT fails and treats a nested
transaction as none; its `.batch()` swallows exceptions. Nobody may use them (a contract test looks).
Piccolo's queries still run inside the unit of work, because they read the same context variable.
"""

import asyncio
import functools
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import asyncpg
from piccolo.engine.postgres import PostgresEngine

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
)
_ACQUIRE_S = 10
log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Writer:
    """How the collected items of one sort go down: all at once, in one call of `function` in the database.

    `arguments` makes its arguments of the items; `explain` makes a refusal of the database one of ours.
    """

    function: str
    arguments: Callable[[list[Any]], Sequence[Any]]
    explain: Callable[[asyncpg.PostgresError], Exception | None] = lambda _: None


class _Engine(PostgresEngine):
    """Piccolo's engine, except that it asks no server for its version while being imported."""

    def get_version_sync(self) -> float:
        return 18.0

    async def get_version(self) -> float:
        return 18.0


DB = _Engine(config={}, extensions=())


@dataclass(eq=False)
class Unit:
    """A unit of work in progress. `current_transaction` of Piccolo's engine holds it."""

    connection: asyncpg.Connection
    task: asyncio.Task[Any] | None = field(default_factory=asyncio.current_task)
    collected: list[tuple[Writer, Any]] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def collect(self, writer: Writer, item: Any) -> None:
        """Keep `item` until just before COMMIT, when all writers write all of their items in one call."""
        self.collected.append((writer, item))

    async def write_collected(self) -> None:
        """Write what was collected: one statement, which calls each writer's function once."""
        taken, self.collected = self.collected, []
        if not taken:
            return
        items: dict[Writer, list[Any]] = {}
        for writer, item in taken:
            items.setdefault(writer, []).append(item)
        # In one order everywhere, so that two units of work never wait for each other crosswise.
        writers = sorted(items, key=lambda writer: writer.function)
        arguments = [writer.arguments(items[writer]) for writer in writers]
        sql = _calls(tuple(w.function for w in writers), tuple(len(a) for a in arguments))
        try:
            await self.connection.execute(sql, *itertools.chain.from_iterable(arguments))
        except asyncpg.PostgresError as refusal:
            for writer in writers:
                if explained := writer.explain(refusal):
                    raise explained from refusal
            raise


@functools.cache
def _calls(functions: tuple[str, ...], counts: tuple[int, ...]) -> str:
    """`select a($1, $2), b($3)` for functions with so many arguments."""
    places = (f"${n}" for n in itertools.count(1))
    calls = [
        f"{name}({', '.join(itertools.islice(places, count))})"
        for name, count in zip(functions, counts, strict=True)
    ]
    return f"select {', '.join(calls)}"


class _Lender:
    """Hands out connections, the one used last first. The pool makes them and takes broken ones back.

    asyncpg's own way back into the pool starts a task each time, which costs more than a short query.
    """

    def __init__(self, size: int) -> None:
        self._idle: list[Any] = []
        self._free = asyncio.Semaphore(size)

    async def take(self) -> Any:
        if self._free.locked():
            async with asyncio.timeout(_ACQUIRE_S):
                await self._free.acquire()
        else:
            await self._free.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                await _pool().release(connection)
            return await _pool().acquire(timeout=_ACQUIRE_S)
        except BaseException:
            self._free.release()
            raise

    def give_back(self, connection: Any) -> None:
        self._idle.append(connection)
        self._free.release()

    async def send_back(self, connection: Any) -> None:
        """After an error: the pool waits for a cancelled query, and knows a broken connection."""
        self._free.release()
        await _pool().release(connection)

    async def close(self) -> None:
        while self._idle:
            await _pool().release(self._idle.pop())


def _pool() -> Any:
    assert DB.pool is not None, "open_pool() first"
    return DB.pool


_lender = _Lender(0)


@asynccontextmanager
async def _lent() -> AsyncIterator[Any]:
    connection = await _lender.take()
    try:
        yield connection
    except BaseException:
        await _lender.send_back(connection)
        raise
    _lender.give_back(connection)


@dataclass(eq=False)
class _Borrowed:
    """A connection held without a transaction, for the several reads of one request."""

    connection: asyncpg.Connection


@dataclass(eq=False)
class _Joined:
    """A transaction in which every unit of work is a savepoint; what they planned waits for its COMMIT."""

    connection: asyncpg.Connection
    after_commit: list[Callable[[], None]] = field(default_factory=list)


async def open_pool(url: str, *, size: int) -> None:
    """Connect this process. `server_settings` bound what one statement or idle transaction may cost."""
    global _lender
    if DB.pool is not None:
        raise RuntimeError("the pool is open already")
    DB.config = {"dsn": url}
    DB.pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size + 1,  # one for Piccolo's queries outside of any unit of work
        reset=_keep_session,
        server_settings={
            "application_name": "yiji",
            "timezone": "UTC",
            "statement_timeout": "15000",
            "idle_in_transaction_session_timeout": "30000",
            "jit": "off",
        },
    )
    _lender = _Lender(size)


async def _keep_session(_connection: asyncpg.Connection) -> None:
    """Skip asyncpg's reset, a round trip per use. The price: only SET LOCAL, no session locks."""


async def close_pool() -> None:
    """Disconnect this process; waits for connections in use."""
    if DB.pool is not None:
        await _lender.close()
        pool, DB.pool = DB.pool, None
        await pool.close()


class borrowed_connection:
    """Run all reads of this block on one connection; a unit of work opened inside uses it too.

    A class, because every request enters it, and generators cost some microseconds more.
    """

    async def __aenter__(self) -> None:
        _refuse_another_connection()
        self._connection = await _lender.take()
        self._token = DB.current_transaction.set(_Borrowed(self._connection))  # type: ignore[arg-type]

    async def __aexit__(self, kind: object, *_: object) -> None:
        DB.current_transaction.reset(self._token)
        if kind is None:
            _lender.give_back(self._connection)
        else:
            await _lender.send_back(self._connection)


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
        async with _lent() as connection, _transaction(connection, isolation, readonly) as unit:
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
    try:
        async with unit.connection.transaction():
            yield
    except BaseException:
        del unit.collected[collected:]
        del unit.after_commit[planned:]
        raise


@asynccontextmanager
async def _transaction(
    connection: asyncpg.Connection, isolation: Isolation | None, readonly: bool
) -> AsyncIterator[Unit]:
    unit = Unit(connection)
    async with connection.transaction(isolation=isolation, readonly=readonly):
        token = DB.current_transaction.set(unit)  # type: ignore[arg-type]
        try:
            yield unit
            await unit.write_collected()
        finally:
            DB.current_transaction.reset(token)


def _run(after_commit: list[Callable[[], None]]) -> None:
    for act in after_commit:
        try:
            act()
        except Exception:
            # It is committed: nobody may be told otherwise, and the others must still run.
            log.exception("after commit")


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
    async with _lent() as connection:
        return await connection.fetch(sql, *args)  # type: ignore[no-any-return]


async def fetch_row(sql: str, *args: Any) -> asyncpg.Record | None:
    """The first row, or None."""
    rows = await fetch(sql, *args)
    return rows[0] if rows else None


async def fetch_value(sql: str, *args: Any) -> Any:
    """The first column of the first row, or None."""
    row = await fetch_row(sql, *args)
    return row[0] if row else None
