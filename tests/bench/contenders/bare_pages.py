"""The same pages without the product: a bare Litestar application on the same server.

Its handlers call the product's page functions: the page's own SQL, the same template with the same context,
a connection from the same pool. What it has not: the frame, the guard, error handling, security headers, and
the session's query: who has which cookie, it looks up once and keeps.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Response, get

import migrations as migrations
from core import database, settings
from core.people.services import recognise
from plugins.garden.pages import show_garden
from web.__main__ import serve
from web.ledger.pages import show_account
from web.notifications.pages import show_inbox
from web.visit import VISIT, Visit

SETTINGS = settings.load()
VISITS: dict[tuple[str, str], Visit] = {}


@get("/garden/{garden_id:int}")
async def garden(request: Request[Any, Any, Any], garden_id: int) -> Response[Any]:
    """The map of a garden."""
    async with database.borrowed_connection():
        await let_in(request)
        return await show_garden.fn(garden_id=garden_id)


@get("/accounts/{organization_id:int}")
async def account(request: Request[Any, Any, Any], organization_id: int) -> Response[Any]:
    """A public account."""
    async with database.borrowed_connection():
        await let_in(request)
        return await show_account.fn(organization_id=organization_id)


@get("/inbox")
async def inbox(request: Request[Any, Any, Any]) -> Response[Any]:
    """A person's notices."""
    async with database.borrowed_connection():
        await let_in(request)
        return await show_inbox.fn()


async def let_in(request: Request[Any, Any, Any]) -> None:
    """Say who asks: the template needs it."""
    key = request.scope["path"], request.headers.get("cookie", "")
    if key not in VISITS:
        VISITS[key] = await _visit(request)
    VISIT.set(VISITS[key])


async def _visit(request: Request[Any, Any, Any]) -> Visit:
    headers = {name: value.decode() for name, value in request.scope["headers"]}
    path = request.scope["path"]
    visit = Visit.from_headers(path, path, headers, SETTINGS.secret, is_secure=False)
    if visit.token:
        visit.actor = await recognise(visit.token, door="web")
    return visit


@asynccontextmanager
async def connected(_app: Litestar) -> AsyncIterator[None]:
    """The same pool as the product's."""
    assert SETTINGS.database_url is not None
    await database.open_pool(SETTINGS.database_url, size=SETTINGS.pool_size)
    yield
    await database.close_pool()


if __name__ == "__main__":
    app = Litestar([garden, account, inbox], lifespan=[connected], openapi_config=None, logging_config=None)
    serve(app, SETTINGS)
