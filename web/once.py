"""`Idempotency-Key`: a request of the API with a key changes something once, however often it comes.

The answer is kept in the same transaction as the effect, so a crash leaves both or neither. What is
refused, or fails, is undone as a whole and not kept: the same request may be tried again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from litestar import Response
from litestar.types import HTTPScope, Message, Send

from core.answers import rules
from core.answers.errors import KeyMalformed, RequestUnderWay
from core.answers.services import Answer, keep_answer, take_key
from core.database import units_joined
from core.errors import YijiError
from web import errors
from web.visit import Visit

HEADER = b"idempotency-key"
Serve = Callable[[Send], Awaitable[None]]
_REFUSED = 400
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# What holds no connection while it waits for a password hash; the answer to signing in is never stored.
_NEVER_KEPT = frozenset(
    {"/api/v1/sessions", "/api/v1/password", "/api/v1/registrations", "/api/v1/password-resets"}
)


class _Undone(Exception):
    """Leaves the transaction without its effect; what was answered stands."""


@dataclass(frozen=True)
class KeyedRequest:
    """Who asks for what, under which key."""

    person_id: int
    key: str
    digest: bytes

    @classmethod
    def of(cls, visit: Visit, key: str, scope: HTTPScope, body: bytes) -> "KeyedRequest":
        """Raises KeyMalformed."""
        assert visit.actor is not None
        if not rules.is_key(key):
            raise KeyMalformed
        person_id, query = visit.actor.person_id, scope["query_string"].decode("latin-1")
        digest = rules.digest(person_id, scope["method"], f"{scope['path']}?{query}", body)
        return cls(person_id, key, digest)


def is_keyed(method: str, path: str) -> bool:
    """Does a key count here? For whatever changes something, except where passwords are sent."""
    return method in _CHANGING and path.startswith("/api/") and path.rstrip("/") not in _NEVER_KEPT


async def once(visit: Visit, key: str, scope: HTTPScope, body: bytes, serve: Serve) -> list[Message]:
    """The messages that answer the request: of the first time, if there was one."""
    try:
        return await _once(visit, KeyedRequest.of(visit, key, scope, body), serve)
    except YijiError as error:
        refused = errors.refusal(error)
        if isinstance(error, RequestUnderWay):
            refused.headers["retry-after"] = "1"
        return errors.messages(refused)


async def _once(visit: Visit, request: KeyedRequest, serve: Serve) -> list[Message]:
    taken: list[Message] = []

    async def take(message: Message) -> None:
        taken.append(message)

    try:
        async with units_joined():
            if kept := await take_key(request.person_id, request.key, request.digest):
                return _replayed(kept)
            await serve(take)
            answer = _whole(taken)
            if answer.status >= _REFUSED and not visit.is_marked:
                raise _Undone
            if answer.status < _REFUSED:
                await keep_answer(request.person_id, request.key, request.digest, answer)
    except _Undone:
        pass
    return taken


def _whole(taken: list[Message]) -> Answer:
    status, media_type, body = 500, "", b""
    for message in taken:
        if message["type"] == "http.response.start":
            status = message["status"]
            media_type = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")
    return Answer(status, media_type, body)


def _replayed(kept: Answer) -> list[Message]:
    answer = Response(kept.body, status_code=kept.status, media_type=kept.media_type or None)
    answer.headers["idempotency-replayed"] = "true"
    return errors.messages(answer)
