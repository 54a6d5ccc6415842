"""Somebody at a screen, as the stories need them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from core.demo import PASSWORD
from core.manifest import DemoAccount
from tests.browser import find_chromium
from tests.stories.conftest import Product

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
BOTH_WIDTHS = pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
# For `pytestmark` of every story that is told in a browser.
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium found"),
]


class Visitor:
    """Goes to pages, fills in forms, keeps pictures, complains about what does not fit."""

    def __init__(
        self,
        browser: Browser,
        base: str,
        size: dict[str, int],
        name: str,
        account: DemoAccount | None = None,
    ) -> None:
        self.context = browser.new_context(viewport=size, locale="zh-CN", base_url=base)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self._name, self._pictures = f"{name}-{size['width']}", 0
        if account is not None:
            self.log_in(account)

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.look()

    def look(self) -> Page:
        self.page.wait_for_load_state()
        fits = self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert fits, f"{self.page.url} is wider than the screen"
        if folder := os.environ.get("YIJI_SCREENSHOTS"):
            self._pictures += 1
            path = Path(folder) / f"{self._name}-{self._pictures:02}.png"
            self.page.screenshot(path=path, full_page=True)
        return self.page

    def log_in(self, account: DemoAccount) -> None:
        self.go("/login")
        self.fill(手机号=account.phone, 密码=PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("button", name="退出")).to_be_visible()

    def fill(self, **fields: str) -> None:
        for label, value in fields.items():
            self.page.get_by_label(label, exact=True).fill(value)

    def press(self, name: str, *, says: str = "") -> Page:
        """Press a button of the page, and look at what comes."""
        main = self.page.get_by_role("main")
        main.get_by_role("button", name=name, exact=True).click()
        if says:
            expect(main).to_contain_text(says)
        return self.look()

    def follow(self, text: str) -> Page:
        """Follow the first link of the page that contains the words."""
        self.page.get_by_role("main").get_by_role("link").filter(has_text=text).first.click()
        return self.look()

    def says(self, text: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def eventually(self, path: str, text: str) -> Page:
        """The worker needs a moment; a person would reload."""
        for _ in range(100):
            if text in self.go(path).content():
                return self.page
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{text} never came to {path}")


@contextmanager
def api(product: Product, account: DemoAccount) -> Iterator[httpx.Client]:
    """A program of the account's owner: the same at `/api/v1`, with a bearer token."""
    with httpx.Client(base_url=product.base, trust_env=False) as client:
        answer = client.post("/api/v1/sessions", json={"phone": account.phone, "password": account.password})
        client.headers["authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"
        yield client
