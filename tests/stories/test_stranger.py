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
from core.people.services import grant_role
from core.reference import PLATFORM
from plugins.garden import queries
from tests.factories import PASSWORD, Committee, make_committee, make_garden, make_resident, new_phone
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
class Neighbourhood:
    """Phones of who plays, and their committee."""

    committee: Committee
    administrator: str
    treasurer: str
    keeper: str
    resident: str


async def make_neighbourhood() -> Neighbourhood:
    phones = [new_phone() for _ in range(4)]
    committee = await make_committee(treasurer_phone=phones[1])
    for name, phone in (("高管理", phones[0]), ("管工具", phones[2]), ("林借用", phones[3])):
        person = await make_resident(committee.region_id, name=name, phone=phone, password=PASSWORD)
        if phone == phones[0]:
            await grant_role(person.person_id, "core.administrator", PLATFORM, actor_id=None)
    return Neighbourhood(committee, *phones)


async def grant_keeper(site: Site, people: Neighbourhood) -> None:
    place = f"/roles/organization/{people.committee.id}"
    async with site.visitor(people.administrator) as administrator:
        fields = {"name": "管工具", "phone": people.keeper, "role": "toolshed.keeper"}
        assert (await send_form(administrator, place, seen_on=place, **fields)).status_code == 303


async def add_tool(site: Site, people: Neighbourhood) -> int:
    async with site.visitor(people.keeper) as keeper:
        fields = {"name": "人字梯", "organization_id": str(people.committee.id)}
        assert (await send_form(keeper, "/toolshed", seen_on="/toolshed", **fields)).status_code == 303
    return int(await fetch_value("select id from toolshed_tool"))


async def borrow(site: Site, people: Neighbourhood, tool_id: int) -> str:
    async with site.visitor(people.resident, "en") as resident:
        sent = await send_form(resident, f"/toolshed/{tool_id}/borrow", seen_on="/toolshed")
        order = sent.headers["location"]
        assert "Tool deposit taken" in (await resident.get(order)).text
    return str(order).removeprefix("/orders/")


async def pay_deposit(site: Site, people: Neighbourhood, order: str) -> None:
    async with site.visitor(people.treasurer) as treasurer:
        at = f"/counter/{order}"
        paid = await send_form(treasurer, at, seen_on=at, amount="50.00", receipt_no="T-1")
        assert paid.status_code == 303


async def told(site: Site, people: Neighbourhood, title: str, in_english: str) -> None:
    """Wait for the worker, then read the inbox as its owner does."""
    async with site.visitor(people.resident) as resident:
        async with asyncio.timeout(20):
            while title not in (await resident.get("/inbox")).text:
                await asyncio.sleep(0.05)
        english = await resident.get("/inbox", headers={"accept-language": "en"})
    assert in_english in english.text


async def become_overdue(installation: Installation, site: Site) -> None:
    await fetch("update toolshed_loan set due_on = due_on - 30")
    ticked = installation.run("tick", cwd=installation.folder.parent, environ=site.environ)
    assert ticked.returncode == 0, ticked.stderr


async def test_a_tool_is_lent_comes_back_late_and_the_books_agree(
    installation: Installation, db: str, tmp_path: Path
) -> None:
    people = await make_neighbourhood()
    with site_of(installation, db, tmp_path, worker=True) as site:
        assert 'href="/toolshed"' in await site.read("/")
        assert "Neighbours&#39; tool shed" in await site.read("/toolshed", language="en")
        await grant_keeper(site, people)
        tool_id = await add_tool(site, people)
        order = await borrow(site, people, tool_id)
        assert "待缴押金" in await site.read("/toolshed")
        await pay_deposit(site, people, order)
        await told(site, people, "可以取工具了", "Your tool is ready")
        assert "林借用" in await site.read("/toolshed", people.keeper)
        assert "林借用" not in await site.read("/toolshed")
        await become_overdue(installation, site)
        await told(site, people, "该还工具了", "Please bring the tool back")
        assert "Overdue" in await site.read("/toolshed", language="en")
        async with site.visitor(people.keeper) as keeper:
            returned = await send_form(keeper, f"/toolshed/{tool_id}/return", seen_on="/toolshed")
            assert returned.status_code == 303
        assert "Free" in await site.read("/toolshed", language="en")
        assert site.yiji("verify").splitlines()[-1] == "clean"


async def test_switched_off_and_taken_away_it_leaves_data_and_product_whole(
    installation: Installation, db: str, tmp_path: Path
) -> None:
    people = await make_neighbourhood()
    with site_of(installation, db, tmp_path, worker=True) as site:
        await grant_keeper(site, people)
        order = await borrow(site, people, await add_tool(site, people))
        await pay_deposit(site, people, order)
        await told(site, people, "可以取工具了", "Your tool is ready")
    with site_of(installation, db, tmp_path, YIJI_DISABLED="toolshed") as site:
        await still_there(site, people, order)
    installation.pip("uninstall", "--yes", "yiji-toolshed")
    with site_of(installation, db, tmp_path) as site:
        await still_there(site, people, order)


async def still_there(site: Site, people: Neighbourhood, order: str) -> None:
    """The pages are gone; what was paid and told is still to be read, and the books agree."""
    async with site.visitor(people.resident) as resident:
        assert (await resident.get("/toolshed")).status_code == 404
    assert 'href="/toolshed"' not in await site.read("/")
    assert "50.00" in await site.read(f"/orders/{order}", people.resident)
    assert "可以取工具了" in await site.read("/inbox", people.resident)
    assert await fetch_value("select count(*) from toolshed_loan where state = 'out'") == 1
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
