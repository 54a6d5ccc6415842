"""A gift on its way: pay, and see that it has come; with an account or without.

Who may be asked to give, and where, is for plugins to know (`collect_giving_places`).
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import QueryParameter

from core import clock
from core.funds import services
from core.funds.queries import fiscal, gifts, receipts, traces
from core.funds.rules import states
from core.payments import queries as payments
from core.payments.providers import PHONE
from web.access import PUBLIC
from web.forms import Answer, ButtonForm, Form, clean, see_other, submit
from web.funds.forms import FiscalWishForm
from web.funds.pages.following import followed
from web.funds.pages.funds import parts
from web.funds.pages.gifts import trace_path
from web.parameters import PathCode, Word
from web.payments.pages.orders import (
    CODE_MOST,
    LOOKS_MOST,
    WayForm,
    check_state,
    device_of,
    next_look,
    transfer_words,
    ways_to_pay,
)
from web.pictures import absolute
from web.templates import page
from web.visit import VISIT

_Request = Request[Any, Any, Any]


@get("/giving/{code:str}", include_in_schema=False, access=PUBLIC)
async def show_giving(
    request: _Request, code: Word, looked: Annotated[int, QueryParameter(ge=0, le=LOOKS_MOST)] = 0
) -> Answer:
    """A gift on its way, for whoever has the address. `looked`: how often it has loaded itself anew."""
    return await _giving_page(request, code, Form(), looked=looked)


async def _giving_page(
    request: _Request, code: str, form: Form, status: int = 200, *, looked: int = 0
) -> Answer:
    gift = await gifts.online_gift(code)
    assert gift.order_id is not None, "the database holds it"
    order = await payments.order(gift.order_id)
    attempt = await payments.latest_attempt(gift.order_id)
    traced = await traces.trace_gift(gift.id) if gift.state == states.COUNTED else []
    return page(
        "web/giving.html",
        status=status,
        gift=gift,
        order=order,
        is_late=clock.now() >= order.expires_at,
        attempt=attempt,
        ways=ways_to_pay(await payments.taking_merchants(gift.organization_id), device_of(request), order),
        transfer=await transfer_words(order),
        parts=traced,
        projects=await followed(traced),
        added=await parts("collect_gift_parts", gift_id=gift.id),
        receipts=await receipts.receipts_of(gift.id),
        fiscal=await fiscal.fiscal_of(gift.id),
        wish=await fiscal.wish_of(gift.id),
        trace_url=absolute(trace_path(gift)),
        today=clock.today(),
        look_again=next_look(attempt, f"/giving/{code}", looked) if gift.state == states.PROMISED else None,
        form=form,
    )


@post("/giving/{code:str}/pay", include_in_schema=False, access=PUBLIC, status_code=303)
async def pay(request: _Request, code: Word) -> Answer:
    """Begin to pay; the page then leads to the cashier."""

    async def act(form: WayForm) -> Answer:
        device = device_of(request)
        payer = VISIT.get().address if device == PHONE else ""
        await services.pay_gift(code, provider_id=form.provider, device=device, payer=payer)
        return see_other(f"/giving/{code}?looked=1")

    async def again(form: Form, status: int) -> Answer:
        return await _giving_page(request, code, form, status)

    return await submit(request, WayForm, act, again)


@post("/giving/{code:str}/pay/leave", include_in_schema=False, access=PUBLIC, status_code=303)
async def pay_otherwise(request: _Request, code: Word) -> Answer:
    """Have the cashier closed, so that another way can be chosen."""
    return await _press(request, code, services.leave_gift_payment, back="?looked=1")


@post("/giving/{code:str}/transfer", include_in_schema=False, access=PUBLIC, status_code=303)
async def transfer(request: _Request, code: Word) -> Answer:
    """Be shown where to transfer the money."""
    return await _press(request, code, services.transfer_gift)


@post("/giving/{code:str}/transfer/drop", include_in_schema=False, access=PUBLIC, status_code=303)
async def do_not_transfer(request: _Request, code: Word) -> Answer:
    """Pay in another way, or not at all."""
    return await _press(request, code, services.drop_gift_transfer)


async def _press(
    request: _Request, code: str, verb: Callable[[str], Awaitable[None]], *, back: str = ""
) -> Answer:
    """A button of the page."""

    async def act(_: ButtonForm) -> Answer:
        await verb(code)
        return see_other(f"/giving/{code}{back}")

    async def again(form: Form, status: int) -> Answer:
        return await _giving_page(request, code, form, status)

    return await submit(request, ButtonForm, act, again)


@get("/giving/{code:str}/payer/{provider_id:str}", include_in_schema=False, access=PUBLIC)
async def begin_as_identified(request: _Request, code: Word, provider_id: PathCode) -> Answer:
    """The browser comes back from telling the provider who pays: begin."""
    gift = await gifts.online_gift(code)
    assert gift.order_id is not None, "the database holds it"
    check_state(request, gift.order_id)
    payer = clean(request.query_params.get("code", ""))[:CODE_MOST]  # the gift's own is in the path
    await services.pay_gift(code, provider_id=provider_id, device=device_of(request), payer=payer)
    return see_other(f"/giving/{code}?looked=1")


@post("/giving/{code:str}/fiscal", include_in_schema=False, access=PUBLIC, status_code=303)
async def ask_for_fiscal(request: _Request, code: Word) -> Answer:
    """Whoever gives wants a fiscal receipt, too."""

    async def act(form: FiscalWishForm) -> Answer:
        await services.ask_for_fiscal_while_giving(
            code, title=form.fiscal_title, tax_no=form.tax_no.upper(), actor=VISIT.get().actor
        )
        return see_other(f"/giving/{code}")

    async def again(form: Form, status: int) -> Answer:
        return await _giving_page(request, code, form, status)

    return await submit(request, FiscalWishForm, act, again)


@get("/giving/{code:str}/return", include_in_schema=False, access=PUBLIC)
async def return_from_cashier(
    code: Word, looked: Annotated[int, QueryParameter(ge=1, le=LOOKS_MOST)] = 1
) -> Answer:
    """Back from the cashier: have the provider asked, and wait. Nothing else is believed."""
    await services.ask_about_gift(code)
    return see_other(f"/giving/{code}?looked={looked}")


HANDLERS = [
    show_giving,
    pay,
    pay_otherwise,
    transfer,
    do_not_transfer,
    begin_as_identified,
    ask_for_fiscal,
    return_from_cashier,
]
