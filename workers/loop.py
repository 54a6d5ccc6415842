"""Async bodies for Celery tasks: one event loop and one pool a worker process, made after the fork.

The coroutine runs in the task's own thread. `SoftTimeLimitExceeded` is raised by a signal into the
loop itself; the suspended coroutine is then cancelled, or its transaction would stay open.
"""

import asyncio
import contextlib
import os
from collections.abc import Coroutine
from typing import Any

from core import database
from core.jobs.bell import BELL


class TaskLoop:
    """Runs coroutines one after the other in this process, with the database pool open."""

    def __init__(self, url: str, *, pool_size: int) -> None:
        self._url, self._pool_size = url, pool_size
        self._runner: asyncio.Runner | None = None
        self._pid = 0

    def run(self, body: Coroutine[Any, Any, Any]) -> Any:
        """Run `body` to its end and return its result."""
        loop = self._open().get_loop()
        task = loop.create_task(body)
        try:
            result = loop.run_until_complete(task)
            loop.run_until_complete(BELL.rung())  # the loop stands still until the next task
            return result
        except BaseException:
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    loop.run_until_complete(task)
            raise

    def _open(self) -> asyncio.Runner:
        if self._runner is None or self._pid != os.getpid():
            self._runner, self._pid = asyncio.Runner(), os.getpid()
            self._runner.run(database.open_pool(self._url, size=self._pool_size))
            BELL.open(self._url)
        return self._runner

    def warm(self) -> None:
        """Connect before the first task comes."""
        self._open()

    def close(self) -> None:
        """Disconnect; the process ends."""
        if self._runner is not None and self._pid == os.getpid():
            self._runner.run(BELL.close())
            self._runner.run(database.close_pool())
            self._runner.close()
            self._runner = None
