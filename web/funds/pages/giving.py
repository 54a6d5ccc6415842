"""Giving to a fund online: promise, pay, and see that it has come; with an account or without."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import QueryParameter

from core import clock
from core.funds import rules, services
from core.funds.queries import funds, gifts, traces
from core.funds.rules import states
from core.language import translate
from core.payments import queries as payments
from core.payments.providers import PHONE, provider
from web.access import PUBLIC
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.funds.forms import PromiseForm
from web.parameters import RowId, Word
from web.payments.pages import LOOKS_MOST, WayForm, device_of, next_look
from web.templates import page
from web.visit import VISIT


@get("/funds/{fund_id:int}/give", include_in_schema=False, access=PUBLIC)
async def show_give(fund_id: RowId) -> Answer:
    """How much, what for, and under which name."""
    return await _give_page(fund_id, Form())


async def _give_page(fund_id: int, form: Form, status: int = 200) -> Answer:
    fund = await funds.fund(fund_id)
    return page(
        "web/give.html",
        status=status,
        fund=fund,
        purposes=await funds.purposes(fund_id),
        displays=[(code, translate(title)) for code, title in rules.DISPLAYS.items()],
        merchants=await payments.taking_merchants(fund.organization_id),
        form=form,
    )


@post("/funds/{fund_id:int}/give", include_in_schema=False, access=PUBLIC, status_code=303)
async def give(request: Request[Any, Any, Any], fund_id: RowId) -> Answer:
    """Promise it, and go on to pay."""

    async def act(form: PromiseForm) -> Answer:
        visit = VISIT.get()
        order_id = await services.begin_gift(
            fund_id, form.promise(), actor=visit.actor, address=visit.address
        )
        return see_other((await payments.order(order_id)).address)

    async def again(form: Form, status: int) -> Answer:
        return await _give_page(fund_id, form, status)

    return await submit(request, PromiseForm, act, again)


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


HANDLERS = [show_give, give, show_giving, pay, pay_otherwise, return_from_cashier]
