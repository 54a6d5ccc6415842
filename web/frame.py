"""The pure-ASGI wrapper around every request: visit, connection, security headers.

One pool connection serves the whole request, session query included. A slow client never holds it:
the body is read before it is taken, and a whole answer is sent after it is given back.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar, Response
from litestar.enums import HttpMethod, ScopeType
from litestar.types import HTTPRequestEvent, HTTPScope, Message, Receive, Scope, Send

from core.database import borrowed_connection
from core.language import LANGUAGE
from core.people.queries import stale_session_person
from core.people.services import recognise
from web import errors
from web.access import body_most, methods
from web.assets import is_present
from web.once import HEADER, is_keyed, once
from web.visit import VISIT, Visit

BODY_MOST = 256_000
_BODY_TIMEOUT_S, _LARGE_BODY_TIMEOUT_S = 20, 120
_LARGE_BODIES_AT_ONCE = 12
_WITHOUT_VISIT = ("/static/", "/healthz")
# These wait for a password hash, or for others: no connection is kept for the whole request.
_WITHOUT_CONNECTION = (
    "/login",
    "/api/v1/sessions",
    "/password",
    "/api/v1/password",
    "/api/v1/payments/notify/",
)
_JOINTS = {b"cookie": "; ", b"x-forwarded-for": ", "}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FOR_EVER = b"public, max-age=31536000, immutable"
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
    (b"permissions-policy", b"camera=(), geolocation=(self), microphone=()"),
]


class Frame:
    """Wraps the Litestar application. `trusted_proxies`: how many of ours stand before it."""

    def __init__(self, app: Litestar, *, secret: bytes, trusted_proxies: int = 0) -> None:
        self._app, self._secret, self._trusted_proxies = app, secret, trusted_proxies
        self._large_bodies = asyncio.Semaphore(_LARGE_BODIES_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":  # as GET; the server leaves the body out
            scope["method"] = HttpMethod.GET
        if scope["path"].startswith(_WITHOUT_VISIT) and _may_be_a_file(scope["path"]):
            is_kept = is_present(scope["path"], scope["query_string"].decode("latin-1"))
            await self._app(scope, receive, _kept(send) if is_kept else _with_headers(send, None))
            return
        headers = _headers(scope)
        is_secure = scope["scheme"] == "https"
        here = _here(scope, headers)
        visit = Visit.from_headers(scope["path"], here, headers, self._secret, is_secure=is_secure)
        visit.address = _address(scope, headers, self._trusted_proxies)
        VISIT.set(visit)
        LANGUAGE.set(visit.language)
        answer = _Answer(_with_headers(send, visit))
        try:
            await self._enter(_Call(visit, headers, scope, receive, answer))
        except Exception as fault:  # outside Litestar: the database is away, say
            await answer.take_response(errors.on_exception(fault))
        await answer.finish()

    async def _enter(self, call: "_Call") -> None:
        scope = call.scope
        # An empty part of a path the router would overlook, and we would take one door for the other.
        if "//" in scope["path"] or scope["path"].startswith(_WITHOUT_VISIT):
            await call.answer.take_response(errors.refuse(404))
        elif scope["method"] == "OPTIONS":
            await call.answer.take_response(errors.options(methods(self._app, scope["path"])))
        elif scope["method"] in _SAFE:
            await self._serve(call)
        elif not call.visit.is_api and _is_cross_site(call.headers):
            await call.answer.take_response(errors.refuse(403))
        elif call.visit.token is not None and call.claims_more_than(BODY_MOST):
            await self._receive_large(call)
        else:
            await self._receive(call, BODY_MOST, _BODY_TIMEOUT_S)

    async def _receive_large(self, call: "_Call") -> None:
        """Each is in memory as a whole: only for routes that say so, and for whom we know."""
        most = body_most(self._app, call.scope["path"], call.scope["method"]) or 0
        if most <= BODY_MOST or not await _is_known(call.visit):
            await call.answer.take_response(errors.refuse(413))
            return
        async with asyncio.timeout(_LARGE_BODY_TIMEOUT_S) as limit, self._large_bodies:
            limit.reschedule(None)
            await self._receive(call, most, _LARGE_BODY_TIMEOUT_S)

    async def _receive(self, call: "_Call", most: int, timeout_s: float) -> None:
        """Take the body in before any connection is held."""
        body = await _read_body(call.receive, most, timeout_s)
        if body is None:
            await call.answer.take_response(errors.refuse(413))
            return
        call.body, call.receive = body, _replay(body, call.receive)
        if not call.visit.is_api:
            call.visit.typed, call.visit.typed_as = body, call.headers.get(b"content-type", "")
        await self._serve(call)

    async def _serve(self, call: "_Call") -> None:
        visit, scope, receive, answer = call.visit, call.scope, call.receive, call.answer
        if scope["method"] == "POST" and scope["path"].startswith(_WITHOUT_CONNECTION):
            await _recognise(visit)
            await self._app(scope, receive, answer.take)
            return
        async with borrowed_connection():
            await _recognise(visit)
            key = call.headers.get(HEADER)
            if key is None or visit.actor is None or not self._is_keyed(scope):
                await self._app(scope, receive, answer.take)
                return
            for message in await once(
                visit, key, scope, call.body, lambda send: self._app(scope, receive, send)
            ):
                await answer.take(message)

    def _is_keyed(self, scope: HTTPScope) -> bool:
        method, path = scope["method"], scope["path"]
        return is_keyed(method, path) and method in methods(self._app, path)


@dataclass
class _Call:
    """One request on its way in, and where its answer goes."""

    visit: Visit
    headers: dict[bytes, str]
    scope: HTTPScope
    receive: Receive
    answer: "_Answer"
    body: bytes = b""

    def claims_more_than(self, size: int) -> bool:
        """What the head says of the body; one that comes in chunks may not be large."""
        length = self.headers.get(b"content-length", "")
        return length.isascii() and length.isdigit() and int(length[:12]) > size


async def _recognise(visit: Visit) -> None:
    """Who is signed in; a stale token counts as none."""
    if visit.token is not None:
        visit.actor = await recognise(visit.token, door="api" if visit.is_api else "web")
        if visit.actor is None:
            if visit.typed:
                visit.stale_person_id = await stale_session_person(visit.token)
            visit.token = None


async def _is_known(visit: Visit) -> bool:
    """Is, or was lately, somebody signed in with this token? A form that comes too late is kept too."""
    if visit.token is None:
        return False
    if await recognise(visit.token, door="api" if visit.is_api else "web") is not None:
        return True
    return await stale_session_person(visit.token) is not None


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

    async def take_response(self, response: Response[bytes]) -> None:
        """An answer past Litestar, unless it has answered before the fault."""
        if self._streams or self._kept:
            return
        for message in errors.messages(response):
            await self.take(message)

    async def finish(self) -> None:
        kept, self._kept = self._kept, []
        for message in kept:
            await self._send(message)


def _may_be_a_file(path: str) -> bool:
    """Litestar's static router would ask the disk for any name, and take its refusal for a fault."""
    return len(path) < 200 and path.isprintable()


def _headers(scope: HTTPScope) -> dict[bytes, str]:
    """By lower-case name; several cookie headers count as one, and those of proxies too."""
    headers: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        joint = _JOINTS.get(name) if name in headers else None
        headers[name] = f"{headers[name]}{joint}{text}" if joint else text
    return headers


def _address(scope: HTTPScope, headers: dict[bytes, str], trusted_proxies: int) -> str:
    """Where the request comes from: our own proxies have added the last `trusted_proxies` addresses."""
    named = [part for part in headers.get(b"x-forwarded-for", "").replace(" ", "").split(",") if part]
    if 0 < trusted_proxies <= len(named):
        return named[-trusted_proxies][:60]
    client = scope.get("client")
    return client[0] if client else ""


def _here(scope: HTTPScope, headers: dict[bytes, str]) -> str:
    """Where a link of the page comes back to by GET: this address, or the one that held the form."""
    if scope["method"] in _SAFE:
        query = scope["query_string"].decode("latin-1")
        return scope["path"] + (f"?{query}" if query else "")
    try:
        return urlsplit(headers.get(b"referer", "")).path or "/"
    except ValueError:
        return "/"


def _is_cross_site(headers: dict[bytes, str]) -> bool:
    """Browsers say where a form comes from; the form's own token guards against those that do not."""
    if headers.get(b"sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get(b"origin")
    return origin not in (None, "null") and origin.partition("://")[2] != headers.get(b"host")


async def _read_body(receive: Receive, most: int, timeout_s: float) -> bytes | None:
    """The whole body; None when it is too large, too slow, or the client is gone."""
    chunks, size = [], 0
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                if size > most:
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


def _kept(send: Send) -> Send:
    """For a file whose address changes with its content."""

    async def framed(message: Message) -> None:
        if message["type"] == "http.response.start":
            others = [(name, value) for name, value in message["headers"] if name != b"cache-control"]
            message["headers"] = [*others, *_SECURITY, (b"cache-control", _FOR_EVER)]
        await send(message)

    return framed


def _visit_headers(visit: Visit | None) -> Iterable[tuple[bytes, bytes]]:
    if visit is None:
        return
    yield b"cache-control", b"no-store" if visit.token or visit.set_cookies else b"no-cache"
    yield b"vary", b"cookie, accept-language"
    for cookie in visit.set_cookies:
        yield b"set-cookie", cookie.encode("latin-1")
