"""The page that shows what would have been sent, and the practice cashier."""

from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get, post

from core.language import mark
from core.payments.rules import CONFIRM
from core.settings import load
from plugins.practice import queries
from plugins.practice.rules import Outcome, Scanned, ScanOutcome, Session
from plugins.practice.services import (
    act_at_cashier,
    act_on_phone,
    cashier_session,
    practice_statement,
    scanned,
)
from web.access import PUBLIC
from web.forms import Answer, Form, clean, said, see_other, submit, tidy_phone
from web.parameters import Before, PathCode, Words
from web.templates import page
from web.visit import VISIT, current_actor

_PAGE = 20


@get("/", include_in_schema=False, access=PUBLIC)
async def show_practice() -> Answer:
    """There is one page so far."""
    return see_other("/practice/messages")


@get("/messages", include_in_schema=False, access=PUBLIC)
async def show_messages(phone: Words = "", channel: Words = "", before: Before = None) -> Answer:
    """Newest first, of one phone or channel if asked."""
    phone, channel = tidy_phone(clean(phone))[:11], clean(channel)[:4]
    visitor = VISIT.get().actor
    found = await queries.messages(phone=phone, channel=channel, before_id=before, limit=_PAGE + 1)
    return page(
        "practice/messages.html",
        messages=found[:_PAGE],
        older_than=found[_PAGE - 1].id if len(found) > _PAGE else None,
        phone=phone,
        channel=channel,
        form=Form({"phone": phone, "channel": channel}),
        names=queries.invented_phones(),
        is_treasurer=visitor is not None and visitor.may(CONFIRM),
    )


class OutcomeForm(msgspec.Struct):
    """Which button was pressed."""

    outcome: Annotated[Outcome, said(mark("请选一个按钮"))]


@get("/cashier/{session_id:str}", include_in_schema=False, access=PUBLIC)
async def show_cashier(session_id: PathCode) -> Answer:
    """Stripe's page as far as the demo needs it: whoever has the address may pay, with no money."""
    return _cashier_page(await cashier_session(session_id), Form())


def _cashier_page(session: Session, form: Form, status: int = 200) -> Answer:
    return page("practice/cashier.html", status=status, session=session, form=form)


@post("/cashier/{session_id:str}", include_in_schema=False, access=PUBLIC, status_code=303)
async def press_at_cashier(request: Request[Any, Any, Any], session_id: PathCode) -> Answer:
    """Pay, or have the card declined."""

    async def act(form: OutcomeForm) -> Answer:
        session = await act_at_cashier(session_id, form.outcome)
        here = f"/practice/cashier/{session_id}"
        return see_other(here if session.state in ("open", "failed") else session.success_url)

    async def again(form: Form, status: int) -> Answer:
        return _cashier_page(await cashier_session(session_id), form, status)

    return await submit(request, OutcomeForm, act, again)


class ScanForm(msgspec.Struct):
    """What whoever has scanned the code does."""

    outcome: Annotated[ScanOutcome, said(mark("请选一个按钮"))]


@get("/wechat/{code:str}", include_in_schema=False, access=PUBLIC)
async def show_phone(code: PathCode, redirect_url: Words = "") -> Answer:
    """What a phone would show that has scanned a code: whoever has it may pay, with no money."""
    return _phone_page(await scanned(code), Form({"redirect_url": redirect_url}))


def _phone_page(payment: Scanned, form: Form, status: int = 200) -> Answer:
    back = form.value("redirect_url")
    here = f"{load().public_url}/"
    return page(
        "practice/wechat.html",
        status=status,
        payment=payment,
        form=form,
        back=back if back.startswith(here) else "",
    )


@post("/wechat/{code:str}", include_in_schema=False, access=PUBLIC, status_code=303)
async def press_on_phone(request: Request[Any, Any, Any], code: PathCode, redirect_url: Words = "") -> Answer:
    """Pay, or have too little money."""

    async def act(form: ScanForm) -> Answer:
        await act_on_phone(code, form.outcome)
        back = f"?{urlencode({'redirect_url': redirect_url})}" if redirect_url else ""
        return see_other(f"/practice/wechat/{code}{back}")

    async def again(form: Form, status: int) -> Answer:
        form.values["redirect_url"] = redirect_url
        return _phone_page(await scanned(code), form, status)

    return await submit(request, ScanForm, act, again)


@get("/statement.csv", include_in_schema=False, access=CONFIRM)
async def download_statement() -> Answer:
    """A bank's statement to practise with: transfers for orders that wait at one's own counters."""
    content = await practice_statement(current_actor())
    headers = {"content-disposition": 'attachment; filename="yiji-practice-statement.csv"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


HANDLERS = [
    download_statement,
    show_practice,
    show_messages,
    show_cashier,
    press_at_cashier,
    show_phone,
    press_on_phone,
]
