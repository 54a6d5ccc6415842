"""Long jobs about organizations: the directory as a file; lists that are imported."""

from collections.abc import AsyncIterator

from core.documents.services import ROWS_MOST, write_sheet
from core.documents.sheets import Cell
from core.language import in_language, mark, show_day, translate
from core.organizations import rules
from core.organizations.queries import EXPORT, directory, imports
from core.organizations.queries.directory import Listed, Narrowed
from core.organizations.rules.imports import COLUMNS
from core.organizations.services import imports as services
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


@task(services.JUDGE)
async def judge_import(import_id: int, person_id: int, language: str) -> None:
    """Every row of a list, with its reason where it cannot be taken."""
    await services.judge_import(import_id, person_id=person_id, language=language)


@task(services.TAKE_OVER)
async def take_over_import(import_id: int, person_id: int, language: str) -> None:
    """All good rows of a list, in one piece."""
    await services.take_over_import(import_id, person_id=person_id, language=language)


@task(services.INDEX)
async def index_organizations(ids: list[int]) -> None:
    """Some of them, for search."""
    await services.index_organizations(ids)


@task(imports.ERRORS)
async def export_import_errors(import_id: int, format: str, owner_id: int, language: str) -> None:
    """The rows that cannot be taken, as they were written, with a column that says why."""
    one = await imports.import_of(import_id, owner_id)
    with in_language(language):
        await write_sheet(
            f"{one.name.rpartition('.')[0] or one.name} {translate(mark('原因'))}",
            format=format,
            owner_id=owner_id,
            header=[*COLUMNS.values(), mark("原因")],  # Chinese always: so it can be sent again
            batches=_bad_rows(import_id),
            of=one.bad,
        )


async def _bad_rows(import_id: int) -> AsyncIterator[list[list[Cell]]]:
    after = 0
    while found := await imports.bad_rows(import_id, after=after, limit=_BATCH):
        yield [[row.name, row.kind, row.uscc, row.place, row.reason] for row in found]
        after = found[-1].line


TASKS = (
    export_organizations,
    judge_import,
    take_over_import,
    index_organizations,
    export_import_errors,
)
