"""Long jobs about banks' statements: judged, taken over; their lines as a file."""

from collections.abc import AsyncIterator
from decimal import Decimal

from core.documents.services import ROWS_MOST, write_sheet
from core.documents.sheets import Cell
from core.language import in_language, mark, translate
from core.payments import queries, rules, services
from core.payments.queries import BankLineView
from workers.task import task

_BATCH = 1_000
_HEADER = (
    mark("编号"), mark("日期"), mark("金额 (元)"), mark("付款人"), mark("账号末四位"), mark("附言"),
    mark("流水号"), mark("状态"), mark("原因"), mark("缴费单"), mark("退款回单编号"),
)  # fmt: skip


@task(services.JUDGE_STATEMENT)
async def judge_statement(statement_id: int, person_id: int, language: str) -> None:
    """Every row of a statement, with its reason where it cannot be taken."""
    await services.judge_statement(statement_id, person_id=person_id, language=language)


@task(services.IMPORT_STATEMENT)
async def import_statement(statement_id: int, person_id: int, language: str) -> None:
    """All new lines of a statement, in one piece."""
    await services.import_statement(statement_id, person_id=person_id, language=language)


@task(services.EXPORT_LINES)
async def export_bank_lines(organization_id: int, format: str, owner_id: int, language: str) -> None:
    """What came in at the organization's bank, newest first, ROWS_MOST at most."""
    with in_language(language):
        await write_sheet(
            translate(mark("银行到账")),
            format=format,
            owner_id=owner_id,
            header=[translate(title) for title in _HEADER],
            batches=_rows(organization_id),
            of=await queries.count_lines(organization_id, most=ROWS_MOST),
        )


async def _rows(organization_id: int) -> AsyncIterator[list[list[Cell]]]:
    before, left = None, ROWS_MOST
    while left > 0 and (
        found := await queries.bank_lines_of(
            [organization_id], only_waiting=False, before_id=before, limit=min(_BATCH, left)
        )
    ):
        yield [_cells(one) for one in found]
        left -= len(found)
        before = found[-1].id


def _cells(one: BankLineView) -> list[Cell]:
    return [
        one.id,
        one.happened_on.isoformat(),
        Decimal(one.amount_fen).scaleb(-2),
        one.payer_name,
        one.payer_last4,
        one.remark,
        one.serial,
        translate(rules.LINES.state(one.state).title),
        translate(rules.LINE_REASONS[one.reason]) if one.reason else "",
        one.order_id or "",
        one.sent_back_no,
    ]


TASKS = (judge_statement, import_statement, export_bank_lines)
