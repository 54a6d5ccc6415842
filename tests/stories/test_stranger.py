"""A stranger writes a plugin, installs it as a wheel, and sees its page in the menu, in both languages."""

import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from plugins.garden import queries
from tests.factories import make_committee, make_garden
from tests.processes import ROOT, free_port, running, wait_until

pytestmark = pytest.mark.process
SOURCE = ROOT / "tests" / "example_plugin"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the stranger's wheel installed, as pip does it, without a network."""
    work = tmp_path_factory.mktemp("stranger")
    shutil.copytree(SOURCE, work / "source")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    build = ["wheel", "--no-build-isolation", *offline, "--wheel-dir", str(work), str(work / "source")]
    subprocess.run([*pip, *build], check=True)
    (wheel,) = work.glob("*.whl")
    subprocess.run([*pip, "install", *offline, "--target", str(work / "site"), str(wheel)], check=True)
    return work / "site"


def test_its_page_is_there_once_it_is_installed(site: Path, database_url: str, tmp_path: Path) -> None:
    port = free_port()
    environ = {
        "YIJI_DATABASE_URL": database_url,
        "YIJI_DATA": str(tmp_path),
        "YIJI_PORT": str(port),
        "PYTHONPATH": str(site),
    }
    with running("web", log=tmp_path / "web.log", **environ):
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: _is_up(base), what="web")
        page = httpx.get(f"{base}/toolshed")
        assert page.status_code == 200
        assert "人字梯" in page.text
        assert 'href="/toolshed"' in httpx.get(f"{base}/").text
        english = httpx.get(f"{base}/toolshed", headers={"accept-language": "en"}).text
        assert "Neighbours&#39; tool shed" in english


def test_without_it_there_is_no_such_page(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    environ = {"YIJI_DATABASE_URL": database_url, "YIJI_DATA": str(tmp_path), "YIJI_PORT": str(port)}
    with running("web", log=tmp_path / "web.log", **environ):
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: _is_up(base), what="web")
        assert httpx.get(f"{base}/toolshed").status_code == 404


async def test_a_disabled_plugin_has_no_pages_and_keeps_its_data(
    db: str, data_folder: Path, tmp_path: Path
) -> None:
    committee = await make_committee()
    garden_id, _ = await make_garden(committee)
    port = free_port()
    environ = {"YIJI_DATABASE_URL": db, "YIJI_DATA": str(tmp_path), "YIJI_PORT": str(port)}
    with running("web", log=tmp_path / "web.log", YIJI_DISABLED="garden", **environ):
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: _is_up(base), what="web")
        assert httpx.get(f"{base}/garden").status_code == 404
        assert "/garden" not in httpx.get(f"{base}/").text
        assert httpx.get(f"{base}/accounts/{committee.id}").status_code == 200
    assert len(await queries.plots(garden_id, household_id=None)) == 6


def _is_up(base: str) -> bool:
    try:
        return httpx.get(f"{base}/healthz").status_code == 200
    except httpx.TransportError:
        return False
