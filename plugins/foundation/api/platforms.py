"""Lists of gifts from designated platforms, for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.rules import Upload
from core.funds.rules import states as fund_states
from plugins.foundation.forms.platforms import SheetForm
from plugins.foundation.queries import platforms as queries
from plugins.foundation.rules.platforms import TITLE_MOST, Payout
from plugins.foundation.services import platforms as services
from web.access import SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.funds.api.funds import Number
from web.parameters import Before, RowId
from web.visit import current_actor

_ONE = "/platforms/{list_id:int}"
_ROWS_MOST = 100
_TARGET = r"^[1-9][0-9]{0,15}-([1-9][0-9]{0,15})?$"


_Title = Annotated[str, msgspec.Meta(min_length=1, max_length=TITLE_MOST)]


class PlatformColumns(msgspec.Struct, omit_defaults=True):
    """The titles of columns, where the list calls them by words that nobody knows."""

    order_no: _Title | None = None
    paid_on: _Title | None = None
    amount: _Title | None = None
    name: _Title | None = None
    fee: _Title | None = None


class PlatformIn(msgspec.Struct):
    """A CSV or XLSX file, base64; `target`: `12-34` is purpose 34 of fund 12, `12-` free for fund 12.

    `columns` is remembered for the foundation's next list from the same platform.
    """

    file: Upload
    target: Annotated[str, msgspec.Meta(pattern=_TARGET, max_length=40)]
    columns: PlatformColumns | None = None


class PlatformSent(msgspec.Struct):
    """The list."""

    list_id: int


class PlatformRowOut(msgspec.Struct):
    """A row; `reason`: why it cannot be booked. `gift_id` once it is."""

    line: int
    order_no: str
    amount_fen: int
    fee_fen: int
    paid_on: date | None
    reason: str
    gift_id: int | None


class PlatformListOut(msgspec.Struct):
    """`state`: judged, waiting, booking, booked, undone, dropped; `net_fen`: what has to be paid out."""

    id: int
    campaign_id: int
    fund_id: int
    purpose_id: int | None
    platform: str
    state: str
    reason: str
    rows: int
    bad: int
    gross_fen: int
    fee_fen: int
    net_fen: int
    payout_no: str | None
    paid_out_on: date | None
    booked_at: datetime | None
    found: list[PlatformRowOut]


class PayoutIn(msgspec.Struct):
    """What the platform has paid out, with the bank's slip."""

    payout_fen: Annotated[int, msgspec.Meta(ge=1, le=10**15)]
    payout_no: Number
    paid_out_on: date
    file: Upload


class UndoIn(msgspec.Struct):
    """Why it was wrong."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class PlatformJob(msgspec.Struct):
    """The job that writes the file; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


@post(
    "/campaigns/{campaign_id:int}/platform",
    summary="上传平台捐赠清单",
    access=fund_states.RECORD,
    request_max_body_size=WITH_FILE_MOST,
)
async def send_list(campaign_id: RowId, data: JSONBody[PlatformIn]) -> PlatformSent:
    """Send a list whose rows are judged; books nothing. Repeating it returns the same one."""
    file = Upload(clean(data.file.name), data.file.content)
    columns = msgspec.to_builtins(data.columns) if data.columns else {}
    chosen = {name: clean(title) for name, title in columns.items()}
    by = current_actor()
    return PlatformSent(await services.upload_list(campaign_id, data.target, file, columns=chosen, actor=by))


@get(_ONE, summary="平台捐赠清单", access=SIGNED_IN)
async def get_list(list_id: RowId, after: Before = None) -> PlatformListOut:
    """How far it is, and a hundred of its rows: those after the line `after`."""
    one = await queries.list_for(list_id, current_actor())
    rows = await queries.rows_of(list_id, after=after or 0, limit=_ROWS_MOST)
    return PlatformListOut(
        id=one.id,
        campaign_id=one.campaign_id,
        fund_id=one.fund_id,
        purpose_id=one.purpose_id,
        platform=one.platform,
        state=one.state,
        reason=one.reason,
        rows=one.rows,
        bad=one.bad,
        gross_fen=one.gross_fen,
        fee_fen=one.fee_fen,
        net_fen=one.net_fen,
        payout_no=one.payout_no,
        paid_out_on=one.paid_out_on,
        booked_at=one.booked_at,
        found=[
            PlatformRowOut(r.line, r.order_no, r.amount_fen, r.fee_fen, r.paid_on, r.reason, r.gift_id)
            for r in rows
        ],
    )


@post(
    f"{_ONE}/payout",
    summary="登记平台到账",
    access=fund_states.RECORD,
    status_code=204,
    request_max_body_size=WITH_FILE_MOST,
)
async def settle(list_id: RowId, data: JSONBody[PayoutIn]) -> None:
    """Record what has come; it has to be what the list says, to the fen."""
    payout = Payout(payout_fen=data.payout_fen, payout_no=clean(data.payout_no), paid_out_on=data.paid_out_on)
    await services.settle_list(list_id, payout, data.file, actor=current_actor())


@post(f"{_ONE}/confirm", summary="确认平台到账", access=fund_states.CONFIRM, status_code=204)
async def confirm(list_id: RowId) -> None:
    """The second person has seen it; its gifts are booked."""
    await services.confirm_list(list_id, actor=current_actor())


@post(f"{_ONE}/drop", summary="平台捐赠清单作废", access=fund_states.RECORD, status_code=204)
async def drop(list_id: RowId) -> None:
    """It is not to be booked."""
    await services.drop_list(list_id, actor=current_actor())


@post(f"{_ONE}/undo", summary="撤销平台捐赠入账", access=fund_states.CONFIRM, status_code=204)
async def undo(list_id: RowId, data: JSONBody[UndoIn]) -> None:
    """Gifts and fee go back, whole, as long as nothing of them is used."""
    await services.undo_list(list_id, reason=clean(data.reason), actor=current_actor())


@post(f"{_ONE}/sheet", summary="平台捐赠清单文件", access=SIGNED_IN, status_code=202)
async def export(list_id: RowId, data: JSONBody[SheetForm]) -> PlatformJob:
    """Ask for it as a sheet: with the reasons, or, once it is booked, with the trace codes."""
    job_id = await services.ask_for_list(list_id, format=data.format, actor=current_actor())
    return PlatformJob(job_id)


HANDLERS = [send_list, get_list, settle, confirm, drop, undo, export]
