"""How money leaves a fund, by the people who do it: asked for, voted on, checked, paid, accounted for.

Each step is a page that its person opens; stories put them together.
"""

import re
import time
from pathlib import Path

from playwright.sync_api import expect

from tests.stories.visitor import Visitor


def ask_for_all(asker: Visitor, fund: str, what: str, *, purpose: str = "不限用途") -> str:
    """The path of the request: for all that is free, so that the newest gift is needed too."""
    page = asker.go(f"/funds/{fund}/ask")
    choice = page.get_by_label("用在基金的哪个用途")
    title = choice.locator("option").filter(has_text=purpose).first.inner_text()
    choice.select_option(label=title)
    amount = re.search(r"[\d,]+\.\d\d", title)
    assert amount
    page.get_by_label("做什么项目").fill(what)
    page.get_by_label("用款明细").fill(f"图书和书架 {amount[0]}9")
    page.get_by_role("button", name="提交管委会表决").click()
    expect(page.get_by_text("第 1 行要写成")).to_be_visible()
    asker.look()
    page.get_by_label("用款明细").fill(f"图书和书架 {amount[0]}")
    page.get_by_role("button", name="提交管委会表决").click()
    expect(page.get_by_text("管委会表决中")).to_be_visible()
    asker.look()
    return "/funds/requests/" + page.url.rsplit("/", 1)[1]


def vote(member: Visitor, request: str) -> None:
    """For it."""
    page = member.go(request)
    page.get_by_role("link", name="去表决").click()
    expect(page).to_have_url(re.compile(r"/approvals/\d+$"))
    expect(page.get_by_role("main").get_by_role("button", name="提交意见")).to_be_visible()
    member.look()
    page.get_by_label("同意", exact=True).check()
    page.get_by_role("main").get_by_role("button", name="提交意见").click()
    expect(page.get_by_role("main").get_by_role("button", name="提交意见")).to_have_count(0)
    member.look()


def check(checker: Visitor, request: str) -> None:
    """Not without all four points, nor without a word on the warning; then the money is set aside."""
    _until(checker, request, "通过，把钱留出来")
    page = checker.page
    page.get_by_role("button", name="通过，把钱留出来").click()
    expect(page.get_by_text("四项都核对过才能通过")).to_be_visible()
    checker.look()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="通过，把钱留出来").click()
    expect(page.get_by_text("收款方有关联提醒，继续办理要写明为什么")).to_be_visible()
    checker.look()
    page.get_by_label("有关联提醒，为什么还办理").fill("魏样避没有参加表决")
    page.get_by_role("button", name="通过，把钱留出来").click()
    expect(page.get_by_text("钱已留出，等付款")).to_be_visible()


def _until(visitor: Visitor, path: str, button: str) -> None:
    """The vote reaches the request by a job."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if visitor.go(path).get_by_role("button", name=button).count():
            return
        visitor.page.wait_for_timeout(500)
    raise AssertionError(f"no {button} on {path}")


def prepare(treasurer: Visitor, request: str, payment_no: str) -> None:
    """The first person writes the payment order."""
    page = treasurer.go(request)
    page.get_by_label("银行付款凭证号").fill(payment_no)
    page.get_by_role("button", name="提交复核").click()
    expect(page.get_by_text("已经制单，等另一位复核付款。")).to_be_visible()
    treasurer.look()


def sign(payer: Visitor, request: str) -> None:
    """The second person pays."""
    payer.go("/todo")
    page = payer.go(request)
    page.get_by_label("有关联提醒，为什么还办理").fill("价格和市场一样")
    page.get_by_role("button", name="确认付款").click()
    expect(page.get_by_text("已付款，等凭证")).to_be_visible()
    payer.look()


def report(asker: Visitor, request: str, paper: Path, *, result: str) -> None:
    """Whoever asked brings the voucher, and says what came of the money."""
    page = asker.go(request)
    page.get_by_label("发票或收据号").fill("FP-99")
    page.get_by_label("用这笔钱做成了什么").fill(result)
    page.get_by_label("发票或收据的照片").set_input_files(paper)
    page.get_by_role("main").get_by_role("button", name="交凭证").click()
    expect(page.get_by_text("凭证已到")).to_be_visible()
    asker.look()
