"""Roles on their pages and for programs: seen by oneself, granted and revoked by those in charge."""

import re
from datetime import timedelta

import httpx
import pytest

from core import clock
from core.database import fetch_value
from core.people.rules import ADMINISTRATOR, MANAGER
from core.people.services import grant_role
from core.reference import PLATFORM, Ref
from tests.factories import PASSWORD, Committee, make_committee, make_region, make_resident, new_phone
from tests.web.visitors import log_in, send_form

BY_PHONE = {"name": "何新来", "role": "core.treasurer"}


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


@pytest.fixture
async def newcomer(db: str) -> str:
    phone = new_phone()
    await make_resident(await make_region(), name="何新来", phone=phone, password=PASSWORD)
    return phone


async def make_official(role: str, scope: Ref) -> str:
    """The phone of somebody who holds the role."""
    phone = new_phone()
    person = await make_resident(await make_region(), name="高管理", phone=phone, password=PASSWORD)
    await grant_role(person.person_id, role, scope, actor_id=None)
    return phone


async def test_everybody_sees_his_own_roles_with_their_days(client: httpx.AsyncClient, newcomer: str) -> None:
    await log_in(client, newcomer)
    page = (await client.get("/roles")).text
    assert "您没有担任角色" in page
    assert "由您授权的地方" not in page
    person_id = await fetch_value("select id from person where phone = $1", newcomer)
    ends_on = clock.today() + timedelta(days=30)
    await grant_role(person_id, MANAGER, (await make_committee()).ref, actor_id=None, ends_on=ends_on)
    page = (await client.get("/roles")).text
    assert "组织负责人" in page
    assert f"从 {clock.today()} 到 {ends_on}" in page
    assert "由您授权的地方" in page


async def test_a_manager_grants_and_revokes_at_his_own_place(
    client: httpx.AsyncClient, committee: Committee, newcomer: str
) -> None:
    await log_in(client, await make_official(MANAGER, committee.ref))
    path = f"/roles/organization/{committee.id}"
    assert f'href="{path}"' in (await client.get("/roles")).text
    granted = await send_form(client, path, seen_on=path, phone=newcomer, name="何新来", role=MANAGER)
    assert (granted.status_code, granted.headers["location"]) == (303, path)
    page = (await client.get(path)).text
    assert "何新来 · 组织负责人" in page
    assert newcomer not in page
    revoke = re.findall(r'href="(/roles/grants/\d+/revoke)"', page)[0]
    nameless = await send_form(client, revoke, seen_on=revoke, reason=" ")
    assert (nameless.status_code, "请填写这一项" in nameless.text) == (422, True)
    for _ in range(2):
        assert (
            await send_form(client, revoke, seen_on="/roles/" + path[7:], reason="离任")
        ).status_code == 303
    assert "离任" in (await client.get(path)).text
    assert "这项授权已经结束" in (await client.get(revoke)).text
    assert await fetch_value("select count(*) from audit_event where action = 'role.revoked'") == 1


@pytest.mark.parametrize(
    ("typed", "reason", "status"),
    [
        ({"name": "何新"}, "没有找到这个手机号和姓名的居民", 422),
        ({"phone": "13999999999"}, "没有找到这个手机号和姓名的居民", 422),
        ({"phone": "1399"}, "手机号是 11 位数字", 422),
        ({"role": "core.administrator"}, "这里没有这个角色", 422),
        ({"role": ""}, "请填写这一项", 422),
        ({"ends_on": "明天"}, "日期写成 2026-12-31 这样", 422),
        ({"ends_on": "2020-01-01"}, "期限不能早于今天", 422),
        ({"name": "高管理", "phone": "own"}, "不能给自己授权", 409),
    ],
)
async def test_a_grant_is_refused_beside_its_field_with_what_was_typed(
    client: httpx.AsyncClient,
    committee: Committee,
    newcomer: str,
    typed: dict[str, str],
    reason: str,
    status: int,
) -> None:
    own = await make_official(MANAGER, committee.ref)
    await log_in(client, own)
    path = f"/roles/organization/{committee.id}"
    fields = {"phone": newcomer} | BY_PHONE | typed
    fields["phone"] = fields["phone"].replace("own", own)
    answer = await send_form(client, path, seen_on=path, **fields)
    assert answer.status_code == status
    assert reason in answer.text
    assert f'value="{fields["phone"]}"' in answer.text
    assert fields["role"] not in ("core.treasurer",) or 'value="core.treasurer" selected' in answer.text
    assert await fetch_value("select count(*) from role_grant where role = 'core.treasurer'") == 1


async def test_a_manager_has_no_say_elsewhere(
    client: httpx.AsyncClient, committee: Committee, newcomer: str
) -> None:
    other = await make_committee()
    await log_in(client, await make_official(MANAGER, committee.ref))
    grant_there = await fetch_value("select id from role_grant where scope_id = $1", other.id)
    for path in (f"/roles/organization/{other.id}", "/roles/platform/1"):
        assert (await client.get(path)).status_code == 403
        sent = await send_form(client, path, seen_on="/roles", phone=newcomer, **BY_PHONE)
        assert sent.status_code == 403
    for path in (
        f"/roles/grants/{grant_there}/revoke",
        "/roles/organization/999",
        "/roles/platform/2",
        "/roles/x/1",
    ):
        assert (await client.get(path)).status_code == 404, path


async def test_an_administrator_finds_every_organization_and_grants_on_the_platform(
    client: httpx.AsyncClient, committee: Committee, newcomer: str
) -> None:
    for _ in range(20):
        await make_committee()
    await log_in(client, await make_official(ADMINISTRATOR, PLATFORM))
    first, second = (await client.get("/roles")).text, (await client.get("/roles?page_number=2")).text
    assert len(re.findall(r'href="/roles/organization/\d+"', first)) == 20
    assert len(re.findall(r'href="/roles/organization/\d+"', second)) == 1
    assert "没有找到这样的组织" in (await client.get("/roles", params={"words": "不存在"})).text
    path = "/roles/platform/1"
    fields = {"phone": newcomer} | BY_PHONE | {"role": ADMINISTRATOR}
    assert (await send_form(client, path, seen_on=path, **fields)).status_code == 303
    assert "何新来 · 平台管理员" in (await client.get(path)).text
    assert (await client.get("/counter")).status_code == 403


async def test_the_last_administrator_is_told_why_he_stays(client: httpx.AsyncClient, db: str) -> None:
    last = await make_official(ADMINISTRATOR, PLATFORM)
    await log_in(client, last)
    own = await fetch_value("select id from role_grant where role = 'core.administrator'")
    page = (await client.get(f"/roles/grants/{own}/revoke")).text
    assert "请另一位管理员办理" in page
    assert 'name="reason"' not in page


async def test_the_same_for_a_program(client: httpx.AsyncClient, committee: Committee, newcomer: str) -> None:
    phone = await make_official(MANAGER, committee.ref)
    opened = await client.post("/api/v1/sessions", json={"phone": phone, "password": PASSWORD})
    headers = {"authorization": f"Bearer {opened.json()['token']}"}
    (own,) = (await client.get("/api/v1/roles", headers=headers)).json()
    assert (own["role"], own["scope_id"], own["is_held"]) == (MANAGER, committee.id, True)
    path = f"/api/v1/roles/organization/{committee.id}"
    body = {"phone": newcomer, "name": "何新来", "role": MANAGER}
    refused = await client.post(path, json=body | {"name": "别人"}, headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "phone")
    for _ in range(2):
        granted = await client.post(path, json=body, headers=headers)
        assert (granted.status_code, granted.json()) == (200, {"approval_id": None})
    newest = (await client.get(path, headers=headers)).json()[0]
    assert (newest["name"], newest["role"], newest["is_held"]) == ("何新来", MANAGER, True)
    revoke = f"/api/v1/roles/grants/{newest['id']}/revoke"
    empty = await client.post(revoke, json={"reason": ""}, headers=headers)
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "reason")
    assert (await client.post(revoke, json={"reason": "离任"}, headers=headers)).status_code == 204
    newest = (await client.get(path, headers=headers)).json()[0]
    assert (newest["is_held"], newest["reason"]) == (False, "离任")


async def test_a_role_that_handles_money_is_proposed_and_shown_to_the_second_person(
    client: httpx.AsyncClient, committee: Committee, newcomer: str
) -> None:
    maker = await make_official(MANAGER, committee.ref)
    await log_in(client, maker)
    path = f"/roles/organization/{committee.id}"
    alone = await send_form(client, path, seen_on=path, phone=newcomer, **BY_PHONE)
    assert (alone.status_code, "能审批的人不够" in alone.text) == (409, True)
    assert f'value="{newcomer}"' in alone.text

    await make_official(ADMINISTRATOR, PLATFORM)
    for _ in range(2):
        proposed = await send_form(client, path, seen_on=path, phone=newcomer, **BY_PHONE)
        assert proposed.status_code == 303
        assert re.fullmatch(r"/approvals/\d+", proposed.headers["location"])
    assert "何新来 · 出纳" not in (await client.get(path)).text
    assert "让何新来在测试自管会担任出纳" in (await client.get(proposed.headers["location"])).text
    assert await fetch_value("select count(*) from approval") == 1

    opened = await client.post("/api/v1/sessions", json={"phone": maker, "password": PASSWORD})
    headers = {"authorization": f"Bearer {opened.json()['token']}"}
    again = await client.post(f"/api/v1{path}", json={"phone": newcomer} | BY_PHONE, headers=headers)
    assert again.json() == {"approval_id": int(proposed.headers["location"].rsplit("/", 1)[1])}
