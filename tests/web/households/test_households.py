"""A household on its pages and for programs."""

import re

import httpx
import pytest

from core.database import fetch
from core.people.services import register_person
from core.regions.services import add_region
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form


@pytest.fixture
async def phones(db: str) -> list[str]:
    """Of a head and of somebody without a household."""
    head, other = new_phone(), new_phone()
    await make_resident(await make_region(), name="何大", phone=head, password=PASSWORD)
    await register_person("何二", phone=other, password=PASSWORD)
    return [head, other]


async def press(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await send_form(client, path, seen_on="/household", **fields)


async def test_a_newcomer_founds_a_household(client: httpx.AsyncClient, phones: list[str]) -> None:
    city = await add_region("测试大市", level="city", parent_id=None)
    region = await add_region("青草社区", level="community", parent_id=city)
    client.cookies.clear()
    await log_in(client, phones[1])
    assert "您还没有加入家庭户" in (await client.get("/household")).text
    page = "/household/found?words=青草"
    assert "测试大市青草社区" in (await client.get(page)).text
    refused = await send_form(client, page, seen_on=page, region_id="")
    assert (refused.status_code, "请填写这一项" in refused.text) == (422, True)
    assert (await send_form(client, page, seen_on=page, region_id=str(region))).status_code == 303
    assert "户主" in (await client.get("/household")).text
    assert "没有找到这样的社区" in (await client.get("/household/found?words=没有的")).text


async def test_a_member_joins_by_code_becomes_head_and_the_other_leaves(
    client: httpx.AsyncClient, phones: list[str]
) -> None:
    client.cookies.clear()
    await log_in(client, phones[0])
    assert (await press(client, "/household/invitations")).status_code == 303
    (code,) = re.findall(r'<strong class="number">(\w{10})</strong>', (await client.get("/household")).text)
    client.cookies.clear()
    await log_in(client, phones[1])
    refused = await press(client, "/household/join", code="WRONG")
    assert (refused.status_code, "这个邀请码不对" in refused.text) == (422, True)
    assert (await press(client, "/household/join", code=code)).status_code == 303
    assert "何大" in (await client.get("/household")).text
    client.cookies.clear()
    await log_in(client, phones[0])
    stuck = await press(client, "/household/leave")
    assert (stuck.status_code, "请先把户主交给另一位成员" in stuck.text) == (409, True)
    (heir,) = re.findall(r'name="person_id" value="(\d+)"', (await client.get("/household")).text)
    assert (await press(client, "/household/head", person_id=heir)).status_code == 303
    assert (await press(client, "/household/leave")).status_code == 303
    assert "您还没有加入家庭户" in (await client.get("/household")).text


async def test_an_application_is_answered(client: httpx.AsyncClient, phones: list[str]) -> None:
    head, other = await bearer(client, phones[0]), await bearer(client, phones[1])
    household = (await client.get("/api/v1/household", headers=head)).json()["id"]
    client.cookies.clear()
    await log_in(client, phones[1])
    unknown = await press(client, "/household/apply", household_id="987654321")
    assert (unknown.status_code, "没有找到这个户号" in unknown.text) == (422, True)
    assert (await press(client, "/household/apply", household_id=str(household))).status_code == 303
    assert "等答复" in (await client.get("/household")).text
    client.cookies.clear()
    await log_in(client, phones[0])
    (path,) = re.findall(r'action="(/household/requests/\d+/agree)"', (await client.get("/household")).text)
    assert "答复家庭户的申请" in (await client.get("/todo")).text
    assert (await press(client, path)).status_code == 303
    members = (await client.get("/api/v1/household", headers=other)).json()["members"]
    assert [(one["name"], one["is_head"]) for one in members] == [("何大", True), ("何二", False)]


async def test_a_split_and_a_merger(client: httpx.AsyncClient, phones: list[str]) -> None:
    head, other = await bearer(client, phones[0]), await bearer(client, phones[1])
    code = (await client.post("/api/v1/household/invitations", headers=head)).json()["code"]
    told = (await client.get("/api/v1/household", headers=head)).json()["invitations"]
    assert [one["code"] for one in told] == [code]
    joined = await client.post("/api/v1/household/join", json={"code": code}, headers=other)
    assert (await client.get("/api/v1/household", headers=head)).json()["invitations"] == []
    again = (await client.post("/api/v1/household/invitations", headers=head)).json()["code"]
    assert again not in (await client.get("/api/v1/household", headers=other)).text  # of the head alone
    client.cookies.clear()
    await log_in(client, phones[0])
    (member,) = re.findall(r'name="member_(\d+)"', (await client.get("/household/split")).text)
    nobody = await send_form(client, "/household/split", seen_on="/household/split", person_id=member)
    assert (nobody.status_code, "请选择本户的成员" in nobody.text) == (422, True)
    ticked = {"person_id": member, f"member_{member}": "on"}
    split = await send_form(client, "/household/split", seen_on="/household/split", **ticked)
    assert split.status_code == 303
    (request,) = (await client.get("/api/v1/household/requests", headers=other)).json()["to_answer"]
    agreed = await client.post(f"/api/v1/household/requests/{request['id']}/agree", headers=other)
    assert agreed.status_code == 204
    own = (await client.get("/api/v1/household", headers=other)).json()
    assert own["id"] != joined.json()["id"]
    assert (await press(client, "/household/merge", household_id=str(own["id"]))).status_code == 303
    (request,) = (await client.get("/api/v1/household/requests", headers=other)).json()["to_answer"]
    await client.post(f"/api/v1/household/requests/{request['id']}/agree", headers=other)
    assert len((await client.get("/api/v1/household", headers=head)).json()["members"]) == 2


async def test_a_program_finds_whose_record_is_still_to_be_handed_over(
    client: httpx.AsyncClient, phones: list[str]
) -> None:
    """A child that is of age by now, and has no account."""
    parent = await bearer(client, phones[0])
    sent = {"name": "何小样", "born_on": "2015-06-01", "agreed": True, "purposes": ["minor_points"]}
    child = (await client.post("/api/v1/children", json=sent, headers=parent)).json()["id"]
    agreed = ["minor_points", "privacy"]
    shown = {
        "person_id": child,
        "name": "何小样",
        "born_on": "2015-06-01",
        "agreed": agreed,
    }
    assert (await client.get("/api/v1/children", headers=parent)).json() == [shown]
    await fetch("update person set born_on = '2000-06-01' where id = $1", child)
    shown |= {"born_on": None, "agreed": []}
    assert (await client.get("/api/v1/children", headers=parent)).json() == [shown]
    invited = await client.post(f"/api/v1/children/{child}/invitation", headers=parent)
    assert len(invited.json()["code"]) == 10
