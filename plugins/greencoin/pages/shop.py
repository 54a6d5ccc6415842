"""The shop: what points are worth, what is reserved, and the counter where it is handed over."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.language import explain
from plugins.greencoin import rules
from plugins.greencoin.errors import ItemNotFound, RedemptionNotFound, SchemeNotFound
from plugins.greencoin.forms import CodeForm, ItemForm, ReserveForm, StockForm
from plugins.greencoin.pages.schemes import may, own_scheme
from plugins.greencoin.queries import points, schemes, shop
from plugins.greencoin.queries.schemes import SchemeView
from plugins.greencoin.queries.shop import RedemptionView
from plugins.greencoin.rules import show_points
from plugins.greencoin.rules.shop import HANDED_OVER, REDEMPTIONS
from plugins.greencoin.services import shop as services
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, ButtonForm, Form, searched, see_other, submit
from web.parameters import MaybeId, RowId
from web.templates import page
from web.visit import current_actor

_WAITING_MOST = 50


async def _usable(scheme: SchemeView) -> int | None:
    """What the visitor's household may spend here; None for others."""
    own = await own_scheme()
    if own is None or own.id != scheme.id:
        return None
    household_id = current_actor().require_household()
    return (await points.holding(scheme, household_id, clock.today())).usable


@get("/{scheme_id:int}/shop", include_in_schema=False, access=PUBLIC)
async def show_shop(scheme_id: RowId) -> Answer:
    """What there is, and what it costs."""
    return await _shop_page(scheme_id, Form())


async def _shop_page(scheme_id: int, form: Form, status: int = 200) -> Answer:
    scheme = await schemes.scheme(scheme_id)
    works = may(rules.MANAGE, scheme) or may(rules.KEEP_SHOP, scheme)
    return page(
        "greencoin/shop.html",
        status=status,
        scheme=scheme,
        items=await shop.items(scheme_id, on_shelf_only=not works),
        usable=await _usable(scheme),
        manages=may(rules.MANAGE, scheme),
        keeps=may(rules.KEEP_SHOP, scheme),
        show_points=show_points,
        form=form,
    )


@post("/{scheme_id:int}/items", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def add_item(request: Request[Any, Any, Any], scheme_id: RowId) -> Answer:
    """Put a new thing on the shelf, or change what it costs."""
    if not may(rules.MANAGE, await schemes.scheme(scheme_id)):
        raise SchemeNotFound

    async def act(form: ItemForm) -> Answer:
        await services.add_item(scheme_id, form.name, cost=form.cost(), actor=current_actor())
        return see_other(f"/greencoin/{scheme_id}/shop")

    async def again(form: Form, status: int) -> Answer:
        return await _shop_page(scheme_id, form, status)

    return await submit(request, ItemForm, act, again)


@get("/items/{item_id:int}", include_in_schema=False, access=PUBLIC)
async def show_item(item_id: RowId) -> Answer:
    """One thing: reserve it; its keepers change how many there are."""
    return await _item_page(item_id, Form())


async def _item_page(item_id: int, form: Form, status: int = 200) -> Answer:
    item = await shop.item(item_id)
    scheme = await schemes.scheme(item.scheme_id)
    return page(
        "greencoin/item.html",
        status=status,
        item=item,
        scheme=scheme,
        usable=await _usable(scheme),
        terms=await schemes.terms(scheme),
        manages=may(rules.MANAGE, scheme),
        keeps=may(rules.KEEP_SHOP, scheme),
        show_points=show_points,
        form=form,
    )


@post("/items/{item_id:int}/reserve", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def reserve(request: Request[Any, Any, Any], item_id: RowId) -> Answer:
    """Set it aside for the visitor's household, points and all."""

    async def act(form: ReserveForm) -> Answer:
        redemption_id = await services.reserve(item_id, quantity=form.quantity, actor=current_actor())
        return see_other(f"/greencoin/redemptions/{redemption_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _item_page(item_id, form, status)

    return await submit(request, ReserveForm, act, again)


@post("/items/{item_id:int}/stock", include_in_schema=False, access=rules.KEEP_SHOP, status_code=303)
async def change_stock(request: Request[Any, Any, Any], item_id: RowId) -> Answer:
    """Pieces came, or a count found something else."""
    await _worked_on(item_id, rules.KEEP_SHOP)

    async def act(form: StockForm) -> Answer:
        await services.change_stock(
            item_id, form.change, reason=form.reason, counted=form.counted, actor=current_actor()
        )
        return see_other(f"/greencoin/items/{item_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _item_page(item_id, form, status)

    return await submit(request, StockForm, act, again)


@post("/items/{item_id:int}/off", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def take_off(request: Request[Any, Any, Any], item_id: RowId) -> Answer:
    """Give it out no more."""
    await _worked_on(item_id, rules.MANAGE)

    async def act(_: ButtonForm) -> Answer:
        await services.take_off_shelf(item_id, actor=current_actor())
        return see_other(f"/greencoin/items/{item_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _item_page(item_id, form, status)

    return await submit(request, ButtonForm, act, again)


async def _worked_on(item_id: int, permission: str) -> None:
    item = await shop.item(item_id)
    if not current_actor().may(permission, item.owner):
        raise ItemNotFound


@get("/redemptions/{redemption_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_redemption(redemption_id: RowId) -> Answer:
    """The code to be shown at the shop."""
    return await _redemption_page(redemption_id, Form())


async def _redemption_page(redemption_id: int, form: Form, status: int = 200) -> Answer:
    found = await shop.redemption(redemption_id)
    if found.household_id != current_actor().household_id:
        raise RedemptionNotFound
    return page(
        "greencoin/redemption.html",
        status=status,
        redemption=found,
        scheme=await schemes.scheme(found.scheme_id),
        flow=REDEMPTIONS,
        show_points=show_points,
        form=form,
    )


@post("/redemptions/{redemption_id:int}/cancel", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def cancel(request: Request[Any, Any, Any], redemption_id: RowId) -> Answer:
    """Give a reservation up."""

    async def act(_: ButtonForm) -> Answer:
        await services.cancel_redemption(redemption_id, actor=current_actor())
        return see_other(f"/greencoin/redemptions/{redemption_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _redemption_page(redemption_id, form, status)

    return await submit(request, ButtonForm, act, again)


@get("/{scheme_id:int}/counter", include_in_schema=False, access=rules.KEEP_SHOP)
async def show_counter(request: Request[Any, Any, Any], scheme_id: RowId, done: MaybeId = None) -> Answer:
    """Look a code up, and see for whom it is before handing over."""
    if not request.query_params.get("code"):
        return await _counter_page(scheme_id, Form(), done_id=done)
    asked, form = searched(request, CodeForm)
    if asked is None:
        return await _counter_page(scheme_id, form)
    return await _counter_page(scheme_id, form, code=asked.code)


async def _counter_page(
    scheme_id: int, form: Form, status: int = 200, *, code: str = "", done_id: int | None = None
) -> Answer:
    scheme = await schemes.scheme(scheme_id)
    if not may(rules.KEEP_SHOP, scheme):
        raise SchemeNotFound
    found_id = await shop.redemption_with(scheme_id, code) if code else None
    found = await shop.redemption(found_id) if found_id else None
    why_not = REDEMPTIONS.why_not("greencoin.handed_over", found, clock.now()) if found else None
    return page(
        "greencoin/counter.html",
        status=status,
        scheme=scheme,
        code=code,
        found=found,
        done=await _handed_over(scheme_id, done_id),
        is_own=found is not None and found.household_id == current_actor().household_id,
        why_not=explain(why_not) if why_not else "",
        waiting=await shop.waiting(scheme_id, limit=_WAITING_MOST),
        show_points=show_points,
        form=form,
    )


async def _handed_over(scheme_id: int, redemption_id: int | None) -> RedemptionView | None:
    """What has just been handed over in this shop, to say so."""
    found = await shop.redemption(redemption_id) if redemption_id else None
    return found if found and (found.scheme_id, found.state) == (scheme_id, HANDED_OVER) else None


@post("/{scheme_id:int}/counter", include_in_schema=False, access=rules.KEEP_SHOP, status_code=303)
async def hand_over(request: Request[Any, Any, Any], scheme_id: RowId) -> Answer:
    """It was handed over to who showed the code."""

    async def act(form: CodeForm) -> Answer:
        redemption_id = await services.hand_over(scheme_id, form.code, actor=current_actor())
        return see_other(f"/greencoin/{scheme_id}/counter?done={redemption_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _counter_page(scheme_id, form, status, code=form.value("code")[:6])

    return await submit(request, CodeForm, act, again)


HANDLERS = [
    show_shop,
    add_item,
    show_item,
    reserve,
    change_stock,
    take_off,
    show_redemption,
    cancel,
    show_counter,
    hand_over,
]
