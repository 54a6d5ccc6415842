"""The counter where a treasurer takes the money, and what has come online."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core import clock, money
from core.errors import Invalid
from core.files.queries import files_of
from core.files.rules import Upload
from core.language import mark, translate
from core.organizations import queries as organizations
from core.payments import queries, rules
from core.payments.errors import OrderNotFound
from core.payments.rules.takings import CASH
from core.payments.rules.transfers import TAKE_ALONE
from core.payments.services import take_at_counter
from core.people.queries import names
from core.privacy.rules import SEEN_COUNTER
from core.privacy.services import note_seen
from core.reference import Ref
from web.access import SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, Form, FormRefused, clean, said, see_other, submit
from web.parameters import Before, RowId, Words
from web.payments.pages.orders import order_page
from web.templates import page
from web.visit import current_actor

_QUEUE_MOST, _WORDS_MOST, _ONLINE_MOST = 50, 40, 50


class AmountMalformed(Invalid):
    """Not an amount of money."""

    message = "只写数字，例如 35.00"


class AmountForm(msgspec.Struct):
    """A form with an amount of money: in yuan, as typed."""

    amount: str

    def amount_fen(self) -> int:
        """The typed amount; raises FormRefused."""
        try:
            return money.parse_yuan(self.amount)
        except ValueError:
            raise FormRefused({"amount": AmountMalformed()}) from None


class CashForm(AmountForm):
    """What the counter's form sends."""

    receipt_no: Annotated[str, said(mark("收据号最多 40 个字"), max_length=40)]
    channel: Annotated[str, said(mark("请选择收款方式"), max_length=20)] = CASH
    file: Upload | None = None


@get("/counter", include_in_schema=False, access=rules.CONFIRM)
async def show_counter(words: Words = "") -> Answer:
    """Orders that wait at the counters of this treasurer."""
    payees = [scope.id for scope in current_actor().scopes(rules.CONFIRM)]
    queue = await queries.open_orders(
        payees, now=clock.now(), words=clean(words)[:_WORDS_MOST], limit=_QUEUE_MOST + 1
    )
    shown = queue[:_QUEUE_MOST]
    await note_seen([one.payer_id for one in shown], SEEN_COUNTER, viewer=current_actor())
    return page(
        "web/counter.html",
        queue=shown,
        is_cut=len(queue) > _QUEUE_MOST,
        words=words,
    )


@get("/counter/online", include_in_schema=False, access=rules.CONFIRM)
async def show_online(before: Before = None, show: Words = "") -> Answer:
    """What was paid online to the organizations of this treasurer; first what somebody must look at."""
    payees = [scope.id for scope in current_actor().scopes(rules.CONFIRM)]
    found = await queries.online_payments(
        payees, only_problems=show != "all", before_id=before, limit=_ONLINE_MOST + 1
    )
    return page(
        "web/counter_online.html",
        payments=found[:_ONLINE_MOST],
        older_than=found[_ONLINE_MOST - 1].id if len(found) > _ONLINE_MOST else None,
        shows_all=show == "all",
        workflow=rules.ATTEMPTS,
        problems=rules.PROBLEMS,
    )


@get("/counter/{order_id:int}", include_in_schema=False, access=rules.CONFIRM)
async def show_payment(order_id: RowId) -> Answer:
    """One order at the counter."""
    return await _counter_page(order_id, Form())


async def _counter_page(order_id: int, form: Form, status: int = 200) -> Answer:
    order = await _counter_order(order_id)
    return await order_page(
        "web/counter_order.html",
        order,
        form,
        status,
        channels=[(code, translate(title)) for code, title in rules.COUNTER_CHANNELS.items()],
        alone_fen=(await queries.terms(order.payee_id))[TAKE_ALONE],
        disputes=await queries.open_disputes_of(order_id),
    )


async def _counter_order(order_id: int) -> rules.Order:
    order = await queries.order(order_id)
    if not current_actor().may(rules.CONFIRM, Ref("organization", order.payee_id)):
        raise OrderNotFound
    await note_seen([order.payer_id], SEEN_COUNTER, viewer=current_actor())
    return order


@post(
    "/counter/{order_id:int}",
    include_in_schema=False,
    access=rules.CONFIRM,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def take_cash(request: Request[Any, Any, Any], order_id: RowId) -> Answer:
    """Confirm that the money was counted and a receipt given; above the limit a second person is asked."""

    async def act(form: CashForm) -> Answer:
        await take_at_counter(
            order_id,
            amount_fen=form.amount_fen(),
            receipt_no=form.receipt_no,
            channel=form.channel,
            upload=form.file,
            actor=current_actor(),
        )
        return see_other(f"/counter/{order_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _counter_page(order_id, form, status)

    return await submit(request, CashForm, act, again)


@get("/counter/takings/{taking_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_taking(taking_id: RowId) -> Answer:
    """Much money taken at the counter, for its treasurers and for whoever confirms it."""
    actor = current_actor()
    taking = await queries.taking_for(taking_id, actor)
    order = await queries.order(taking.order_id)
    await note_seen([order.payer_id], SEEN_COUNTER, viewer=actor)
    return page(
        "web/counter_taking.html",
        taking=taking,
        payee=await organizations.organization(taking.payee_id),
        payer=await queries.payer_name(order),
        taken_by=(await names([taking.asked_by]))[taking.asked_by],
        files=await files_of(Ref(rules.TAKINGS.code, taking_id)),
        approval_id=await queries.taking_approval(taking_id),
        is_treasurer=actor.may(rules.CONFIRM, Ref("organization", taking.payee_id)),
        channels=rules.CHANNELS,
        workflow=rules.TAKINGS,
        problems=rules.TAKING_PROBLEMS,
    )


HANDLERS = [
    show_counter,
    show_online,
    show_payment,
    take_cash,
    show_taking,
]
