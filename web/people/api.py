"""Tokens for programs."""

from typing import Annotated

import msgspec
from litestar import delete, post
from litestar.params import JSONBody

from core.people.services import log_in, log_out
from web.access import PUBLIC, SIGNED_IN
from web.forms import PHONE
from web.people.pages import PASSWORD
from web.visit import VISIT


class Credentials(msgspec.Struct):
    """Phone and password of a person."""

    phone: Annotated[str, PHONE]
    password: Annotated[str, PASSWORD]


class Token(msgspec.Struct):
    """Send it as `Authorization: Bearer <token>`."""

    token: str


@post("/sessions", summary="登录", tags=["people"], access=PUBLIC)
async def open_session(data: JSONBody[Credentials]) -> Token:
    """Open a session for a program; it lasts 90 days."""
    visit = VISIT.get()
    token = await log_in(
        data.phone, data.password, door="api", language=visit.language, address=visit.address
    )
    return Token(token)


@delete("/sessions/current", summary="退出", tags=["people"], access=SIGNED_IN)
async def close_session() -> None:
    """Close the session that the request came with."""
    token = VISIT.get().token
    assert token is not None
    await log_out(token)


HANDLERS = [open_session, close_session]
