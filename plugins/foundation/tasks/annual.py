"""The figures of an annual report as a file."""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal

from core.documents.services import write_sheet
from core.documents.sheets import Cell
from core.language import in_language, mark, translate
from core.settings import load
from plugins.foundation.queries.annual import AnnualLine, annual
from plugins.foundation.services.annual import EXPORT
from workers.task import task

_HEADER = (mark("类别"), mark("项目"), mark("金额 (元)"), mark("分钟"), mark("来源"))


@task(EXPORT)
async def export_annual(organization_id: int, year: int, format: str, owner_id: int, language: str) -> None:
    """A line a figure, with the address of the page it comes from."""
    found, lines = await annual(organization_id, year)
    with in_language(language):
        await write_sheet(
            f"{found.name} {translate(mark('%(year)s 年报数据'), year=year)}",
            format=format,
            owner_id=owner_id,
            header=[translate(title) for title in _HEADER],
            batches=_rows(lines),
            of=len(lines),
        )


async def _rows(lines: Sequence[AnnualLine]) -> AsyncIterator[list[list[Cell]]]:
    yield [
        [
            translate(line.section),
            translate(line.title) if line.is_message else line.title,
            None if line.amount_fen is None else Decimal(line.amount_fen).scaleb(-2),
            line.minutes,
            f"{load().public_url}{line.path}",
        ]
        for line in lines
    ]
