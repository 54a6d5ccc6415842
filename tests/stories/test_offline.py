"""Where there is no network: a leader's page goes on showing codes and notes who came, and one checks in by
being there; a phone that does not tell its position is told what to do instead.
"""

from playwright.sync_api import Browser, expect

from core.demo.volunteers import LEADER_ACCOUNT, NOW, SECOND, VOLUNTEER
from tests.stories.conftest import Product
from tests.stories.visitor import IN_BROWSER, PHONE, Visitor

pytestmark = IN_BROWSER
_THERE, _ELSEWHERE = {"latitude": 31.3031, "longitude": 104.5101}, {"latitude": 31.31, "longitude": 104.51}


def test_a_leader_without_a_network_and_a_volunteer_who_is_there(product: Product, browser: Browser) -> None:
    leader = Visitor(browser, product.base, PHONE, "offline-leader", LEADER_ACCOUNT)
    leader.go("/volunteers/lead")
    leader.follow(NOW.title)
    leader.follow("/ 5 人")
    list_path = leader.page.url
    leader.follow("现场没有网络")
    _note_without_a_network(leader, SECOND.name)
    assert leader.page.url == list_path
    card = leader.page.get_by_role("listitem").filter(has_text=SECOND.name)
    expect(card.get_by_text("已签到")).to_be_visible()
    leader.follow("现场没有网络")
    expect(leader.page.get_by_label("记下的")).to_have_value("")  # what the server knows is no note any more
    _check_in_by_being_there(Visitor(browser, product.base, PHONE, "offline-volunteer", VOLUNTEER))


def _note_without_a_network(leader: Visitor, name: str) -> None:
    page = leader.page
    leader.context.set_offline(True)
    code = page.locator(".code").inner_text()
    assert code.replace(" ", "").isdigit()
    card = page.get_by_role("listitem").filter(has_text=name)
    card.get_by_role("button", name="到了").click()
    card.get_by_role("button", name="到了").click()
    assert len(page.get_by_label("记下的").input_value().splitlines()) == 1
    page.clock.install()
    page.clock.fast_forward(31_000)
    page.clock.run_for(1_100)
    expect(page.locator(".code")).not_to_have_text(code)
    leader.context.set_offline(False)
    leader.press("上传记录")


def _check_in_by_being_there(volunteer: Visitor) -> None:
    page = volunteer.go("/volunteers/mine")
    volunteer.follow(NOW.title)
    volunteer.press("用手机位置签到", says="手机没有给出位置")
    volunteer.context.grant_permissions(["geolocation"])
    for place, said in ((_ELSEWHERE, "您不在集合地点 200 米以内"), (_THERE, "走的时候请签退")):
        volunteer.context.set_geolocation(place)  # type: ignore[arg-type]
        volunteer.press("用手机位置签到", says=said)
    assert "31.303" not in page.content()
