"""Goods for programs: what came, where it went."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.rules import Upload
from core.funds.rules import AMOUNT_MOST
from core.funds.rules import states as fund_states
from plugins.foundation.queries import calendar
from plugins.foundation.queries import goods as queries
from plugins.foundation.queries.goods import GoodsView, MoveView, Wanted
from plugins.foundation.rules import PAGE_SIZE, WORDS_MOST
from plugins.foundation.rules import goods as rules
from plugins.foundation.rules.goods import GoodsDraft, MoveDraft
from plugins.foundation.services import goods as services
from web.access import PUBLIC
from web.forms import WITH_FILE_MOST, clean
from web.funds.api.funds import Id, Number, Text
from web.parameters import Before, Code, RowId, Words
from web.visit import VISIT, current_actor

_Name = Annotated[str, msgspec.Meta(max_length=40)]
_Quantity = Annotated[int, msgspec.Meta(ge=1, le=rules.QUANTITY_MOST)]


class GoodsIn(msgspec.Struct):
    """What came. `value_fen` 0 where nobody knows it, and `valued` "none"."""

    kind: Literal["food", "medicine", "clothes", "books", "equipment", "other"]
    what: Annotated[str, msgspec.Meta(max_length=60, pattern=r"[^\s\x00]")]
    quantity: _Quantity
    unit: Annotated[str, msgspec.Meta(max_length=10, pattern=r"[^\s\x00]")]
    valued: Literal["invoice", "customs", "appraisal", "fair", "none"]
    condition: Text
    received_on: date
    slip_no: Number
    file: Upload
    value_fen: Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MOST)] = 0
    expires_on: date | None = None
    donor_name: _Name = ""
    is_anonymous: bool = False
    fund_id: Id | None = None
    campaign_id: Id | None = None

    def draft(self) -> GoodsDraft:
        """What is meant."""
        words = ("what", "unit", "condition", "slip_no", "donor_name")
        said = {name: getattr(self, name) for name in GoodsDraft.__dataclass_fields__}
        return GoodsDraft(**(said | {name: clean(said[name]) for name in words}))


class MoveIn(msgspec.Struct):
    """What is handed out to somebody, or written off."""

    kind: Literal["handed", "written"]
    quantity: _Quantity
    why: Text
    happened_on: date
    slip_no: Number
    file: Upload
    receiver_id: Id | None = None
    receiver_name: _Name = ""
    request_id: Id | None = None

    def draft(self) -> MoveDraft:
        """What is meant."""
        words = ("why", "slip_no", "receiver_name")
        said = {name: getattr(self, name) for name in MoveDraft.__dataclass_fields__}
        return MoveDraft(**(said | {name: clean(said[name]) for name in words}))


class ReasonIn(msgspec.Struct):
    """Why it is reversed."""

    reason: Text


class MoveOut(msgspec.Struct):
    """Handed out or written off; with a `reason` it was reversed."""

    id: int
    kind: str
    quantity: int
    receiver_id: int | None
    receiver: str
    request_id: int | None
    why: str
    happened_on: date
    reason: str


class GoodsOut(msgspec.Struct):
    """Goods of one slip; `donor_name` "" is anonymous. Their value is no money and in no balance."""

    id: int
    organization_id: int
    fund_id: int | None
    campaign_id: int | None
    donor_name: str
    kind: str
    what: str
    quantity: int
    unit: str
    value_fen: int
    valued: str
    condition: str
    expires_on: date | None
    received_on: date
    state: str
    handed: int
    written: int
    left: int


class WholeGoodsOut(GoodsOut):
    """With where they went."""

    moves: list[MoveOut]


class GoodsPaperOut(msgspec.Struct):
    """The job that prints it; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


def _out(found: GoodsView) -> GoodsOut:
    return GoodsOut(**{name: getattr(found, name) for name in GoodsOut.__struct_fields__})


def _move(found: MoveView) -> MoveOut:
    return MoveOut(**{name: getattr(found, name) for name in MoveOut.__struct_fields__})


async def _whole(found: GoodsView) -> WholeGoodsOut:
    is_staff = queries.is_staff(found.organization_id, VISIT.get().actor)
    moves = await queries.moves(found.id, also_reversed=is_staff)
    return WholeGoodsOut(**msgspec.structs.asdict(_out(found)), moves=[_move(one) for one in moves])


async def _detail(goods_id: int) -> WholeGoodsOut:
    return await _whole(await queries.visible_goods(goods_id, VISIT.get().actor))


@get("/foundations/{organization_id:int}/goods", summary="捐赠物资", access=PUBLIC)
async def list_goods(
    organization_id: RowId, words: Words = "", kind: Code = "", left: Code = "", before: Before = None
) -> list[GoodsOut]:
    """Twenty slips of a foundation's goods, newest first; `left`, if not empty: with something left."""
    await calendar.foundation(organization_id)
    wanted = Wanted(
        words=clean(words)[:WORDS_MOST],
        kind=kind,
        is_left=bool(left),
        also_hidden=queries.is_staff(organization_id, VISIT.get().actor),
    )
    found = await queries.list_goods(organization_id, wanted, before_id=before, limit=PAGE_SIZE)
    return [_out(one) for one in found]


@post(
    "/foundations/{organization_id:int}/goods",
    summary="登记收到的物资",
    access=fund_states.RECORD,
    status_code=201,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_goods(organization_id: RowId, data: JSONBody[GoodsIn]) -> WholeGoodsOut:
    """Write down what came."""
    made = await services.record_goods(organization_id, data.draft(), data.file, actor=current_actor())
    return await _detail(made)


@get("/goods/trace", summary="按追踪码看物资去了哪里", access=PUBLIC)
async def trace_goods(code: Words = "") -> WholeGoodsOut:
    """Where a gift of goods went."""
    return await _whole(await queries.goods_by_code(clean(code)[:WORDS_MOST]))


@get("/goods/{goods_id:int}", summary="一批物资和它的去处", access=PUBLIC)
async def get_goods(goods_id: RowId) -> WholeGoodsOut:
    """What came, and where it went."""
    return await _detail(goods_id)


@post("/goods/{goods_id:int}/confirm", summary="确认收到的物资", access=fund_states.CONFIRM, status_code=200)
async def confirm_goods(goods_id: RowId) -> WholeGoodsOut:
    """The second person has seen it."""
    await services.confirm_goods(goods_id, actor=current_actor())
    return await _detail(goods_id)


@post("/goods/{goods_id:int}/drop", summary="作废物资登记", access=fund_states.RECORD, status_code=200)
async def drop_goods(goods_id: RowId) -> WholeGoodsOut:
    """It was written down by mistake."""
    await services.drop_goods(goods_id, actor=current_actor())
    return await _detail(goods_id)


@post("/goods/{goods_id:int}/reverse", summary="冲正一批物资", access=fund_states.CONFIRM, status_code=200)
async def reverse_goods(goods_id: RowId, data: JSONBody[ReasonIn]) -> WholeGoodsOut:
    """It counted, and was wrong."""
    await services.reverse_goods(goods_id, reason=clean(data.reason), actor=current_actor())
    return await _detail(goods_id)


@post(
    "/goods/{goods_id:int}/moves",
    summary="发放或核销物资",
    access=fund_states.RECORD,
    status_code=201,
    request_max_body_size=WITH_FILE_MOST,
)
async def move_goods(goods_id: RowId, data: JSONBody[MoveIn]) -> WholeGoodsOut:
    """Hand out, or write off."""
    await services.move_goods(goods_id, data.draft(), data.file, actor=current_actor())
    return await _detail(goods_id)


@post(
    "/goods/{goods_id:int}/moves/{move_id:int}/reverse",
    summary="冲正一次发放或核销",
    access=fund_states.CONFIRM,
    status_code=200,
)
async def reverse_move(goods_id: RowId, move_id: RowId, data: JSONBody[ReasonIn]) -> WholeGoodsOut:
    """A line was wrong."""
    await services.reverse_move(goods_id, move_id, reason=clean(data.reason), actor=current_actor())
    return await _detail(goods_id)


@post("/goods/{goods_id:int}/receipt", summary="打印物资回执", access=fund_states.RECORD, status_code=202)
async def print_goods_receipt(goods_id: RowId) -> GoodsPaperOut:
    """The receipt as PDF."""
    return GoodsPaperOut(await services.ask_for_goods_receipt(goods_id, actor=current_actor()))


HANDLERS = [
    list_goods, record_goods, trace_goods, get_goods, confirm_goods, drop_goods, reverse_goods, move_goods,
    reverse_move, print_goods_receipt,
]  # fmt: skip
