"""A stranger's wheel: installed, played through its pages in both languages, switched off, taken away."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from core.database import fetch, fetch_value
from plugins.garden import queries
from tests.factories import PASSWORD, make_committee, make_garden, make_region, make_resident, new_phone
from tests.installed import Installation
from tests.processes import ROOT, free_port, running, wait_until
from tests.web.visitors import log_in, send_form

pytestmark = pytest.mark.process
SOURCE = ROOT / "tests" / "example_plugin"
# What a tick of beat does, told from the plugin's own timetable.
TICK = """
import asyncio
from core import database, settings
from workers.schedule import ask_for, timetable

async def tick():
    await database.open_pool(settings.load().database_url, size=1)
    await ask_for(*timetable()["toolshed.remind_overdue"]["args"])
    await database.close_pool()

asyncio.run(tick())
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An environment with the stranger's wheel."""
    work = tmp_path_factory.mktemp("stranger")
    shutil.copytree(
        SOURCE, work / "source", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
    )
    made = Installation(work / "venv")
    made.install(str(made.build_wheel(work / "source", work)))
    work.joinpath("tick.py").write_text(TICK, "utf-8")
    return made


@dataclass(frozen=True)
class Site:
    """A product that runs with that environment on a test's database."""

    installation: Installation
    environ: dict[str, str]
    base: str

    def yiji(self, *command: str) -> str:
        """What a command says; it must succeed."""
        done = self.installation.run("core.cli", *command, environ=self.environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @asynccontextmanager
    async def visitor(
        self, phone: str | None = None, language: str = "zh"
    ) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody at a browser, logged in if they have a phone."""
        async with httpx.AsyncClient(base_url=self.base, headers={"accept-language": language}) as client:
            if phone is not None:
                assert (await log_in(client, phone)).status_code == 303
            yield client

    async def read(self, path: str, phone: str | None = None, language: str = "zh") -> str:
        """A page that is there."""
        async with self.visitor(phone, language) as client:
            page = await client.get(path)
        assert page.status_code == 200, page.status_code
        return page.text


@contextmanager
def site_of(
    installation: Installation, url: str, folder: Path, *, worker: bool = False, **more: str
) -> Iterator[Site]:
    """Start web, and the worker if asked."""
    port = free_port()
    environ = {"YIJI_DATABASE_URL": url, "YIJI_DATA": str(folder), "YIJI_PORT": str(port), **more}
    site = Site(installation, environ, f"http://127.0.0.1:{port}")
    site.yiji("migrate")
    start = {"log": folder / "processes.log", "python": installation.python, **environ}
    with running("web", **start):  # type: ignore[arg-type]
        wait_until(lambda: is_up(site.base), what="web")
        if not worker:
            yield site
            return
        with running("workers", "worker", **start):  # type: ignore[arg-type]
            yield site


def is_up(base: str) -> bool:
    try:
        return httpx.get(f"{base}/healthz").status_code == 200
    except httpx.TransportError:
        return False


@dataclass(frozen=True)
class Neighbours:
    """Phones of who plays."""

    owner: str
    borrower: str


async def make_neighbours() -> Neighbours:
    people, region_id = Neighbours(new_phone(), new_phone()), await make_region()
    for name, phone in (("管梯子", people.owner), ("林借用", people.borrower)):
        await make_resident(region_id, name=name, phone=phone, password=PASSWORD)
    return people


async def add_tool(site: Site, people: Neighbours) -> int:
    async with site.visitor(people.owner) as owner:
        sent = await send_form(owner, "/toolshed", seen_on="/toolshed", name="人字梯")
        assert sent.status_code == 303
    return int(await fetch_value("select id from toolshed_tool"))


async def borrow(site: Site, people: Neighbours, tool_id: int) -> None:
    async with site.visitor(people.borrower, "en") as borrower:
        assert "You have 20 points" in (await borrower.get("/toolshed")).text
        sent = await send_form(borrower, f"/toolshed/{tool_id}/borrow", seen_on="/toolshed")
        assert sent.status_code == 303
        shown = (await borrower.get("/toolshed")).text
    assert "You have 15 points" in shown
    assert "Back to 管梯子" in shown


async def told(site: Site, phone: str, title: str, in_english: str) -> None:
    """Wait for the worker, then read the inbox as its owner does."""
    async with site.visitor(phone) as person:
        async with asyncio.timeout(20):
            while title not in (await person.get("/inbox")).text:
                await asyncio.sleep(0.05)
        english = await person.get("/inbox", headers={"accept-language": "en"})
    assert in_english in english.text


async def become_overdue(installation: Installation, site: Site) -> None:
    await fetch("update toolshed_loan set due_on = due_on - 30")
    ticked = installation.run("tick", cwd=installation.folder.parent, environ=site.environ)
    assert ticked.returncode == 0, ticked.stderr


async def test_a_tool_is_lent_comes_back_late_and_the_books_agree(
    installation: Installation, db: str, tmp_path: Path
) -> None:
    people = await make_neighbours()
    with site_of(installation, db, tmp_path, worker=True) as site:
        assert 'href="/toolshed"' in await site.read("/", people.owner)
        assert "Neighbours&#39; tool shed" in await site.read("/toolshed", people.owner, "en")
        tool_id = await add_tool(site, people)
        await borrow(site, people, tool_id)
        await told(site, people.owner, "有邻居借了您的工具", "A neighbour has borrowed your tool")
        lent = await site.read("/toolshed", people.owner)
        assert "您有 25 点" in lent
        assert "在 林借用 那里" in lent
        await become_overdue(installation, site)
        await told(site, people.borrower, "该还工具了", "Please bring the tool back")
        assert "Overdue" in await site.read("/toolshed", people.borrower, "en")
        async with site.visitor(people.owner) as owner:
            returned = await send_form(owner, f"/toolshed/{tool_id}/return", seen_on="/toolshed")
            assert returned.status_code == 303
        assert "Free" in await site.read("/toolshed", people.borrower, "en")
        assert site.yiji("verify").splitlines()[-1] == "clean"


async def test_switched_off_and_taken_away_it_leaves_data_and_product_whole(
    installation: Installation, db: str, tmp_path: Path
) -> None:
    people = await make_neighbours()
    with site_of(installation, db, tmp_path, worker=True) as site:
        await borrow(site, people, await add_tool(site, people))
        await told(site, people.owner, "有邻居借了您的工具", "A neighbour has borrowed your tool")
    with site_of(installation, db, tmp_path, YIJI_DISABLED="toolshed") as site:
        await still_there(site, people)
    installation.pip("uninstall", "--yes", "yiji-toolshed")
    with site_of(installation, db, tmp_path) as site:
        await still_there(site, people)


async def still_there(site: Site, people: Neighbours) -> None:
    """The pages are gone; what was told and moved is still to be read, and the books agree."""
    async with site.visitor(people.owner) as owner:
        assert (await owner.get("/toolshed")).status_code == 404
    assert 'href="/toolshed"' not in await site.read("/", people.owner)
    assert "有邻居借了您的工具" in await site.read("/inbox", people.owner)
    assert await fetch_value("select count(*) from toolshed_loan where returned_on is null") == 1
    points = await fetch("select balance from ledger_balance where kind = 'toolshed.points' order by balance")
    assert [row["balance"] for row in points] == [15, 25]
    assert site.yiji("verify").splitlines()[-1] == "clean"


async def test_a_disabled_plugin_of_ours_has_no_pages_and_keeps_its_data(
    db: str, data_folder: Path, tmp_path: Path
) -> None:
    committee = await make_committee()
    garden_id, _ = await make_garden(committee)
    port = free_port()
    environ = {"YIJI_DATABASE_URL": db, "YIJI_DATA": str(tmp_path), "YIJI_PORT": str(port)}
    with running("web", log=tmp_path / "web.log", YIJI_DISABLED="garden", **environ):
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: is_up(base), what="web")
        assert httpx.get(f"{base}/garden").status_code == 404
        assert "/garden" not in httpx.get(f"{base}/").text
        assert httpx.get(f"{base}/accounts/{committee.id}").status_code == 200
    assert len(await queries.plots(garden_id, household_id=None)) == 6
