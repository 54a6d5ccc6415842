"""A fund manager's day: a gift, a request, a vote with one member recused, two payers and a voucher; the
donor finds every fen. Another gift goes back.

The same day at 390 px and at 1280 px, and a request once more for programs.
"""

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from core import clock
from core.funds.rules import CHECKS
from core.manifest import DemoAccount
from plugins.foundation.demo import ASKER, CHECKER, MEMBERS, PAYER, TREASURER
from tests.core.files.pictures import photo
from tests.stories.conftest import Product
from tests.stories.disbursement import ask_for_all, check, prepare, report, sign, vote
from tests.stories.program import Program
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
    request = ask_for_all(somebody("asker", ASKER), fund, what)
    vote(somebody("member", MEMBERS[0]), request)
    _is_recused(somebody("recused", MEMBERS[2]), request)
    vote(somebody("second-member", MEMBERS[1]), request)
    check(somebody("checker", CHECKER), request)
    prepare(somebody("treasurer-again", TREASURER), request, f"B-{size['width']}")
    sign(somebody("payer", PAYER), request)

    donor = somebody("donor")
    _trace(donor, code, what)
    expect(donor.page.get_by_text("凭证应在")).to_be_visible()
    paper = tmp_path / "发票.jpg"
    paper.write_bytes(photo())
    report(somebody("asker-again", ASKER), request, paper, result="两百本书上了架")
    _trace(donor, code, what)
    expect(donor.page.get_by_text("两百本书上了架")).to_be_visible()

    page = donor.go(f"/funds/{fund}")
    expect(page.get_by_role("img", name="资金流向图：捐赠，用途，去处")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(what))).to_contain_text("凭证已到")
    _send_back(somebody("treasurer-last", TREASURER), somebody("payer-last", PAYER), donor, fund)


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


def _is_recused(member: Visitor, request: str) -> None:
    page = member.go(request)
    expect(page.get_by_text("有一位成员回避：在申请用款的组织任职")).to_be_visible()


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


def test_the_same_day_by_programs(product: Product) -> None:
    treasurer, asker = Program(product, TREASURER), Program(product, ASKER)
    donor, checker, payer = Program(product), Program(product, CHECKER), Program(product, PAYER)
    (found,) = [one for one in donor.get("/funds", words="样里") if one["name"] == FUND]
    fund = f"/funds/{found['id']}"
    code = _give_by_program(treasurer, fund)
    ask = _ask_for_all(asker, donor.get(fund))
    request = f"/funds/requests/{asker.post(f'{fund}/requests', **ask)['id']}"

    approval = f"/approvals/{asker.get(request)['approval_id']}"
    assert "回避" in Program(product, MEMBERS[2]).refused(f"{approval}/vote", choice="approve")["detail"]
    for member in MEMBERS[:2]:
        Program(product, member).post(f"{approval}/vote", choice="approve")
    checker.until(request, state="approved")
    assert "关联提醒" in checker.refused(f"{request}/check", checks=list(CHECKS))["detail"]
    checker.post(f"{request}/check", checks=list(CHECKS), aware="魏样避没有参加表决")
    treasurer.post(f"{request}/prepare", payment_no="B-programs")
    assert treasurer.refused(f"{request}/sign", aware="一个人")["status"] == 403
    payer.post(f"{request}/sign", aware="价格和市场一样")
    paper = {"name": "发票.jpg", "content": b64encode(photo()).decode()}
    asker.post(f"{request}/voucher", voucher_no="FP-98", result="两百本书上了架", file=paper)

    (part,) = donor.get("/gifts/trace", code=code)["parts"]
    assert (part["kind"], part["amount_fen"], part["voucher_no"]) == ("paid", 10000, "FP-98")
    assert donor.get(f"{fund}/uses")[0]["result"] == "两百本书上了架"


def _give_by_program(treasurer: Program, fund: str) -> str:
    """The code on the acknowledgement."""
    gift = {"amount_fen": 10000, "received_on": str(clock.today()), "receipt_no": "T-programs"}
    made = treasurer.post(f"{fund}/gifts", **gift, method="cash", display="anonymous")
    return str(treasurer.get(f"/gifts/{made['id']}")["trace_code"])


def _ask_for_all(asker: Program, fund: dict[str, Any]) -> dict[str, Any]:
    """For all that is bound to no purpose, so that the newest gift is needed too."""
    free_fen = fund["free_fen"] - sum(purpose["bound_fen"] for purpose in fund["purposes"])
    lines = [{"title": "图书和书架", "amount_fen": free_fen}]
    place = asker.get("/funds/requests")[0]["organization_id"]
    return {"organization_id": place, "title": "图书角 (程序)", "lines": lines}


def test_the_books_are_clean_afterwards(product: Product) -> None:
    verified = product.yiji("verify")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "clean"), verified.stderr
