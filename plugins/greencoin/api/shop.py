"""The shop for programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.people.masks import mask_name
from plugins.greencoin import rules
from plugins.greencoin.api.schemes import Made
from plugins.greencoin.errors import RedemptionNotFound, SchemeNotFound
from plugins.greencoin.queries import schemes, shop
from plugins.greencoin.queries.shop import RedemptionView
from plugins.greencoin.services import shop as services
from web.access import PUBLIC, SIGNED_IN
from web.parameters import Before, RowId
from web.visit import current_actor

_WAITING_MOST = 50


class ItemOut(msgspec.Struct):
    """A thing on the shelf; `cost` in hundredths of a point."""

    id: int
    name: str
    cost: int
    stock: int


class ItemIn(msgspec.Struct):
    """A thing for the shelf; one of the same name only changes its cost."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    cost: Annotated[int, msgspec.Meta(ge=1, le=10**8)]


class StockIn(msgspec.Struct):
    """Pieces that came, or (`counted`) what a count found; minus for fewer."""

    change: Annotated[int, msgspec.Meta(ge=-99999, le=99999)]
    reason: Annotated[str, msgspec.Meta(max_length=200)]
    counted: bool = False


class ReserveIn(msgspec.Struct):
    """How many pieces."""

    quantity: Annotated[int, msgspec.Meta(ge=1, le=99)]


class RedemptionOut(msgspec.Struct):
    """A reservation of one's household; `code` is what the shop wants to see."""

    id: int
    state: str
    item_id: int
    item: str
    quantity: int
    cost: int
    code: str
    reserved_until: datetime


class WaitingOut(msgspec.Struct):
    """What lies ready in a shop, without its code."""

    id: int
    number: int
    person: str
    item: str
    quantity: int
    cost: int
    reserved_until: datetime


class CodeIn(msgspec.Struct):
    """What the resident shows."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$(?!\n)")]


def _redemption_out(found: RedemptionView) -> RedemptionOut:
    return RedemptionOut(**{name: getattr(found, name) for name in RedemptionOut.__struct_fields__})


@get("/schemes/{scheme_id:int}/items", summary="小店商品", access=PUBLIC)
async def list_items(scheme_id: RowId) -> list[ItemOut]:
    """What is on the shelf, the cheapest first."""
    await schemes.scheme(scheme_id)
    return [ItemOut(i.id, i.name, i.cost, i.stock) for i in await shop.items(scheme_id, on_shelf_only=True)]


@post("/schemes/{scheme_id:int}/items", summary="上架商品", access=rules.MANAGE)
async def add_item(scheme_id: RowId, data: JSONBody[ItemIn]) -> Made:
    """Put a thing on the shelf, or change what it costs."""
    scheme = await schemes.scheme(scheme_id)
    if not current_actor().may(rules.MANAGE, scheme.owner):
        raise SchemeNotFound
    return Made(await services.add_item(scheme_id, data.name, cost=data.cost, actor=current_actor()))


@post("/items/{item_id:int}/off", summary="下架商品", access=rules.MANAGE, status_code=204)
async def take_off(item_id: RowId) -> None:
    """Give it out no more; what is reserved is still handed over."""
    await services.take_off_shelf(item_id, actor=current_actor())


@post("/items/{item_id:int}/stock", summary="库存变动", access=rules.KEEP_SHOP, status_code=204)
async def change_stock(item_id: RowId, data: JSONBody[StockIn]) -> None:
    """Pieces came, or a count found something else."""
    await services.change_stock(
        item_id, data.change, reason=data.reason, counted=data.counted, actor=current_actor()
    )


@post("/items/{item_id:int}/reserve", summary="预留商品", access=SIGNED_IN)
async def reserve(item_id: RowId, data: JSONBody[ReserveIn]) -> Made:
    """Set pieces and points aside for one's household. Repeating it returns the same redemption."""
    return Made(await services.reserve(item_id, quantity=data.quantity, actor=current_actor()))


@get("/redemptions", summary="我家的兑换", access=SIGNED_IN)
async def list_redemptions(before: Before = None) -> list[RedemptionOut]:
    """The redemptions of one's household, newest first."""
    household_id = current_actor().require_household()
    scheme = await schemes.scheme_of(household_id)
    passbook = await schemes.passbook(scheme.id, household_id) if scheme else None
    found = await shop.redemptions_of(passbook.id, before_id=before) if passbook else []
    return [_redemption_out(one) for one in found]


@get("/redemptions/{redemption_id:int}", summary="一笔兑换", access=SIGNED_IN)
async def read_redemption(redemption_id: RowId) -> RedemptionOut:
    """One redemption of one's household, with its code."""
    found = await shop.redemption(redemption_id)
    if found.household_id != current_actor().household_id:
        raise RedemptionNotFound
    return _redemption_out(found)


@post("/redemptions/{redemption_id:int}/cancel", summary="取消兑换", access=SIGNED_IN, status_code=204)
async def cancel(redemption_id: RowId) -> None:
    """Give a reservation up: points and pieces go back."""
    await services.cancel_redemption(redemption_id, actor=current_actor())


@get("/schemes/{scheme_id:int}/waiting", summary="等待领取", access=rules.KEEP_SHOP)
async def list_waiting(scheme_id: RowId) -> list[WaitingOut]:
    """What lies ready in the shop, the first to end first."""
    scheme = await schemes.scheme(scheme_id)
    if not current_actor().may(rules.KEEP_SHOP, scheme.owner):
        raise SchemeNotFound
    return [
        WaitingOut(d.id, d.number, mask_name(d.person), d.item, d.quantity, d.cost, d.reserved_until)
        for d in await shop.waiting(scheme_id, limit=_WAITING_MOST)
    ]


@post("/schemes/{scheme_id:int}/hand-over", summary="交付商品", access=rules.KEEP_SHOP)
async def hand_over(scheme_id: RowId, data: JSONBody[CodeIn]) -> Made:
    """Give what is reserved under the code to who shows it."""
    return Made(await services.hand_over(scheme_id, data.code, actor=current_actor()))


HANDLERS = [
    list_items,
    add_item,
    take_off,
    change_stock,
    reserve,
    list_redemptions,
    read_redemption,
    cancel,
    list_waiting,
    hand_over,
]
