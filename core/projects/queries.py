"""Reads of projects: a list, one, and its story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import plugins
from core.database import fetch, fetch_row, fetch_value
from core.files.queries import FileName, files_of_many
from core.manifest import DossierPart, ProjectPart, Thing
from core.people.rules import Actor
from core.projects.errors import ProjectNotFound
from core.projects.rules import PROJECT, REPORT, TELL
from core.reference import Ref

_SHOWN = """
select p.id, p.title, p.summary, p.state, p.organization as organization_id, o.name as organization,
    p.region as region_id, r.name as region, p.source_kind, p.source_id, p.opened_at, p.ended_at
from project p join organization o on o.id = p.organization join region r on r.id = p.region"""


@dataclass(frozen=True)
class ProjectView:
    """A project as everybody sees it."""

    id: int
    title: str
    summary: str
    state: str
    organization_id: int
    organization: str
    region_id: int
    region: str
    source: Ref
    opened_at: datetime
    ended_at: datetime | None

    def may_tell(self, actor: Actor | None) -> bool:
        """May the visitor add to its story?"""
        return actor is not None and actor.may(TELL, Ref("organization", self.organization_id))


@dataclass(frozen=True)
class Report:
    """Something that was told of a project, with its pictures."""

    id: int
    text: str
    reported_at: datetime
    files: list[FileName]


async def project(project_id: int) -> ProjectView:
    """The project; raises ProjectNotFound."""
    row = await fetch_row(f"{_SHOWN} where p.id = $1", project_id)
    if row is None:
        raise ProjectNotFound
    return _view(row)


async def projects_by_id(project_ids: Sequence[int]) -> dict[int, ProjectView]:
    """Several projects, by id."""
    rows = await fetch(f"{_SHOWN} where p.id = any($1)", list(project_ids))
    return {row["id"]: _view(row) for row in rows}


async def project_of(source: Ref) -> int | None:
    """The id of the project that this source has opened, if it has."""
    found: int | None = await fetch_value(
        "select id from project where source_kind = $1 and source_id = $2", *source
    )
    return found


async def projects(
    words: str = "",
    *,
    state: str | None = None,
    organization_ids: Sequence[int] | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[ProjectView]:
    """Projects whose title contains `words`, newest first, with ids below `before_id`; of some organizations
    if asked.
    """
    args: list[Any] = []
    conditions: list[str] = []
    for condition, value in (
        ("strpos(p.title, ${}) > 0", words or None),
        ("p.state = ${}", state),
        ("p.organization = any(${})", organization_ids),
        ("p.id < ${}", before_id),
    ):
        if value is not None:
            args.append(value)
            conditions.append(condition.format(len(args)))
    where = f"where {' and '.join(conditions)}" if conditions else ""
    return [_view(row) for row in await fetch(f"{_SHOWN} {where} order by p.id desc limit {limit:d}", *args)]


async def reports(project_id: int, *, before_id: int | None, limit: int) -> list[Report]:
    """What was told of it, newest first, with ids below `before_id`."""
    rows = await fetch(
        "select id, text, reported_at from project_report"
        " where project = $1 and ($2::bigint is null or id < $2) order by id desc limit $3",
        project_id,
        before_id,
        limit,
    )
    files = await files_of_many(REPORT, [row["id"] for row in rows])
    return [Report(row["id"], row["text"], row["reported_at"], files.get(row["id"], [])) for row in rows]


async def parts(project_id: int) -> list[ProjectPart]:
    """What plugins know of it: money held and paid, gifts used, shifts served; in their order."""
    found: list[ProjectPart] = await plugins.collect("collect_project_parts", project_id=project_id)
    return sorted(found, key=lambda part: part.order)


async def things(after_id: int, limit: int) -> list[Thing]:
    """Projects as search finds them."""
    rows = await fetch(
        "select p.id, p.title, o.name from project p join organization o on o.id = p.organization"
        " where p.id > $1 order by p.id limit $2",
        after_id,
        limit,
    )
    return [
        Thing(id=row["id"], name=row["title"], path=f"/projects/{row['id']}", detail=row["name"])
        for row in rows
    ]


def _view(row: Any) -> ProjectView:
    values = dict(row)
    return ProjectView(source=Ref(values.pop("source_kind"), values.pop("source_id")), **values)


async def dossier(subject: Ref) -> list[DossierPart]:
    """An organization's projects, and what was told of them."""
    if subject.kind != "organization":
        return []
    found = await fetch(
        "select id, title, summary, state, region, source_kind, source_id, opened_at, ended_at from project"
        " where organization = $1 order by id",
        subject.id,
    )
    told = await fetch(
        "select r.id, r.project, r.text, r.reported_at from project_report r"
        " join project p on p.id = r.project where p.organization = $1 order by r.id",
        subject.id,
    )
    return [
        DossierPart(
            name="projects",
            rows=[dict(row) for row in found],
            subjects=[Ref(PROJECT, row["id"]) for row in found],
        ),
        DossierPart(
            name="project_reports",
            rows=[dict(row) for row in told],
            subjects=[Ref(REPORT, row["id"]) for row in told],
        ),
    ]
