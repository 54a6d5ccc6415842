"""A real PostgreSQL for every test that asks: one throw-away cluster a run, one database a test.

`YIJI_TEST_DATABASE_URL` names a server to use instead; databases are made and dropped there. Nothing
here needs a service or a network.
"""

import asyncio
import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import hypothesis
import pytest
from litestar import Litestar

import migrations as migrations  # names the Piccolo configuration before any test imports a table
from core import database, settings
from core.embedded.cluster import Cluster
from migrations import runner

# The first draw of a process reads the constants of all modules: seconds that are not the strategy's.
hypothesis.settings.register_profile("yiji", suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("yiji")
_NUMBERS = itertools.count(1)
_ROOM = 3 * 10**9
_TEMPLATE = f"yiji_template_{os.getpid()}"


@pytest.fixture(scope="session", autouse=True)
def nobodys_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder that belongs to the run: whoever asks for none must not write into the checkout's own."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YIJI_DATA", str(folder))
        yield folder


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def _roomy_memory() -> str | None:
    """A folder in memory, where there is one: every test's database is hundreds of new files."""
    folder = Path("/dev/shm")
    is_roomy = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOM
    return str(folder) if is_roomy else None


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A database URL of a server where databases may be made."""
    if given := os.environ.get("YIJI_TEST_DATABASE_URL"):
        yield given
        return
    # Directly below that folder: pytest's own is closed to the account that runs the server.
    root = Path(tempfile.mkdtemp(prefix="yiji-test-", dir=_roomy_memory()))
    root.chmod(0o755)
    cluster = Cluster(root, test=True)
    try:
        yield cluster.ensure()
    finally:
        cluster.release("immediate")
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """Name of a migrated, empty database; every test's database is a copy of its files."""

    async def build() -> None:
        await _execute(server_url, f"create database {_TEMPLATE}")
        await database.open_pool(_with_database(server_url, _TEMPLATE), size=2)
        try:
            await runner.migrate()
        finally:
            await database.close_pool()

    asyncio.run(build())
    yield _TEMPLATE
    asyncio.run(_execute(server_url, f"drop database if exists {_TEMPLATE} with (force)"))


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    """A new database without any table."""
    name = f"yiji_test_{os.getpid()}_{next(_NUMBERS)}"
    asyncio.run(_execute(server_url, f"create database {name}"))
    yield _with_database(server_url, name)
    asyncio.run(_execute(server_url, f"drop database {name} with (force)"))


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """A new database with all tables."""
    name = f"yiji_test_{os.getpid()}_{next(_NUMBERS)}"
    asyncio.run(_execute(server_url, f"create database {name} template {template} strategy file_copy"))
    yield _with_database(server_url, name)
    asyncio.run(_execute(server_url, f"drop database {name} with (force)"))


@pytest.fixture
async def db(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """This process's pool, open on the test's own database; its URL. Hashes and ciphers need keys."""
    monkeypatch.setenv("YIJI_SECRET", "only for tests")
    monkeypatch.setenv("YIJI_ENCRYPTION_KEY", "only for tests, and long enough to be one")
    await database.open_pool(database_url, size=8)
    yield database_url
    await database.close_pool()


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, for whoever reads the settings."""
    monkeypatch.setenv("YIJI_DATA", str(tmp_path))
    return tmp_path


@functools.cache
def _application() -> Litestar:
    """Once a process: it holds nothing of a test, and its five hundred routes take a second."""
    from web.app import create_litestar

    return create_litestar(settings.load())


@pytest.fixture
async def client(db: str, data_folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor without cookies, in front of the whole application with its frame."""
    from web.frame import Frame

    known = settings.load()
    transport = httpx.ASGITransport(app=Frame(_application(), secret=known.secret))
    async with httpx.AsyncClient(transport=transport, base_url="http://yiji.test") as visitor:
        yield visitor


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly when the browser tests did not run."""
    from tests.browser import find_chromium

    wanted = "not browser" not in terminalreporter.config.option.markexpr
    if wanted and find_chromium() is None:
        terminalreporter.write_line("browser tests did NOT run: no Chromium found", yellow=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch of `tests/contracts/test_permissions.py`."""
    parser.addoption("--update-permissions", action="store_true", help="write permissions.txt anew")
