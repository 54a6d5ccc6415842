"""What core's own areas give to a dossier, and to a donor's copy."""

from core import plugins
from core.funds.queries import dossiers as funds
from core.funds.queries import packs, traces
from core.language import mark, translate
from core.manifest import Acceptance, DossierPart, GiftRecords
from core.organizations.queries import dossiers as organizations
from core.payments.queries import dossiers as payments
from core.projects import queries as projects
from core.reference import Ref
from core.volunteers.queries import dossiers as volunteers
from core.volunteers.queries.opportunities import served_for

_ACCEPTED = {
    "accepted": mark("已验收"),
    "asked": mark("等待验收"),
    "returned": mark("退回补正"),
}
_PROJECT_COLUMNS = {
    "title": mark("项目"),
    "organization": mark("组织"),
    "acceptance_shown": mark("验收"),
    "accepted_by": mark("谁验收"),
    "accepted_at": mark("验收时间"),
    "acceptance_result": mark("验收结果"),
    "minutes": mark("志愿服务分钟"),
}


async def of_core(subject: Ref) -> list[DossierPart]:
    """Of an organization: itself, its roles, orders, projects, funds, and what volunteers did there.

    Of a fund: gifts and requests. Of a volunteer: what was served.
    """
    return [
        *await organizations.dossier(subject),
        *await payments.dossier(subject),
        *await projects.dossier(subject),
        *await funds.dossier(subject),
        *await volunteers.dossier(subject),
    ]


async def of_gifts(gift_ids: list[int], is_own: bool) -> list[GiftRecords]:
    """What funds know of the gifts, and the projects that they paid for."""
    uses = await traces.trace_gifts(gift_ids)
    return [
        *await packs.records(gift_ids, is_own),
        await _projects(sorted({part.project_id for part in uses if part.project_id})),
    ]


async def _projects(ids: list[int]) -> GiftRecords:
    said: list[Acceptance] = await plugins.collect("collect_acceptances", project_ids=ids) if ids else []
    accepted = {one.project_id: one for one in said}
    served = await served_for(ids)
    rows = [
        {
            "id": found.id,
            "title": found.title,
            "organization": found.organization,
            "state": found.state,
            "opened_at": found.opened_at,
            "ended_at": found.ended_at,
            "services": served.get(found.id, (0, 0))[0],
            "minutes": served.get(found.id, (0, 0))[1],
            **_acceptance(accepted.get(found.id)),
        }
        for found in (await projects.projects_by_id(ids)).values()
    ]
    return GiftRecords(name="projects", title=mark("项目和验收"), columns=_PROJECT_COLUMNS, rows=rows)


def _acceptance(found: Acceptance | None) -> dict[str, object]:
    if found is None:
        return {"acceptance": None}
    return {
        "acceptance": found.state,
        "acceptance_shown": translate(_ACCEPTED[found.state]),
        "accepted_by": found.by,
        "accepted_at": found.at,
        "acceptance_result": found.result,
    }
