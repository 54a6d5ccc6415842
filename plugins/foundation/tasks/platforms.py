"""Lists of gifts from platforms: booked, and as a sheet."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

from core.database import fetch_value
from core.documents.reading import rows_of
from core.documents.services import write_sheet
from core.documents.sheets import Cell
from core.language import in_language, mark, translate
from plugins.foundation.queries import platforms as queries
from plugins.foundation.queries.platforms import ListView, RowView
from plugins.foundation.rules import platforms as rules
from plugins.foundation.services import booking
from plugins.foundation.services.platforms import EXPORT
from workers.task import task

_BOOKED = (
    mark("订单号"),
    mark("捐赠日期"),
    mark("捐赠金额 (元)"),
    mark("手续费 (元)"),
    mark("捐赠编号"),
    mark("查询码"),
)


@task(booking.BOOK)
async def book_list(list_id: int, language: str) -> None:
    """All of a list, in one piece."""
    await booking.book_list(list_id, language=language)


@task(EXPORT)
async def export_list(list_id: int, format: str, owner_id: int, language: str) -> None:
    """As it was sent with a column that says why not; once it is booked, with the codes for the donors."""
    one = await queries.platform_list(list_id)
    rows = await queries.rows_of(list_id, after=0, limit=rules.ROWS_MOST)
    with in_language(language):
        header, lines = await _sheet(one, rows)
        await write_sheet(
            translate(mark("平台捐赠清单 %(id)s"), id=one.id),
            format=format,
            owner_id=owner_id,
            header=header,
            batches=_batches(lines),
            of=len(lines),
        )


async def _sheet(one: ListView, rows: list[RowView]) -> tuple[list[str], list[list[Cell]]]:
    content = await fetch_value("select content from foundation_platform_list where id = $1", one.id)
    if content is None:
        return [translate(title) for title in _BOOKED], [_cells(row) for row in rows]
    header, *written = await asyncio.to_thread(list, rows_of(content))
    reasons = {row.line: row.reason for row in rows}
    filled = [(line, row) for line, row in enumerate(written, 2) if line in reasons]
    lines: list[list[Cell]] = [
        [*row[: len(header)], *[""] * (len(header) - len(row)), reasons[line]] for line, row in filled
    ]
    return [*header, translate(mark("不能入账的原因"))], lines


def _cells(row: RowView) -> list[Cell]:
    return [
        row.order_no,
        str(row.paid_on or ""),
        Decimal(row.amount_fen).scaleb(-2),
        Decimal(row.fee_fen).scaleb(-2),
        row.gift_id,
        row.trace_code,
    ]


async def _batches(lines: list[list[Cell]]) -> AsyncIterator[list[list[Cell]]]:
    yield lines
