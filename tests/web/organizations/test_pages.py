"""Organizations on pages and in the API: found, registered, reviewed, refused in words."""

import httpx
import pytest

from core.database import fetch_value
from core.organizations import rules
from core.people.services import grant_role
from core.reference import Ref
from tests.factories import PASSWORD, make_committee, make_region, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form

GOOD = "52510100500000007X"


@pytest.fixture
async def region_id(db: str) -> int:
    return await make_region()


async def visitor(client: httpx.AsyncClient, region_id: int, *, staff: bool = False) -> int:
    """Signed in as somebody new; their id."""
    phone = new_phone()
    person = await make_resident(region_id, phone=phone, password=PASSWORD)
    if staff:
        await grant_role(person.person_id, rules.STAFF, Ref("region", region_id), actor_id=None)
    client.cookies.clear()
    await log_in(client, phone)
    return person.person_id


async def test_a_resident_registers_and_the_staff_approves(client: httpx.AsyncClient, region_id: int) -> None:
    await visitor(client, region_id)
    form = {"name": "样邻中心", "kind": "service_agency", "region_id": str(region_id)}
    refused = await send_form(client, "/organizations/new", seen_on="/organizations/new", uscc="123", **form)
    assert refused.status_code == 422
    assert "统一社会信用代码不对，请照证书再核对一遍" in refused.text
    assert 'value="样邻中心"' in refused.text
    taken = await send_form(client, "/organizations/new", seen_on="/organizations/new", uscc=GOOD, **form)
    path = taken.headers["location"]
    assert "已经交给所在地区的工作人员" in (await client.get(path)).text

    await visitor(client, region_id, staff=True)
    assert "等您审核" in (await client.get("/organizations")).text
    empty = await send_form(client, f"{path}/review", seen_on=path, outcome="returned")
    assert "请写明原因，最多 200 个字" in empty.text
    done = await send_form(client, f"{path}/review", seen_on=path, outcome="approved")
    assert done.status_code == 303
    client.cookies.clear()
    page = (await client.get(path)).text
    assert GOOD in page
    assert "样邻中心" in (await client.get("/organizations?words=样邻")).text
    assert "样邻中心" not in (await client.get("/organizations?words=样邻&kind=company")).text


async def test_what_was_sent_back_comes_filled_in(client: httpx.AsyncClient, region_id: int) -> None:
    person_id = await visitor(client, region_id)
    form = {"name": "合唱队", "kind": "community_group", "region_id": str(region_id)}
    sent = await send_form(client, "/organizations/new", seen_on="/organizations/new", **form)
    path = sent.headers["location"]
    await fetch_value(
        "update organization set state = 'returned', reason = '太短' where registrant = $1", person_id
    )
    page = (await client.get(path)).text
    assert "审核意见：太短" in page
    assert 'value="合唱队"' in page
    again = await send_form(client, path, seen_on=path, **(form | {"name": "邻里合唱队"}))
    assert again.status_code == 303
    client.cookies.clear()
    assert (await client.get(path)).status_code == 404


async def test_the_api_says_the_same(client: httpx.AsyncClient, region_id: int) -> None:
    phone, chief = new_phone(), new_phone()
    await make_resident(region_id, phone=phone, password=PASSWORD)
    staff = await make_resident(region_id, phone=chief, password=PASSWORD)
    await grant_role(staff.person_id, rules.STAFF, Ref("region", region_id), actor_id=None)
    mine, theirs = await bearer(client, phone), await bearer(client, chief)
    said = {"name": "样邻中心", "kind": "foundation", "region_id": region_id, "uscc": GOOD}
    refused = await client.post("/api/v1/organizations", json=said, headers=mine)
    assert refused.status_code == 422
    assert "基金会的代码以 53 开头" in refused.text
    made = await client.post("/api/v1/organizations", json=said | {"kind": "service_agency"}, headers=mine)
    path = f"/api/v1/organizations/{made.json()['organization_id']}"
    assert (await client.get(path)).status_code == 404
    assert (await client.get(path, headers=mine)).json()["state"] == "pending"
    waiting = await client.get("/api/v1/organizations/waiting", headers=theirs)
    assert [one["name"] for one in waiting.json()] == ["样邻中心"]
    back = {"outcome": "returned", "reason": "请改"}
    assert (await client.post(f"{path}/review", json=back, headers=theirs)).status_code == 204
    fixed = said | {"kind": "service_agency", "name": "样邻服务中心"}
    assert (await client.put(path, json=fixed, headers=mine)).status_code == 204
    done = await client.post(f"{path}/review", json={"outcome": "approved"}, headers=theirs)
    assert done.status_code == 204
    assert (await client.get(path)).json()["name"] == "样邻服务中心"
    found = await client.get("/api/v1/organizations?words=样邻")
    assert [one["name"] for one in found.json()] == ["样邻服务中心"]


async def test_roles_are_granted_in_a_region_too(client: httpx.AsyncClient, region_id: int) -> None:
    phone = new_phone()
    head = await make_resident(region_id, phone=phone, password=PASSWORD)
    await grant_role(head.person_id, "core.administrator", Ref("platform", 1), actor_id=None)
    await make_committee()
    await log_in(client, phone)
    page = await client.get(f"/roles/region/{region_id}")
    assert "地区工作人员" in page.text
    assert (await client.get("/roles/region/999999")).status_code == 404


async def test_a_program_finds_where_to_register(client: httpx.AsyncClient, region_id: int) -> None:
    phone = new_phone()
    await make_resident(region_id, phone=phone, password=PASSWORD)
    headers = await bearer(client, phone)
    found = (await client.get("/api/v1/organizations/places", headers=headers)).json()
    assert region_id in [place["id"] for place in found]
    assert all(place["name"] for place in found)
