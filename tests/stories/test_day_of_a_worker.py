"""A community worker's day: a code for who gets no SMS, a card seen, a family that moves in, an elder
without a phone; and whoever was looked up can see it.

The same day at 390 px and at 1280 px, and once more by programs.
"""

from playwright.sync_api import Browser, expect
from stdnum.cn import ric

from core.demo import PASSWORD, WORKER
from core.manifest import DemoAccount
from tests.stories.conftest import Product
from tests.stories.program import Program
from tests.stories.visitor import BOTH_WIDTHS, IN_BROWSER, Visitor

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
    _register_without_a_phone(worker, f"凌公望{width}")
    page = elder.go("/me/accesses")
    expect(page.get_by_text("看了您的资料页").first).to_be_visible()
    assert number[6:14] not in elder.go("/me").content()


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


def test_the_same_day_by_programs(product: Product) -> None:
    worker = Program(product, WORKER)
    elder = _register_by_program(
        product, worker, DemoAccount(phone="13800000077", password=PASSWORD, name="柏程远", role="")
    )
    home, village = (elder.get("/places", words=words)[0]["id"] for words in ("样里", "龙凤"))
    elder.post("/household", region_id=home)
    assert worker.get("/residents", words="柏程远") == []
    elder.post("/household/requests/move", region_id=village)
    (move,) = worker.get("/residents/moves")
    worker.post(f"/household/requests/{move['id']}/agree")
    assert elder.get("/household")["region_id"] == village

    (found,) = worker.get("/residents", words="柏程远")
    assert found["name"] == "柏**"
    resident = f"/residents/{found['person_id']}"
    assert worker.get(resident)["name"] == "柏程远"
    number, card = _own_number(7), {"name": "柏程远", "agreed": True}
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert worker.refused(f"{resident}/identity", identity_number=wrong, **card)["status"] == 422
    worker.post(f"{resident}/identity", identity_number=number, **card)
    assert number not in str(worker.get(resident))
    assert worker.refused("/residents", name="凌公望", region_id=village, agreed=False)["status"] == 422
    worker.post("/residents", name="凌公望", region_id=village, agreed=True)
    assert elder.get("/me/accesses")


def _register_by_program(product: Product, worker: Program, who: DemoAccount) -> Program:
    """The worker reads the digits out; a wrong one makes no account."""
    asked = {"phone": who.phone, "purpose": "register"}
    digits = worker.post("/residents/codes", **asked)["digits"]
    nobody = Program(product)
    account = {"token": nobody.post("/codes", **asked)["token"], "name": who.name, "password": PASSWORD}
    wrong = "000000" if digits != "000000" else "000001"
    assert nobody.refused("/registrations", **account, code=wrong, agreed=True)["status"] == 422
    nobody.post("/registrations", **account, code=digits, agreed=True)
    return Program(product, who)
