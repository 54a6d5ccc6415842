"""A resident earns points and spends them: claimed, verified, approved, public, credited, redeemed, fetched.

The same tale at 390 px and at 1280 px. A list is public for days: a process whose clock stands six days
later does what is due by then. Screenshots go to `YIJI_SCREENSHOTS`, if set.
"""

import io
import os
import re
import subprocess
import sys

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from core.manifest import DemoAccount
from plugins.greencoin.demo import KEEPER, MANAGER, RESIDENT, REVIEWERS
from tests.processes import ROOT
from tests.stories.conftest import Product
from tests.stories.visitor import DESK, IN_BROWSER, PHONE, Visitor

pytestmark = IN_BROWSER
SIX_DAYS_LATER = """
from datetime import timedelta
from core import clock
from core.cli.connection import run_connected
from workers.drain import run_due_jobs

async def work():
    with clock.frozen(clock.now() + timedelta(days=6)):
        await run_due_jobs()

import migrations
run_connected(work)
"""


def photo(colour: tuple[int, int, int]) -> dict[str, object]:
    buffer = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(buffer, "JPEG")
    return {"name": "bags.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


@pytest.mark.parametrize(("size", "bags"), [(PHONE, 30), (DESK, 40)], ids=["390", "1280"])
def test_points_are_claimed_checked_credited_and_spent(
    product: Product, browser: Browser, size: dict[str, int], bags: int
) -> None:
    def come(account: DemoAccount, name: str) -> Visitor:
        visitor = Visitor(browser, product.base, size, f"greencoin-{name}")
        visitor.log_in(account)
        return visitor

    resident, manager = come(RESIDENT, "resident"), come(MANAGER, "manager")
    claim = _claim(resident, bags)
    review = _verify_and_put_forward(manager, claim)
    for number, account in enumerate(REVIEWERS[:2]):
        _vote(come(account, f"reviewer{number}"), review)
    resident.eventually(claim, "公示中")
    visitor = Visitor(browser, product.base, size, "greencoin-visitor")
    _press(visitor, visitor.go("/greencoin").get_by_role("link", name="绿样村绿币"))
    expect(visitor.page.get_by_text("货架够换各户手里绿币的")).to_be_visible()
    expect(visitor.go(review).get_by_text("1 号户 程**").first).to_be_visible()

    _six_days_later(product)
    page = resident.go("/greencoin/mine")
    expect(page.locator("table.lines")).to_contain_text(
        re.compile(rf"回收塑料袋.*\+0\.{bags * 2 // 10}", re.DOTALL)
    )
    redemption, code = _reserve(resident)
    _hand_over(come(KEEPER, "keeper"), code)
    expect(resident.go(redemption).get_by_text("已领取")).to_be_visible()
    _reverse(manager, claim)
    expect(resident.go(claim).get_by_text("样例：数错了")).to_be_visible()


def _claim(resident: Visitor, bags: int) -> str:
    page = resident.go("/greencoin")
    _press(resident, page.get_by_role("link", name="申报一件事"))
    page.get_by_role("link", name=re.compile("回收塑料袋")).click()
    page.get_by_label("数量").fill("9999")
    page.get_by_label("说明").fill("村口的回收点")
    page.get_by_role("button", name="提交申报").click()
    expect(page.get_by_text(re.compile("每户每天最多 2 分.*这次要 199.98 分"))).to_be_visible()
    expect(page.get_by_label("说明")).to_have_value("村口的回收点")
    resident.look()
    page.get_by_label("数量").fill(str(bags))
    page.get_by_label("照片").set_input_files(files=[photo((bags, 120, 60))])  # type: ignore[list-item]
    page.get_by_role("button", name="提交申报").click()
    expect(page).to_have_url(re.compile(r"/greencoin/claims/\d+$"))
    expect(page.get_by_text("待核实")).to_be_visible()
    expect(page.locator(".uploads img")).to_have_count(1)
    resident.look()
    return _path(page)


def _verify_and_put_forward(manager: Visitor, claim: str) -> str:
    page = manager.go("/greencoin/desk")
    _press(manager, page.locator(f'a[href="{claim}"]'))
    page.get_by_role("button", name="核实属实").click()
    expect(page.get_by_text("已核实")).to_be_visible()
    _press(manager, page.get_by_role("link", name="办理申报").first)
    page.get_by_role("button", name="提交评议").click()
    expect(page).to_have_url(re.compile("stage=in_review"))
    manager.look()
    _press(manager, manager.go(claim).get_by_role("link", name=re.compile("看所在的名单")))
    return _path(page)


def _vote(reviewer: Visitor, review: str) -> None:
    page = reviewer.go(review)
    _press(reviewer, page.get_by_role("link", name="去表决"))
    page.get_by_label("同意", exact=True).check()
    _press(reviewer, page.get_by_role("button", name="提交意见"))


def _six_days_later(product: Product) -> None:
    subprocess.run(
        [sys.executable, "-c", SIX_DAYS_LATER],
        env={**os.environ, "YIJI_DATA": str(product.data)},
        cwd=ROOT,
        check=True,
        timeout=60,
    )


def _reserve(resident: Visitor) -> tuple[str, str]:
    page = resident.page
    _press(resident, page.get_by_role("link", name="去小店"))
    page.get_by_role("link", name=re.compile("洗衣粉")).click()
    page.get_by_label("几件").fill("9")
    page.get_by_role("button", name="预留").click()
    expect(page.get_by_text(re.compile("要 45 分，您家现在可用"))).to_be_visible()
    resident.look()
    page.get_by_label("几件").fill("1")
    _press(resident, page.get_by_role("button", name="预留"))
    code = page.locator(".pickup").inner_text().replace(" ", "")
    assert re.fullmatch(r"\d{6}", code)
    return _path(page), code


def _hand_over(keeper: Visitor, code: str) -> None:
    page = keeper.go("/greencoin/counter")
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for typed, said in ((wrong, "没有等待领取的这个兑换码"), (code, "洗衣粉 (样例) × 1")):
        page.get_by_role("searchbox", name="居民给您看的 6 位兑换码").fill(typed)
        _press(keeper, page.get_by_role("main").get_by_role("button", name="查找"))
        expect(page.get_by_text(said).first).to_be_visible()
    page.get_by_role("button", name="已经交给居民").click()
    expect(page.get_by_text("已交付：洗衣粉")).to_be_visible()
    keeper.look()


def _reverse(manager: Visitor, claim: str) -> None:
    page = manager.go(claim)
    page.get_by_text("更正这笔奖励").click()
    page.get_by_role("button", name="收回绿币").click()
    expect(page.get_by_text("请填写这一项")).to_be_visible()
    page.get_by_label("理由").fill("样例：数错了")
    page.get_by_role("button", name="收回绿币").click()
    expect(page.get_by_text("已更正")).to_be_visible()
    manager.look()


def _press(visitor: Visitor, what: Locator) -> None:
    """Go on by a link or a button, and look at what comes."""
    with visitor.page.expect_navigation():
        what.click()
    visitor.look()


def _path(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)


def test_the_books_are_clean_afterwards(product: Product) -> None:
    verified = product.yiji("verify")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "clean"), verified.stderr
