"""The one event loop of a worker process, in a thread of its own, with the database pool.

Celery's threads hand their coroutines over and wait. Nothing is forked, so no connection is ever shared
by two processes, and the bell and the dispatcher live on the same loop as the jobs.
"""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

from core import database
from core.jobs.bell import BELL


class WorkerLoop:
    """Runs coroutines for other threads, from `open()` to `close()`."""

    def __init__(self, url: str, *, pool_size: int) -> None:
        self._url, self._pool_size = url, pool_size
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="worker-loop", daemon=True)

    def open(self) -> None:
        """Start the thread and connect."""
        self._thread.start()
        self.run(database.open_pool(self._url, size=self._pool_size))
        BELL.open(self._url)

    def run(self, body: Coroutine[Any, Any, Any]) -> Any:
        """Run `body` to its end and return its result; blocks the calling thread only."""
        return asyncio.run_coroutine_threadsafe(body, self._loop).result()

    def start(self, body: Coroutine[Any, Any, None]) -> None:
        """Let `body` go on by itself."""
        asyncio.run_coroutine_threadsafe(body, self._loop)

    def close(self) -> None:
        """Disconnect and end the thread; the process ends."""
        self.run(BELL.close())
        self.run(database.close_pool())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
