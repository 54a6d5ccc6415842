"""Jobs as operators see and settle them, and a long job as the person sees it who asked for it."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core.documents import queries as documents
from core.jobs import queries, services
from core.jobs.rules import COUNT_MOST, OPERATE, STATES
from core.language import mark
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, said, searched, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor, platform_actor

PAGE = 30


class JobSearch(msgspec.Struct):
    """What the list's form asks for."""

    state: Annotated[str, said(mark("没有这种状态"), pattern=f"^({'|'.join(STATES)})$")] | None = None
    name: str | None = None
    before: Annotated[int, said(mark("没有这一页"), ge=1, le=2**63 - 1)] | None = None


class ReasonForm(msgspec.Struct):
    """Why an operator takes something back."""

    reason: Annotated[str, said(mark("理由最多 200 个字"), max_length=200)]


@get("/operations/jobs", include_in_schema=False, access=OPERATE)
async def show_jobs(request: Request[Any, Any, Any]) -> Answer:
    """Jobs by state and name, newest first."""
    platform_actor(OPERATE)
    asked, form = searched(request, JobSearch)
    asked = asked or JobSearch()
    found = await queries.jobs(state=asked.state, name=asked.name, before_id=asked.before, limit=PAGE + 1)
    return page(
        "web/jobs.html",
        status=422 if form.reasons else 200,
        form=form,
        jobs=found[:PAGE],
        older_than=found[PAGE - 1].id if len(found) > PAGE else None,
        counts=await queries.counts(),
        count_most=COUNT_MOST,
        names=await queries.names(),
        states=STATES,
    )


@get("/operations/jobs/{job_id:int}", include_in_schema=False, access=OPERATE)
async def show_job(job_id: RowId) -> Answer:
    """One job, with what an operator may do about it."""
    platform_actor(OPERATE)
    return await _job_page(job_id, Form())


async def _job_page(job_id: int, form: Form, status: int = 200) -> Answer:
    return page("web/job.html", status=status, job=await queries.job(job_id), form=form)


@post("/operations/jobs/{job_id:int}/retry", include_in_schema=False, access=OPERATE, status_code=303)
async def retry(request: Request[Any, Any, Any], job_id: RowId) -> Answer:
    """Have a failed job tried again."""
    actor = platform_actor(OPERATE)

    async def act(_: ButtonForm) -> Answer:
        await services.retry_job(job_id, actor_id=actor.person_id)
        return see_other(f"/operations/jobs/{job_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _job_page(job_id, form, status)

    return await submit(request, ButtonForm, act, again)


@post("/operations/jobs/{job_id:int}/cancel", include_in_schema=False, access=OPERATE, status_code=303)
async def cancel(request: Request[Any, Any, Any], job_id: RowId) -> Answer:
    """Take back a job that nobody has begun."""
    actor = platform_actor(OPERATE)

    async def act(form: ReasonForm) -> Answer:
        await services.cancel_job(job_id, reason=form.reason, actor_id=actor.person_id)
        return see_other(f"/operations/jobs/{job_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _job_page(job_id, form, status)

    return await submit(request, ReasonForm, act, again)


@get("/jobs/{job_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_own(job_id: RowId) -> Answer:
    """How far a long job is that one has asked for, and the file that it made."""
    person_id = current_actor().person_id
    return page(
        "web/own_job.html",
        job=await queries.job(job_id, asked_by=person_id),
        file=await documents.file_of_job(job_id, person_id),
    )


HANDLERS = [show_jobs, show_job, retry, cancel, show_own]
