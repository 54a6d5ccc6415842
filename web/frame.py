"""The pure-ASGI wrapper around every request: visit, connection, security headers.

One pool connection serves the whole request, session query included. A slow client never holds it:
the body is read before it is taken, and a whole answer is sent after it is given back.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from litestar import Response
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPRequestEvent, HTTPScope, Message, Receive, Scope, Send

from core.database import UNREACHABLE, borrowed_connection
from core.language import LANGUAGE
from core.people.queries import session_actor
from web.errors import unavailable
from web.visit import VISIT, Visit

log = logging.getLogger(__name__)
BODY_MOST = 1_000_000
_BODY_TIMEOUT_S = 20
_WITHOUT_VISIT = ("/static/", "/healthz")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SECURITY: list[tuple[bytes, bytes]] = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self';"
        b" font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
        b" frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]


class Frame:
    """Wraps the Litestar application."""

    def __init__(self, app: ASGIApp, *, secret: bytes) -> None:
        self._app, self._secret = app, secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"].startswith(_WITHOUT_VISIT):
            await self._app(scope, receive, _with_headers(send, None))
            return
        await self._enter(scope, receive, send)

    async def _enter(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        is_secure = scope["scheme"] == "https"
        here = _here(scope, headers)
        visit = Visit.from_headers(scope["path"], here, headers, self._secret, is_secure=is_secure)
        if scope["method"] == "HEAD":  # as GET; the server leaves the body out
            scope["method"] = HttpMethod.GET
        if scope["method"] not in _SAFE:
            if not visit.is_api and _is_cross_site(headers):
                await _refuse(send, 403, "cross-site form")
                return
            body = await _read_body(receive)
            if body is None:
                await _refuse(send, 413, "body too large or too slow")
                return
            receive = _replay(body, receive)
        await self._visit(visit, scope, receive, send)

    async def _visit(self, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
        VISIT.set(visit)
        LANGUAGE.set(visit.language)
        answer = _Answer(_with_headers(send, visit))
        try:
            async with borrowed_connection():
                await _recognise(visit)
                await self._app(scope, receive, answer.take)
        except UNREACHABLE as lost:
            log.error("database: %s", type(lost).__name__)
            await _send_whole(answer, unavailable())
        await answer.finish()


async def _recognise(visit: Visit) -> None:
    """Who is signed in; a stale token counts as none."""
    if visit.token is not None:
        visit.actor = await session_actor(visit.token, door="api" if visit.is_api else "web")
        if visit.actor is None:
            visit.token = None


class _Answer:
    """Keeps a whole answer until `finish()`; passes a stream on as it comes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._kept: list[Message] = []
        self._streams = False

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.body" and message.get("more_body"):
            self._streams = True
        self._kept.append(message)
        if self._streams:
            await self.finish()

    @property
    def is_begun(self) -> bool:
        """Does the client have, or is about to get, a status already?"""
        return self._streams or bool(self._kept)

    async def finish(self) -> None:
        kept, self._kept = self._kept, []
        for message in kept:
            await self._send(message)


def _here(scope: HTTPScope, headers: dict[bytes, str]) -> str:
    """Where a link of the page comes back to by GET: this address, or the one that held the form."""
    if scope["method"] in _SAFE:
        query = scope["query_string"].decode("latin-1")
        return scope["path"] + (f"?{query}" if query else "")
    return urlsplit(headers.get(b"referer", "")).path or "/"


def _is_cross_site(headers: dict[bytes, str]) -> bool:
    """Browsers say where a form comes from; the form's own token guards against those that do not."""
    if headers.get(b"sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get(b"origin")
    return origin not in (None, "null") and origin.partition("://")[2] != headers.get(b"host")


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body; None when it is too large, too slow, or the client is gone."""
    chunks, size = [], 0
    try:
        async with asyncio.timeout(_BODY_TIMEOUT_S):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                if size > BODY_MOST:
                    return None
                if not message.get("more_body"):
                    return b"".join(chunks)
    except TimeoutError:
        return None


def _replay(body: bytes, receive: Receive) -> Receive:
    whole: HTTPRequestEvent = {"type": "http.request", "body": body, "more_body": False}
    waiting = [whole]

    async def replayed() -> Any:
        return waiting.pop() if waiting else await receive()

    return replayed


def _with_headers(send: Send, visit: Visit | None) -> Send:
    async def framed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_SECURITY, *_visit_headers(visit)]
        await send(message)

    return framed


def _visit_headers(visit: Visit | None) -> Iterable[tuple[bytes, bytes]]:
    if visit is None:
        return
    yield b"cache-control", b"no-store" if visit.token or visit.set_cookies else b"no-cache"
    yield b"vary", b"cookie, accept-language"
    for cookie in visit.set_cookies:
        yield b"set-cookie", cookie.encode("latin-1")


async def _send_whole(answer: _Answer, response: Response[bytes]) -> None:
    """Answer past Litestar, unless it has answered before the fault."""
    if answer.is_begun:
        return
    headers = [(b"content-type", (response.media_type or "text/plain").encode()), (b"retry-after", b"5")]
    status = response.status_code or 500
    await answer.take({"type": "http.response.start", "status": status, "headers": headers})
    await answer.take({"type": "http.response.body", "body": response.content, "more_body": False})


async def _refuse(send: Send, status: int, why: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_SECURITY]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": why.encode(), "more_body": False})
