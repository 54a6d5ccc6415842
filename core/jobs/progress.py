"""How far the running job is: told on a connection of its own, so that others see it at once.

The job's unit of work is still open then, and may yet be rolled back: progress is not an effect.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

import asyncpg

from core import clock
from core.database import UNREACHABLE, connection_apart

PAUSE_S = 0.3
_WAIT_S = 0.5


@dataclass(eq=False)
class _Running:
    job_id: int
    told_at: float = float("-inf")


_RUNNING: ContextVar[_Running | None] = ContextVar("running_job", default=None)


@contextlib.contextmanager
def of_job(job_id: int) -> Iterator[None]:
    """What `report()` tells inside is about this job."""
    token = _RUNNING.set(_Running(job_id))
    try:
        yield
    finally:
        _RUNNING.reset(token)


def running_job() -> int | None:
    """The id of the job that runs here; None outside of one."""
    running = _RUNNING.get()
    return running.job_id if running else None


async def report(done: int, of: int) -> None:
    """So many steps `of` all are done. Written a few times a second at most, and the last one always.

    Nothing happens outside a job, or when the database cannot take it: the work goes on.
    """
    running = _RUNNING.get()
    now = asyncio.get_running_loop().time()
    if running is None or (done < of and now - running.told_at < PAUSE_S):
        return
    running.told_at = now
    with contextlib.suppress(*UNREACHABLE, asyncpg.PostgresError):
        async with connection_apart(wait_s=_WAIT_S) as connection:
            await connection.execute(
                "insert into job_progress (job, done, of, reported_at) values ($1, $2, $3, $4)"
                " on conflict (job) do update set done = $2, of = $3, reported_at = $4",
                running.job_id,
                min(done, of),
                of,
                clock.now(),
            )
