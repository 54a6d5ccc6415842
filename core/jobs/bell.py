"""The bell tells the dispatcher that jobs wait: one NOTIFY for many commits, on its own connection.

A NOTIFY inside a unit of work would make all commits queue behind one lock. Losing a ring costs a
delay, never a job: the dispatcher also looks by itself.
"""

import asyncio
import contextvars

import asyncpg

CHANNEL = "yiji_jobs"


class Bell:
    """Coalesces rings: while one NOTIFY is under way, any number of further rings ask for one more."""

    def __init__(self) -> None:
        self._url: str | None = None
        self._connection: asyncpg.Connection | None = None
        self._wanted = False
        self._ringing: asyncio.Task[None] | None = None

    def open(self, url: str) -> None:
        """Ring on the database at `url` from now on; connects at the first ring."""
        self._url = url

    def ring(self) -> None:
        """Ask for a NOTIFY soon. Never waits and never raises."""
        self._wanted = True
        if self._url is not None and (self._ringing is None or self._ringing.done()):
            # A fresh context: the task must not inherit the caller's unit of work.
            self._ringing = asyncio.get_running_loop().create_task(
                self._ring_while_wanted(self._url), context=contextvars.Context()
            )

    async def _ring_while_wanted(self, url: str) -> None:
        while self._wanted:
            self._wanted = False
            try:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await asyncpg.connect(url)
                await self._connection.execute(f"notify {CHANNEL}")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                self._connection = None

    async def close(self) -> None:
        """Finish the ring under way and hang up."""
        if self._ringing is not None:
            await self._ringing
        if self._connection is not None:
            await self._connection.close()
        self._url = self._connection = self._ringing = None


BELL = Bell()
