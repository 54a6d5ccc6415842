"""Connections of this process, lent to one borrower at a time, the one used last first.

asyncpg's own pool resets a connection with a round trip each time, and starts a task for each way back:
together more than a short query costs. The price of not resetting: only SET LOCAL, no session locks.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

_WAIT_S = 10
_SETTINGS = {
    "application_name": "yiji",
    "timezone": "UTC",
    "statement_timeout": "15000",
    "idle_in_transaction_session_timeout": "30000",
    "jit": "off",
}


async def connect(url: str) -> asyncpg.Connection:
    """A connection whose settings bound what one statement or idle transaction may cost."""
    return await asyncpg.connect(url, timeout=_WAIT_S, server_settings=_SETTINGS)


class Pool:
    """At most `size` connections, made when they are wanted."""

    def __init__(self, url: str, *, size: int) -> None:
        self._url, self._size = url, size
        self._idle: list[asyncpg.Connection] = []
        self._free = asyncio.Semaphore(size)

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection for this block; raises TimeoutError when none comes free in time."""
        if self._free.locked():
            async with asyncio.timeout(_WAIT_S):
                await self._free.acquire()
        else:
            await self._free.acquire()
        try:
            connection = self._take_idle() or await connect(self._url)
            try:
                yield connection
            except BaseException:
                self._keep_if_sound(connection)
                raise
            if connection.is_in_transaction():
                connection.terminate()
            else:
                self._idle.append(connection)
        finally:
            self._free.release()

    def _take_idle(self) -> asyncpg.Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return None

    def _keep_if_sound(self, connection: asyncpg.Connection) -> None:
        """After an error. A borrower that was cancelled may have left a query under way: hang up then."""
        if connection.is_closed():
            return
        task = asyncio.current_task()
        if connection.is_in_transaction() or (task is not None and task.cancelling()):
            connection.terminate()
        else:
            self._idle.append(connection)

    async def close(self) -> None:
        """Hang up all, once the borrowed ones are back."""
        for _ in range(self._size):
            await self._free.acquire()
        while self._idle:
            await self._idle.pop().close()
