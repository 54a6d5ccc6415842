"""A volunteer's day: signs up, checks in by code, is confirmed from both sides, shows a stranger the proof.

The same day at 390 px and at 1280 px, by two volunteers, and once more by programs.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from core import clock
from core.demo import NEIGHBOUR
from core.demo.volunteers import HELPERS, LEADER_ACCOUNT, NOW, PASSWORD, SECOND, SOON, VOLUNTEER, WITNESS
from core.manifest import DemoAccount
from plugins.foundation.demo import ASKER
from plugins.foundation.demo.shift import OPPORTUNITY, PROJECT
from tests.processes import wait_until
from tests.stories.conftest import Product
from tests.stories.program import Program
from tests.stories.visitor import DESK, IN_BROWSER, PHONE, Visitor

pytestmark = IN_BROWSER


@pytest.mark.parametrize(("size", "account"), [(PHONE, VOLUNTEER), (DESK, SECOND)], ids=["390", "1280"])
def test_from_a_shift_to_a_certificate_that_a_stranger_checks(
    product: Product, browser: Browser, size: dict[str, int], account: DemoAccount
) -> None:
    volunteer = Visitor(browser, product.base, size, "volunteer")
    leader = Visitor(browser, product.base, size, "leader")
    _sign_up(volunteer, account)

    list_path = _check_in(leader, LEADER_ACCOUNT, volunteer, NOW.title)
    _record(leader, list_path, account)
    _confirm(volunteer, NOW.title)
    _show_to_a_stranger(Visitor(browser, product.base, size, "stranger"), volunteer)


def _check_in(leader: Visitor, account: DemoAccount, volunteer: Visitor, title: str) -> str:
    """With a wrong code, by the right one, and out again; the address of the leader's list."""
    leader.log_in(account)
    leader.go("/volunteers/lead")
    leader.follow(title)
    leader.follow("/ 5 人")
    list_path = leader.page.url
    leader.follow("显示签到码")
    code = leader.page.locator(".code").inner_text().replace(" ", "")
    expect(leader.page.locator(".qr svg")).to_be_visible()

    page = volunteer.go("/volunteers/mine")
    volunteer.follow(title)
    wrong = "123456" if code != "123456" else "654321"
    page.get_by_label("现场 6 位数字").fill(wrong)
    volunteer.press("签到")
    expect(page.get_by_text("签到码不对或已经换了")).to_be_visible()
    # The QR code leads here, with the digits filled in.
    page = volunteer.go(f"{page.url.removesuffix('/check-in')}?code={code}")
    expect(page.get_by_label("现场 6 位数字")).to_have_value(code)
    volunteer.press("签到")
    page.get_by_label("现场 6 位数字").fill(code)
    volunteer.press("签退")
    expect(page.get_by_text("您已经签退")).to_be_visible()
    return list_path


def _sign_up(volunteer: Visitor, account: DemoAccount) -> None:
    volunteer.go("/volunteers")
    volunteer.follow(SOON.title)
    volunteer.follow("还有 4 个名额")
    volunteer.follow("登录后报名")
    page = volunteer.page
    page.get_by_label("手机号").fill(account.phone)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    volunteer.look()
    volunteer.press("报名")
    expect(page.get_by_text("请确认您符合这个岗位的条件")).to_be_visible()
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    volunteer.press("报名")
    expect(page.get_by_text(re.compile("您有名额了"))).to_be_visible()
    page.get_by_text("来不了？").click()
    volunteer.press("取消报名")
    expect(page.get_by_role("button", name="报名", exact=True)).to_be_visible()


def _record(leader: Visitor, list_path: str, account: DemoAccount) -> None:
    page = leader.go(list_path)
    card = page.get_by_role("listitem").filter(has_text=account.name)
    card.get_by_role("link", name="记录时长").click()
    page.get_by_label("服务了多少分钟").fill("45")
    leader.press("记录，请志愿者确认")
    expect(page.get_by_text("请写明原因，最多 200 个字")).to_be_visible()
    page.get_by_label("原因").fill("在窗口帮忙三刻钟，签退点早了")
    leader.press("记录，请志愿者确认")
    expect(card).to_contain_text("等志愿者确认")


def _confirm(volunteer: Visitor, title: str) -> None:
    page = volunteer.go("/todo")
    page.get_by_role("link", name=f"请核对并确认您在“{title}”的服务时长").click()
    volunteer.look()
    volunteer.press("确认 45 分钟")
    expect(page.get_by_text("双方已确认")).to_be_visible()


@pytest.mark.parametrize(("size", "account"), [(PHONE, HELPERS[0]), (DESK, HELPERS[1])], ids=["390", "1280"])
def test_a_shift_of_what_gifts_have_paid_for_earns_minutes_and_points(
    product: Product, browser: Browser, size: dict[str, int], account: DemoAccount
) -> None:
    helper = Visitor(browser, product.base, size, "helper")
    leader = Visitor(browser, product.base, size, "asker")
    helper.log_in(account)
    helper.go("/projects")
    helper.follow(PROJECT)
    helper.follow(OPPORTUNITY)
    helper.follow("还有 6 个名额" if account == HELPERS[0] else "还有 5 个名额")
    for tick in helper.page.get_by_role("checkbox").all():
        tick.check()
    helper.press("报名")
    expect(helper.page.get_by_text(re.compile("您有名额了"))).to_be_visible()

    list_path = _check_in(leader, ASKER, helper, OPPORTUNITY)
    _record(leader, list_path, account)
    _confirm(helper, OPPORTUNITY)
    expect(helper.go("/volunteers/mine").get_by_text("45 分钟").first).to_be_visible()
    _wait_for_points(helper)


def _wait_for_points(helper: Visitor) -> None:
    """A worker brings them: 45 minutes at one point an hour."""
    page = helper.page

    def is_there() -> bool:
        page.goto("/greencoin/mine")
        return page.get_by_role("main").get_by_text("0.75 分").count() > 0

    wait_until(is_there, what="the points", timeout_s=30)
    expect(page.get_by_role("main").get_by_text("志愿服务").first).to_be_visible()
    helper.look()


def _show_to_a_stranger(stranger: Visitor, volunteer: Visitor) -> None:
    page = volunteer.go("/volunteers/mine")
    volunteer.press("开具证明，免费")
    expect(page.get_by_role("heading", name="志愿服务证明")).to_be_visible()
    link = page.get_by_role("link", name="别人扫码会看到什么").get_attribute("href") or ""
    volunteer.press("下载 PDF")
    expect(page.get_by_role("link", name=re.compile("^下载"))).to_be_visible(timeout=60_000)
    volunteer.look()
    seen = stranger.go(link)
    expect(seen.get_by_text("这份证明是真的，现在有效。")).to_be_visible()
    seen = stranger.go(link[:-1])
    expect(seen.get_by_text("查不到这份证明")).to_be_visible()


def test_two_witnesses_and_then_the_volunteer_mend_what_was_forgotten(
    product: Product, browser: Browser
) -> None:
    for account in (SECOND, WITNESS):
        witness = Visitor(browser, product.base, PHONE, f"witness-{account.phone[-1]}")
        witness.log_in(account)
        witness.go("/todo")
        witness.follow("请为“陪老人聊天 (样例)”的一次服务作证")
        witness.page.get_by_label("是，我看到了").check()
        witness.press("作证")
        expect(witness.page.get_by_role("definition").filter(has_text="是，我看到了").first).to_be_visible()
    volunteer = Visitor(browser, product.base, PHONE, "forgetful")
    volunteer.log_in(VOLUNTEER)
    volunteer.go("/todo")
    volunteer.follow("请核对并确认您在“陪老人聊天 (样例)”的服务时长")
    volunteer.press("确认 60 分钟")
    expect(volunteer.page.get_by_text("双方已确认")).to_be_visible()


def test_a_leader_hears_why_somebody_stayed_away(product: Product, browser: Browser) -> None:
    leader = Visitor(browser, product.base, DESK, "excusing")
    leader.log_in(LEADER_ACCOUNT)
    page = leader.go("/todo")
    leader.follow("有人对缺席申诉")
    page.get_by_label("谅解，不算缺席").check()
    leader.press("告诉志愿者")
    expect(page.get_by_text("请写明原因").or_(page.get_by_text("请填写这一项"))).to_be_visible()
    expect(page.get_by_label("谅解，不算缺席")).to_be_checked()
    page.get_by_label("原因").fill("孩子要紧")
    leader.press("告诉志愿者")
    expect(page.get_by_text("没有来，已谅解")).to_be_visible()


def test_the_same_day_by_programs(product: Product) -> None:
    leader, volunteer = Program(product, LEADER_ACCOUNT), Program(product, WITNESS)
    _wait_for_a_place_by_program(leader, Program(product, NEIGHBOUR), volunteer)
    coming = volunteer.get("/volunteers/mine")["coming"]
    (shift,) = [one["shift_id"] for one in coming if one["title"] == NOW.title]
    own = _attend_by_program(leader, volunteer, shift)
    said = {"minutes": 45, "reason": "在窗口帮忙三刻钟，签退点早了"}
    record = leader.post(f"/volunteers/lead/sign-ups/{own}/record", **said)["id"]
    volunteer.post(f"/volunteers/services/{record}/confirm")
    served = volunteer.get(f"/volunteers/services/{record}")
    assert (served["state"], served["minutes"]) == ("confirmed", 45)
    paper = volunteer.post(
        "/volunteers/certificates", organization_id=served["organization_id"], shows_name=True
    )
    shown = Program(product).get(paper["path"])
    assert (shown["is_valid"], shown["name"], shown["minutes"]) == (True, WITNESS.name, 45)


def _wait_for_a_place_by_program(leader: Program, first: Program, next_: Program) -> None:
    """A shift for one: who comes second waits, and moves up when the first gives the place back."""
    place = leader.get("/volunteers/lead/opportunities")[0]["organization_id"]
    plan = {"title": "帮忙搬书 (程序)", "task": "把书搬上三楼。", "place": "社区图书室"}
    made = leader.post("/volunteers/lead/opportunities", organization_id=place, **plan)
    path = f"/volunteers/lead/opportunities/{made['id']}"
    begins_at = clock.now() + timedelta(days=20)
    span = {"begins_at": begins_at.isoformat(), "ends_at": (begins_at + timedelta(hours=2)).isoformat()}
    shift = f"/volunteers/shifts/{leader.post(f'{path}/shifts', **span, capacity=1)['id']}"
    leader.post(f"{path}/open")
    assert first.refused(f"{shift}/sign-up", agreed=True, meets=False)["status"] == 422
    placed = first.post(f"{shift}/sign-up", agreed=True, meets=True)
    waiting = next_.post(f"{shift}/sign-up", agreed=True, meets=True)
    assert (placed["state"], waiting["state"]) == ("placed", "waiting")
    first.post(f"/volunteers/sign-ups/{placed['id']}/cancel")
    coming = {one["id"]: one["state"] for one in next_.get("/volunteers/mine")["coming"]}
    assert coming[waiting["id"]] == "placed"


def _attend_by_program(leader: Program, volunteer: Program, shift: int) -> int:
    """In and out by the code of the moment; the id of the sign-up."""
    code = leader.get(f"/volunteers/lead/shifts/{shift}/code")["code"]
    wrong = "123456" if code != "123456" else "654321"
    assert "签到码" in volunteer.refused(f"/volunteers/shifts/{shift}/check-in", code=wrong)["detail"]
    volunteer.post(f"/volunteers/shifts/{shift}/check-in", code=code)
    volunteer.post(f"/volunteers/shifts/{shift}/check-out", code=code)
    there = leader.get(f"/volunteers/lead/shifts/{shift}/attendees")
    (own,) = [one["sign_up_id"] for one in there if one["name"] == WITNESS.name]
    return int(own)


def test_the_books_are_clean_afterwards(product: Product) -> None:
    verified = product.yiji("verify")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "clean"), verified.stderr
