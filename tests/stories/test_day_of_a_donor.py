"""A donor's day without an account: three gifts in three taps each, at the charity's own address.

The first is followed to what it was used for and the voucher, of the second a part goes back, about the
third the donor's bank has a dispute; the treasurer holds the books against the cashier's.

The same day at 390 px and at 1280 px, and a gift once more for programs.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Browser, expect

from core.manifest import DemoAccount
from plugins.foundation.demo import ASKER, CHECKER, ELDERS, MEMBERS, PAYER, TREASURER
from plugins.foundation.demo.campaigns import HOST
from tests.core.files.pictures import photo
from tests.processes import wait_until
from tests.stories.conftest import Product
from tests.stories.disbursement import ask_for_all, check, prepare, report, sign, vote
from tests.stories.program import Program
from tests.stories.visitor import BOTH_WIDTHS, IN_BROWSER, Visitor

pytestmark = IN_BROWSER
CAMPAIGN, FUND = "一元暖冬 (样例)", "锦样基金会样里微基金"


@BOTH_WIDTHS
def test_a_donor_gives_in_three_taps_and_follows_the_money(
    product: Product, browser: Browser, size: dict[str, int], tmp_path: Path
) -> None:
    own = replace(product, base=product.base.replace("127.0.0.1", HOST))

    def somebody(name: str, account: DemoAccount | None = None) -> Visitor:
        return Visitor(browser, product.base, size, f"day-{name}", account)

    _is_told_where_it_is_lawful(somebody("shared"))
    donor = Visitor(browser, own.base, size, "day-donor")
    treasurer = somebody("treasurer", TREASURER)

    used, _ = _give(donor)
    what = f"冬至热饭 {size['width']}"
    _use(somebody, treasurer, what, tmp_path)
    _follow(donor, used, what)

    returned, _ = _give(donor)
    _send_a_part_back(treasurer)
    donor.eventually(returned, "有 4.00 元已经原路退回。")

    disputed, cashier = _give(donor)
    _dispute(donor, cashier, treasurer)
    donor.eventually(disputed, "有 10.00 元已经原路退回。")
    _reconcile(treasurer)


def _is_told_where_it_is_lawful(shared: Visitor) -> None:
    shared.go("/foundation/campaigns")
    shared.follow(CAMPAIGN)
    shared.says("第二十七条")


def _give(donor: Visitor) -> tuple[str, str]:
    """The address of the gift, which is all that a stranger needs to keep, and that of the cashier."""
    donor.go("/foundation/campaigns")
    donor.follow(CAMPAIGN)
    donor.press("10 元")
    donor.page.get_by_role("main").get_by_role("button", name=re.compile(ELDERS)).click()
    donor.look()
    donor.press("匿名，去付款")
    expect(donor.page).to_have_url(re.compile("/giving/"))
    gift = donor.page.url.partition("?")[0]
    return gift, _pay(donor)


def _pay(donor: Visitor) -> str:
    page = donor.page
    page.get_by_role("button", name=re.compile("Stripe|银行卡")).click()
    page.get_by_role("link", name=re.compile("去收银台付 10.00 元")).click(timeout=20_000)
    expect(page.get_by_role("heading", name="练习收银台")).to_be_visible()
    cashier = donor.look().url
    page.get_by_role("button", name="付款", exact=True).click()
    expect(page.get_by_text("钱已经到账，谢谢您！")).to_be_visible(timeout=20_000)
    donor.look()
    return cashier


class _Somebody(Protocol):
    """Opens a screen of one's own."""

    def __call__(self, name: str, account: DemoAccount | None = None) -> Visitor: ...


def _use(somebody: _Somebody, treasurer: Visitor, what: str, tmp_path: Path) -> None:
    """All that is there for the elders is used by seven people, and accounted for."""
    page = treasurer.go("/funds?words=样里")
    fund = (page.get_by_role("link", name=re.compile(FUND)).get_attribute("href") or "").rsplit("/", 1)[1]
    asker = somebody("asker", ASKER)
    request = ask_for_all(asker, fund, what, purpose=ELDERS)
    for member in MEMBERS[:2]:
        vote(somebody(f"member-{member.phone[-1]}", member), request)
    check(somebody("checker", CHECKER), request)
    prepare(treasurer, request, f"RF-{request.rsplit('/', 1)[1]}")
    sign(somebody("payer", PAYER), request)
    paper = tmp_path / "发票.jpg"
    paper.write_bytes(photo())
    report(asker, request, paper, result="四十位老人吃上了热饭")


def _follow(donor: Visitor, gift: str, what: str) -> None:
    """The own fen, and nothing else, stand on the page; it leads to the use."""
    donor.go(gift)
    row = donor.page.get_by_role("listitem").filter(has_text=f"用于“{what}”")
    expect(row).to_contain_text("10.00 元")
    expect(row).to_contain_text("凭证 FP-99")
    donor.follow(what)
    donor.says("四十位老人吃上了热饭")


def _send_a_part_back(treasurer: Visitor) -> None:
    """The newest payment; the reason stays when the sum was too much."""
    treasurer.go("/counter/online?show=all")
    treasurer.follow("缴费单")
    treasurer.follow("退在线付款")
    treasurer.fill(**{"退多少 (元)": "11", "退款原因": "捐赠人多付了四元"})
    treasurer.press("申请退款", says="10.00")
    expect(treasurer.page.get_by_label("退款原因")).to_have_value("捐赠人多付了四元")
    treasurer.fill(**{"退多少 (元)": "4"})
    treasurer.press("申请退款", says="捐赠人多付了四元")
    treasurer.eventually(treasurer.page.url, "已经退给付款人")


def _dispute(donor: Visitor, cashier: str, treasurer: Visitor) -> None:
    """The donor's bank takes the money, hears both, and finds for the donor."""
    donor.go(cashier)
    donor.press("向银行提出争议")
    _tells_of_the_dispute(treasurer, "待回应")
    treasurer.says("之前回应")
    donor.go(cashier)
    donor.press("判付款人有理")
    _tells_of_the_dispute(treasurer, "已败诉")


def _tells_of_the_dispute(treasurer: Visitor, state: str) -> None:
    """The newest of all, as soon as the bank has told of it."""

    def newest() -> str:
        page = treasurer.go("/counter/disputes?show=all")
        return page.get_by_role("main").locator("li.card").first.inner_text()

    wait_until(lambda: re.search(f"10.00 元 *{state}", newest()), what=f"the dispute: {state}", timeout_s=30)


def _reconcile(treasurer: Visitor) -> None:
    """What the cashier has written down agrees with our books, line by line."""
    treasurer.go("/counter/settlements")
    treasurer.press("现在对账")
    treasurer.eventually("/counter/settlements", "账本与清单相符。")
    treasurer.says("没有对不上的。")


def test_the_same_day_by_programs(product: Product) -> None:
    donor = Program(product, host=HOST)
    treasurer = Program(product, TREASURER)
    refused = Program(product).refused(f"{_campaign(donor)}/give", **_gift(donor))
    assert "第二十七条" in refused["detail"]
    gift, cashier = _give_by_program(donor)

    order = f"/counter/orders/{gift['order_id']}"
    (source,) = treasurer.get(f"/orders/{gift['order_id']}/history")["sources"]
    back = {
        "amount_fen": 400,
        "reason": "捐赠人多付了四元",
        "payment_id": source["payment_id"],
        "seen_fen": 1000,
    }
    assert "10.00" in treasurer.refused(f"{order}/refunds", **back | {"amount_fen": 1100})["detail"]
    refund = treasurer.post(f"{order}/refunds", **back)
    treasurer.until(f"/refunds/{refund['id']}", state="sent")
    donor.until(f"/giving/{gift['code']}", returned_fen=400)
    parts = donor.get("/gifts/trace", code=gift["code"])["parts"]
    assert sorted((part["kind"], part["amount_fen"]) for part in parts) == [("left", 600), ("returned", 400)]

    gift, cashier = _give_by_program(donor)
    donor.post(cashier, outcome="disputed")
    wait_until(lambda: _disputes(treasurer, gift) == ["open"], what="the dispute")
    donor.post(cashier, outcome="dispute_won")
    wait_until(lambda: _disputes(treasurer, gift) == ["won"], what="its end")
    donor.until(f"/giving/{gift['code']}", returned_fen=0)
    (clearing,) = treasurer.get("/counter/settlements")["clearings"]
    treasurer.post(f"/merchants/{clearing['organization_id']}/settlements")
    assert treasurer.get("/counter/settlements")["clearings"][0]["difference"] == 0


def _campaign(donor: Program) -> str:
    (found,) = [one for one in donor.get("/foundation/campaigns") if one["title"] == CAMPAIGN]
    return f"/foundation/campaigns/{found['id']}"


def _gift(donor: Program) -> dict[str, Any]:
    (fund,) = donor.get(_campaign(donor))["fund_ids"]
    (purpose,) = [one for one in donor.get(f"/funds/{fund}")["purposes"] if one["title"] == ELDERS]
    return {"amount_fen": 1000, "target": f"{fund}-{purpose['id']}", "display": "anonymous"}


def _give_by_program(donor: Program) -> tuple[dict[str, Any], str]:
    """The gift, and the path of the cashier."""
    gift = f"/giving/{donor.post(f'{_campaign(donor)}/give', **_gift(donor))['code']}"
    donor.post(f"{gift}/payments?provider=stripe")
    url = wait_until(lambda: donor.get(gift)["url"], what="the cashier")
    cashier = f"/practice/cashier/{url.rsplit('/', 1)[1]}"
    donor.post(cashier, outcome="paid")
    return donor.until(gift, state="counted"), cashier


def _disputes(treasurer: Program, gift: dict[str, Any]) -> list[str]:
    found = treasurer.get("/counter/disputes")
    return [one["state"] for one in found if one["order_id"] == gift["order_id"]]


def test_the_books_are_clean_afterwards(product: Product) -> None:
    verified = product.yiji("verify")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "clean"), verified.stderr
