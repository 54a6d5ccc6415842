"""Who may do what: every route, called once by everybody, on things of one tenant.

`permissions.txt` is what a reviewer reads; a change shows as a diff. After reading yours, rewrite it with
`pytest tests/contracts/test_permissions.py --update-permissions`. A new route needs an entry in `calls/`.
"""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from core import clock, settings
from core.database import DB, fetch
from core.people.queries import hash_token
from tests.contracts.calls import Call, calls
from tests.contracts.world import make_actors, make_world
from web.access import routes
from web.app import create_litestar
from web.frame import Frame
from web.visit import SESSION, VISITOR

SNAPSHOT = Path(__file__).with_name("permissions.txt")
LEGEND = """\
# Who may do what. Written by test_permissions.py; read its first lines before you change this.
# Columns: people. `resident` has the order, the lease and the session that are asked for; `neighbour` is of
# another household; the others hold that role at the owner of the things, `@other` at another organization.
# Cells: the status of the answer (303: done, go on); `login`: sent to the login page.
"""


class OneConnection:
    """Stands in for the pool: all requests share one connection, so that a savepoint undoes what they did."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.fetch = connection.fetch

    @asynccontextmanager
    async def acquire(self, *, timeout: float) -> AsyncIterator[asyncpg.Connection]:
        yield self._connection


async def test_every_route_answers_everybody_as_written_down(
    database_url: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("YIJI_SECRET", "only for tests")
    connection = await asyncpg.connect(database_url, timeout=10)
    monkeypatch.setattr(DB, "pool", OneConnection(connection))
    try:
        async with connection.transaction():
            found = await _table(connection)
    finally:
        await connection.close()
    if request.config.getoption("--update-permissions"):
        SNAPSHOT.write_text(found, "utf-8")
    # Line by line, so that pytest shows the routes that differ.
    assert found.splitlines() == SNAPSHOT.read_text("utf-8").splitlines()
    broken = [line for line in found.splitlines() if re.search(r"\b5\d\d\b", line)]
    assert broken == []


async def _table(connection: asyncpg.Connection) -> str:
    world = await make_world()
    actors = await make_actors(world)
    known = settings.load()
    app = create_litestar(known)
    frame = Frame(app, secret=known.secret)
    written = calls()
    all_routes = sorted({(path, method) for path, method, _ in routes(app)})
    missing = [f"{method} {path}" for path, method in all_routes if f"{method} {path}" not in written]
    assert not missing, f"say in tests/contracts/calls/ how to call: {missing}"
    gone = written.keys() - {f"{method} {path}" for path, method in all_routes}
    assert not gone, f"tests/contracts/calls/ names routes that are gone: {sorted(gone)}"
    people = [(name, await _open_sessions(person_id)) for name, person_id in actors.items()]
    lines = []
    for path, method in all_routes:
        call = written[f"{method} {path}"](world)
        cells = [await _cell(connection, frame, method, path, call, token) for _, token in people]
        lines.append([f"{method:<6} {path}", *cells])
    return LEGEND + _aligned([["route", *actors], *lines])


async def _open_sessions(person_id: int | None) -> str | None:
    """What the person's tokens begin with: one for the pages, one for the API."""
    if person_id is None:
        return None
    token = f"token of {person_id}"
    for door in ("web", "api"):
        await fetch(
            "insert into session (token_hash, person, door, opened_at, expires_at)"
            " values ($1, $2, $3, $4, $5)",
            hash_token(f"{token} {door}"),
            person_id,
            door,
            clock.now(),
            clock.now() + timedelta(days=1),
        )
    return token


async def _cell(
    connection: asyncpg.Connection, frame: Frame, method: str, path: str, call: Call, token: str | None
) -> str:
    """Call it, undo what it did, and say what happened."""
    savepoint = connection.transaction()
    await savepoint.start()
    try:
        transport = httpx.ASGITransport(app=frame)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://yiji.test") as client:
            answer = await client.request(method, _filled(path, call), **_request(path, call, token))
    finally:
        await savepoint.rollback()
    location = answer.headers.get("location", "")
    return "login" if location.startswith("/login") else str(answer.status_code)


def _filled(path: str, call: Call) -> str:
    return re.sub(r"\{(\w+):\w+\}", lambda found: str(call.path[found[1]]), path)


def _request(path: str, call: Call, token: str | None) -> dict[str, Any]:
    sent: dict[str, Any] = {"params": call.query}
    if path.startswith("/api/"):
        sent["headers"] = {"authorization": f"Bearer {token} api"} if token else {}
        return sent | ({"json": call.json} if call.json is not None else {})
    held = f"{token} web" if token else "a visitor"
    sent["headers"] = {"cookie": f"{SESSION if token else VISITOR}={held}"}
    if call.form is not None:
        form_token = hmac.new(b"only for tests", b"form:" + held.encode(), hashlib.sha256).hexdigest()
        sent["data"] = {"form_token": form_token, **call.form}
    return sent


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "".join(f"{line.rstrip()}\n" for line in lines)
