"""Signing in and out."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core.language import mark
from core.people.services import SESSION_LIFE, log_in, log_out, recognise
from web.access import PUBLIC
from web.forms import PHONE, Answer, ButtonForm, Form, said, see_other, submit
from web.home.pages import local_path
from web.kept import Kept, unpack
from web.parameters import NextPath
from web.templates import page
from web.tour.pages import demo_accounts
from web.visit import SESSION, VISIT, current_actor

PASSWORD = said(mark("密码最多 200 个字"), max_length=200)


class LoginForm(msgspec.Struct):
    """What the login page sends."""

    phone: Annotated[str, PHONE]
    password: Annotated[str, PASSWORD]
    next: str = "/"
    kept: str = ""


@get("/login", include_in_schema=False, access=PUBLIC)
async def show_login(next_path: NextPath = "/") -> Answer:
    """The login page; someone who is signed in already goes on."""
    if VISIT.get().actor is not None:
        return see_other(local_path(next_path))
    return login_page(Form({"next": local_path(next_path)}))


def login_page(form: Form, status: int = 200) -> Answer:
    """The form, and in a demo world the accounts to try."""
    accounts = demo_accounts().values()
    return page("web/login.html", status=status, form=form, accounts=accounts)


@post("/login", include_in_schema=False, access=PUBLIC, status_code=303)
async def enter(request: Request[Any, Any, Any]) -> Answer:
    """Open a session, always under a new token."""

    async def act(form: LoginForm) -> Answer:
        visit = VISIT.get()
        token = await log_in(
            form.phone,
            form.password,
            door="web",
            language=visit.language,
            old_token=visit.token,
            address=visit.address,
        )
        max_age_s = int(SESSION_LIFE["web"].total_seconds())
        visit.set_cookie(SESSION, token, max_age_s=max_age_s)
        if kept := unpack(form.kept, visit.secret):
            visit.token, visit.actor = token, await recognise(token, door="web")
            return _way_back(kept, local_path(form.next))
        return see_other(local_path(form.next))

    async def again(form: Form, status: int) -> Answer:
        form.values.pop("password", None)
        return login_page(form, status)

    return await submit(request, LoginForm, act, again)


def _way_back(kept: Kept, next_path: str) -> Answer:
    """One button back to the form that came too late; another person gets nothing of what was typed.

    It is sent without a form token, so that it is shown again, filled in, and nothing is done.
    """
    is_same = kept.person_id in (None, current_actor().person_id)
    return page("web/kept.html", kept=kept if is_same else None, next_path=next_path)


@post("/logout", include_in_schema=False, access=PUBLIC, status_code=303)
async def leave(request: Request[Any, Any, Any]) -> Answer:
    """Close the session."""

    async def act(_: ButtonForm) -> Answer:
        visit = VISIT.get()
        if visit.token is not None:
            await log_out(visit.token)
            visit.set_cookie(SESSION, "", max_age_s=0)
        return see_other("/")

    async def again(_form: Form, _status: int) -> Answer:
        return see_other("/")

    return await submit(request, ButtonForm, act, again)


HANDLERS = [show_login, enter, leave]
