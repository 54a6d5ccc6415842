"""Who may enter a route. Every handler states `access`; one without it does not start the product.

`access="public"`, `access="signed_in"`, or a permission that the person must hold in some scope. Whether
it is the right scope, the service decides, which knows the thing that is touched.
"""

from collections.abc import Iterator
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.utils.path import normalize_path

from core.errors import Forbidden
from core.people.errors import PermissionMissing
from web.visit import VISIT

PUBLIC, SIGNED_IN = "public", "signed_in"


class SignInFirst(Forbidden):
    """The route is for signed-in people."""

    message = "请先登录"


async def check_access(_connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The application's guard; raises SignInFirst or PermissionMissing.

    Async although it waits for nothing: Litestar would hand a plain function to a thread.
    """
    # Only Litestar's own answers to OPTIONS say nothing: `create_litestar` has checked the rest.
    access = handler.opt.get("access", PUBLIC)
    if access == PUBLIC:
        return
    actor = VISIT.get().actor
    if actor is None:
        raise SignInFirst
    if access != SIGNED_IN and not actor.may(access):
        raise PermissionMissing


def routes(app: Litestar) -> Iterator[tuple[str, str, str | None]]:
    """(path, method, access) of every HTTP route; access None where a handler forgot it."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", [getattr(route, "route_handler", None)]):
            for method in sorted(set(getattr(handler, "http_methods", ["ASGI"])) - {"OPTIONS"}):
                yield route.path, method, handler.opt.get("access") if handler else None


def methods(app: Litestar, path: str) -> list[str]:
    """What an address takes, by name; HEAD is answered like GET. Empty where there is none."""
    taken = [method.value for method in HttpMethod if _is_taken(app, path, method)]
    return sorted({*taken, "HEAD", "OPTIONS"} if "GET" in taken else {*taken, "OPTIONS"}) if taken else []


def body_most(app: Litestar, path: str, method: str) -> int | None:
    """The most bytes that the handler of this route takes; None where it says nothing of its own."""
    try:
        _, handler, *_ = app.asgi_router.handle_routing(path=normalize_path(path), method=method)
    except HTTPException:
        return None
    return handler.resolve_request_max_body_size() if isinstance(handler, HTTPRouteHandler) else None


def _is_taken(app: Litestar, path: str, method: HttpMethod) -> bool:
    if method is HttpMethod.OPTIONS:  # Litestar adds it to each handler, for that handler's methods alone
        return False
    try:
        app.asgi_router.handle_routing(path=normalize_path(path), method=method.value)
    except HTTPException:
        return False
    return True
