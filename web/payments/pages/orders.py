"""An order as its payer sees it, and the ways to pay it."""

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import QueryParameter

from core import clock
from core.language import explain, mark
from core.ledger.rules import reason_title
from core.organizations import queries as organizations
from core.organizations.queries import payees
from core.payments import queries, rules
from core.payments.errors import OrderNotFound
from core.payments.providers import DESKTOP, JSAPI, PHONE, QR, WECHAT, PaymentProvider, provider
from core.payments.services import (
    ask_for_receipt,
    ask_to_settle,
    begin_transfer,
    drop_transfer,
    identify_url,
    leave_payment,
    start_payment,
)
from core.people.rules import Actor
from core.settings import load
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, FormExpired, clean, said, see_other, submit
from web.parameters import PathCode, RowId, Words
from web.templates import page
from web.visit import VISIT, current_actor

# How often the page asks by itself whether the money has come, every two seconds.
_REDIRECT_LOOKS_MOST, _LOOK_EVERY_S = 15, 2
# While a code waits to be scanned: for six minutes, and every fourth time the provider is asked.
LOOKS_MOST, _SCAN_EVERY_S, _ASK_EACH = 90, 4, 4
CODE_MOST = 100
_PHONE = re.compile(r"Mobi|Android|iPhone|HarmonyOS")
# What the history of an order is told in.
HISTORY_WORDS = {"kinds": rules.HISTORY, "comes_in": rules.COMES_IN, "refunds": rules.REFUNDS}


class WayForm(msgspec.Struct):
    """Which button was pressed: where to pay."""

    provider: Annotated[str, said(mark("请选一种付款方式"), max_length=20)] = ""


@get("/orders/{order_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_order(
    request: Request[Any, Any, Any],
    order_id: RowId,
    looked: Annotated[int, QueryParameter(ge=0, le=LOOKS_MOST)] = 0,
) -> Answer:
    """What is owed, to whom, and how to pay it. `looked`: how often the page has loaded itself anew."""
    order = await visible_order(order_id, current_actor())
    if order.page and rules.is_own(order, current_actor()):
        return see_other(order.page)
    return await order_page("web/order.html", order, Form(), looked=looked, device=device_of(request))


@post("/orders/{order_id:int}/pay", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def pay_online(request: Request[Any, Any, Any], order_id: RowId) -> Answer:
    """Begin to pay online; the order's page then leads to the cashier."""
    order = await visible_order(order_id, current_actor())

    async def act(form: WayForm) -> Answer:
        device = device_of(request)
        payer = VISIT.get().address if device == PHONE else ""
        await start_payment(
            order_id, actor=current_actor(), provider_id=form.provider, device=device, payer=payer
        )
        return see_other(f"/orders/{order_id}?looked=1")

    async def again(form: Form, status: int) -> Answer:
        return await order_page("web/order.html", order, form, status)

    return await submit(request, WayForm, act, again)


@post("/orders/{order_id:int}/pay/leave", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def pay_otherwise(request: Request[Any, Any, Any], order_id: RowId) -> Answer:
    """Have the cashier closed, so that another way can be chosen."""
    order = await visible_order(order_id, current_actor())

    async def act(_: ButtonForm) -> Answer:
        await leave_payment(order_id, actor=current_actor())
        return see_other(f"/orders/{order_id}?looked=1")

    async def again(form: Form, status: int) -> Answer:
        return await order_page("web/order.html", order, form, status)

    return await submit(request, ButtonForm, act, again)


@get("/orders/{order_id:int}/payer/{provider_id:str}", include_in_schema=False, access=SIGNED_IN)
async def begin_as_identified(
    request: Request[Any, Any, Any],
    order_id: RowId,
    provider_id: PathCode,
    code: Words = "",
) -> Answer:
    """The browser comes back from telling the provider who pays: begin."""
    await visible_order(order_id, current_actor())
    check_state(request, order_id)
    await start_payment(
        order_id,
        actor=current_actor(),
        provider_id=provider_id,
        device=device_of(request),
        payer=clean(code)[:CODE_MOST],
    )
    return see_other(f"/orders/{order_id}?looked=1")


def check_state(request: Request[Any, Any, Any], order_id: int) -> None:
    """Raise FormExpired unless this very browser was sent to the provider for this order."""
    state = clean(request.query_params.get("state", ""))  # a name that the framework keeps for itself
    if not hmac.compare_digest(_state_of(order_id).encode(), state.encode()):
        raise FormExpired


def _state_of(order_id: int) -> str:
    return hashlib.sha256(f"payer:{order_id}:{VISIT.get().form_token()}".encode()).hexdigest()


def ways_to_pay(
    found: Sequence[queries.MerchantView], device: str, order: rules.Order
) -> list[tuple[PaymentProvider, queries.MerchantView, str]]:
    """(provider, account, where the browser must go first, or "") of each."""
    back = f"{load().public_url}{order.address}/payer"
    state = _state_of(order.id) if device == WECHAT else ""
    return [
        (provider(one.provider), one, identify_url(one, device, f"{back}/{one.provider}", state))
        for one in found
    ]


def device_of(request: Request[Any, Any, Any]) -> str:
    """Before what the payer sits, as the browser says."""
    browser = request.headers.get("user-agent", "")
    if "MicroMessenger" in browser:
        return WECHAT
    return PHONE if _PHONE.search(browser) else DESKTOP


@get("/orders/{order_id:int}/return", include_in_schema=False, access=SIGNED_IN)
async def return_from_cashier(
    order_id: RowId, looked: Annotated[int, QueryParameter(ge=1, le=LOOKS_MOST)] = 1
) -> Answer:
    """The payer is back: have the provider asked, and wait on the order's page. Nothing else is believed."""
    await ask_to_settle(order_id, actor=current_actor())
    return see_other(f"/orders/{order_id}?looked={looked}")


@dataclass(frozen=True)
class Look:
    """When the page loads itself anew, and where."""

    after_s: int
    path: str


def next_look(attempt: rules.Attempt | None, path: str, looked: int) -> Look | None:
    """A page that waits for a payment looks again by itself, for a while: `path` is its own."""
    if attempt is None or attempt.state not in rules.OPEN_STATES or attempt.flow == JSAPI:
        return None
    scans = attempt.flow == QR
    looked = looked or int(scans)  # whoever comes back to a code is still waited for
    if not 0 < looked < (LOOKS_MOST if scans else _REDIRECT_LOOKS_MOST):
        return None
    asks = "/return" if scans and looked % _ASK_EACH == 0 else ""
    return Look(_SCAN_EVERY_S if scans else _LOOK_EVERY_S, f"{path}{asks}?looked={looked + 1}")


@post("/orders/{order_id:int}/transfer", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def pay_by_transfer(request: Request[Any, Any, Any], order_id: RowId) -> Answer:
    """Be shown where to transfer the money."""
    return await _press(request, order_id, begin_transfer)


@post("/orders/{order_id:int}/transfer/drop", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def do_not_transfer(request: Request[Any, Any, Any], order_id: RowId) -> Answer:
    """Pay in another way, or not at all."""
    return await _press(request, order_id, drop_transfer)


async def _press(
    request: Request[Any, Any, Any], order_id: int, verb: Callable[..., Awaitable[None]]
) -> Answer:
    """A button of the order's page."""
    order = await visible_order(order_id, current_actor())

    async def act(_: ButtonForm) -> Answer:
        await verb(order_id, actor=current_actor())
        return see_other(f"/orders/{order_id}")

    async def again(form: Form, status: int) -> Answer:
        return await order_page("web/order.html", order, form, status)

    return await submit(request, ButtonForm, act, again)


@dataclass(frozen=True)
class TransferWords:
    """Where an order's money can be transferred to; the number and the code once its payer has asked."""

    bank: str
    holder: str
    number: str
    code: str
    until: datetime | None


async def transfer_words(order: rules.Order) -> TransferWords | None:
    """For the payer of an order alone; None where the payee has no account at a bank."""
    payee = await payees.payee_of(order.payee_id)
    if payee is None or not order.total_fen:
        return None
    begun = await queries.transfer(order.id)
    if begun is None or begun.held_until <= clock.now():
        return TransferWords(payee.bank, payee.holder, "", "", None)
    number = await payees.number_of(payee.id)
    return TransferWords(
        payee.bank, payee.holder, " ".join(wrap(number, 4)), rules.transfer_code(order.id), begun.held_until
    )


async def visible_order(order_id: int, actor: Actor) -> rules.Order:
    """The order for its household and for the payee's treasurers; for others it does not exist."""
    order = await queries.order(order_id)
    if not rules.may_see(order, actor):
        raise OrderNotFound
    return order


async def order_page(
    template: str,
    order: rules.Order,
    form: Form,
    status: int = 200,
    *,
    looked: int = 0,
    device: str = DESKTOP,
    **more: Any,
) -> Answer:
    """The order on the payer's page, or on the counter's, which shows `more`."""
    attempt = await queries.latest_attempt(order.id)
    reason = rules.ORDERS.why_not("order.paid", order, clock.now())
    return page(
        template,
        status=status,
        order=order,
        lines=[(reason_title(line.reason), line) for line in await queries.lines(order.id)],
        payee=await organizations.organization(order.payee_id),
        payer=await queries.payer_name(order),
        is_own=rules.is_own(order, current_actor()),
        why_not=explain(reason) if reason else "",
        is_late=order.state == rules.OPEN and clock.now() >= order.expires_at,
        form=form,
        attempt=attempt,
        ways=ways_to_pay(await queries.taking_merchants(order.payee_id), device, order),
        transfer=await transfer_words(order) if rules.is_own(order, current_actor()) else None,
        taking=await queries.latest_taking(order.id),
        taking_problems=rules.TAKING_PROBLEMS,
        problems=rules.PROBLEMS,
        history=await queries.history(order.id),
        sources=await queries.sources(order.id),
        refunds=await queries.refunds_of(order.id),
        words=HISTORY_WORDS,
        look_again=next_look(attempt, f"/orders/{order.id}", looked) if order.state == rules.OPEN else None,
        **more,
    )


@post("/orders/{order_id:int}/receipt", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def receipt(request: Request[Any, Any, Any], order_id: RowId) -> Answer:
    """Ask for the receipt of a paid order, and go where its progress is shown."""

    async def act(_: ButtonForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_receipt(order_id, actor=current_actor())}")

    async def again(form: Form, status: int) -> Answer:
        order = await visible_order(order_id, current_actor())
        return await order_page("web/order.html", order, form, status)

    return await submit(request, ButtonForm, act, again)


HANDLERS = [
    show_order,
    pay_online,
    pay_otherwise,
    begin_as_identified,
    return_from_cashier,
    pay_by_transfer,
    do_not_transfer,
    receipt,
]
