"""Projects for programs."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from core.files.rules import Upload
from core.language import translate
from core.manifest import ProjectLine
from core.projects import queries, services
from core.projects.rules import REPORT_LENGTH_MOST
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST
from web.parameters import Before, MaybeId, RowId, Words
from web.projects.pages import PAGE
from web.visit import current_actor

StateName = Annotated[str, QueryParameter(name="state", max_length=20, pattern=r"^[a-z]*$(?!\n)")]


class ProjectOut(msgspec.Struct):
    """A project as everybody sees it. `state`: running, completed or stopped."""

    id: int
    title: str
    summary: str
    state: str
    organization_id: int
    organization: str
    region_id: int
    region: str
    opened_at: datetime
    ended_at: datetime | None


class LineOut(msgspec.Struct):
    """A fact; `amount_fen` where it is money."""

    text: str
    amount_fen: int | None
    at: datetime | None
    path: str | None


class PartOut(msgspec.Struct):
    """What one plugin knows of the project."""

    title: str
    lines: list[LineOut]


class ReportOut(msgspec.Struct):
    """Something told; `files` are ids for `/api/v1/uploads/{id}/content`."""

    id: int
    text: str
    reported_at: datetime
    files: list[int]


class ProjectDetail(ProjectOut):
    """A project with what plugins know, and the newest of its story."""

    parts: list[PartOut]
    reports: list[ReportOut]


class NewReport(msgspec.Struct):
    """What has happened, with a photo if there is one."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=REPORT_LENGTH_MOST)]
    file: Upload | None = None


class Created(msgspec.Struct):
    """The id of what was made."""

    id: int


@get("/projects", summary="项目", tags=["projects"], access=PUBLIC)
async def list_projects(
    words: Words = "", project_state: StateName = "", organization_id: MaybeId = None, before: Before = None
) -> list[ProjectOut]:
    """Twenty projects, newest first, with ids below `before`."""
    found = await queries.projects(
        words[:40],
        state=project_state or None,
        organization_ids=[organization_id] if organization_id else None,
        before_id=before,
        limit=PAGE,
    )
    return [ProjectOut(**_shown(project)) for project in found]


@get("/projects/{project_id:int}", summary="项目详情", tags=["projects"], access=PUBLIC)
async def get_project(project_id: RowId) -> ProjectDetail:
    """A project with what plugins know, and the newest of its story."""
    project = await queries.project(project_id)
    parts = [
        PartOut(translate(part.title), [_line(line) for line in part.lines])
        for part in await queries.parts(project_id)
    ]
    told = await queries.reports(project_id, before_id=None, limit=PAGE)
    reports = [ReportOut(r.id, r.text, r.reported_at, [file.id for file in r.files]) for r in told]
    return ProjectDetail(**_shown(project), parts=parts, reports=reports)


@post(
    "/projects/{project_id:int}/reports",
    summary="报告项目进展",
    tags=["projects"],
    access=SIGNED_IN,
    request_max_body_size=WITH_FILE_MOST,
)
async def post_report(project_id: RowId, data: JSONBody[NewReport]) -> Created:
    """Add to the story."""
    return Created(await services.tell_story(project_id, data.text, data.file, actor=current_actor()))


def _line(line: ProjectLine) -> LineOut:
    return LineOut(translate(line.text, **line.params), line.amount_fen, line.at, line.path)


def _shown(project: queries.ProjectView) -> dict[str, Any]:
    return {name: getattr(project, name) for name in ProjectOut.__struct_fields__}


HANDLERS = [list_projects, get_project, post_report]
