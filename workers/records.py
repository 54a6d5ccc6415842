"""The job that writes a volunteer's own record, in the elements of MZ/T 061 that are known here."""

from collections.abc import AsyncIterator

from core.documents.services import ROWS_MOST, write_sheet
from core.documents.sheets import Cell
from core.language import in_language, mark, show_time, translate
from core.people import queries as people
from core.volunteers.queries import exports
from core.volunteers.queries.exports import ServedLine
from core.volunteers.rules.terms import volunteer_number
from core.volunteers.services.exports import EXPORT
from workers.task import task

_BATCH = 1_000
_CLOCKED, _WRITTEN = mark("签到签退"), mark("负责人记录，志愿者确认")
_HEADER = (
    mark("记录编号"),
    mark("志愿者编号"),
    mark("志愿者姓名"),
    mark("项目编号"),
    mark("所属项目"),
    mark("服务内容"),
    mark("服务地点"),
    mark("组织编号"),
    mark("组织名称"),
    mark("统一社会信用代码"),
    mark("开始时间"),
    mark("结束时间"),
    mark("服务时长 (分钟)"),
    mark("记录方式"),
    mark("记录人编号"),
    mark("双方确认时间"),
    mark("凭证编号"),
)


@task(EXPORT)
async def export_services(person_id: int, format: str, owner_id: int, language: str) -> None:
    """What the person has confirmed, oldest record first."""
    name = (await people.names([person_id]))[person_id]
    with in_language(language):
        await write_sheet(
            translate(mark("志愿服务记录")),
            format=format,
            owner_id=owner_id,
            header=[translate(title) for title in _HEADER],
            batches=_rows(person_id, name),
            of=min(await exports.count_served(person_id), ROWS_MOST),
        )


async def _rows(person_id: int, name: str) -> AsyncIterator[list[list[Cell]]]:
    after, left = 0, ROWS_MOST
    while left > 0 and (found := await exports.served(person_id, after_id=after, limit=min(_BATCH, left))):
        yield [_cells(line, person_id, name) for line in found]
        after, left = found[-1].id, left - len(found)


def _cells(line: ServedLine, person_id: int, name: str) -> list[Cell]:
    return [
        line.id,
        volunteer_number(person_id),
        name,
        line.project_id,
        line.project,
        line.title,
        line.place,
        line.organization_id,
        line.organization,
        line.uscc,
        show_time(line.begins_at),
        show_time(line.ends_at),
        line.minutes,
        translate(_CLOCKED if line.is_clocked else _WRITTEN),
        volunteer_number(line.recorded_by),
        show_time(line.confirmed_at),
        line.evidence_id,
    ]
