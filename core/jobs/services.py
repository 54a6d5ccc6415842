"""The verbs of jobs: ask for one, claim what is due, run one, sweep what got lost."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from core import clock
from core.audit.services import record_audit
from core.database import Unit, current_unit, fetch, fetch_value, unit_of_work
from core.errors import describe
from core.jobs import progress, queries, rules
from core.jobs.bell import BELL
from core.jobs.errors import JobNotFailed, JobNotWaiting
from core.reference import Ref
from core.writing import Writer

SWEEP = "core.sweep"
Handler = Callable[..., Awaitable[None]]
# By key, so that two units of work never wait for each other's keys crosswise.
_WRITER = Writer("job_write", lambda jobs: (sorted(jobs, key=lambda job: job[-1] or ""),))


def add_job(
    name: str,
    args: dict[str, Any],
    *,
    due_at: datetime | None = None,
    priority: int = 0,
    key: str | None = None,
) -> None:
    """Ask for the task `name`, in the caller's unit of work. `args` holds ids, never personal data.

    A second job with the same `key` is not added.
    """
    unit = current_unit()
    wanted = (name, msgspec.json.encode(args).decode(), due_at or clock.now(), priority, key)
    unit.collect(_WRITER, wanted)
    ring_after_commit(unit)


async def add_job_for(person_id: int | None, name: str, args: dict[str, Any], *, priority: int = 0) -> int:
    """Ask for a job that a person waits for, who sees at `/jobs/<id>` how far it is; returns its id.

    None: for somebody without an account, to whom its progress is told by what points to it.
    """
    unit = current_unit()
    job_id: int = await unit.connection.fetchval(
        "insert into job (name, args, due_at, priority, asked_by) values ($1, $2, $3, $4, $5) returning id",
        name,
        msgspec.json.encode(args).decode(),
        clock.now(),
        priority,
        person_id,
    )
    ring_after_commit(unit)
    return job_id


def ring_after_commit(unit: Unit) -> None:
    """Once for all jobs of the unit of work."""
    if BELL.ring not in unit.after_commit:
        unit.after_commit.append(BELL.ring)


async def claim_due(
    *, limit: int, lease: timedelta, names: Sequence[str] | None = None
) -> list[tuple[int, str]]:
    """(id, name) of jobs to send now, marked as sent and counted as an attempt.

    With `names`, of those alone: the jobs of a plugin that is switched off wait until it is back.

    Sent ones older than `lease` are due again; what is sent twice meanwhile is still done once,
    because `run_job` locks the row. A job lost as often as it may be tried has failed.
    """
    now = clock.now()
    rows = await fetch(
        """
        with claimed as (
            update job set sent_at = $1, attempts = attempts + 1,
                state = case when attempts < $4 then 'sent' else 'failed' end
            where id in (
                select id from job
                where (state = 'waiting' and due_at <= $1 or state = 'sent' and sent_at < $2)
                    and ($5::text[] is null or name = any($5))
                order by priority, due_at, id limit $3 for update skip locked)
            returning id, name, state, priority, due_at)
        select id, name, state from claimed order by priority, due_at, id""",
        now,
        now - lease,
        limit,
        rules.ATTEMPTS_MAX,
        None if names is None else list(names),
    )
    return [(row["id"], row["name"]) for row in rows if row["state"] == "sent"]


async def finish_jobs(keys: Sequence[str]) -> None:
    """What these were asked for is done by the caller's unit of work; those that run already will find so."""
    await current_unit().connection.execute(
        "update job set state = 'done', finished_at = $2 where id in (select id from job"
        " where key = any($1) and state in ('waiting', 'sent') for no key update skip locked)",
        list(keys),
        clock.now(),
    )


async def under_way(job_ids: Sequence[int]) -> set[int]:
    """Those of the jobs that have been sent and are not done, failed or waiting again."""
    rows = await fetch("select id from job where id = any($1) and state = 'sent'", list(job_ids))
    return {row["id"] for row in rows}


async def unclaim(job_id: int) -> None:
    """The broker did not take the message: wait a second, and count no attempt."""
    await fetch(
        "update job set state = 'waiting', due_at = $2, attempts = attempts - 1"
        " where id = $1 and state = 'sent'",
        job_id,
        clock.now() + timedelta(seconds=1),
    )


async def next_due_at() -> datetime | None:
    """When the earliest waiting job becomes due; None when none waits."""
    due_at: datetime | None = await fetch_value("select min(due_at) from job where state = 'waiting'")
    return due_at


async def run_job(job_id: int, handler: Handler) -> bool:
    """Do a job: its effect and the word "done" share one unit of work. False: nothing was to do.

    It may take TIME_LIMIT_S. A message that comes twice, or while another worker is at it, does
    nothing. An error is kept on the row, the job waits a growing time, and the error is raised again.
    """
    try:
        async with unit_of_work() as unit:
            row = await unit.connection.fetchrow(
                # Without touching its key, so that its progress may point at it meanwhile.
                "select args from job where id = $1 and state in ('waiting', 'sent')"
                " for no key update skip locked",
                job_id,
            )
            if row is None:
                return False
            async with asyncio.timeout(rules.TIME_LIMIT_S):
                with progress.of_job(job_id):
                    await handler(**json.loads(row["args"]))
            await unit.connection.execute(
                "update job set state = 'done', finished_at = $2, error = null where id = $1",
                job_id,
                clock.now(),
            )
    except Exception as error:
        await keep_failure(job_id, error)
        raise
    return True


async def keep_failure(job_id: int, error: Exception) -> None:
    """Write down why an attempt failed; the job waits for the next one, or has failed for good."""
    async with unit_of_work() as unit:
        attempts = await unit.connection.fetchval(
            "update job set error = $2 where id = $1 and state in ('waiting', 'sent') returning attempts",
            job_id,
            describe(error),
        )
        if attempts is None:  # another message of the same job has done it meanwhile
            return
        pause = rules.pause_after(attempts)
        await unit.connection.execute(
            "update job set state = $2, due_at = $3 where id = $1",
            job_id,
            "waiting" if pause else "failed",
            clock.now() + (pause or timedelta()),
        )


async def retry_job(job_id: int, *, actor_id: int) -> None:
    """Have a failed job tried again now, as often as a new one; raises JobNotFound, JobNotFailed."""
    async with unit_of_work() as unit:
        await queries.job(job_id)
        retried = await unit.connection.fetchval(
            "update job set state = 'waiting', attempts = 0, due_at = $2"
            " where id = $1 and state = 'failed' returning id",
            job_id,
            clock.now(),
        )
        if retried is None:
            raise JobNotFailed
        record_audit("job.retried", Ref("job", job_id), actor_id=actor_id)
        ring_after_commit(unit)


async def cancel_job(job_id: int, *, reason: str, actor_id: int) -> None:
    """Take back a job that waits; raises JobNotFound, JobNotWaiting. The reason stays on the row."""
    async with unit_of_work() as unit:
        await queries.job(job_id)
        cancelled = await unit.connection.fetchval(
            "update job set state = 'cancelled', note = $2, finished_at = $3"
            " where id = $1 and state = 'waiting' returning id",
            job_id,
            reason,
            clock.now(),
        )
        if cancelled is None:
            raise JobNotWaiting
        record_audit("job.cancelled", Ref("job", job_id), actor_id=actor_id)


async def sweep_done(*, older_than: timedelta, limit: int) -> int:
    """Delete up to `limit` jobs that were done long ago, the oldest first; returns how many."""
    rows = await current_unit().connection.fetch(
        "delete from job where id in (select id from job where state = 'done' and finished_at < $1"
        " order by finished_at limit $2 for update skip locked) returning id",
        clock.now() - older_than,
        limit,
    )
    return len(rows)
