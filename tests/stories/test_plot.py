"""A resident claims a plot on a phone, pays at the counter, and everybody sees where the money went.

The same tale at 390 px and at 1280 px, by two residents. Screenshots go to `YIJI_SCREENSHOTS`, if set.
"""

import re

import pytest
from playwright.sync_api import Browser, expect

from core.demo import NEIGHBOUR, RESIDENT, TREASURER
from core.manifest import DemoAccount
from tests.stories.conftest import Product
from tests.stories.visitor import DESK, IN_BROWSER, PHONE, Visitor

pytestmark = IN_BROWSER


@pytest.mark.parametrize(
    ("size", "account", "balance"),
    [(PHONE, RESIDENT, "6,020.00"), (DESK, NEIGHBOUR, "6,055.00")],
    ids=["390", "1280"],
)
def test_a_plot_is_claimed_paid_and_seen_in_the_public_account(
    product: Product, browser: Browser, size: dict[str, int], account: DemoAccount, balance: str
) -> None:
    resident = Visitor(browser, product.base, size, "resident")
    page = resident.go("/garden")
    page.get_by_role("link", name="龙凤新区共享菜园").click()
    expect(page.get_by_role("img", name="已认领")).to_have_count(171)
    resident.look()
    page.get_by_role("main").get_by_role("link", name="龙凤新区二号园").click()
    resident.look()

    resident.log_in(account)
    page.get_by_role("navigation").get_by_role("link", name="共享菜园").click()
    page.get_by_role("link", name="龙凤新区二号园").click()
    page.get_by_role("link", name=re.compile("号，空$")).first.click()
    resident.look()
    page.get_by_role("button", name="认领这块地").click()
    expect(page.get_by_text("请先阅读并勾选同意种植协议")).to_be_visible()
    resident.look()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="认领这块地").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+$"))
    expect(page.get_by_role("table", name="缴费明细")).to_contain_text("35.00")
    resident.look()
    order_id = page.url.rsplit("/", 1)[1]

    _take_the_money(Visitor(browser, product.base, size, "treasurer"), order_id)

    resident.eventually("/garden/mine", "已生效")
    resident.eventually("/inbox", "认领成功")
    resident.go(page.get_by_role("link", name="去看看").first.get_attribute("href") or "")

    visitor = Visitor(browser, product.base, size, "visitor")
    page = visitor.go("/accounts")
    page.get_by_role("link", name="龙凤新区自治管理委员会").click()
    visitor.look()
    expect(page.locator(".balance")).to_contain_text(balance)
    rows = page.locator("table.lines tbody tr")
    expect(rows.nth(0)).to_contain_text(re.compile(rf"地块认领费.*\+30\.00.*{balance}", re.DOTALL))
    expect(rows.nth(1)).to_contain_text(re.compile(r"菜园会费.*\+5\.00", re.DOTALL))


def _take_the_money(treasurer: Visitor, order_id: str) -> None:
    treasurer.log_in(TREASURER)
    page = treasurer.go("/counter")
    page.get_by_role("searchbox", name="缴费单号、手机尾号或姓名").fill(order_id)
    page.get_by_role("button", name="查找").click()
    page.get_by_role("main").get_by_role("link").filter(has_text="35.00").click()
    page.get_by_label("收到多少 (元)").fill("30")
    page.get_by_label("收据号").fill(f"S-{order_id}")
    page.get_by_role("button", name="确认收款").click()
    expect(page.get_by_text("应收 35.00 元，请点清再填")).to_be_visible()
    expect(page.get_by_label("收据号")).to_have_value(f"S-{order_id}")
    treasurer.look()
    page.get_by_label("收到多少 (元)").fill("35")
    page.get_by_role("button", name="确认收款").click()
    expect(page.get_by_text("已缴费")).to_be_visible()
    treasurer.look()


def test_the_books_are_clean_afterwards(product: Product) -> None:
    verified = product.yiji("verify")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "clean"), verified.stderr
