"""The readable index of a donor's copy: what is in it, table by table."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core import clock, money
from core.documents.papers import Facts, Heading, Paper, Paragraph, Part, Table
from core.dossiers.queries.packs import Copy
from core.dossiers.rules import INDEX_ROWS_MOST
from core.language import mark, show_time, translate
from core.manifest import GiftRecords

TITLE = mark("捐赠资料副本")
_LAW = mark(
    "慈善法第四十二条：捐赠人有权查询、复制其捐赠财产管理使用的有关资料。"
    "本副本由系统按账目和登记自动生成，没有别人的姓名、电话和账号。"
)
_CHECK = mark(
    "核对：在解压后的文件夹里运行 python3 verify.py，它按 manifest.json 逐个核对文件，"
    "并核对回执的签名、每笔捐赠的去向合计和每张凭单。"
)
_BY_CODE = mark(
    "凭查询码做的副本里，署名按公示的写，付款凭证等没有公开的文件只列名称；要看原件，请向基金会提出。"
)
_MORE = mark("还有更早的 %(n)s 笔没有放进来，请按单笔申请。")
_REST = mark("这里只列前 %(n)s 行，全部在 records/%(name)s.json。")
_WHY_NOT = {"": "", "private": mark("没有公开，请向基金会提出"), "too_large": mark("太大，没有放进来")}
# What has more columns is told row by row, so that it can be read on a phone.
_COLUMNS_MOST = 5
_FILE_COLUMNS = {"path": mark("文件"), "name": mark("名称"), "note": mark("说明"), "sha256": "SHA-256"}


def index_paper(
    copy: Copy,
    parts: Sequence[GiftRecords],
    files: Sequence[Mapping[str, Any]],
    *,
    made_at: datetime,
) -> Paper:
    """All parts in their order, then the files."""
    given = next(part.rows for part in parts if part.name == "gifts")
    facts = (
        (mark("组织"), copy.organization),
        (mark("捐赠笔数"), str(len(given))),
        (mark("合计 (元)"), money.format_yuan(sum(_fen(row["amount_fen"]) for row in given))),
        (mark("做成时间"), show_time(made_at)),
        (mark("代捐赠人提出的理由"), copy.reason),
    )
    said = [_LAW, _CHECK, *([_BY_CODE] if not copy.is_own else [])]
    listed = [
        {**row, "path": row["path"] or "—", "note": translate(_WHY_NOT[row["why_not"]])} for row in files
    ]
    documents = GiftRecords(name="files", title=mark("凭证和文件"), columns=_FILE_COLUMNS, rows=listed)
    return Paper(
        title=translate(TITLE),
        dated=clock.local(made_at).date(),
        parts=(
            *[Paragraph(translate(text)) for text in said],
            Facts([(translate(name), value) for name, value in facts if value]),
            *([Paragraph(translate(_MORE, n=copy.more))] if copy.more else []),
            *[part for one in (*parts, documents) if one.rows for part in _told(one)],
        ),
    )


def _told(part: GiftRecords) -> list[Part]:
    shown = part.rows[:INDEX_ROWS_MOST]
    found: list[Part] = [Heading(translate(part.title))]
    titles = [translate(title) for title in part.columns.values()]
    if len(titles) > _COLUMNS_MOST or len(shown) == 1:
        found += [Facts(_pairs(titles, part, row)) for row in shown]
    else:
        rows = [[_cell(key, row.get(key)) for key in part.columns] for row in shown]
        found.append(Table(header=titles, rows=rows, widths=[1] * len(titles)))
    if len(part.rows) > len(shown):
        found.append(Paragraph(translate(_REST, n=len(shown), name=part.name)))
    return found


def _pairs(titles: list[str], part: GiftRecords, row: Mapping[str, object]) -> list[tuple[str, str]]:
    cells = [_cell(key, row.get(key)) for key in part.columns]
    return [(title, cell) for title, cell in zip(titles, cells, strict=True) if cell]


def _cell(key: str, value: object) -> str:
    """As people read it."""
    if value is None:
        return ""
    if key.endswith("_fen"):
        return money.format_yuan(_fen(value))
    if isinstance(value, datetime):
        return show_time(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _fen(value: object) -> int:
    assert isinstance(value, int)
    return value
