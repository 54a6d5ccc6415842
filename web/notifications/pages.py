"""The inbox, and how a person wants to be told."""

from dataclasses import replace
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import FromQuery, PathParameter

from core.notifications import queries
from core.notifications.services import mark_all_read, mark_read, preferences
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.notifications.forms import EmailForm, PreferencesForm, filled_in, preferences_form
from web.parameters import Before, RowId
from web.templates import page
from web.visit import VISIT, current_actor

_PAGE = 20
# What fits a card; a longer text is read on a page of its own.
_SHOWN_MOST = 120
_HERE = "/inbox/preferences"
LinkToken = Annotated[str, PathParameter(max_length=120)]


@get("/inbox", include_in_schema=False, access=SIGNED_IN)
async def show_inbox(before: Before = None, unread: FromQuery[bool] = False) -> Answer:
    """The person's notices, newest first; what can be read here to its end counts as read."""
    return await _inbox_page(before, Form(), unread=unread)


async def _inbox_page(before: int | None, form: Form, *, unread: bool = False, status: int = 200) -> Answer:
    found = await queries.inbox(
        current_actor().person_id, before_id=before, limit=_PAGE + 1, unread_only=unread
    )
    notices = [(notice, notice.told()) for notice in found[:_PAGE]]
    await _see([n.id for n, told in notices if n.read_at is None and len(told) <= _SHOWN_MOST])
    return page(
        "web/inbox.html",
        status=status,
        notices=notices,
        older_than=found[_PAGE - 1].id if len(found) > _PAGE else None,
        unread=unread,
        shown_most=_SHOWN_MOST,
        form=form,
    )


async def _see(notice_ids: list[int]) -> None:
    """Mark them as read, in the menu of this very page too."""
    if notice_ids:
        actor = current_actor()
        await mark_read(actor.person_id, notice_ids)
        VISIT.get().actor = replace(actor, unread=max(0, actor.unread - len(notice_ids)))


@get("/inbox/{notice_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_notice(notice_id: RowId) -> Answer:
    """One notice to its end; it counts as read."""
    notice = await queries.notice(current_actor().person_id, notice_id)
    await _see([notice_id] if notice.read_at is None else [])
    return page("web/notice.html", notice=notice, told=notice.told())


@post("/inbox/read", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def read_all(request: Request[Any, Any, Any]) -> Answer:
    """Nothing is new any more."""

    async def act(_: ButtonForm) -> Answer:
        await mark_all_read(current_actor().person_id)
        return see_other("/inbox")

    async def again(form: Form, status: int) -> Answer:
        return await _inbox_page(None, form, status=status)

    return await submit(request, ButtonForm, act, again)


@get(_HERE, include_in_schema=False, access=SIGNED_IN)
async def show_preferences(saved: FromQuery[bool] = False) -> Answer:
    """E-mail address, channels, quiet hours, digest."""
    return await _preferences_page(saved=saved)


async def _preferences_page(
    form: Form | None = None,
    email_form: Form | None = None,
    *,
    status: int = 200,
    saved: bool = False,
) -> Answer:
    person_id = current_actor().person_id
    return page(
        "web/preferences.html",
        status=status,
        form=form or filled_in(await queries.preferences(person_id)),
        email_form=email_form or Form(),
        contact=await queries.contact(person_id),
        categories=queries.categories(),
        saved=saved,
    )


@post(_HERE, include_in_schema=False, access=SIGNED_IN, status_code=303)
async def save_preferences(request: Request[Any, Any, Any]) -> Answer:
    """Set channels, quiet hours and digest."""

    async def act(form: PreferencesForm) -> Answer:
        await preferences.save_preferences(form.preferences(), actor=current_actor())
        return see_other(f"{_HERE}?saved=1")

    async def again(form: Form, status: int) -> Answer:
        return await _preferences_page(form, status=status)

    return await submit(request, preferences_form(), act, again)


@post(f"{_HERE}/email", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def propose_email(request: Request[Any, Any, Any]) -> Answer:
    """Send a link to the address."""

    async def act(form: EmailForm) -> Answer:
        await preferences.propose_email(form.email, actor=current_actor())
        return see_other(_HERE)

    async def again(form: Form, status: int) -> Answer:
        return await _preferences_page(email_form=form, status=status)

    return await submit(request, EmailForm, act, again)


@post(f"{_HERE}/email/remove", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def remove_email(request: Request[Any, Any, Any]) -> Answer:
    """Forget the address."""

    async def act(_: ButtonForm) -> Answer:
        await preferences.remove_email(actor=current_actor())
        return see_other(_HERE)

    async def again(form: Form, status: int) -> Answer:
        return await _preferences_page(email_form=form, status=status)

    return await submit(request, ButtonForm, act, again)


@get("/inbox/email/{token:str}", include_in_schema=False, access=PUBLIC)
async def show_link(token: LinkToken) -> Answer:
    """What the link of a confirmation leads to. It only asks: mail programs follow links by themselves."""
    return page("web/confirm_email.html", token_of_link=token, form=Form())


@post("/inbox/email/{token:str}", include_in_schema=False, access=PUBLIC, status_code=303)
async def confirm_email(request: Request[Any, Any, Any], token: LinkToken) -> Answer:
    """The address counts from now on."""

    async def act(_: ButtonForm) -> Answer:
        await preferences.confirm_email(token)
        return page("web/confirm_email.html", token_of_link=None, form=Form())

    async def again(form: Form, status: int) -> Answer:
        return page("web/confirm_email.html", status=status, token_of_link=token, form=form)

    return await submit(request, ButtonForm, act, again)


HANDLERS = [
    show_inbox,
    show_notice,
    read_all,
    show_preferences,
    save_preferences,
    propose_email,
    remove_email,
    show_link,
    confirm_email,
]
