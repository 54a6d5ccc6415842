"""Schemathesis over the whole `/api/v1`: nobody can bring it to a fault, and it is as it describes itself.

The same examples in every run. What business rules refuse although it is well formed is no finding.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core import database
from core.ledger import queries as ledger
from plugins.garden import services
from tests.factories import PASSWORD, make_committee, make_garden, make_resident
from tests.processes import free_port, read_log, running, wait_until
from tests.web.visitors import bearer

RESIDENT, TREASURER = "13900000001", "13900000002"
# Not asked: whether what breaks the description is refused. To this tool, a header it made up breaks it.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,unsupported_method,allow_header_conformance"
)
EXAMPLES = 10
# Last, because from then on the token is worth nothing.
SIGN_OUT = r"/sessions/(current|\{)"


async def build(url: str) -> None:
    """A garden, a paid and an open order, and two people who can sign in."""
    await database.open_pool(url, size=2)
    committee = await make_committee(treasurer_phone=TREASURER)
    _, plots = await make_garden(committee, plots=60)
    resident = await make_resident(committee.region_id, phone=RESIDENT, password=PASSWORD)
    neighbour = await make_resident(committee.region_id, name="李四")
    for plot_id, actor in zip(plots, (resident, neighbour), strict=False):
        await services.claim_plot(plot_id, agreed=True, actor=actor)
    await database.close_pool()


@pytest.fixture
def base(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The product's own web process on a built database."""
    asyncio.run(build(database_url))
    port, log = free_port(), tmp_path / "log"
    settings = {"YIJI_DATABASE_URL": database_url, "YIJI_DATA": str(tmp_path), "YIJI_PORT": str(port)}
    with running("web", log=log, **settings):
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(base), what="the web process")
        yield base
    assert "unexpected" not in read_log(log)


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/healthz").is_success
    except httpx.TransportError:
        return False


async def _token(base: str, phone: str) -> dict[str, str]:
    async with httpx.AsyncClient(base_url=base) as client:
        return await bearer(client, phone)


@pytest.mark.fuzz
@pytest.mark.process
@pytest.mark.parametrize("phone", [None, RESIDENT, TREASURER])
def test_the_api_is_as_it_says_whatever_is_sent(
    base: str, database_url: str, phone: str | None, tmp_path: Path
) -> None:
    headers = asyncio.run(_token(base, phone)) if phone else {}
    _run(base, headers, tmp_path, "--exclude-path-regex", SIGN_OUT)
    _run(base, headers, tmp_path, "--include-path-regex", SIGN_OUT)
    assert asyncio.run(_differences(database_url)) == []


def _run(base: str, headers: dict[str, str], folder: Path, *only: str) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{base}/api/v1/openapi.json", *only]
    command += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command += ["--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--no-color"]
    command += ["--max-examples", str(EXAMPLES), "--generation-deterministic"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, cwd=folder)
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr


async def _differences(url: str) -> list[object]:
    await database.open_pool(url, size=1)
    try:
        return list(await ledger.differences())
    finally:
        await database.close_pool()
