"""An organization's day: registered, sent back and put right; its account confirmed by another person; a
year's inspection, a restriction and the appeal against it; a colleague with a role of her own.

The same day at 390 px and at 1280 px, and once more by programs.
"""

from datetime import timedelta

from playwright.sync_api import Browser, expect
from stdnum.cn.uscc import calc_check_digit

from core import clock
from core.demo import NEIGHBOUR, RESIDENT
from core.demo.organizations import FIRST, SECOND
from tests.stories.conftest import Product
from tests.stories.program import Program
from tests.stories.visitor import BOTH_WIDTHS, IN_BROWSER, Visitor

pytestmark = IN_BROWSER


@BOTH_WIDTHS
def test_an_organization_comes_into_being_and_keeps_its_name(
    product: Product, browser: Browser, size: dict[str, int]
) -> None:
    name = f"罗江样芽助学中心{size['width']}"
    head = Visitor(browser, product.base, size, "day-head", RESIDENT)
    staff = Visitor(browser, product.base, size, "day-staff", FIRST)
    other = Visitor(browser, product.base, size, "day-other-staff", SECOND)
    path = _register(head, staff, name, f"52510604MJY{size['width']:06}")
    _name_the_account(head, staff, path, name)
    _pass_the_inspection(staff, path)
    restriction = _restrict(staff, path)
    _appeal(head, staff, other, restriction)
    _give_a_role(head, path)


def _register(head: Visitor, staff: Visitor, name: str, code: str) -> str:
    """The path of the organization: sent back once, with a reason that its founder reads."""
    head.go("/organizations/new")
    head.fill(组织全称=name, 统一社会信用代码=code + calc_check_digit(code))
    head.page.get_by_label("组织类型").select_option(label="社会服务机构")
    head.page.get_by_label("所在地区").select_option(label="四川省 德阳市 罗江区 万安镇")
    head.press("提交审核", says="已经交给所在地区的工作人员")
    _judge(staff, name, "退回修改", "")
    staff.says("请写明原因")
    _judge(staff, name, "退回修改", "名称请和证书核对一遍")
    head.eventually("/inbox", f"{name}需要修改")
    head.go("/organizations")
    head.follow(name)
    head.says("审核意见：名称请和证书核对一遍")
    head.press("提交审核", says="已经交给所在地区的工作人员")
    path = head.page.url
    _judge(staff, name, "通过", "")
    head.eventually("/inbox", f"{name}已经登记")
    return path


def _judge(staff: Visitor, name: str, outcome: str, reason: str) -> None:
    staff.go("/todo")
    staff.follow(name)
    staff.page.get_by_role("radio", name=outcome, exact=True).check()
    staff.page.get_by_label("原因 (通过时可不填)").fill(reason)
    staff.press("交审核结果")


def _name_the_account(head: Visitor, staff: Visitor, path: str, name: str) -> None:
    """In another name it is refused; no number is shown again but its end; the second person is another."""
    head.go(f"{path}/payee")
    head.fill(开户银行="样例银行罗江支行", 户名=f"{name}附属店", 账号="6222000000007123")
    head.page.get_by_role("main").locator("form").get_by_role("button").last.click()
    head.says("户名")
    head.fill(户名=name, 账号="6222000000007123")
    head.page.get_by_role("main").locator("form").get_by_role("button").last.click()
    head.says("****7123")
    assert "6222000000007123" not in head.look().content()
    staff.go("/todo")
    staff.follow(f"确认拨款账户：{name}")
    staff.page.get_by_role("radio", name="确认，以后付到这里").check()
    staff.press("交决定", says="****7123")


def _pass_the_inspection(staff: Visitor, path: str) -> None:
    today = clock.today()
    staff.go(f"{path}/records/inspection")
    staff.fill(
        年度=str(today.year + 1), 作出认定的机关="罗江区民政局 (样例)", 依据="样例公告", 自哪天起=f"{today}"
    )
    staff.page.get_by_label("结果").select_option(label="合格")
    staff.press("登记")
    staff.fill(年度=str(today.year - 1))
    staff.press("登记", says=f"{today.year - 1}")


def _restrict(staff: Visitor, path: str) -> str:
    """The path of the restriction."""
    staff.go(f"{path}/restrictions")
    staff.page.get_by_label("限制", exact=True).select_option(label="限制申报新项目")
    staff.fill(原因="一次未按期提交项目报告", 到哪天为止=f"{clock.today() + timedelta(days=90)}")
    staff.press("作出限制")
    staff.follow("申诉与决定")
    return staff.page.url


def _appeal(head: Visitor, staff: Visitor, other: Visitor, restriction: str) -> None:
    """Who restricted does not decide; what is lifted stays in the history."""
    head.go(restriction)
    head.fill(申诉理由="报告在期限内寄出，附回执。")
    head.press("提交申诉", says="申诉中")
    expect(staff.go(restriction).get_by_role("button", name="交决定")).to_have_count(0)
    other.go(restriction)
    other.page.get_by_role("radio", name="解除").check()
    other.fill(答复意见="回执属实")
    other.press("交决定", says="回执属实")


def _give_a_role(head: Visitor, path: str) -> None:
    head.go(path.replace("/organizations/", "/roles/organization/"))
    head.fill(姓名=NEIGHBOUR.name, 手机号=NEIGHBOUR.phone)
    head.page.get_by_label("角色", exact=True).select_option(label="志愿服务负责人")
    head.press("授予角色")
    head.go(f"{path}/members")
    head.says(NEIGHBOUR.name)


def test_the_same_day_by_programs(product: Product) -> None:
    head, staff = Program(product, RESIDENT), Program(product, FIRST)
    name = "罗江样芽程序助学中心"
    path = _register_by_program(head, staff, name)
    account = {"bank": "样例银行罗江支行", "account": "6222000000007123"}
    assert head.refused(f"{path}/payee", **account, holder=f"{name}附属店")["status"] == 422
    payee = head.post(f"{path}/payee", **account, holder=name)["payee_id"]
    decision = f"{path}/payee/{payee}/decision"
    assert head.refused(decision, outcome="confirmed")["status"] in (403, 409)
    staff.post(decision, outcome="confirmed")
    assert [one["masked"] for one in head.get(f"{path}/payee")] == ["****7123"]

    today = clock.today()
    seen = {"kind": "inspection", "value": "passed", "given_by": "罗江区民政局 (样例)", "reason": "样例公告"}
    seen |= {"valid_from": str(today)}
    assert staff.refused(f"{path}/records", **seen, year=today.year + 1)["status"] == 422
    staff.post(f"{path}/records", **seen, year=today.year - 1)
    assert head.get(f"{path}/records")[0]["year"] == today.year - 1
    _restrict_and_lift_by_program(head, staff, Program(product, SECOND), path)
    role = {"phone": NEIGHBOUR.phone, "name": NEIGHBOUR.name, "role": "core.volunteer_leader"}
    head.post(path.replace("/organizations/", "/roles/organization/"), **role)
    assert NEIGHBOUR.name in [one["person"] for one in head.get(f"{path}/members")]


def _register_by_program(head: Program, staff: Program, name: str) -> str:
    """Sent back once; its path."""
    places = head.get("/organizations/places")
    (place,) = [one for one in places if one["name"].endswith("罗江区 万安镇")]
    code = "52510604MJY777777"
    asked = {"name": name, "kind": "service_agency", "region_id": place["id"]}
    asked |= {"uscc": code + calc_check_digit(code)}
    path = f"/organizations/{head.post('/organizations', **asked)['organization_id']}"
    assert staff.refused(f"{path}/review", outcome="returned")["status"] == 422
    staff.post(f"{path}/review", outcome="returned", reason="名称请和证书核对一遍")
    assert head.get(path)["reason"] == "名称请和证书核对一遍"
    head.put(path, **asked)
    staff.post(f"{path}/review", outcome="approved")
    assert (head.get(path)["name"], head.get(path)["state"]) == (name, "approved")
    return path


def _restrict_and_lift_by_program(head: Program, staff: Program, other: Program, path: str) -> None:
    until = str(clock.today() + timedelta(days=90))
    why = {"grade": "limited", "reason": "一次未按期提交项目报告", "until_on": until}
    restriction = f"{path}/restrictions/{staff.post(f'{path}/restrictions', **why)['restriction_id']}"
    assert head.get(path)["is_limited"]
    head.post(f"{restriction}/appeal", appeal="报告在期限内寄出，附回执。")
    decision = {"outcome": "lifted", "answer": "回执属实"}
    assert staff.refused(f"{restriction}/decision", **decision)["status"] in (403, 409)
    other.post(f"{restriction}/decision", **decision)
    assert not head.get(path)["is_limited"]
