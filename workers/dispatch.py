"""The dispatcher: hands due job rows to Celery, one message with an id each.

It listens for the bell, wakes for what becomes due, and looks by itself every few seconds, which also
finds jobs whose message or worker was lost. Any number of workers may dispatch at once.

It keeps the broker's queue short: what only waits its turn there would be taken for lost, sent again and
in the end given up; and a job of a better priority could not overtake it.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import timedelta

import asyncpg

from core import clock
from core.database import UNREACHABLE, on_connection
from core.jobs.bell import CHANNEL
from core.jobs.services import claim_due, next_due_at, unclaim, under_way

_LOOK_EVERY_S, _LOOK_WHEN_FULL_S = 5.0, 0.2
_RECONNECT_AFTER_S = 0.5
_BATCH = 100
log = logging.getLogger(__name__)


class Dispatcher:
    """`send(name, job_id)` puts a message on the broker; it blocks, and may raise.

    Jobs are claimed by the `names` that this worker can run, and at most `most` of them at once.
    """

    def __init__(
        self,
        url: str,
        *,
        lease: timedelta,
        send: Callable[[str, int], None],
        names: Collection[str],
        most: int,
    ) -> None:
        self._url, self._lease, self._send = url, lease, send
        self._names, self._most = list(names), most
        self._sent: set[int] = set()
        self._awake = asyncio.Event()
        self._ending = False

    async def stop(self) -> None:
        """Claim nothing more."""
        self._ending = True
        self._awake.set()

    def take_done(self, job_id: int) -> None:
        """A job has ended in this process: there may be room for the next."""
        is_full = len(self._sent) >= self._most
        self._sent.discard(job_id)
        if is_full:
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
            while not self._ending and (due := await self._claim()):
                for job_id, name in due:
                    await self._send_one(name, job_id)
            try:
                await asyncio.wait_for(self._awake.wait(), await self._pause_s())
            except TimeoutError:
                continue

    async def _claim(self) -> list[tuple[int, str]]:
        if len(self._sent) >= self._most:  # others may have done some of them
            self._sent &= await under_way(list(self._sent))
        room = self._most - len(self._sent)
        if room <= 0:
            return []
        due = await claim_due(limit=min(_BATCH, room), lease=self._lease, names=self._names)
        self._sent.update(job_id for job_id, _ in due)
        return due

    async def _send_one(self, name: str, job_id: int) -> None:
        try:
            await asyncio.to_thread(self._send, name, job_id)
        except Exception as lost:
            log.warning("job %s was not sent: %s", job_id, type(lost).__name__)
            self._sent.discard(job_id)
            await unclaim(job_id)

    async def _pause_s(self) -> float:
        if len(self._sent) >= self._most:
            return _LOOK_WHEN_FULL_S
        due_at = await next_due_at()
        if due_at is None:
            return _LOOK_EVERY_S
        return min(_LOOK_EVERY_S, max(0.0, (due_at - clock.now()).total_seconds()))
