"""What the API says of itself: Litestar's description of the handlers, with what all of them share.

How one signs in, which refusals there are and how they look, and the key that makes a change happen once:
added here for every route, a plugin's too, so that no handler has to say it.
"""

import copy
import re
from typing import Any

from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin

from core.answers.rules import KEPT_FOR, KEY_LENGTH_MOST
from web.access import PUBLIC, routes
from web.errors import TITLES
from web.once import is_keyed

Access = dict[tuple[str, str], str | None]
_ALWAYS = (400, 404, 409, 422, 429, 503)
_PROTECTED = (401, 403)
_CHANGING = ("post", "put", "patch", "delete")
_PROBLEM = {
    "title": "问题",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "title": "类型"},
        "title": {"type": "string", "title": "标题"},
        "status": {"type": "integer", "title": "状态码"},
        "detail": {"type": "string", "title": "原因"},
        "errors": {
            "title": "各项的原因",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
_KEY = {
    "name": "idempotency-key",
    "in": "header",
    "required": False,
    "description": f"同一请求用同一个键重发，只生效一次，{KEPT_FOR.days * 24} 小时内得到第一次的回答",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": KEY_LENGTH_MOST,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
    },
}
_REPLAYED = {"description": "true: 这是第一次的回答", "schema": {"type": "string", "enum": ["true"]}}


class Description(JsonRenderPlugin):
    """Serves the description, made when it is first asked for."""

    _made: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The same bytes each time."""
        if self._made is None:
            access = {
                (re.sub(r":\w+}", "}", path), method): said for path, method, said in routes(request.app)
            }
            self._made = self.render_json(request, describe(openapi_schema, access))
        return self._made


def describe(openapi: dict[str, Any], access: Access) -> dict[str, Any]:
    """Litestar's description completed; `access` says for (path, METHOD) who may enter."""
    described = copy.deepcopy(openapi)
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            _complete(operation, path, method, is_public=access[path, method.upper()] == PUBLIC)
    components = described.setdefault("components", {})
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "POST /api/v1/sessions"}
    }
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["parameters"] = {"IdempotencyKey": _KEY}
    components["headers"] = {"IdempotencyReplayed": _REPLAYED}
    components["responses"] = {f"Problem{status}": _refusal(status) for status in TITLES}
    return described


def _complete(operation: dict[str, Any], path: str, method: str, *, is_public: bool) -> None:
    statuses = _ALWAYS + (() if is_public else _PROTECTED) + ((413,) if method in _CHANGING else ())
    operation["security"] = [] if is_public else [{"token": []}]
    for status in statuses:
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    if is_keyed(method.upper(), path):
        key = {"$ref": "#/components/parameters/IdempotencyKey"}
        operation["parameters"] = [*(operation.get("parameters") or ()), key]
        for status, response in operation["responses"].items():
            if status < "300":
                response.setdefault("headers", {})["idempotency-replayed"] = {
                    "$ref": "#/components/headers/IdempotencyReplayed"
                }


def _refusal(status: int) -> dict[str, Any]:
    refusal: dict[str, Any] = {
        "description": TITLES[status],
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 503:
        refusal["headers"] = {"retry-after": {"schema": {"type": "string"}}}
    return refusal
