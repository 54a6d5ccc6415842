"""Reads of jobs: an operator's list, one job, and what the person who asked for one may see."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database import distinct, fetch, fetch_row, fetch_value
from core.jobs.errors import JobNotFound
from core.jobs.rules import COUNT_MOST, STATES


@dataclass(frozen=True)
class JobView:
    """A job with its progress, if it has told any. `args`: ids only; words are for whoever gets them."""

    id: int
    name: str
    args: dict[str, int]
    state: str
    priority: int
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None
    error: str | None
    note: str
    asked_by: int | None
    progress_done: int | None
    progress_of: int | None

    @property
    def is_under_way(self) -> bool:
        """Will something still happen to it by itself?"""
        return self.state in ("waiting", "sent")


async def is_due_since(keys: Sequence[str], since: datetime) -> bool:
    """Has a job with one of these keys fallen due after that moment?"""
    return bool(
        await fetch_value(
            "select exists (select from job where key = any($1) and due_at > $2)", list(keys), since
        )
    )


_JOBS = """
select j.id, j.name, j.args, j.state, j.priority, j.attempts, j.due_at, j.sent_at, j.finished_at, j.error,
    j.note, j.asked_by, p.done as progress_done, p.of as progress_of
from job j left join job_progress p on p.job = j.id"""


def _view(row: Any) -> JobView:
    ids = {name: value for name, value in json.loads(row["args"]).items() if isinstance(value, int)}
    return JobView(**{**dict(row), "args": ids})


async def job(job_id: int, *, asked_by: int | None = None) -> JobView:
    """One job; with `asked_by`, only if that person asked for it. Raises JobNotFound."""
    row = await fetch_row(
        f"{_JOBS} where j.id = $1 and ($2::bigint is null or j.asked_by = $2)", job_id, asked_by
    )
    if row is None:
        raise JobNotFound
    return _view(row)


async def job_on(job_id: int | None) -> JobView | None:
    """The job that works on something, or has; None once it is swept. Whoever sees the thing may see it."""
    row = await fetch_row(f"{_JOBS} where j.id = $1", job_id) if job_id is not None else None
    return _view(row) if row is not None else None


async def jobs(*, state: str | None, name: str | None, before_id: int | None, limit: int) -> list[JobView]:
    """Jobs, newest first, older than `before_id`. `state` must be one of STATES."""
    conditions, args = ["true"], [limit]
    if state is not None:
        if state not in STATES:
            raise ValueError(f"no such state of a job: {state!r}")
        conditions.append(f"j.state = '{state}'")  # literally, so that the partial indexes serve
    for column, value in (("j.name = ", name), ("j.id < ", before_id)):
        if value is not None:
            args.append(value)  # type: ignore[arg-type]
            conditions.append(f"{column}${len(args)}")
    rows = await fetch(f"{_JOBS} where {' and '.join(conditions)} order by j.id desc limit $1", *args)
    return [_view(row) for row in rows]


async def counts() -> dict[str, int]:
    """State -> how many, counted up to COUNT_MOST: more are not looked at."""
    parts = (
        f"(select count(*) from (select from job where state = '{state}' limit {COUNT_MOST}) n) as {state}"
        for state in STATES
    )
    row = await fetch_row(f"select {', '.join(parts)}")
    assert row is not None
    return dict(row)


async def names() -> list[str]:
    """Names of all tasks for which there is a job."""
    return [row["value"] for row in await fetch(distinct("job", "name"))]
