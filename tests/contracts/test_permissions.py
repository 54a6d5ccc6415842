"""Who may do what: every route, called once by everybody, on things of one tenant.

`permissions.txt` is what a reviewer reads; a change shows as a diff. After reading yours, rewrite it with
`pytest tests/contracts/test_permissions.py --update-permissions`. A new route needs an entry in `calls/`.
"""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from core import clock, database, settings
from core.database import fetch
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
# Columns: people. `resident` has the order, the lease and the session that are asked for, and votes on the
# approval that `neighbour`, of another household, has put forward; the others hold that role at the owner of
# the things, `@other` at another organization.
# Cells: the status of the answer (303: done, go on); `login`: sent to the login page.
"""


class OneConnection:
    """Lends one connection to all requests, so that a savepoint undoes what they did."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[asyncpg.Connection]:
        yield self._connection


@dataclass(frozen=True)
class Stage:
    """The application on one connection, the world, and everybody's tokens by column."""

    connection: asyncpg.Connection
    frame: Frame
    routes: list[tuple[str, str]]
    calls: dict[str, Call]
    people: dict[str, str | None]

    async def answer(
        self, method: str, path: str, token: str | None, *, form_token: bool = True
    ) -> httpx.Response:
        """Call a route, and undo what it did."""
        async with self.undone():
            return await self.send(method, path, token, form_token=form_token)

    async def send(self, method: str, path: str, token: str | None, *, form_token: bool) -> httpx.Response:
        """Call a route."""
        call = self.calls[f"{method} {path}"]
        sent = _request(path, call, token, form_token=form_token)
        transport = httpx.ASGITransport(app=self.frame)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://yiji.test") as client:
            return await client.request(method, _filled(path, call), **sent)

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """What happens inside is undone."""
        savepoint = self.connection.transaction()
        await savepoint.start()
        try:
            yield
        finally:
            await savepoint.rollback()


@pytest.fixture
async def stage(
    database_url: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    monkeypatch.setenv("YIJI_SECRET", "only for tests")
    moment = clock.now()  # it stands still, because a code at a door holds for ninety seconds only
    monkeypatch.setattr(clock, "_source", lambda: moment)
    connection = await asyncpg.connect(database_url, timeout=10)
    monkeypatch.setattr(database, "_pool", OneConnection(connection))
    whole = connection.transaction()
    await whole.start()
    try:
        world = await make_world()
        actors = await make_actors(world)
        known = settings.load()
        app = create_litestar(known)
        written = {route: call(world) for route, call in calls().items()}
        all_routes = sorted({(path, method) for path, method, _ in routes(app)})
        people = {name: await _open_sessions(person_id) for name, person_id in actors.items()}
        yield Stage(connection, Frame(app, secret=known.secret), all_routes, written, people)
    finally:
        await whole.rollback()
        await connection.close()


def _check_calls(stage: Stage) -> None:
    named = {f"{method} {path}" for path, method in stage.routes}
    missing, gone = sorted(named - stage.calls.keys()), sorted(stage.calls.keys() - named)
    assert not missing, f"say in tests/contracts/calls/ how to call: {missing}"
    assert not gone, f"tests/contracts/calls/ names routes that are gone: {gone}"


@pytest.mark.routes
async def test_every_route_answers_everybody_as_written_down(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    _check_calls(stage)
    rows = [["route", *stage.people]]
    for path, method in stage.routes:
        answers = [await stage.answer(method, path, token) for token in stage.people.values()]
        rows.append([f"{method:<6} {path}", *map(_cell, answers)])
    found = LEGEND + _aligned(rows)
    if request.config.getoption("--update-permissions"):
        SNAPSHOT.write_text(found, "utf-8")
    # Line by line, so that pytest shows the routes that differ.
    assert found.splitlines() == SNAPSHOT.read_text("utf-8").splitlines()
    assert [row for row in rows if any(re.fullmatch(r"5\d\d", cell) for cell in row)] == []


@pytest.mark.routes
async def test_no_form_does_anything_without_its_token(stage: Stage) -> None:
    """A form that comes back after its session has ended counts on it (`web/kept.py`)."""
    _check_calls(stage)
    forms = [path for path, method in stage.routes if method == "POST" and not path.startswith("/api/")]
    assert len(forms) > 5
    for path in set(forms) - {"/logout"}:  # which leads to the first page in any case
        for name, token in stage.people.items():
            answer = await stage.answer("POST", path, token, form_token=False)
            assert 400 <= answer.status_code < 500, f"{path} as {name}: {answer.status_code}"


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


def _cell(answer: httpx.Response) -> str:
    is_to_login = answer.headers.get("location", "").startswith("/login")
    return "login" if is_to_login else str(answer.status_code)


def _filled(path: str, call: Call) -> str:
    return re.sub(r"\{(\w+):\w+\}", lambda found: str(call.path[found[1]]), path)


def _request(path: str, call: Call, token: str | None, *, form_token: bool) -> dict[str, Any]:
    sent: dict[str, Any] = {"params": call.query}
    if path.startswith("/api/"):
        sent["headers"] = {"authorization": f"Bearer {token} api"} if token else {}
        return sent | ({"json": call.json} if call.json is not None else {})
    held = f"{token} web" if token else "a visitor"
    sent["headers"] = {"cookie": f"{SESSION if token else VISITOR}={held}"}
    if call.form is not None:
        bound = hmac.new(b"only for tests", b"form:" + held.encode(), hashlib.sha256).hexdigest()
        sent["data"] = {"form_token": bound if form_token else "", **call.form}
    return sent


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "".join(f"{line.rstrip()}\n" for line in lines)
