"""Every type of page, in both languages, normal and 关怀版, light and dark: axe-core has nothing to say,
and it fits a small phone.

English words are longer and those of 关怀版 larger: together they are the narrowest case. So each page is
looked at twice, not four times: plain Chinese light and dark, 关怀版 dark. The styleguide, which has every
component, is looked at in all.
"""

import asyncio
import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from core import database, settings
from tests.browser import chromium, find_chromium
from tests.conftest import _execute, _with_database
from tests.factories import PASSWORD
from tests.processes import free_port, running, wait_until
from tests.web.page_type import PageType
from tests.web.page_types import NOT_PAGES, PAGE_TYPES
from tests.web.page_world import World, build_world
from tests.web.visitors import form_token
from web.access import routes
from web.app import create_litestar

in_a_browser = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium found"),
]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
COLOURS = ["color-contrast", "link-in-text-block"]
BYTES_MOST, REQUESTS_MOST = 60_000, 6
LOOKS = [("zh", False), ("en", True)]


def test_every_page_route_is_in_the_table(data_folder: Path) -> None:
    known = {page.route for page in PAGE_TYPES} | set(NOT_PAGES)
    stated = {
        path
        for path, method, _ in routes(create_litestar(settings.load()))
        if method == "GET" and not path.startswith(("/api/", "/static"))
    }
    missing = sorted(stated - known)
    assert not missing, f"a line in tests/web/page_types.py is missing for: {', '.join(missing)}"
    assert sorted(known - stated) == ["an error"], "the table has a page that is no more"


@dataclass
class Site:
    """A web process on a database with a small world."""

    base: str
    world: World

    @contextmanager
    def visitor(
        self, browser: Browser, who: str | None, language: str, care: bool
    ) -> Iterator[BrowserContext]:
        """A browser of their own, signed in if they are somebody."""
        size = {"width": 360, "height": 800}
        context = browser.new_context(base_url=self.base, bypass_csp=True, viewport=size)  # type: ignore[arg-type]
        cookies = {"yiji_lang": language, "yiji_care": str(int(care))}
        if who is not None:
            with self.program(who) as client:
                cookies["yiji_session"] = client.cookies["yiji_session"]
        context.add_init_script(path=AXE)
        context.add_cookies([{"name": k, "value": v, "url": self.base} for k, v in cookies.items()])
        try:
            yield context
        finally:
            context.close()

    @contextmanager
    def program(self, who: str | None) -> Iterator[httpx.Client]:
        """The same without a browser."""
        with httpx.Client(base_url=self.base) as client:
            if who is not None:
                token = form_token(client.get("/login").text)
                form = {"form_token": token, "phone": self.world.phones[who], "password": PASSWORD}
                assert client.post("/login", data=form).status_code == 303
            yield client

    def open(self, page: Page, wanted: PageType) -> None:
        page.goto(wanted.address.format(**self.world.places))
        if not wanted.press:
            return
        cookies = page.context.cookies()
        if wanted.too_late:
            page.context.clear_cookies(name="yiji_session")
        action = wanted.press.format(**self.world.places)
        _send(page, f'main form[method=post][action$="{action}"]')
        if wanted.back:
            page.fill("[name=phone]", self.world.phones[wanted.who or ""])
            page.fill("[name=password]", PASSWORD)
            _send(page, "main form[method=post]")
        page.context.add_cookies(cookies)  # type: ignore[arg-type]


def _send(page: Page, form: str) -> None:
    """Not by its button, which may stand behind a summary."""
    with page.expect_navigation():
        page.locator(form).evaluate("form => form.requestSubmit()")


@pytest.fixture(scope="module")
def site(server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    name, folder, port = f"yiji_pages_{os.getpid()}", tmp_path_factory.mktemp("pages"), free_port()
    url = _with_database(server_url, name)

    async def build() -> World:
        await _execute(server_url, f"create database {name} template {template} strategy file_copy")
        await database.open_pool(url, size=2)
        try:
            return await build_world()
        finally:
            await database.close_pool()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YIJI_DATA", str(folder))  # what it encrypts, the web process reads
        world = asyncio.run(build())
    environ = {"YIJI_DATABASE_URL": url, "YIJI_DATA": str(folder), "YIJI_PORT": str(port)}
    base = f"http://127.0.0.1:{port}"
    with running("web", log=folder / "web.log", **environ):
        wait_until(lambda: _answers(base), what="the web process")
        yield Site(base, world)
    asyncio.run(_execute(server_url, f"drop database {name} with (force)"))


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/healthz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def visited(site: Site, browser: Browser, language: str, care: bool) -> Iterator[tuple[PageType, Page]]:
    """Every page of the table, open on a small phone."""
    by_person = sorted(PAGE_TYPES, key=lambda wanted: wanted.who or "")
    for who, pages in itertools.groupby(by_person, key=lambda wanted: wanted.who):
        with site.visitor(browser, who, language, care) as context:
            page = context.new_page()
            for wanted in pages:
                site.open(page, wanted)
                yield wanted, page


def objections(page: Page, *, care: bool = False) -> Iterator[str]:
    """What axe-core says."""
    page.emulate_media(color_scheme="dark")
    # A page that waits for a file loads itself again, says so, and may be left.
    yield from _axe(page, {"rules": {"meta-refresh": {"enabled": False}}})
    if not care or page.url.endswith("/styleguide"):
        page.emulate_media(color_scheme="light")
        yield from (f"light, {one}" for one in _axe(page, {"runOnly": COLOURS}))


def _axe(page: Page, options: dict[str, object]) -> list[str]:
    found = page.evaluate("o => axe.run(document, o)", {"resultTypes": ["violations"], **options})
    return [f"{v['id']}: {v['nodes'][0]['html'][:150]}" for v in found["violations"]]


# Links and controls that stand alone are large enough for a thumb; links within a sentence need not be.
SMALL = """
[...document.querySelectorAll(
    'header a, footer a, nav a, summary, button, .button, .rows a, select, input, .tick')]
    .filter(one => !['hidden', 'checkbox', 'radio'].includes(one.type) && one.checkVisibility())
    .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
    .filter(([_, box]) => box.height < 43.9 || box.width < 43.9)
    .map(([html, box]) => `too small for a thumb: ${html} ${box.width} x ${box.height}`)
"""


def misfits(page: Page) -> Iterator[str]:
    """What a phone 360 px wide would not show well."""
    if page.evaluate("document.documentElement.scrollWidth") > 360:
        yield "wider than the screen"
    if page.locator("h1").count() != 1:
        yield "not one heading of the first level"
    yield from page.evaluate(SMALL)


class TestPages:
    pytestmark = in_a_browser

    @pytest.mark.parametrize(("language", "care"), LOOKS)
    def test_every_page_is_for_everybody_and_fits_a_phone(
        self, site: Site, browser: Browser, language: str, care: bool
    ) -> None:
        wrong: dict[str, list[str]] = {}
        titles: dict[str, str] = {}
        for wanted, page in visited(site, browser, language, care):
            assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
            found = [*objections(page, care=care), *misfits(page)]
            if titles.setdefault(page.title(), wanted.route) != wanted.route:
                found.append(f"{titles[page.title()]} is called {page.title()} too")
            if found:
                wrong[str(wanted)] = found
        assert wrong == {}

    def test_what_axe_and_we_look_for_is_found(self, site: Site, browser: Browser) -> None:
        """So that a search that has gone blind does not pass."""
        with site.visitor(browser, None, "zh", False) as context:
            page = context.new_page()
            page.goto("/")
            page.evaluate(
                "document.querySelector('main').innerHTML = '<button></button><p>' + 'x'.repeat(400)"
            )
            page.evaluate("document.querySelector('main').style = 'color: #777; white-space: nowrap'")
            page.evaluate("document.body.style = 'overflow-wrap: normal; background: #888'")
            page.evaluate("document.querySelector('button').style = 'min-height: 0; padding: 0'")
            found = " ".join([*objections(page), *misfits(page)])
        for wrong in ("button-name", "color-contrast", "too small", "wider than", "heading of the first"):
            assert wrong in found, found

    def test_no_page_is_heavy(self, site: Site) -> None:
        """HTML and CSS, not compressed: 60 kB are seconds on a slow network. Pictures do not count."""
        for wanted in PAGE_TYPES:
            with site.program(wanted.who) as client:
                html = client.get(wanted.address.format(**site.world.places))
                others = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html.text))
                styles = sum(len(client.get(path).content) for path in others if ".css" in path)
            assert styles > 0, wanted
            assert len(html.content) + styles <= BYTES_MOST, wanted
            assert 1 + len(others) <= REQUESTS_MOST, wanted
