"""Requests for money: asked, checked, paid, accounted for; and the desk where they wait."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get, post

from core import clock
from core.approvals import queries as approvals
from core.files.queries import files_of
from core.funds import rules, services
from core.funds.queries import funds, gifts, paybacks, requests, warnings
from core.funds.queries.requests import RequestView
from core.funds.rules import Ask, leaving, states
from core.funds.rules import warnings as warning_rules
from core.language import translate
from core.organizations import queries as organizations
from core.organizations.queries import payees
from core.people.rules import Actor
from core.reference import Ref
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, see_other, submit
from web.funds.forms import (
    AskForm,
    CheckForm,
    ExplainForm,
    PaybackForm,
    PaymentForm,
    ReasonForm,
    SignForm,
    VoucherForm,
)
from web.parameters import Before, RowId
from web.templates import page
from web.visit import VISIT, current_actor

PAGE_SIZE = 20
_Request = Request[Any, Any, Any]


def _step(name: str, access: str, **options: Any) -> post:
    """The route by which a request is taken on."""
    path = f"/funds/requests/{{request_id:int}}/{name}"
    return post(path, include_in_schema=False, access=access, status_code=303, **options)


@get("/funds/{fund_id:int}/ask", include_in_schema=False, access=states.ASK)
async def show_ask(fund_id: RowId) -> Answer:
    """The form to ask a fund for money."""
    return await _ask_page(fund_id, Form())


async def _ask_page(fund_id: int, form: Form, status: int = 200) -> Answer:
    ids = [scope.id for scope in current_actor().scopes(states.ASK)]
    fund = await funds.fund(fund_id)
    purposes = await funds.purposes(fund_id)
    free = await funds.available(fund_id, None)
    return page(
        "web/fund_ask.html",
        status=status,
        fund=fund,
        places=await organizations.organizations(ids),
        purposes=purposes,
        free_fen=free,
        projects=await requests.running_projects(ids),
        members=len(await requests.members(fund_id)),
        form=form,
    )


@post("/funds/{fund_id:int}/requests", include_in_schema=False, access=states.ASK, status_code=303)
async def ask(request: _Request, fund_id: RowId) -> Answer:
    """Put the request before the committee."""

    async def act(form: AskForm) -> Answer:
        wanted = Ask(
            organization_id=form.organization_id,
            title=form.title,
            purpose_id=form.purpose_id,
            project_id=form.project_id,
            lines=rules.typed_lines(form.lines),
        )
        request_id = await services.ask_for_money(fund_id, wanted, actor=current_actor())
        return see_other(f"/funds/requests/{request_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _ask_page(fund_id, form, status)

    return await submit(request, AskForm, act, again)


@get("/funds/desk", include_in_schema=False, access=SIGNED_IN)
async def show_desk(before: Before = None) -> Answer:
    """What waits for oneself, gifts that wait for a second person, and requests one takes part in."""
    actor = current_actor()
    confirms = [scope.id for scope in actor.scopes(states.CONFIRM)]
    found = await requests.requests_of(actor, before_id=before, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    large = await gifts.waiting_gifts(confirms, limit=PAGE_SIZE) if confirms else []
    listed = {f"/gifts/{gift.id}" for gift in large}
    return page(
        "web/fund_desk.html",
        gifts=large,
        requests=shown,
        todos=[
            (todo, translate(todo.title, **todo.params))
            for todo in await requests.todos(actor)
            if todo.path not in listed
        ],
        now=clock.now(),
        flow=states.REQUESTS,
        older_than=shown[-1].id if len(found) > PAGE_SIZE else None,
    )


@get("/funds/requests/{request_id:int}", include_in_schema=False, access=PUBLIC)
async def show_request(request_id: RowId) -> Answer:
    """One request: for everybody once money is set aside, before that for those who take part."""
    return await _request_page(request_id, Form())


async def _request_page(request_id: int, form: Form, status: int = 200) -> Answer:
    actor = VISIT.get().actor
    found = await requests.request_for(request_id, actor)
    takes_part = actor is not None and requests.takes_part(found, actor)
    may_see = actor is not None and await requests.may_see_files(actor, request_id)
    may = requests.steps_open(found, actor) if actor else set()
    ballot = await approvals.ballot(found.approval_id) if takes_part and found.approval_id else None
    return page(
        "web/fund_request.html",
        status=status,
        request=found,
        lines=await requests.lines(request_id),
        flow=states.REQUESTS,
        checks=rules.CHECKS,
        takes_part=takes_part,
        ballot=ballot,
        may=may,
        available_fen=await funds.available(found.fund_id, found.purpose_id),
        related=await requests.related_donors(found) if "check" in may else 0,
        is_late=found.is_late,
        files=await files_of(Ref(rules.REQUEST, request_id)) if may_see else [],
        today=clock.today(),
        payee=await payees.payee_of(found.organization_id) if takes_part else None,
        **await _close(found, actor if takes_part else None),
        **await _back(found, actor if takes_part else None),
        form=form,
    )


async def _back(found: RequestView, actor: Actor | None) -> dict[str, Any]:
    """What came back of it, and who goes on with that."""
    came = await paybacks.paybacks_of(found.id)
    waits = came[-1] if came and came[-1].state == leaving.PREPARED else None
    is_out = bool(actor and found.paid_at and actor.person_id != found.asked_by)
    records = bool(actor and is_out and actor.may(states.RECORD, found.foundation))
    confirms = bool(actor and is_out and actor.may(states.CONFIRM, found.foundation))
    return {
        "came_back": [one for one in came if one.state == leaving.RETURNED],
        "payback": waits if records or confirms else None,
        "may_pay_back": records and waits is None and found.used_fen > 0,
        "may_drop_payback": records,
        "may_sign_payback": bool(confirms and waits and actor and actor.person_id != waits.prepared_by),
    }


async def _close(found: RequestView, actor: Actor | None) -> dict[str, Any]:
    """To whom the payee is close: kinds for everybody, names for the foundation's own people."""
    is_inside = actor is not None and requests.works_at_foundation(found, actor)
    keeper = await organizations.organization(found.foundation.id)
    return {
        "warnings": await warnings.warnings_about(found),
        "warning_titles": warning_rules.warning_words(keeper.kind),
        "keeper": warning_rules.keeper_words(keeper.kind),
        "steps": warning_rules.STEPS,
        "is_inside": is_inside,
        "said": await warnings.said_about(found.id) if is_inside else [],
        "earlier": await warnings.earlier_payments(found) if actor else None,
        "may_explain": bool(
            actor and actor.may(states.CHECK, found.foundation) and actor.person_id != found.asked_by
        ),
    }


@_step("withdraw", SIGNED_IN)
async def withdraw(request: _Request, request_id: RowId) -> Answer:
    """Who asked takes it back."""

    async def act(_: ButtonForm, actor: Actor) -> None:
        await services.withdraw_request(request_id, actor=actor)

    return await _submit(request, request_id, ButtonForm, act)


@_step("check", states.CHECK)
async def check(request: _Request, request_id: RowId) -> Answer:
    """All four points hold: the money is set aside."""

    async def act(form: CheckForm, actor: Actor) -> None:
        ticked = [code for code in rules.CHECKS if getattr(form, code)]
        await services.check_request(request_id, ticked, aware=form.aware, actor=actor)

    return await _submit(request, request_id, CheckForm, act)


@_step("refuse", states.CHECK)
async def refuse(request: _Request, request_id: RowId) -> Answer:
    """Some point does not hold."""

    async def act(form: ReasonForm, actor: Actor) -> None:
        await services.refuse_request(request_id, reason=form.reason, actor=actor)

    return await _submit(request, request_id, ReasonForm, act)


@_step("prepare", states.RECORD)
async def prepare(request: _Request, request_id: RowId) -> Answer:
    """The first person writes the payment order."""

    async def act(form: PaymentForm, actor: Actor) -> None:
        await services.prepare_payment(request_id, payment_no=form.payment_no, actor=actor)

    return await _submit(request, request_id, PaymentForm, act)


@_step("release", states.RECORD)
async def release(request: _Request, request_id: RowId) -> Answer:
    """The money is not needed any more."""

    async def act(form: ReasonForm, actor: Actor) -> None:
        await services.release_money(request_id, reason=form.reason, actor=actor)

    return await _submit(request, request_id, ReasonForm, act)


@_step("sign", states.CONFIRM)
async def sign(request: _Request, request_id: RowId) -> Answer:
    """The second person signs: the money goes out."""

    async def act(form: SignForm, actor: Actor) -> None:
        await services.sign_payment(request_id, aware=form.aware, actor=actor)

    return await _submit(request, request_id, SignForm, act)


@_step("payback", states.RECORD, request_max_body_size=WITH_FILE_MOST)
async def payback(request: _Request, request_id: RowId) -> Answer:
    """The payee has sent back what it did not use."""

    async def act(form: PaybackForm, actor: Actor) -> None:
        await services.prepare_payback(
            request_id,
            amount_fen=form.amount_fen(),
            slip_no=form.slip_no,
            reason=form.payback_reason,
            upload=form.slip,
            actor=actor,
        )

    return await _submit(request, request_id, PaybackForm, act)


@_step("payback/sign", states.CONFIRM)
async def sign_payback(request: _Request, request_id: RowId) -> Answer:
    """The second person has seen that money."""

    async def act(_: ButtonForm, actor: Actor) -> None:
        await services.sign_payback(request_id, actor=actor)

    return await _submit(request, request_id, ButtonForm, act)


@_step("payback/drop", states.RECORD)
async def drop_payback(request: _Request, request_id: RowId) -> Answer:
    """It was booked by mistake."""

    async def act(_: ButtonForm, actor: Actor) -> None:
        await services.drop_payback(request_id, actor=actor)

    return await _submit(request, request_id, ButtonForm, act)


@_step("explain", states.CHECK)
async def explain(request: _Request, request_id: RowId) -> Answer:
    """A warning about who is paid is a false alarm."""

    async def act(form: ExplainForm, actor: Actor) -> None:
        await services.explain_warning(request_id, form.warning, reason=form.explanation, actor=actor)

    return await _submit(request, request_id, ExplainForm, act)


@_step("send-back", states.CONFIRM)
async def send_back(request: _Request, request_id: RowId) -> Answer:
    """Something in the payment order is wrong."""

    async def act(form: ReasonForm, actor: Actor) -> None:
        await services.send_back(request_id, reason=form.reason, actor=actor)

    return await _submit(request, request_id, ReasonForm, act)


@_step("voucher", SIGNED_IN, request_max_body_size=WITH_FILE_MOST)
async def voucher(request: _Request, request_id: RowId) -> Answer:
    """What was done with the money."""

    async def act(form: VoucherForm, actor: Actor) -> None:
        await services.bring_voucher(
            request_id, voucher_no=form.voucher_no, result=form.result, upload=form.file, actor=actor
        )

    return await _submit(request, request_id, VoucherForm, act)


async def _submit(
    request: _Request, request_id: int, shape: type[Any], verb: Callable[[Any, Actor], Awaitable[None]]
) -> Answer:
    async def act(form: Any) -> Answer:
        await verb(form, current_actor())
        return see_other(f"/funds/requests/{request_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _request_page(request_id, form, status)

    return await submit(request, shape, act, again)


HANDLERS = [
    show_ask, ask, show_desk, show_request, withdraw, check, refuse, prepare, release, sign, send_back,
    explain, payback, sign_payback, drop_payback, voucher,
]  # fmt: skip
