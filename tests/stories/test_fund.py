"""A gift, a request, a vote with one member recused, two payers and a voucher; the donor finds every fen.

Another gift goes back.

The same tale at 390 px and at 1280 px. Screenshots go to `YIJI_SCREENSHOTS`, if set.
"""

import re
import time
from pathlib import Path

from playwright.sync_api import Browser, expect

from core.manifest import DemoAccount
from plugins.foundation.demo import ASKER, CHECKER, MEMBERS, PAYER, TREASURER
from tests.core.files.pictures import photo
from tests.stories.conftest import Product
from tests.stories.visitor import BOTH_WIDTHS, IN_BROWSER, Visitor

pytestmark = IN_BROWSER
FUND = "锦样基金会样里微基金"


@BOTH_WIDTHS
def test_a_donor_without_an_account_sees_what_became_of_the_own_gift(
    product: Product, browser: Browser, size: dict[str, int], tmp_path: Path
) -> None:
    def somebody(name: str, account: DemoAccount | None = None) -> Visitor:
        return Visitor(browser, product.base, size, f"fund-{name}", account)

    what = f"图书角 {size['width']}"
    fund, code = _give(somebody("treasurer", TREASURER), f"T-{size['width']}")
    request = _ask(somebody("asker", ASKER), fund, what)
    _vote(somebody("member", MEMBERS[0]), request, say_yes=True)
    _is_recused(somebody("recused", MEMBERS[2]), request)
    _vote(somebody("second-member", MEMBERS[1]), request, say_yes=True)
    _check(somebody("checker", CHECKER), request)
    _prepare(somebody("treasurer-again", TREASURER), request, f"B-{size['width']}")
    _sign(somebody("payer", PAYER), request)

    donor = somebody("donor")
    _trace(donor, code, what)
    expect(donor.page.get_by_text("凭证应在")).to_be_visible()
    paper = tmp_path / "发票.jpg"
    paper.write_bytes(photo())
    _report(somebody("asker-again", ASKER), request, paper)
    _trace(donor, code, what)
    expect(donor.page.get_by_text("两百本书上了架")).to_be_visible()

    page = donor.go(f"/funds/{fund}")
    expect(page.get_by_role("img", name="资金流向图：捐赠，用途，去处")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(what))).to_contain_text("凭证已到")
    _send_back(somebody("treasurer-last", TREASURER), somebody("payer-last", PAYER), donor, fund)
    verified = product.yiji("verify")
    assert verified.stdout.endswith("clean\n"), verified.stdout + verified.stderr


def _give(treasurer: Visitor, receipt_no: str) -> tuple[str, str]:
    """(the fund's id, the code on the acknowledgement)"""
    page = treasurer.go("/funds")
    page.get_by_role("main").get_by_role("searchbox").fill("样里")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=re.compile(FUND)).click()
    expect(page.get_by_role("heading", name="季度公开")).to_be_visible()
    treasurer.look()
    fund = page.url.rsplit("/", 1)[1]
    page.get_by_role("link", name="登记捐赠").click()
    page.get_by_label("收到金额 (元)").fill("一百")
    page.get_by_label("收据号").fill(receipt_no)
    page.get_by_label("收款方式").select_option("现金")
    page.get_by_label("匿名").check()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("只写数字，例如 100.00")).to_be_visible()
    expect(page.get_by_label("收据号")).to_have_value(receipt_no)
    treasurer.look()
    page.get_by_label("收到金额 (元)").fill("100")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已入账")).to_be_visible()
    treasurer.look()
    return fund, page.locator("strong.tracecode").inner_text()


def _ask(asker: Visitor, fund: str, what: str) -> str:
    """The path of the request: for all that is free, so that the newest gift is needed too."""
    page = asker.go(f"/funds/{fund}/ask")
    free = page.get_by_label("用在基金的哪个用途").locator("option").first.inner_text()
    amount = re.search(r"[\d,]+\.\d\d", free)
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


def _vote(member: Visitor, request: str, *, say_yes: bool) -> None:
    page = member.go(request)
    page.get_by_role("link", name="去表决").click()
    expect(page).to_have_url(re.compile(r"/approvals/\d+$"))
    expect(page.get_by_role("main").get_by_role("button", name="提交意见")).to_be_visible()
    member.look()
    page.get_by_label("同意" if say_yes else "反对", exact=True).check()
    page.get_by_role("main").get_by_role("button", name="提交意见").click()
    expect(page.get_by_role("main").get_by_role("button", name="提交意见")).to_have_count(0)
    member.look()


def _is_recused(member: Visitor, request: str) -> None:
    page = member.go(request)
    expect(page.get_by_text("有一位成员回避：在申请用款的组织任职")).to_be_visible()


def _check(checker: Visitor, request: str) -> None:
    _until(checker, request, "通过，留存专款")
    page = checker.page
    page.get_by_role("button", name="通过，留存专款").click()
    expect(page.get_by_text("四项都核对过才能通过")).to_be_visible()
    checker.look()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="通过，留存专款").click()
    expect(page.get_by_text("已专款留存，等付款")).to_be_visible()


def _until(visitor: Visitor, path: str, button: str) -> None:
    """The vote reaches the request by a job."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if visitor.go(path).get_by_role("button", name=button).count():
            return
        visitor.page.wait_for_timeout(500)
    raise AssertionError(f"no {button} on {path}")


def _prepare(treasurer: Visitor, request: str, payment_no: str) -> None:
    page = treasurer.go(request)
    page.get_by_label("银行付款凭证号").fill(payment_no)
    page.get_by_role("button", name="提交复核").click()
    expect(page.get_by_text("已经制单，等另一位复核付款。")).to_be_visible()
    treasurer.look()


def _sign(payer: Visitor, request: str) -> None:
    payer.go("/todo")
    page = payer.go(request)
    page.get_by_role("button", name="确认付款").click()
    expect(page.get_by_text("已付款，等凭证")).to_be_visible()
    payer.look()


def _report(asker: Visitor, request: str, paper: Path) -> None:
    page = asker.go(request)
    page.get_by_label("发票或收据号").fill("FP-99")
    page.get_by_label("用这笔钱做成了什么").fill("两百本书上了架")
    page.get_by_label("发票或收据的照片").set_input_files(paper)
    page.get_by_role("main").get_by_role("button", name="交凭证").click()
    expect(page.get_by_text("凭证已到")).to_be_visible()
    asker.look()


def _send_back(treasurer: Visitor, payer: Visitor, donor: Visitor, fund: str) -> None:
    """A gift to the wrong fund goes back by two persons, and its donor sees it with the code."""
    page = treasurer.go(f"/funds/{fund}/gifts/new")
    page.get_by_label("收到金额 (元)").fill("30")
    page.get_by_label("收据号").fill(f"R-{treasurer.page.viewport_size['width']}")  # type: ignore[index]
    page.get_by_label("收款方式").select_option("现金")
    page.get_by_label("匿名").check()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已入账")).to_be_visible()
    gift, code = page.url, page.locator("strong.tracecode").inner_text()
    page.get_by_text("要退还捐赠人？").click()
    page.get_by_role("button", name="登记退还").click()
    expect(page.get_by_text("请填写这一项").first).to_be_visible()
    treasurer.look()
    page.get_by_label("理由").fill("捐错了基金")
    page.get_by_label("银行付款凭证号").fill("TH-1")
    page.get_by_role("button", name="登记退还").click()
    expect(page.get_by_text("已经登记，等另一位确认退还。")).to_be_visible()
    payer.page.goto(gift)
    payer.page.get_by_role("button", name="确认退还").click()
    expect(payer.page.get_by_text("退还了 30.00 元：捐错了基金")).to_be_visible()
    payer.look()
    donor.go(f"/gifts/trace?code={code}")
    row = donor.page.get_by_role("listitem").filter(has_text="退还捐赠人")
    expect(row).to_contain_text("30.00 元")
    donor.look()


def _trace(donor: Visitor, code: str, what: str) -> None:
    page = donor.go("/gifts/trace")
    page.get_by_role("searchbox", name="回执上的查询码").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_text("您的 100.00 元")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text=f"用于“{what}”")
    expect(row).to_contain_text("100.00 元")
    donor.look()
