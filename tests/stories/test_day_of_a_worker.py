"""A community worker's day: a code for who gets no SMS, a card seen, a family that moves in, an elder
without a phone; and whoever was looked up can see it.

The same day at 390 px and at 1280 px, and its desk once more for programs.
"""

from playwright.sync_api import Browser, expect
from stdnum.cn import ric

from core.demo import PASSWORD, WORKER
from tests.stories.conftest import Product
from tests.stories.visitor import BOTH_WIDTHS, IN_BROWSER, Visitor, api

pytestmark = IN_BROWSER


@BOTH_WIDTHS
def test_a_worker_serves_the_neighbours_at_the_counter(
    product: Product, browser: Browser, size: dict[str, int]
) -> None:
    width = size["width"]
    worker = Visitor(browser, product.base, size, "day-worker", WORKER)
    elder = Visitor(browser, product.base, size, "day-elder")
    name, phone = f"袁样婆{'甲乙'[width > 400]}", f"1380000{width:04}"
    _register_at_the_counter(worker, elder, name, phone)
    number = _own_number(width)
    _move_in(worker, elder)
    _see_the_card(worker, name, number)
    _register_without_a_phone(worker, f"袁样公{width}")
    page = elder.go("/me/accesses")
    expect(page.get_by_text("看了您的资料页").first).to_be_visible()
    assert number[6:14] not in elder.go("/me").content()
    _at_the_desk_for_programs(product, name)


def _own_number(width: int) -> str:
    """Of somebody who does not exist, by the width of the screen."""
    body = f"511425194{width % 9}0131{width % 1000:03}"
    return str(body + ric.calc_check_digit(f"{body}0"))


def _register_at_the_counter(worker: Visitor, elder: Visitor, name: str, phone: str) -> None:
    """The phone gets no SMS: the worker reads the digits out."""
    worker.go("/residents")
    worker.fill(居民的手机号=phone)
    worker.page.get_by_label("注册").check()
    worker.press("生成验证码")
    digits = worker.page.locator("strong.total").inner_text()
    elder.go("/register")
    elder.fill(手机号=phone)
    page = elder.press("获取验证码")
    page.get_by_label("验证码").fill("000000" if digits != "000000" else "000001")
    page.get_by_label("姓名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("checkbox").check()
    page.get_by_role("main").locator("form").get_by_role("button").last.click()
    elder.says("验证码不对")
    expect(elder.look().get_by_label("姓名")).to_have_value(name)
    page.get_by_label("验证码").fill(digits)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").locator("form").get_by_role("button").last.click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def _move_in(worker: Visitor, elder: Visitor) -> None:
    """The household stands elsewhere first, where this worker may not look."""
    for path, words, button in (
        ("/household/found", "样里", "建立家庭户"),
        ("/household/move", "龙凤", "申请搬家"),
    ):
        elder.go(f"{path}?words={words}")
        elder.page.get_by_label("住在哪里").select_option(index=1)
        elder.press(button)
    worker.go("/todo")
    worker.follow("答复搬入的申请")
    worker.press("同意")
    elder.go("/household")
    elder.says("龙凤新区")


def _see_the_card(worker: Visitor, name: str, number: str) -> None:
    """Wrong by one digit first: what was typed as the number is not shown again."""
    worker.go("/residents/find")
    worker.page.get_by_role("main").get_by_role("searchbox").fill(name)
    worker.press("查找")
    assert name not in worker.page.locator("main .rows").inner_text()  # masked until it is opened
    worker.follow("袁")
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    for typed, says in ((wrong, "身份证号不对"), (number, "已核验")):
        worker.fill(身份证上的姓名=name, 身份证号=typed)
        worker.page.get_by_label("本人同意保存身份证号，用来确认身份").check()
        worker.press("已看原件，核验", says=says)
        assert typed not in worker.page.content()


def _register_without_a_phone(worker: Visitor, name: str) -> None:
    worker.go("/residents/new")
    worker.fill(姓名=name)
    worker.page.get_by_label("新建一户，住在").select_option(label="四川省眉山市青神县龙凤新区")
    worker.press("登记", says="请先阅读并同意隐私说明")
    expect(worker.page.get_by_label("姓名", exact=True)).to_have_value(name)
    worker.page.get_by_label("已当面说明隐私内容，本人同意").check()
    worker.press("登记", says="已登记")


def _at_the_desk_for_programs(product: Product, name: str) -> None:
    with api(product, WORKER) as client:
        found = client.get("/api/v1/residents", params={"words": name})
        assert [one["name"] for one in found.json()] == ["袁***"[: len(name)]]
        assert client.get("/api/v1/residents/moves").json() == []
        refused = client.post("/api/v1/residents", json={"name": "袁样公", "region_id": 1, "agreed": False})
        assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
