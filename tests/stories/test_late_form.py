"""A form is sent when its session is gone: on a phone, without JavaScript, nothing typed is lost."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, expect

from core.cli.connection import run_connected
from core.database import fetch
from core.demo import PASSWORD, RESIDENT
from tests.stories.conftest import Product
from tests.stories.visitor import IN_BROWSER

pytestmark = IN_BROWSER


def forget_all_sessions(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the database of the running product."""

    async def delete() -> None:
        await fetch("delete from session")

    monkeypatch.setenv("YIJI_DATA", str(product.data))
    # Not in this thread: Playwright runs an event loop here.
    with ThreadPoolExecutor() as elsewhere:
        elsewhere.submit(run_connected, delete).result()


def test_a_claim_that_comes_too_late_comes_back_filled_in(
    product: Product, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        base_url=product.base,
        java_script_enabled=False,
    )
    page = context.new_page()

    def log_in() -> None:
        page.get_by_label("手机号").fill(RESIDENT.phone)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="登录").click()

    page.goto("/login")
    log_in()
    page.goto("/garden")
    page.get_by_role("link", name="龙凤新区二号园").click()
    page.get_by_role("link", name=re.compile("号，空$")).first.click()
    form = page.url
    page.get_by_role("checkbox").check()
    forget_all_sessions(product, monkeypatch)
    page.get_by_role("button", name="认领这块地").click()
    expect(page.get_by_text("请先登录，您填的内容还在")).to_be_visible()
    log_in()
    page.get_by_role("button", name="回到表单").click()
    expect(page).to_have_url(f"{form}/claim")
    expect(page.get_by_text("页面放得太久了，内容还在，请再提交一次")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="认领这块地").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+$"))
