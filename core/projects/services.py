"""The verbs of projects. Whoever opens one is a plugin's verb; its organization tells the story."""

from typing import Literal

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.files.rules import Upload
from core.files.services import keep_file
from core.people.rules import Actor
from core.projects import queries
from core.projects.errors import ProjectEnded
from core.projects.rules import PROJECT, PROJECTS, REPORT, TELL, check_report
from core.projects.tables import Project, ProjectReport
from core.reference import Ref
from core.search.services import index_thing


async def open_project(
    title: str,
    summary: str,
    *,
    organization_id: int,
    region_id: int,
    source: Ref,
    actor_id: int | None,
) -> int:
    """Open the project that `source` has become, and return its id; the same source again, the same id.

    The caller's verb has locked the source and knows that it may.
    """
    async with unit_of_work():
        if there := await queries.project_of(source):
            return there
        project = Project(
            title=title,
            summary=summary,
            organization=organization_id,
            region=region_id,
            source_kind=source.kind,
            source_id=source.id,
            opened_at=clock.now(),
        )
        await project.save()
        ref = Ref(PROJECT, project.id)
        await index_thing(ref, name=title, path=f"/projects/{project.id}")
        record_audit("project.opened", ref, actor_id=actor_id)
        return int(project.id)


async def end_project(
    project_id: int, outcome: Literal["completed", "stopped"], *, actor_id: int | None
) -> None:
    """End a running project; raises ProjectNotFound, or WrongState when it has ended. The caller may."""
    async with unit_of_work():
        PROJECTS.check(f"project.{outcome}", await _locked(project_id), clock.now())
        await advance(PROJECTS, f"project.{outcome}", project_id, actor_id=actor_id, ended_at=clock.now())


async def tell_story(project_id: int, text: str, upload: Upload | None = None, *, actor: Actor) -> int:
    """Add a report, with a photo if there is one, to the project's public page; returns its id.

    Raises PermissionMissing, ProjectNotFound, ProjectEnded, ReportEmpty, and what a file can be refused for.
    """
    check_report(text)
    async with unit_of_work():
        project = await queries.project(project_id)
        actor.require(TELL, Ref("organization", project.organization_id))
        report = ProjectReport(
            project=project_id, text=text.strip(), reported_by=actor.person_id, reported_at=clock.now()
        )
        await report.save()
        if upload is not None:
            await keep_file(upload, subject=Ref(REPORT, report.id), actor_id=actor.person_id, is_public=True)
        if (await _locked(project_id)).state != "running":
            raise ProjectEnded
        record_audit("project.reported", Ref(PROJECT, project_id), actor_id=actor.person_id)
        return int(report.id)


async def _locked(project_id: int) -> queries.ProjectView:
    await current_unit().connection.fetchval("select 1 from project where id = $1 for update", project_id)
    return await queries.project(project_id)
