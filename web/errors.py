"""The one map from refusals to answers: a page for people, problem+json (RFC 9457) for programs."""

import logging
from typing import Any
from urllib.parse import quote

import asyncpg
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import Message

from core.database import UNREACHABLE
from core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, YijiError, describe
from core.language import explain, mark, translate
from web.access import SignInFirst, methods
from web.forms import FieldMalformed, see_other
from web.kept import kept_form
from web.people.pages import login_page
from web.templates import page
from web.visit import VISIT, Visit

log = logging.getLogger(__name__)
_STATUS: list[tuple[type[YijiError], int]] = [
    (SignInFirst, 401),
    (NotFound, 404),
    (Forbidden, 403),
    (TooMany, 429),
    (Conflict, 409),
    (Invalid, 422),
]
# A NUL or half a character in a text: what the database, or its driver, cannot take.
# Others were in the way; nothing was changed, and the same may succeed in a moment.
_PASSING = (
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)
_UNSTORABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError, UnicodeError)
TITLES = {
    400: mark("请求有误"),
    401: mark("请先登录"),
    403: mark("没有权限"),
    404: mark("没有找到"),
    405: mark("请求有误"),
    409: mark("现在不行"),
    413: mark("内容太大"),
    422: mark("填写有误"),
    429: mark("请稍后再试"),
    500: mark("出错了"),
    503: mark("请稍等"),
}
_DETAILS = {
    403: mark("请从本站的页面发送"),
    404: mark("网址可能写错了，或内容已经移走"),
    405: mark("这个网址不接受这样的请求"),
    413: mark("请分几次发送，每次少一些"),
    422: FieldMalformed.message,
}


def status_of(error: YijiError) -> int:
    """The HTTP status of a refusal."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def on_refusal(request: Request[Any, Any, Any], error: YijiError) -> Response[Any]:
    """What Litestar hands over."""
    visit = VISIT.get()
    if isinstance(error, SignInFirst) and not visit.is_api:
        return _sign_in_first(visit, is_get=request.method == "GET")
    return refusal(error)


def refusal(error: YijiError) -> Response[Any]:
    """A refusal of ours, in the visitor's language."""
    VISIT.get().is_marked |= error.leaves_a_mark
    errors = (
        [{"field": name, "reason": explain(why)} for name, why in error.reasons().items() if name]
        if isinstance(error, Invalid)
        else []
    )
    answer = _answer(status_of(error), explain(error), errors)
    if isinstance(error, TooMany):
        answer.headers["retry-after"] = str(error.retry_after_s)
    return answer


def _sign_in_first(visit: Visit, *, is_get: bool) -> Response[Any]:
    """By GET the login page leads back here; a form goes through it, with what was typed."""
    if is_get:
        return see_other(f"/login?next_path={quote(visit.here)}")
    return login_page(kept_form(visit), 401)


def on_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What Litestar itself refuses: unknown paths, wrong methods, malformed JSON."""
    status = error.status_code if error.status_code in TITLES else 400
    if status >= 500:
        return on_exception(error)
    errors = []
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        wrong = [one for one in error.extra if isinstance(one, dict)]
        # A path that no row can have is a page that does not exist.
        status = 404 if any(one.get("source") == "path" for one in wrong) else 422
        errors = [
            {"field": str(one.get("key", "")), "reason": translate(FieldMalformed.message)} for one in wrong
        ]
    if status == 405 and request.method == "GET" and not VISIT.get().is_api:
        return see_other(_page_above(request))
    answer = refuse(status, errors)
    if status == 405:
        answer.headers["allow"] = ", ".join(methods(request.app, request.scope["path"]))
    return answer


def _page_above(request: Request[Any, Any, Any]) -> str:
    """Whoever reloads a form's refusal, or changes the language there, asks for where forms are sent."""
    path = request.scope["path"].rstrip("/")
    while path and "GET" not in methods(request.app, path):
        path = path.rpartition("/")[0]
    return quote(path) or "/"


def on_fault(_request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """What Litestar hands over."""
    return on_exception(error)


def on_exception(error: Exception) -> Response[Any]:
    """A fault of ours. The log gets its place, not its message: that may hold personal data."""
    if isinstance(error, RecursionError):  # JSON nested a hundred thousand deep
        return refuse(400)
    if isinstance(error, _UNSTORABLE):
        return refuse(422)
    log.error("unexpected: %s", describe(error))
    if isinstance(error, (*UNREACHABLE, *_PASSING)):
        return unavailable()
    return _answer(500, translate(mark("系统出了差错，没有做任何改动，请稍后再试")), [])


def refuse(status: int, errors: list[dict[str, str]] | None = None) -> Response[Any]:
    """A refusal that no verb of ours gives: the status says why."""
    return _answer(status, translate(_DETAILS.get(status, TITLES[status])), errors or [])


def options(methods: list[str]) -> Response[Any]:
    """What an address takes; an empty list is no address."""
    if not methods:
        return refuse(404)
    return Response(b"", status_code=204, headers={"allow": ", ".join(methods)}, media_type="")


def unavailable() -> Response[Any]:
    """The database is away; `yiji up` or the city's operators bring it back."""
    answer = _answer(503, translate(mark("系统正在恢复，请过一会儿再试")), [])
    answer.headers["retry-after"] = "5"
    return answer


def messages(response: Response[bytes]) -> list[Message]:
    """An answer that does not come through Litestar, as the server wants it."""
    headers = [(name.encode(), value.encode("latin-1")) for name, value in response.headers.items()]
    if response.media_type:
        headers.append((b"content-type", str(response.media_type).encode()))
    if response.content:
        headers.append((b"content-length", str(len(response.content)).encode()))
    return [
        {"type": "http.response.start", "status": response.status_code or 200, "headers": headers},
        {"type": "http.response.body", "body": response.content, "more_body": False},
    ]


def _answer(status: int, detail: str, errors: list[dict[str, str]]) -> Response[Any]:
    visit: Visit | None = VISIT.get(None)
    title = translate(TITLES[status])
    if visit is not None and not visit.is_api:
        return page("web/error.html", status=status, title=title, detail=detail)
    problem: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    problem |= {"detail": detail} | ({"errors": errors} if errors else {})
    return Response(msgspec.json.encode(problem), status_code=status, media_type="application/problem+json")
