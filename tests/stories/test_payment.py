"""A resident pays a plot's bill with the practice cashier, on a phone, and the plot is theirs."""

import re

from playwright.sync_api import Browser, expect

from core.demo import RESIDENT
from tests.stories.conftest import Product
from tests.stories.visitor import IN_BROWSER, PHONE, Visitor

pytestmark = IN_BROWSER


def test_a_bill_is_paid_online_and_the_plot_is_theirs(product: Product, browser: Browser) -> None:
    resident = Visitor(browser, product.base, PHONE, "payer")
    resident.log_in(RESIDENT)
    page = resident.go("/garden")
    page.get_by_role("main").get_by_role("link", name="龙凤新区二号园").click()
    page.get_by_role("link", name=re.compile("号，空$")).last.click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="认领这块地").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+$"))
    order = page.url
    _until_offered(resident, order)
    resident.look()
    page.get_by_role("button", name="在线付 35.00 元").click()
    page.get_by_role("link", name="去收银台付 35.00 元").click(timeout=20_000)

    expect(page.get_by_role("heading", name="练习收银台")).to_be_visible()
    resident.look()
    page.get_by_role("button", name="试试卡被拒绝").click()
    expect(page.get_by_text("银行拒绝了这张卡，没有扣钱。可以再试。")).to_be_visible()
    resident.look()
    page.get_by_role("button", name="付款", exact=True).click()
    expect(page).to_have_url(re.compile(re.escape(order)))
    expect(page.get_by_text("钱已经收到，记入公共账户。")).to_be_visible(timeout=20_000)
    resident.look()
    resident.eventually("/garden/mine", "已生效")


def _until_offered(visitor: Visitor, order: str) -> None:
    """The committee's key is tested as soon as the stand-in runs."""
    for _ in range(30):
        visitor.page.goto(order)
        if visitor.page.get_by_role("button", name="在线付 35.00 元").count():
            return
        visitor.page.wait_for_timeout(500)
    raise AssertionError("the order is never offered online")
