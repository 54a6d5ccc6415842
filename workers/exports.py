"""Long jobs that write a list into a file of the person who asked, and say how far they are."""

import json
from collections.abc import AsyncIterator
from typing import Any

from core.audit import queries
from core.audit.rules import Search
from core.audit.services import EXPORT
from core.documents.services import ROWS_MOST, write_sheet
from core.documents.sheets import Cell
from core.language import mark, show_time, speaking, translate
from core.people import queries as people
from core.people.masks import mask_name
from workers.task import task

_BATCH = 1_000
_HEADER = (
    mark("编号"),
    mark("时间"),
    mark("操作人编号"),
    mark("操作人"),
    mark("操作"),
    mark("操作代码"),
    mark("对象"),
    mark("对象编号"),
    mark("内容"),
)


@task(EXPORT)
async def export_audit(search: dict[str, Any], format: str, owner_id: int, language: str) -> None:
    """The audit events that a search finds, newest first, the newest ROWS_MOST at most."""
    asked = Search.from_facts(search)
    with speaking(language):
        await write_sheet(
            translate(mark("审计记录")),
            format=format,
            owner_id=owner_id,
            header=[translate(title) for title in _HEADER],
            batches=_audit_rows(asked),
            of=await queries.count(asked, most=ROWS_MOST),
        )


async def _audit_rows(search: Search) -> AsyncIterator[list[list[Cell]]]:
    before, left = None, ROWS_MOST
    while left > 0 and (found := await queries.events(search, before=before, limit=min(_BATCH, left))):
        actors = await people.names([e.actor_id for e in found if e.actor_id is not None])
        yield [_cells(event, actors) for event in found]
        left -= len(found)
        before = found[-1].happened_at, found[-1].id


def _cells(event: queries.Happened, actors: dict[int, str]) -> list[Cell]:
    title = queries.action_title(event.action)
    return [
        event.id,
        show_time(event.happened_at),
        event.actor_id,
        mask_name(actors[event.actor_id]) if event.actor_id in actors else "",
        translate(title) if title else "",
        event.action,
        event.subject.kind,
        event.subject.id,
        json.dumps(event.facts, ensure_ascii=False),
    ]
