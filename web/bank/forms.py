"""What treasurers send about statements and their lines."""

from typing import Annotated

import msgspec

from core.files.rules import Upload
from core.language import mark
from core.payments import rules
from core.payments.rules.statements import HEAD_MOST, STATEMENT_ROWS_MOST, Columns
from web.forms import said

_TITLE = said(mark("请选择表里有的列"), max_length=210)
_Id = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class StatementForm(msgspec.Struct):
    """A statement, and whose account it is of."""

    file: Upload
    organization_id: Annotated[int, said(mark("请选择组织"), ge=1, le=2**53 - 1)]


class ColumnsForm(msgspec.Struct):
    """Which title stands over what."""

    header_line: Annotated[int, said(mark("请写列名所在的行号"), ge=1, le=HEAD_MOST)]
    day: Annotated[str, _TITLE]
    income: Annotated[str, _TITLE]
    direction: Annotated[str, _TITLE] = ""
    name: Annotated[str, _TITLE] = ""
    account: Annotated[str, _TITLE] = ""
    remark: Annotated[str, _TITLE] = ""
    more: Annotated[str, _TITLE] = ""
    serial: Annotated[str, _TITLE] = ""

    def columns(self) -> Columns:
        """As the rules want them."""
        return Columns(**msgspec.structs.asdict(self))


class TakeForm(msgspec.Struct):
    """How many new rows one has seen."""

    credits: Annotated[int, said(mark("没有可以导入的行"), ge=1, le=STATEMENT_ROWS_MOST)]


class AssignForm(msgspec.Struct):
    """The order that the money pays."""

    order_id: Annotated[int, said(mark("请填写缴费单号"), ge=1, le=2**53 - 1)]


class PayoutForm(msgspec.Struct):
    """The payout whose arrival the line is."""

    payout_id: Annotated[int, said(mark("请选择一笔提现"), ge=1, le=2**53 - 1)]


class ReturnedForm(msgspec.Struct):
    """The bank's number of the transfer back."""

    sent_back_no: Annotated[str, said(mark("请填写银行退款回单的编号，最多 40 个字"), max_length=40)]


class UndoForm(msgspec.Struct):
    """Why it was wrong."""

    reason: Annotated[str, said(mark("请写明更正的原因，最多 200 个字"), max_length=rules.REASON_MOST)]


class ExportForm(msgspec.Struct):
    """The format, and whose lines."""

    organization_id: _Id
    format: str = ""
