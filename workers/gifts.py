"""The job that writes a donor's own gifts, and what became of each."""

from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal

from core.documents.services import ROWS_MOST, write_sheet
from core.documents.sheets import Cell
from core.funds.queries import gifts, traces
from core.funds.queries.gifts import GiftView, Wanted
from core.funds.queries.given import EXPORT, given_sum
from core.funds.rules import ALL_METHODS
from core.language import in_language, mark, translate
from workers.task import task

_BATCH = 500
_HEADER = (
    mark("捐赠编号"),
    mark("收到日期"),
    mark("基金"),
    mark("用途"),
    mark("金额 (元)"),
    mark("捐赠方式"),
    mark("收据号"),
    mark("查询码"),
)
_BECAME = {
    traces.PAID: mark("已经付出 (元)"),
    traces.HELD: mark("已经留给一项用款 (元)"),
    traces.LEFT: mark("还没有用 (元)"),
    traces.RETURNED: mark("已经退还 (元)"),
}


@task(EXPORT)
async def export_gifts(
    person_id: int, year: int | None, fund_id: int | None, format: str, owner_id: int, language: str
) -> None:
    """The person's own gifts of that year and fund, newest first; what became of them adds up to each."""
    wanted = Wanted(year, fund_id)
    with in_language(language):
        await write_sheet(
            translate(mark("我的捐赠")),
            format=format,
            owner_id=owner_id,
            header=[translate(title) for title in (*_HEADER, *_BECAME.values())],
            batches=_rows(person_id, wanted),
            of=min((await given_sum(person_id, wanted))[0], ROWS_MOST),
        )


async def _rows(person_id: int, wanted: Wanted) -> AsyncIterator[list[list[Cell]]]:
    before, left = None, ROWS_MOST
    while left > 0 and (
        found := await gifts.gifts_of_person(person_id, wanted, before_id=before, limit=min(_BATCH, left))
    ):
        became = Counter[tuple[int, str]]()
        for part in await traces.trace_gifts([gift.id for gift in found]):
            became[part.gift_id, part.kind] += part.amount_fen
        yield [[*_cells(gift), *(_yuan(became[gift.id, kind]) for kind in _BECAME)] for gift in found]
        before, left = found[-1].id, left - len(found)


def _cells(gift: GiftView) -> list[Cell]:
    return [
        gift.id,
        gift.received_on.isoformat(),
        gift.fund,
        gift.purpose or translate(mark("不限用途")),
        _yuan(gift.amount_fen),
        translate(ALL_METHODS[gift.method]),
        gift.receipt_no,
        gift.trace_code,
    ]


def _yuan(amount_fen: int) -> Decimal:
    return Decimal(amount_fen).scaleb(-2)
