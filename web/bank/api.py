"""Money that comes by bank transfer, for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from core.files.rules import Upload
from core.payments import queries, rules, services
from core.payments.rules.statements import HEAD_MOST, STATEMENT_ROWS_MOST, Columns
from web.access import SIGNED_IN
from web.bank.pages import ask_for_lines, takers, visible_line, visible_statement
from web.forms import WITH_FILE_MOST, clean
from web.parameters import Before, RowId
from web.visit import current_actor

_DESK, _STATEMENT = "/counter/bank", "/counter/bank/statements/{statement_id:int}"
_LINE = "/counter/bank/lines/{line_id:int}"
_TAGS = ["payments"]
_MOST = 50
_Id = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
_Title = Annotated[str, msgspec.Meta(max_length=210)]


class StatementIn(msgspec.Struct):
    """A CSV or XLSX file, base64; 5 MB and 10,000 rows at most."""

    organization_id: _Id
    file: Upload


class ColumnsIn(msgspec.Struct):
    """Which title stands over what; `header_line` as a spreadsheet counts."""

    header_line: Annotated[int, msgspec.Meta(ge=1, le=HEAD_MOST)]
    day: _Title
    income: _Title
    direction: _Title = ""
    name: _Title = ""
    account: _Title = ""
    remark: _Title = ""
    more: _Title = ""
    serial: _Title = ""


class ProblemOut(msgspec.Struct):
    """A row that cannot be taken."""

    line: int
    reason: str


class StatementOut(msgspec.Struct):
    """`state`: mapping, judging, judged, importing, imported, or refused with a `reason`.

    `credits`: rows of money that came in and are new; `passed`: money that went out; `booked`: paid an order.
    """

    id: int
    organization_id: int
    name: str
    state: str
    reason: str
    credits: int
    known: int
    passed: int
    bad: int
    booked: int
    problems: list[ProblemOut]
    asked_at: datetime


class LineOut(msgspec.Struct):
    """Money that came in at the bank; `reason`: why it did not book itself.

    `state`: waiting, asked, booked, not_ours, arrived (a provider's payout), returning or returned.
    """

    id: int
    organization_id: int
    state: str
    reason: str
    order_id: int | None
    amount_fen: int
    happened_on: date
    payer_name: str
    payer_last4: str
    remark: str
    serial: str
    sent_back_no: str


class TakeIn(msgspec.Struct):
    """How many new rows one has seen."""

    credits: Annotated[int, msgspec.Meta(ge=1, le=STATEMENT_ROWS_MOST)]


class AssignIn(msgspec.Struct):
    """The order that the money pays."""

    order_id: _Id


class PayoutIn(msgspec.Struct):
    """The payout whose arrival the line is; those that have not arrived stand in the settlements."""

    payout_id: _Id


class ReturnedIn(msgspec.Struct):
    """The bank's number of the transfer back."""

    sent_back_no: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class UndoIn(msgspec.Struct):
    """Why it was wrong."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=rules.REASON_MOST)]


class ExportIn(msgspec.Struct):
    """Whose lines, as `csv` or `xlsx`."""

    organization_id: _Id
    format: Annotated[str, msgspec.Meta(max_length=10)]


class StatementAsked(msgspec.Struct):
    """The statement."""

    statement_id: int


class LinesJob(msgspec.Struct):
    """The job that writes the file; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


def _line_out(x: queries.BankLineView) -> LineOut:
    return LineOut(
        x.id, x.organization_id, x.state, x.reason, x.order_id, x.amount_fen, x.happened_on, x.payer_name,
        x.payer_last4, x.remark, x.serial, x.sent_back_no,
    )  # fmt: skip


async def _line(line_id: int) -> LineOut:
    await visible_line(line_id)
    return _line_out(await queries.bank_line_view(line_id))


@post(
    f"{_DESK}/statements",
    summary="上传银行流水",
    tags=_TAGS,
    access=rules.CONFIRM,
    request_max_body_size=WITH_FILE_MOST,
)
async def send_statement(data: JSONBody[StatementIn]) -> StatementAsked:
    """Send a bank's statement; takes nothing over. The same file again is the first one."""
    file = Upload(clean(data.file.name), data.file.content)
    return StatementAsked(await services.ask_for_statement(data.organization_id, file, actor=current_actor()))


@get(_STATEMENT, summary="银行流水", tags=_TAGS, access=rules.CONFIRM)
async def get_statement(statement_id: RowId) -> StatementOut:
    """How far it is, and the first 50 rows that cannot be taken."""
    x = await visible_statement(statement_id)
    return StatementOut(
        x.id, x.organization_id, x.name, x.state, x.reason, x.credits, x.known, x.passed, x.bad, x.booked,
        [ProblemOut(line, why) for line, why in x.problems], x.asked_at,
    )  # fmt: skip


@post(f"{_STATEMENT}/columns", summary="对应各列", tags=_TAGS, access=rules.CONFIRM, status_code=202)
async def choose_columns(statement_id: RowId, data: JSONBody[ColumnsIn]) -> None:
    """Say which column says what, and have the rows judged; the next statement is read the same way."""
    columns = Columns(**msgspec.structs.asdict(data))
    await services.choose_columns(statement_id, columns, actor=current_actor())


@post(f"{_STATEMENT}/confirmation", summary="导入银行流水", tags=_TAGS, access=rules.CONFIRM, status_code=202)
async def take_over(statement_id: RowId, data: JSONBody[TakeIn]) -> None:
    """Take the new rows over, all of them or, if the world has changed, none."""
    await services.confirm_statement(statement_id, credits=data.credits, actor=current_actor())


@post(
    f"{_STATEMENT}/drop", summary="删除没有导入的银行流水", tags=_TAGS, access=rules.CONFIRM, status_code=204
)
async def drop_statement(statement_id: RowId) -> None:
    """It was the wrong file: nothing of it is kept."""
    await services.drop_statement(statement_id, actor=current_actor())


@get(f"{_DESK}/lines", summary="银行到账列表", tags=_TAGS, access=rules.CONFIRM)
async def list_lines(only_waiting: FromQuery[bool] = False, before: Before = None) -> list[LineOut]:
    """Up to 50, newest first; `before`: the last id seen."""
    found = await queries.bank_lines_of(
        takers(current_actor()), only_waiting=only_waiting, before_id=before, limit=_MOST
    )
    return [_line_out(one) for one in found]


@post(f"{_DESK}/lines/export", summary="导出银行到账", tags=_TAGS, access=rules.CONFIRM, status_code=202)
async def export_lines(data: JSONBody[ExportIn]) -> LinesJob:
    """Ask for all lines of an organization as a file."""
    return LinesJob(await ask_for_lines(data.organization_id, data.format))


@get(_LINE, summary="银行到账", tags=_TAGS, access=SIGNED_IN)
async def get_line(line_id: RowId) -> LineOut:
    """For the payee's treasurers, and for whoever agrees."""
    return await _line(line_id)


@post(f"{_LINE}/order", summary="记到缴费单", tags=_TAGS, access=rules.CONFIRM, status_code=200)
async def assign(line_id: RowId, data: JSONBody[AssignIn]) -> LineOut:
    """The money pays this order; above the limit a second person is asked. Repeating changes nothing."""
    await services.assign_line(line_id, data.order_id, actor=current_actor())
    return await _line(line_id)


@post(f"{_LINE}/not-ours", summary="与缴费无关", tags=_TAGS, access=rules.CONFIRM, status_code=200)
async def not_ours(line_id: RowId) -> LineOut:
    """The money has nothing to do with orders."""
    await services.mark_not_ours(line_id, actor=current_actor())
    return await _line(line_id)


@post(f"{_LINE}/payout", summary="是收款平台的提现", tags=_TAGS, access=rules.CONFIRM, status_code=200)
async def arrived(line_id: RowId, data: JSONBody[PayoutIn]) -> LineOut:
    """The money is this payout of a provider. Repeating changes nothing."""
    await services.take_as_payout(line_id, data.payout_id, actor=current_actor())
    return await _line(line_id)


@post(f"{_LINE}/return", summary="要退回", tags=_TAGS, access=rules.CONFIRM, status_code=200)
async def send_back(line_id: RowId) -> LineOut:
    """The money is to be sent back, at the bank."""
    await services.decide_return(line_id, actor=current_actor())
    return await _line(line_id)


@post(f"{_LINE}/returned", summary="已退回付款人", tags=_TAGS, access=rules.CONFIRM, status_code=200)
async def sent_back(line_id: RowId, data: JSONBody[ReturnedIn]) -> LineOut:
    """The bank has sent it back; above the limit another treasurer says so."""
    await services.confirm_return(line_id, sent_back_no=data.sent_back_no, actor=current_actor())
    return await _line(line_id)


@post(f"{_LINE}/undo", summary="更正", tags=_TAGS, access=rules.CONFIRM, status_code=200)
async def undo(line_id: RowId, data: JSONBody[UndoIn]) -> LineOut:
    """What was decided was wrong: it waits again, and what was booked is reversed."""
    await services.undo_line(line_id, reason=data.reason, actor=current_actor())
    return await _line(line_id)


HANDLERS = [
    send_statement,
    get_statement,
    choose_columns,
    take_over,
    drop_statement,
    list_lines,
    export_lines,
    get_line,
    assign,
    not_ours,
    arrived,
    send_back,
    sent_back,
    undo,
]
