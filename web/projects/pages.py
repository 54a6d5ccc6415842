"""Projects: a list that can be searched, one with its story, and the form that adds to it."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core import plugins
from core.files.rules import Upload
from core.language import mark
from core.projects import queries, services
from core.projects.rules import PROJECTS, REPORT_LENGTH_MOST
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, Form, said, searched, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import VISIT, current_actor

PAGE, PART_LIMIT_S = 20, 1.0
_STATES = "|".join(state.code for state in PROJECTS.states)


class ProjectSearch(msgspec.Struct):
    """What the list's form asks for."""

    words: Annotated[str, said(mark("最多 40 个字"), max_length=40)] = ""
    state: Annotated[str, said(mark("没有这种状态"), pattern=f"^({_STATES})$")] | None = None
    organization: Annotated[int, said(mark("没有这个组织"), ge=1, le=2**53)] | None = None
    before: Annotated[int, said(mark("没有这一页"), ge=1, le=2**53)] | None = None


class ReportForm(msgspec.Struct):
    """What has happened, with a photo if there is one."""

    text: Annotated[str, said(mark("最多 2000 个字"), max_length=REPORT_LENGTH_MOST)]
    file: Upload | None = None


@get("/projects", include_in_schema=False, access=PUBLIC)
async def show_projects(request: Request[Any, Any, Any]) -> Answer:
    """Projects, newest first."""
    asked, form = searched(request, ProjectSearch)
    asked = asked or ProjectSearch()
    found = await queries.projects(
        asked.words,
        state=asked.state,
        organization_ids=[asked.organization] if asked.organization else None,
        before_id=asked.before,
        limit=PAGE + 1,
    )
    return page(
        "web/projects.html",
        status=422 if form.reasons else 200,
        form=form,
        projects=found[:PAGE],
        older_than=found[PAGE - 1].id if len(found) > PAGE else None,
        flow=PROJECTS,
    )


@get("/projects/{project_id:int}", include_in_schema=False, access=PUBLIC)
async def show_project(project_id: RowId, before: Before = None) -> Answer:
    """A project: who does what for whom, its money, its story."""
    return await _project_page(project_id, before, Form())


async def _project_page(project_id: int, before: int | None, form: Form, status: int = 200) -> Answer:
    project = await queries.project(project_id)
    told = await queries.reports(project_id, before_id=before, limit=PAGE + 1)
    asked = await plugins.collect_each("collect_project_parts", limit_s=PART_LIMIT_S, project_id=project_id)
    parts = [part for found in asked.values() if isinstance(found, list) for part in found]
    return page(
        "web/project.html",
        status=status,
        project=project,
        parts=sorted(parts, key=lambda part: part.order),
        is_whole=not any(isinstance(found, Exception) for found in asked.values()),
        reports=told[:PAGE],
        older_than=told[PAGE - 1].id if len(told) > PAGE else None,
        may_tell=project.state == "running" and project.may_tell(VISIT.get().actor),
        flow=PROJECTS,
        form=form,
    )


@post(
    "/projects/{project_id:int}/reports",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def report(request: Request[Any, Any, Any], project_id: RowId) -> Answer:
    """Add to the story."""

    async def act(sent: ReportForm) -> Answer:
        await services.tell_story(project_id, sent.text, sent.file, actor=current_actor())
        return see_other(f"/projects/{project_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _project_page(project_id, None, form, status)

    return await submit(request, ReportForm, act, again)


HANDLERS = [show_projects, show_project, report]
