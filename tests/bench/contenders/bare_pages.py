"""The same pages without the product: a Litestar application that runs a page's own SQL and its template.

The first request for a page and cookie calls the product's page function on a connection that takes down
its statements, and takes down the template with its context. From then on the answer is those statements,
that template with that context, and nothing else: no session, no middleware, no guard, no rows made into
objects. So whatever page and query the product has, this is what it costs at least.
"""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import jinja2
from litestar import Litestar, MediaType, Request, Response, get

import migrations as migrations
from core import database, settings
from core.people.queries import session_actor
from plugins.garden.pages import show_garden
from web.__main__ import serve
from web.ledger.pages import show_account
from web.notifications.pages import show_inbox
from web.templates import environment
from web.visit import VISIT, Visit

SETTINGS = settings.load()
Page = Callable[[], Awaitable[Response[Any]]]


@dataclass
class Seen:
    """What a page did."""

    visit: Visit
    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    template: jinja2.Template | None = None
    context: dict[str, Any] = field(default_factory=dict)


SEEN: dict[tuple[str, str], Seen] = {}
SEEING: ContextVar[Seen] = ContextVar("seeing")


@dataclass
class Witness:
    """A connection that takes down the reads made on it."""

    connection: asyncpg.Connection
    seen: Seen

    async def fetch(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        self.seen.statements.append((sql, args))
        return await self.connection.fetch(sql, *args)  # type: ignore[no-any-return]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


class SeenTemplate(jinja2.Template):
    """A template that tells what it is rendered with."""

    def render(self, *args: Any, **context: Any) -> str:
        seen = SEEING.get()
        seen.template, seen.context = self, context
        return super().render(*args, **context)


async def watch(request: Request[Any, Any, Any], page: Page) -> Seen:
    """Call the product's page and take down what it does."""
    headers = {name: value.decode() for name, value in request.scope["headers"]}
    path = request.scope["path"]
    seen = Seen(Visit.from_headers(path, path, headers, SETTINGS.secret, is_secure=False))
    if seen.visit.token:
        seen.visit.actor = await session_actor(seen.visit.token, door="web")
    VISIT.set(seen.visit)
    SEEING.set(seen)
    assert database.DB.pool is not None
    async with database.DB.pool.acquire() as connection:
        with database.on_connection(Witness(connection, seen)):  # type: ignore[arg-type]
            await page()
    gc.freeze()  # what is kept here is not to be looked through again and again
    return seen


async def answer(request: Request[Any, Any, Any], page: Page) -> Response[bytes]:
    """The statements, the template, and nothing else."""
    key = request.scope["path"], request.headers.get("cookie", "")
    seen = SEEN.get(key)
    if seen is None:
        seen = SEEN[key] = await watch(request, page)
    VISIT.set(seen.visit)
    assert database.DB.pool is not None
    assert seen.template is not None
    async with database.DB.pool.acquire() as connection:
        for sql, args in seen.statements:
            await connection.fetch(sql, *args)
    html = jinja2.Template.render(seen.template, seen.context)
    return Response(html.encode(), media_type=MediaType.HTML)


@get("/garden/{garden_id:int}")
async def garden(request: Request[Any, Any, Any], garden_id: int) -> Response[bytes]:
    """The map of a garden."""
    return await answer(request, lambda: show_garden.fn(garden_id=garden_id))


@get("/accounts/{organization_id:int}")
async def account(request: Request[Any, Any, Any], organization_id: int) -> Response[bytes]:
    """A public account."""
    return await answer(request, lambda: show_account.fn(organization_id=organization_id))


@get("/inbox")
async def inbox(request: Request[Any, Any, Any]) -> Response[bytes]:
    """A person's notices."""
    return await answer(request, lambda: show_inbox.fn())


@asynccontextmanager
async def connected(_app: Litestar) -> AsyncIterator[None]:
    """The same pool as the product's."""
    assert SETTINGS.database_url is not None
    await database.open_pool(SETTINGS.database_url, size=SETTINGS.pool_size)
    yield
    await database.close_pool()


if __name__ == "__main__":
    environment().template_class = SeenTemplate
    app = Litestar([garden, account, inbox], lifespan=[connected], openapi_config=None, logging_config=None)
    serve(app, SETTINGS)
