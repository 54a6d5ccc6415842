"""The statement of an organization's public account, as a paper."""

from collections.abc import Sequence
from datetime import datetime

from core import clock, money
from core.documents.papers import Facts, Paper, Paragraph, Table
from core.language import mark, show_day, show_time, translate
from core.ledger.queries import Line
from core.ledger.rules import reason_title

_HEADER = (mark("编号"), mark("日期"), mark("事由"), mark("说明"), mark("收支 (元)"), mark("余额 (元)"))


def statement(owner: str, lines: Sequence[Line], *, balance: int, total: int, at: datetime) -> Paper:
    """The newest of `total` lines, oldest first, as they stood `at` that moment."""
    facts = (
        (mark("组织"), owner),
        (mark("截至"), show_time(at)),
        (mark("余额 (元)"), money.format_yuan(balance)),
        (mark("笔数"), str(total)),
    )
    table = Table(
        header=[translate(title) for title in _HEADER],
        rows=[_row(line) for line in lines],
        widths=(2, 3, 5, 8, 4, 4),
        numbers=(4, 5),
    )
    cut = translate(mark("这里只列最新的 %(n)s 笔，全部收支请导出 CSV 或 XLSX。"), n=len(lines))
    return Paper(
        title=translate(mark("公共账户收支明细")),
        dated=clock.local(at).date(),
        parts=(
            Facts([(translate(name), value) for name, value in facts]),
            *([Paragraph(cut)] if len(lines) < total else []),
            table,
        ),
    )


def _row(line: Line) -> tuple[str, ...]:
    return (
        str(line.number),
        show_day(line.occurred_at),
        translate(reason_title(line.reason)),
        line.note,
        money.format_yuan(line.amount),
        money.format_yuan(line.balance),
    )
