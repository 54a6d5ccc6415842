"""From a part of a gift on to the project that it has paid for: accepted or not, volunteers beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import plugins
from core.funds.queries.traces import TracePart
from core.manifest import Acceptance
from core.projects.queries import ProjectView, projects_by_id
from core.volunteers.queries.opportunities import served_for
from core.volunteers.rules.terms import hours_shown

_LIMIT_S = 1.0


@dataclass(frozen=True)
class Followed:
    """The project that a use has paid for: how far it is, who has accepted it, what volunteers did in it."""

    project: ProjectView
    acceptance: Acceptance | None
    services: int
    minutes: int

    @property
    def hours(self) -> str:
        """As people say them."""
        return hours_shown(self.minutes)


async def followed(found: Sequence[TracePart]) -> dict[int, Followed]:
    """By project id, for all parts of gifts at once."""
    ids = sorted({part.project_id for part in found if part.project_id})
    if not ids:
        return {}
    asked = await plugins.collect_each("collect_acceptances", limit_s=_LIMIT_S, project_ids=ids)
    said = {one.project_id: one for answer in asked.values() if isinstance(answer, list) for one in answer}
    served = await served_for(ids)
    return {
        id_: Followed(project, said.get(id_), *served.get(id_, (0, 0)))
        for id_, project in (await projects_by_id(ids)).items()
    }
