"""A bare Litestar route that inserts one row for each request, on the product's server, pool and database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, post

import migrations as migrations
from core import database, settings
from web.__main__ import serve

SETTINGS = settings.load()


@post("/{_path:path}", status_code=200)
async def take(request: Request[Any, Any, Any], _path: str) -> None:
    """Keep the body, whatever it is."""
    await database.fetch("insert into bench_inbox (body) values ($1)", await request.body())


@asynccontextmanager
async def connected(_app: Litestar) -> AsyncIterator[None]:
    """The same pool as the product's."""
    assert SETTINGS.database_url is not None
    await database.open_pool(SETTINGS.database_url, size=SETTINGS.pool_size)
    await database.fetch("create table bench_inbox (id bigserial primary key, body bytea not null)")
    yield
    await database.close_pool()


if __name__ == "__main__":
    serve(Litestar([take], lifespan=[connected], openapi_config=None, logging_config=None), SETTINGS)
