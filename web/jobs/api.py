"""Jobs, for programs."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody, QueryParameter

from core.documents import queries as documents
from core.jobs import queries, services
from core.jobs.queries import JobView
from core.jobs.rules import OPERATE
from web.access import SIGNED_IN
from web.jobs.pages import PAGE
from web.parameters import Before, RowId
from web.visit import current_actor, platform_actor

State = Literal["waiting", "sent", "failed", "cancelled", "done"]
_InState = Annotated[State | None, QueryParameter(name="state")]  # `state` itself is Litestar's


class ProgressOut(msgspec.Struct):
    """So many steps of all are done."""

    done: int
    of: int


class JobOut(msgspec.Struct):
    """A job; `args` are ids only, `error` is the class and place of its last one."""

    id: int
    name: str
    args: dict[str, int]
    state: State
    priority: int
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None
    error: str | None
    note: str
    progress: ProgressOut | None


class JobsOut(msgspec.Struct):
    """A page of jobs, newest first, and how many there are of each state (10,001: or more)."""

    counts: dict[str, int]
    jobs: list[JobOut]


class OwnJobOut(msgspec.Struct):
    """A job that one has asked for; `file_id` once it has made a file."""

    id: int
    state: State
    progress: ProgressOut | None
    file_id: int | None


class Reason(msgspec.Struct):
    """Why an operator takes something back."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


def _progress(job: JobView) -> ProgressOut | None:
    if job.progress_done is None or job.progress_of is None:
        return None
    return ProgressOut(job.progress_done, job.progress_of)


def _out(job: JobView) -> JobOut:
    return JobOut(
        job.id,
        job.name,
        job.args,
        job.state,  # type: ignore[arg-type]
        job.priority,
        job.attempts,
        job.due_at,
        job.sent_at,
        job.finished_at,
        job.error,
        job.note,
        _progress(job),
    )


@get("/operations/jobs", summary="后台任务", tags=["operations"], access=OPERATE)
async def list_jobs(
    in_state: _InState = None, name: FromQuery[str | None] = None, before: Before = None
) -> JobsOut:
    """Up to 30 jobs, newest first; `before` is the id of the last one seen."""
    platform_actor(OPERATE)
    found = await queries.jobs(state=in_state, name=name, before_id=before, limit=PAGE)
    return JobsOut(await queries.counts(), [_out(job) for job in found])


@get("/operations/jobs/{job_id:int}", summary="一个任务", tags=["operations"], access=OPERATE)
async def get_job(job_id: RowId) -> JobOut:
    """One job with its progress."""
    platform_actor(OPERATE)
    return _out(await queries.job(job_id))


@post(
    "/operations/jobs/{job_id:int}/retry",
    summary="重试任务",
    tags=["operations"],
    access=OPERATE,
    status_code=200,
)
async def retry_job(job_id: RowId) -> JobOut:
    """Have a failed job tried again now."""
    await services.retry_job(job_id, actor_id=platform_actor(OPERATE).person_id)
    return _out(await queries.job(job_id))


@post(
    "/operations/jobs/{job_id:int}/cancel",
    summary="取消任务",
    tags=["operations"],
    access=OPERATE,
    status_code=200,
)
async def cancel_job(job_id: RowId, data: JSONBody[Reason]) -> JobOut:
    """Take back a job that nobody has begun."""
    await services.cancel_job(job_id, reason=data.reason, actor_id=platform_actor(OPERATE).person_id)
    return _out(await queries.job(job_id))


@get("/jobs/{job_id:int}", summary="我申请的任务", tags=["documents"], access=SIGNED_IN)
async def get_own_job(job_id: RowId) -> OwnJobOut:
    """How far a long job is that one has asked for."""
    person_id = current_actor().person_id
    job = await queries.job(job_id, asked_by=person_id)
    file = await documents.file_of_job(job_id, person_id)
    return OwnJobOut(job.id, job.state, _progress(job), file.id if file else None)  # type: ignore[arg-type]


HANDLERS = [list_jobs, get_job, retry_job, cancel_job, get_own_job]
