"""A gift on its way: pay, and see that it has come; with an account or without.

Who may be asked to give, and where, is for plugins to know (`collect_giving_places`).
"""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import QueryParameter

from core import clock
from core.funds import services
from core.funds.queries import gifts, traces
from core.funds.rules import states
from core.payments import queries as payments
from core.payments.providers import PHONE, provider
from web.access import PUBLIC
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import Word
from web.payments.pages.orders import LOOKS_MOST, WayForm, device_of, next_look
from web.templates import page
from web.visit import VISIT


@get("/giving/{code:str}", include_in_schema=False, access=PUBLIC)
async def show_giving(code: Word, looked: Annotated[int, QueryParameter(ge=0, le=LOOKS_MOST)] = 0) -> Answer:
    """A gift on its way, for whoever has the address. `looked`: how often it has loaded itself anew."""
    return await _giving_page(code, Form(), looked=looked)


async def _giving_page(code: str, form: Form, status: int = 200, *, looked: int = 0) -> Answer:
    gift = await gifts.online_gift(code)
    assert gift.order_id is not None, "the database holds it"
    attempt = await payments.latest_attempt(gift.order_id)
    return page(
        "web/giving.html",
        status=status,
        gift=gift,
        order=await payments.order(gift.order_id),
        attempt=attempt,
        ways=[
            (provider(one.provider), one, "") for one in await payments.taking_merchants(gift.organization_id)
        ],
        parts=await traces.trace_gift(gift.id) if gift.state == states.COUNTED else [],
        today=clock.today(),
        look_again=next_look(attempt, f"/giving/{code}", looked) if gift.state == states.PROMISED else None,
        form=form,
    )


@post("/giving/{code:str}/pay", include_in_schema=False, access=PUBLIC, status_code=303)
async def pay(request: Request[Any, Any, Any], code: Word) -> Answer:
    """Begin to pay; the page then leads to the cashier."""

    async def act(form: WayForm) -> Answer:
        device = device_of(request)
        payer = VISIT.get().address if device == PHONE else ""
        await services.pay_gift(code, provider_id=form.provider, device=device, payer=payer)
        return see_other(f"/giving/{code}?looked=1")

    async def again(form: Form, status: int) -> Answer:
        return await _giving_page(code, form, status)

    return await submit(request, WayForm, act, again)


@post("/giving/{code:str}/pay/leave", include_in_schema=False, access=PUBLIC, status_code=303)
async def pay_otherwise(request: Request[Any, Any, Any], code: Word) -> Answer:
    """Have the cashier closed, so that another way can be chosen."""

    async def act(_: ButtonForm) -> Answer:
        await services.leave_gift_payment(code)
        return see_other(f"/giving/{code}?looked=1")

    async def again(form: Form, status: int) -> Answer:
        return await _giving_page(code, form, status)

    return await submit(request, ButtonForm, act, again)


@get("/giving/{code:str}/return", include_in_schema=False, access=PUBLIC)
async def return_from_cashier(
    code: Word, looked: Annotated[int, QueryParameter(ge=1, le=LOOKS_MOST)] = 1
) -> Answer:
    """Back from the cashier: have the provider asked, and wait. Nothing else is believed."""
    await services.ask_about_gift(code)
    return see_other(f"/giving/{code}?looked={looked}")


HANDLERS = [show_giving, pay, pay_otherwise, return_from_cashier]
