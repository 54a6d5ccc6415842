"""The dispatcher: hands due job rows to Celery, one message with an id each.

It listens for the bell, wakes for what becomes due, and looks by itself every few seconds, which also
finds jobs whose message or worker was lost. Any number of workers may dispatch at once.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import asyncpg

from core import clock
from core.database import UNREACHABLE, on_connection
from core.jobs.bell import CHANNEL
from core.jobs.services import claim_due, next_due_at, unclaim

_LOOK_EVERY_S = 5.0
_RECONNECT_AFTER_S = 0.5
_BATCH = 100
log = logging.getLogger(__name__)


class Dispatcher:
    """`send(name, job_id)` puts a message on the broker; it blocks, and may raise."""

    def __init__(self, url: str, *, lease: timedelta, send: Callable[[str, int], None]) -> None:
        self._url, self._lease, self._send = url, lease, send
        self._awake = asyncio.Event()
        self._ending = False

    async def stop(self) -> None:
        """Claim nothing more."""
        self._ending = True
        self._awake.set()

    async def run(self) -> None:
        """Dispatch until `stop()`, reconnecting when the database goes away."""
        while not self._ending:
            try:
                connection = await asyncpg.connect(self._url)
                try:
                    await connection.add_listener(CHANNEL, lambda *_: self._awake.set())
                    with on_connection(connection):
                        await self._dispatch(connection)
                finally:
                    await connection.close(timeout=2)
            except (*UNREACHABLE, asyncpg.PostgresError) as lost:
                log.warning("dispatcher lost the database: %s", type(lost).__name__)
                await asyncio.sleep(_RECONNECT_AFTER_S)

    async def _dispatch(self, connection: asyncpg.Connection) -> None:
        while not self._ending and not connection.is_closed():
            self._awake.clear()
            while not self._ending and (due := await claim_due(limit=_BATCH, lease=self._lease)):
                for job_id, name in due:
                    await self._send_one(name, job_id)
            try:
                await asyncio.wait_for(self._awake.wait(), await self._pause_s())
            except TimeoutError:
                continue

    async def _send_one(self, name: str, job_id: int) -> None:
        try:
            await asyncio.to_thread(self._send, name, job_id)
        except Exception as lost:
            log.warning("job %s was not sent: %s", job_id, type(lost).__name__)
            await unclaim(job_id)

    async def _pause_s(self) -> float:
        due_at = await next_due_at()
        if due_at is None:
            return _LOOK_EVERY_S
        return min(_LOOK_EVERY_S, max(0.0, (due_at - clock.now()).total_seconds()))
