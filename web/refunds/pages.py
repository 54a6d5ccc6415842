"""Sending money back: the treasurer asks, a second person agrees, the payer sees it. Disputes."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core import clock
from core.language import mark
from core.organizations import queries as organizations
from core.payments import queries, rules
from core.payments.errors import NothingToRefund, OrderNotFound, RefundNotFound
from core.payments.providers import providers
from core.payments.rules.takings import CASH
from core.payments.services import ask_refund, ask_to_reconcile, pay_refund_out, set_line_aside
from core.people import queries as people
from core.reference import Ref
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, said, see_other, submit
from web.parameters import Before, MaybeId, RowId, Words
from web.payments.pages.counter import AmountForm
from web.templates import page
from web.visit import current_actor

_MOST, _PAYOUTS_MOST = 50, 20


class RefundForm(AmountForm):
    """What is to go back, and why. `payment_id`: the online payment, 0: cash; `seen_fen`: what was left."""

    reason: Annotated[str, said(mark("请写明退款原因，最多 200 个字"), max_length=rules.REASON_MOST)]
    payment_id: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    seen_fen: int = 0  # the page sends it; without it, what is left has changed


class ReconcileForm(msgspec.Struct):
    """Whose books."""

    organization_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class PaidOutForm(msgspec.Struct):
    """The slip that the payer has signed for the cash."""

    receipt_no: Annotated[str, said(mark("收据号最多 40 个字"), max_length=40)]


def payees() -> list[int]:
    """The organizations whose money this person takes and sends back."""
    actor = current_actor()
    return sorted({scope.id for what in (rules.CONFIRM, rules.APPROVE) for scope in actor.scopes(what)})


def takers() -> list[int]:
    """The organizations at whose counters this person takes money."""
    return [scope.id for scope in current_actor().scopes(rules.CONFIRM)]


async def source_of(order_id: int, attempt_id: int | None) -> queries.Source:
    """Money of an order at one's own counter; raises OrderNotFound, NothingToRefund."""
    order = await queries.order(order_id)
    if not current_actor().may(rules.CONFIRM, Ref("organization", order.payee_id)):
        raise OrderNotFound
    for one in await queries.sources(order_id):
        if one.attempt_id == attempt_id:
            return one
    raise NothingToRefund


@get("/counter/{order_id:int}/refund", include_in_schema=False, access=rules.CONFIRM)
async def show_refund_form(order_id: RowId, payment: MaybeId = None) -> Answer:
    """How much there is to send back, and the form that asks for it."""
    return await _form_page(order_id, payment, Form())


async def _form_page(order_id: int, attempt_id: int | None, form: Form, status: int = 200) -> Answer:
    source = await source_of(order_id, attempt_id)
    order = await queries.order(order_id)
    return page(
        "web/refund_new.html",
        status=status,
        order=order,
        source=source,
        payer=await queries.payer_name(order),
        limit_fen=await queries.refund_limit(order.payee_id),
        is_own=rules.is_own(order, current_actor()),
        channels=rules.CHANNELS,
        problems=rules.PROBLEMS,
        form=form,
    )


@post("/counter/{order_id:int}/refund", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def ask(request: Request[Any, Any, Any], order_id: RowId) -> Answer:
    """Ask for the refund; above the limit a second person is asked next."""

    async def act(form: RefundForm) -> Answer:
        refund_id = await ask_refund(
            order_id,
            amount_fen=form.amount_fen(),
            reason=form.reason,
            attempt_id=form.payment_id or None,
            seen_fen=form.seen_fen,
            actor=current_actor(),
        )
        return see_other(f"/refunds/{refund_id}")

    async def again(form: Form, status: int) -> Answer:
        typed = form.value("payment_id")
        return await _form_page(
            order_id, int(typed) if typed.isdecimal() and int(typed) else None, form, status
        )

    return await submit(request, RefundForm, act, again)


@get("/refunds/{refund_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_refund(refund_id: RowId) -> Answer:
    """A refund: for its payer, the payee's treasurers, and whoever agrees to it."""
    return await _refund_page(refund_id, Form())


async def visible_refund(refund_id: int) -> tuple[rules.Refund, rules.Order]:
    """The refund and its order; for others it does not exist."""
    refund = await queries.refund(refund_id)
    order = await queries.order(refund.order_id)
    if not rules.may_see_refund(order, current_actor()):
        raise RefundNotFound
    return refund, order


async def _refund_page(refund_id: int, form: Form, status: int = 200) -> Answer:
    refund, order = await visible_refund(refund_id)
    actor = current_actor()
    at_counter = actor.may(rules.CONFIRM, Ref("organization", order.payee_id))
    paid = await queries.payment(order.id) if refund.is_cash else None
    is_due = refund.is_cash and refund.state == "sending"
    return page(
        "web/refund.html",
        status=status,
        refund=refund,
        order=order,
        payee=await organizations.organization(order.payee_id),
        payer=await queries.payer_name(order),
        asked_by=(await people.names([refund.asked_by]))[refund.asked_by],
        approval_id=await queries.refund_approval(refund_id),
        is_at_counter=at_counter,
        channel=paid.channel if paid else "online",
        channels=rules.CHANNELS,
        is_bank=paid is not None and paid.channel != CASH,
        pays_out=at_counter and is_due and not rules.is_own(order, actor),
        workflow=rules.REFUNDS,
        problems=rules.REFUND_PROBLEMS,
        form=form,
    )


@post("/refunds/{refund_id:int}", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def pay_out(request: Request[Any, Any, Any], refund_id: RowId) -> Answer:
    """Confirm that the cash was counted out and signed for."""

    async def act(form: PaidOutForm) -> Answer:
        await pay_refund_out(refund_id, receipt_no=form.receipt_no, actor=current_actor())
        return see_other(f"/refunds/{refund_id}")

    return await submit(request, PaidOutForm, act, lambda form, status: _refund_page(refund_id, form, status))


@get("/counter/refunds", include_in_schema=False, access=rules.CONFIRM)
async def show_refunds(before: Before = None, show: Words = "") -> Answer:
    """Refunds of this treasurer's organizations; first what waits for somebody."""
    found = await queries.refunds(payees(), only_waiting=show != "all", before_id=before, limit=_MOST + 1)
    return page(
        "web/refunds.html",
        refunds=found[:_MOST],
        older_than=found[_MOST - 1].id if len(found) > _MOST else None,
        shows_all=show == "all",
        channels=rules.CHANNELS,
        workflow=rules.REFUNDS,
        problems=rules.REFUND_PROBLEMS,
    )


@get("/counter/disputes", include_in_schema=False, access=rules.CONFIRM)
async def show_disputes(before: Before = None, show: Words = "") -> Answer:
    """Disputes about payments to this treasurer's organizations; first those that are open."""
    found = await queries.disputes(payees(), only_open=show != "all", before_id=before, limit=_MOST + 1)
    return page(
        "web/disputes.html",
        disputes=found[:_MOST],
        older_than=found[_MOST - 1].id if len(found) > _MOST else None,
        shows_all=show == "all",
        workflow=rules.DISPUTES,
        reasons=rules.REASONS,
        now=clock.now(),
    )


@get("/counter/settlements", include_in_schema=False, access=rules.CONFIRM)
async def show_settlements(before: Before = None, show: Words = "") -> Answer:
    """Our clearing beside the providers' own books; what does not agree, and what is not ours."""
    return await _settlements_page(Form(), before=before, shows_all=show == "all")


async def _settlements_page(
    form: Form, status: int = 200, *, before: int | None = None, shows_all: bool = False
) -> Answer:
    mine = takers()
    found = await queries.lines_to_look_at(mine, also_aside=shows_all, before_id=before, limit=_MOST + 1)
    return page(
        "web/settlements.html",
        status=status,
        clearings=await queries.clearings(mine),
        merchants=await queries.merchants(organization_ids=mine),
        names={place.id: place.name for place in await organizations.organizations(mine)},
        lines=found[:_MOST],
        older_than=found[_MOST - 1].id if len(found) > _MOST else None,
        shows_all=shows_all,
        kinds=rules.LINE_KINDS,
        verdicts=rules.VERDICTS,
        aside=await queries.set_aside(mine, limit=20),
        payouts=await queries.payouts(mine, limit=_PAYOUTS_MOST),
        titles={one.id: one.title for one in providers()},
        now=clock.now(),
        form=form,
    )


@post("/counter/settlements", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def reconcile_now(request: Request[Any, Any, Any]) -> Answer:
    """Have the books of an organization held together now."""

    async def act(form: ReconcileForm) -> Answer:
        await ask_to_reconcile(form.organization_id, actor=current_actor())
        return see_other("/counter/settlements")

    return await submit(request, ReconcileForm, act, _settlements_page)


@post(
    "/counter/settlements/{line_id:int}/aside", include_in_schema=False, access=rules.CONFIRM, status_code=303
)
async def put_aside(request: Request[Any, Any, Any], line_id: RowId) -> Answer:
    """The treasurer has looked into a line."""

    async def act(_: ButtonForm) -> Answer:
        await set_line_aside(line_id, actor=current_actor())
        return see_other("/counter/settlements")

    return await submit(request, ButtonForm, act, _settlements_page)


HANDLERS = [
    show_refund_form,
    ask,
    show_refund,
    pay_out,
    show_refunds,
    show_disputes,
    show_settlements,
    reconcile_now,
    put_aside,
]
