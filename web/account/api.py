"""One's own account, for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import JSONBody

from core.people import queries
from core.people.services import change_password, close_other_sessions, close_session
from core.privacy.queries import profile
from core.registration.services import rename
from web.access import SIGNED_IN
from web.account.pages import NAME, NEW_PASSWORD, OLD_PASSWORD, SESSIONS_MOST, current_token
from web.parameters import RowId
from web.visit import current_actor


class MeOut(msgspec.Struct):
    """Who the token speaks for; `verified_at` is when a worker saw the identity card."""

    person_id: int
    name: str
    household_id: int | None
    phone: str | None
    email: str | None
    language: str
    born_on: date | None
    verified_at: datetime | None


class NameIn(msgspec.Struct):
    """What one is called from now on."""

    name: Annotated[str, NAME]


class SessionOut(msgspec.Struct):
    """Where one is signed in; `door` is web or api, `is_this` the session of this request."""

    id: int
    door: str
    opened_at: datetime
    last_seen_on: date | None
    is_this: bool


class PasswordIn(msgspec.Struct):
    """The present password and the one from now on."""

    old_password: Annotated[str, OLD_PASSWORD]
    new_password: Annotated[str, NEW_PASSWORD]


@get("/me", summary="我的账号", tags=["people"], access=SIGNED_IN)
async def get_me() -> MeOut:
    """Who one is here; one's roles are at `/roles`."""
    me = await profile(current_actor().person_id)
    return MeOut(me.id, me.name, me.household_id, me.phone, me.email, me.language, me.born_on, me.verified_at)


@post("/me/name", summary="更正姓名", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_name(data: JSONBody[NameIn]) -> None:
    """Correct one's name, as long as no worker has seen the identity card."""
    await rename(data.name, actor=current_actor())


@get("/sessions", summary="登录记录", tags=["people"], access=SIGNED_IN)
async def list_sessions() -> list[SessionOut]:
    """Where one is signed in, this session first."""
    found = await queries.open_sessions(current_actor().person_id, token=current_token(), limit=SESSIONS_MOST)
    return [SessionOut(s.id, s.door, s.opened_at, s.last_seen_on, s.is_this) for s in found]


@delete("/sessions/{session_id:int}", summary="退出一处登录", tags=["people"], access=SIGNED_IN)
async def delete_session(session_id: RowId) -> None:
    """Close one of one's own sessions."""
    await close_session(session_id, actor=current_actor())


@delete("/sessions/others", summary="退出其他登录", tags=["people"], access=SIGNED_IN)
async def delete_other_sessions() -> None:
    """Close all of one's own sessions but this one."""
    await close_other_sessions(current_token(), actor=current_actor())


@post("/password", summary="修改密码", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_password(data: JSONBody[PasswordIn]) -> None:
    """Change the password; all other sessions end."""
    await change_password(data.old_password, data.new_password, token=current_token(), actor=current_actor())


HANDLERS = [get_me, post_name, list_sessions, delete_session, delete_other_sessions, post_password]
