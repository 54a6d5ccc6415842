"""Long jobs about organizations: the directory as a file."""

from collections.abc import AsyncIterator

from core.documents.services import ROWS_MOST, write_sheet
from core.documents.sheets import Cell
from core.language import in_language, mark, show_day, translate
from core.organizations import rules
from core.organizations.queries import EXPORT, directory
from core.organizations.queries.directory import Listed, Narrowed
from workers.task import task

_BATCH = 1_000
_HEADER = (
    mark("组织全称"),
    mark("组织类型"),
    mark("统一社会信用代码"),
    mark("所在地区"),
    mark("登记日期"),
    mark("评估等级"),
    mark("慈善组织"),
)


@task(EXPORT)
async def export_organizations(
    words: str, kind: str, region_id: int | None, format: str, owner_id: int, language: str
) -> None:
    """Registered organizations by name, ROWS_MOST at most."""
    asked = await directory.narrowed(words, kind=kind, region_id=region_id)
    with in_language(language):
        await write_sheet(
            translate(mark("组织名录")),
            format=format,
            owner_id=owner_id,
            header=[translate(title) for title in _HEADER],
            batches=_rows(asked),
            of=await directory.count(asked, most=ROWS_MOST),
        )


async def _rows(asked: Narrowed) -> AsyncIterator[list[list[Cell]]]:
    after, left = ("", 0), ROWS_MOST
    while left > 0 and (found := await directory.listed(asked, after=after, limit=min(_BATCH, left))):
        yield [_cells(one) for one in found]
        left -= len(found)
        after = found[-1].name, found[-1].id


def _cells(one: Listed) -> list[Cell]:
    return [
        one.name,
        translate(rules.KINDS[one.kind].title),
        one.uscc,
        one.region,
        show_day(one.registered_at),
        one.rating,
        translate(mark("是")) if one.is_charity else "",
    ]
