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
from core.payments.providers import provider
from web.access import PUBLIC
from web.forms import Answer, Form, see_other, submit
from web.parameters import Word
from web.payments.pages import WayForm
from web.templates import page

# How often the page asks by itself whether the money has come, every two seconds.
_LOOKS_MOST = 15


@get("/giving/{code:str}", include_in_schema=False, access=PUBLIC)
async def show_giving(code: Word, looked: Annotated[int, QueryParameter(ge=0, le=_LOOKS_MOST)] = 0) -> Answer:
    """A gift on its way, for whoever has the address. `looked`: how often it has loaded itself anew."""
    return await _giving_page(code, Form(), looked=looked)


async def _giving_page(code: str, form: Form, status: int = 200, *, looked: int = 0) -> Answer:
    gift = await gifts.online_gift(code)
    assert gift.order_id is not None, "the database holds it"
    return page(
        "web/giving.html",
        status=status,
        gift=gift,
        order=await payments.order(gift.order_id),
        attempt=await payments.latest_attempt(gift.order_id),
        ways=[(provider(one.provider), one) for one in await payments.taking_merchants(gift.organization_id)],
        parts=await traces.trace_gift(gift.id) if gift.state == states.COUNTED else [],
        today=clock.today(),
        look_again=looked + 1 if 0 < looked < _LOOKS_MOST else 0,
        form=form,
    )


@post("/giving/{code:str}/pay", include_in_schema=False, access=PUBLIC, status_code=303)
async def pay(request: Request[Any, Any, Any], code: Word) -> Answer:
    """Begin to pay; the page then leads to the cashier."""

    async def act(form: WayForm) -> Answer:
        await services.pay_gift(code, provider_id=form.provider)
        return see_other(f"/giving/{code}?looked=1")

    async def again(form: Form, status: int) -> Answer:
        return await _giving_page(code, form, status)

    return await submit(request, WayForm, act, again)


@get("/giving/{code:str}/return", include_in_schema=False, access=PUBLIC)
async def return_from_cashier(code: Word) -> Answer:
    """Back from the cashier: have the provider asked, and wait. Nothing else is believed."""
    await services.ask_about_gift(code)
    return see_other(f"/giving/{code}?looked=1")


HANDLERS = [show_giving, pay, return_from_cashier]
