"""The pages of volunteering: what everybody, the volunteer, the leader and a stranger see and may send."""

import re
from datetime import timedelta

import httpx
import pytest

from core import clock
from core.database import fetch_value
from core.people.rules import Actor
from core.volunteers.queries import certificates, records, sign_ups
from core.volunteers.services.certificates import issue_certificate
from tests.core.volunteers.shifts import Team, code_now, join, make_shift, make_team, propose, serve
from tests.factories import PASSWORD, make_committee, make_resident, new_phone
from tests.web.visitors import log_in, send_form


@pytest.fixture
async def leader_phone() -> str:
    return new_phone()


@pytest.fixture
async def team(client: httpx.AsyncClient, leader_phone: str) -> Team:
    return await make_team(phone=leader_phone, organization=await make_committee())


@pytest.fixture
async def volunteer(client: httpx.AsyncClient, team: Team) -> Actor:
    """Signed in."""
    phone = new_phone()
    person = await make_resident(team.organization.region_id, name="吴志愿", phone=phone, password=PASSWORD)
    await log_in(client, phone)
    return person


async def log_in_again(client: httpx.AsyncClient, phone: str) -> None:
    client.cookies.clear()
    await log_in(client, phone)


def reason(html: str, name: str) -> str:
    found = re.search(rf'id="{name}-reason"[^>]*>([^<]*)<', html)
    return found[1] if found else ""


async def test_a_list_can_be_searched_and_says_what_is_wrong_with_the_search(
    client: httpx.AsyncClient, team: Team
) -> None:
    await make_shift(team)
    assert "陪老人聊天" in (await client.get("/volunteers")).text
    assert "陪老人聊天" not in (await client.get("/volunteers?words=捡垃圾")).text
    refused = await client.get("/volunteers?day=明天")
    assert refused.status_code == 422
    assert reason(refused.text, "day") == "日期写成 2026-12-31 这样"
    assert (await client.get("/volunteers?number=0")).status_code == 422


async def test_sign_up_asks_for_both_ticks_and_can_be_taken_back(
    client: httpx.AsyncClient, team: Team, volunteer: Actor
) -> None:
    shift_id = await make_shift(team, capacity=1)
    path = f"/volunteers/shifts/{shift_id}"
    refused = await send_form(client, f"{path}/sign-up", seen_on=path, meets="on")
    assert refused.status_code == 422
    assert reason(refused.text, "agreed") == "请先阅读并勾选同意志愿服务协议"
    assert 'name="meets" value="on" checked' in refused.text
    accepted = await send_form(client, f"{path}/sign-up", seen_on=path, meets="on", agreed="on")
    assert (accepted.status_code, accepted.headers["location"]) == (303, path)
    assert "您有名额了" in (await client.get(path)).text
    await send_form(client, f"{path}/cancel", seen_on=path)
    await send_form(client, f"{path}/cancel", seen_on=path)
    assert await fetch_value("select taken from volunteer_shift where id = $1", shift_id) == 0
    await join(shift_id, await make_resident(team.organization.region_id))
    assert "排队候补" in (await client.get(path)).text


async def test_a_draft_is_for_its_leaders_alone(
    client: httpx.AsyncClient, team: Team, leader_phone: str
) -> None:
    from core.volunteers.services.opportunities import create_opportunity
    from tests.core.volunteers.shifts import PLAN

    draft = await create_opportunity(PLAN, organization_id=team.organization.id, actor=team.leader)
    assert (await client.get(f"/volunteers/{draft}")).status_code == 404
    await log_in(client, leader_phone)
    assert (await client.get(f"/volunteers/{draft}")).status_code == 200


async def test_a_wrong_code_is_refused_beside_its_field_and_a_link_fills_it_in(
    client: httpx.AsyncClient, team: Team, volunteer: Actor
) -> None:
    shift_id = await make_shift(team, begins_at=clock.now() + timedelta(minutes=5))
    await join(shift_id, volunteer)
    path = f"/volunteers/shifts/{shift_id}"
    wrong = "000000" if code_now(shift_id) != "000000" else "000001"
    refused = await send_form(client, f"{path}/check-in", seen_on=path, code=wrong)
    assert refused.status_code == 422
    assert reason(refused.text, "code").startswith("签到码不对或已经换了")
    assert f'value="{wrong}"' in refused.text
    assert 'value="123456"' in (await client.get(f"{path}?code=123456")).text
    assert (await client.get(f"{path}?code={'1' * 21}")).status_code == 422
    code = code_now(shift_id)
    accepted = await send_form(client, f"{path}/check-in", seen_on=path, code=f"{code[:3]} {code[3:]}")
    assert accepted.status_code == 303
    assert (await sign_ups.sign_up_at(shift_id, volunteer.person_id)).state == "present"


async def test_a_leader_prepares_publishes_and_shows_a_code(
    client: httpx.AsyncClient, team: Team, leader_phone: str
) -> None:
    await log_in(client, leader_phone)
    plan = {"title": "送餐", "task": "送午饭", "place": "食堂", "risk": "high", "age_least": "18"}
    owner = {"organization_id": str(team.organization.id)}
    refused = await send_form(
        client, "/volunteers/lead/new", seen_on="/volunteers/lead/new", **{**plan, **owner, "age_least": "7"}
    )
    assert reason(refused.text, "age_least") == "年龄是 8 到 80 之间的整数"
    made = await send_form(client, "/volunteers/lead/new", seen_on="/volunteers/lead/new", **plan, **owner)
    path = made.headers["location"]
    early = {"day": clock.today().isoformat(), "begins_at": "00:00", "ends_at": "01:00", "capacity": "2"}
    refused = await send_form(client, f"{path}/shifts", seen_on=path, **early)
    assert reason(refused.text, "begins_at") == "开始时间要在现在之后"
    day = (clock.today() + timedelta(days=1)).isoformat()
    hours = {"day": day, "begins_at": "9：00", "ends_at": "08:00", "capacity": "2"}
    refused = await send_form(client, f"{path}/shifts", seen_on=path, **hours)
    assert reason(refused.text, "ends_at") == "结束时间要晚于开始时间，一个班次最长 12 小时"
    assert (
        await send_form(client, f"{path}/shifts", seen_on=path, **hours | {"ends_at": "10:00"})
    ).status_code == 303
    refused = await send_form(client, f"{path}/open", seen_on=path)
    assert refused.status_code == 422
    assert "有风险的岗位要先为志愿者买好保险" in refused.text
    await send_form(client, f"{path}/edit", seen_on=f"{path}/edit", **plan, insurance="样例保险 1 号")
    assert (await send_form(client, f"{path}/open", seen_on=path)).status_code == 303
    shift_id = await fetch_value("select max(id) from volunteer_shift")
    shown = await client.get(f"/volunteers/lead/shifts/{shift_id}/code")
    assert 'http-equiv="refresh"' in shown.text
    assert '<svg viewBox="0 0 ' in shown.text
    assert (await send_form(client, f"{path}/edit", seen_on=f"{path}/edit", **plan)).status_code == 409


async def test_minutes_are_recorded_disputed_corrected_and_confirmed(
    client: httpx.AsyncClient, team: Team, volunteer: Actor, leader_phone: str
) -> None:
    phone = await fetch_value("select phone from person where id = $1", volunteer.person_id)
    with clock.frozen(clock.now() - timedelta(days=1)):
        service_id = await propose(team, await make_shift(team), volunteer, minutes=60)
    path = f"/volunteers/services/{service_id}"
    refused = await send_form(client, f"{path}/dispute", seen_on=path, reason="")
    assert reason(refused.text, "reason") == "请填写这一项"
    await send_form(client, f"{path}/dispute", seen_on=path, reason="少了一小时")
    await log_in_again(client, leader_phone)
    assert "少了一小时" in (await client.get(path)).text
    refused = await send_form(client, f"{path}/correct", seen_on=path, minutes="121", reason="核对过了")
    assert reason(refused.text, "minutes") == "时长是 1 到 120 之间的整数分钟"
    corrected = await send_form(client, f"{path}/correct", seen_on=path, minutes="120", reason="核对过了")
    new_path = corrected.headers["location"]
    assert new_path != path
    await log_in_again(client, phone)
    assert (await send_form(client, f"{new_path}/confirm", seen_on=new_path)).status_code == 303
    assert "双方已确认" in (await client.get(new_path)).text
    assert await records.minutes_of(volunteer.person_id) == 120


async def test_a_list_marks_who_came_and_who_did_not(
    client: httpx.AsyncClient, team: Team, volunteer: Actor, leader_phone: str
) -> None:
    shift_id = await make_shift(team, begins_at=clock.now() + timedelta(minutes=5))
    sign_up_id = await join(shift_id, volunteer)
    await log_in_again(client, leader_phone)
    page = f"/volunteers/lead/shifts/{shift_id}"
    mark = f"/volunteers/lead/sign-ups/{sign_up_id}"
    refused = await send_form(client, f"{mark}/absent", seen_on=page)
    assert refused.status_code == 409
    assert "班次还没有开始" in refused.text
    assert (await send_form(client, f"{mark}/present", seen_on=page)).status_code == 303
    assert (await send_form(client, f"{mark}/left", seen_on=page)).status_code == 303
    early = await send_form(client, f"{mark}/record", seen_on=f"{mark}/record", minutes="30", reason="要来")
    assert (early.status_code, "班次还没有结束" in early.text) == (409, True)
    with clock.frozen(clock.now() + timedelta(minutes=45)):
        record = await client.get(f"{mark}/record")
        assert "按签到签退是 0 分钟" in record.text
        refused = await send_form(client, f"{mark}/record", seen_on=f"{mark}/record", minutes="30")
        assert reason(refused.text, "reason") == "请写明原因，最多 200 个字"
        sent = await send_form(
            client, f"{mark}/record", seen_on=f"{mark}/record", minutes="３０", reason="帮忙布置"
        )
    assert sent.headers["location"] == page
    assert "看 30 分钟的记录" in (await client.get(page)).text
    refused = await send_form(client, f"{page}/cancel", seen_on=page, reason="")
    assert reason(refused.text, "reason") == "请填写这一项"


async def test_a_stranger_reads_of_a_certificate_what_its_owner_wants(
    client: httpx.AsyncClient, team: Team, volunteer: Actor, leader_phone: str
) -> None:
    await serve(team, await make_shift(team), volunteer)
    sent = await send_form(
        client,
        "/volunteers/certificates",
        seen_on="/volunteers/mine",
        organization_id=str(team.organization.id),
    )
    paper = sent.headers["location"]
    found = await certificates.certificate(int(paper.rsplit("/", 1)[1]))
    assert "吴** 在" in (await client.get(paper)).text
    link = f"/certificates/{found.number}?k={certificates.key_of(found)}"
    client.cookies.clear()
    seen = await client.get(link)
    assert seen.status_code == 200
    assert "这份证明是真的，现在有效。" in seen.text
    assert "吴志愿" not in seen.text
    for other in (link[:-1], f"/certificates/{found.number}", "/certificates/ZY9?k=假"):
        unknown = await client.get(other)
        assert unknown.status_code == 404
        assert "查不到这份证明" in unknown.text
    await log_in(client, leader_phone)
    assert "吴志愿" in (await client.get(f"/volunteers/lead/certificates/{team.organization.id}")).text
    await send_form(client, f"{paper}/revoke", seen_on=paper, reason="冒名顶替")
    again = await send_form(client, f"{paper}/revoke", seen_on=paper, reason="冒名顶替")
    assert again.status_code in (409, 422)
    client.cookies.clear()
    assert "已作废：冒名顶替" in (await client.get(link)).text


async def test_a_certificate_in_full_is_its_owners_choice(team: Team, volunteer: Actor) -> None:
    await serve(team, await make_shift(team), volunteer)
    id_ = await issue_certificate(team.organization.id, shows_name=True, actor=volunteer)
    assert (await certificates.certificate(id_)).shown_name == "吴志愿"
