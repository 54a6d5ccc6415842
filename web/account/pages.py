"""One's own account: who one is here, where one is signed in, and the password."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core.errors import Invalid
from core.language import mark
from core.people import queries
from core.people.services import change_password, close_other_sessions, close_session
from core.privacy.queries import profile
from core.registration.services import rename
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, FormRefused, said, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import VISIT, current_actor

SESSIONS_MOST = 50
NEW_PASSWORD = said(mark("新密码要有 8 到 200 个字"), min_length=8, max_length=200)
NAME = said(mark("姓名要有 1 到 40 个字"), min_length=1, max_length=40)
OLD_PASSWORD = said(mark("密码最多 200 个字"), max_length=200)


class PasswordsDiffer(Invalid):
    """A new password is typed twice, because it cannot be seen."""

    message = "两次填写的新密码不一样"


class PasswordForm(msgspec.Struct):
    """What the password page sends."""

    old_password: Annotated[str, OLD_PASSWORD]
    new_password: Annotated[str, NEW_PASSWORD]
    new_password_again: Annotated[str, OLD_PASSWORD]

    def check_same(self) -> None:
        """Raise FormRefused if the second time was something else."""
        if self.new_password != self.new_password_again:
            raise FormRefused({"new_password_again": PasswordsDiffer()})


def current_token() -> str:
    """The token that the request came with; the route's `access` has made sure that there is one."""
    token = VISIT.get().token
    assert token is not None, "the route is public, yet asks for the session"
    return token


class NameForm(msgspec.Struct):
    """What one is called from now on."""

    name: Annotated[str, NAME]


@get("/me", include_in_schema=False, access=SIGNED_IN)
async def show_me() -> Answer:
    """What is known of oneself, and what one can choose."""
    return await _me_page(Form())


async def _me_page(form: Form, status: int = 200) -> Answer:
    me = await profile(current_actor().person_id)
    return page("web/me.html", status=status, form=form, me=me)


@post("/me/name", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def take_name(request: Request[Any, Any, Any]) -> Answer:
    """Correct one's name."""

    async def act(form: NameForm) -> Answer:
        await rename(form.name, actor=current_actor())
        return see_other("/me")

    return await submit(request, NameForm, act, _me_page)


@get("/sessions", include_in_schema=False, access=SIGNED_IN)
async def show_sessions() -> Answer:
    """Where one is signed in."""
    return await _sessions_page(Form())


async def _sessions_page(form: Form, status: int = 200) -> Answer:
    sessions = await queries.open_sessions(
        current_actor().person_id, token=current_token(), limit=SESSIONS_MOST
    )
    return page("web/sessions.html", status=status, sessions=sessions, form=form)


@post("/sessions/{session_id:int}/close", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def close(request: Request[Any, Any, Any], session_id: RowId) -> Answer:
    """Sign out somewhere else."""

    async def act(_: ButtonForm) -> Answer:
        await close_session(session_id, actor=current_actor())
        return see_other("/sessions")

    return await submit(request, ButtonForm, act, _sessions_page)


@post("/sessions/close-others", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def close_others(request: Request[Any, Any, Any]) -> Answer:
    """Sign out everywhere else."""

    async def act(_: ButtonForm) -> Answer:
        await close_other_sessions(current_token(), actor=current_actor())
        return see_other("/sessions")

    return await submit(request, ButtonForm, act, _sessions_page)


@get("/password", include_in_schema=False, access=SIGNED_IN)
async def show_password() -> Answer:
    """The form to change it."""
    return page("web/password.html", form=Form())


@post("/password", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def choose_password(request: Request[Any, Any, Any]) -> Answer:
    """Change the password and sign out everywhere else."""

    async def act(form: PasswordForm) -> Answer:
        form.check_same()
        await change_password(
            form.old_password, form.new_password, token=current_token(), actor=current_actor()
        )
        return see_other("/sessions")

    async def again(form: Form, status: int) -> Answer:
        return page("web/password.html", status=status, form=Form(reasons=form.reasons))

    return await submit(request, PasswordForm, act, again)


HANDLERS = [show_me, take_name, show_sessions, close, close_others, show_password, choose_password]
