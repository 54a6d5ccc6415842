"""A worker's desk."""

import re

import httpx
import pytest

from core.people.services import grant_role
from core.reference import Ref
from core.regions.services import add_region
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form


@pytest.fixture
async def desk(db: str) -> tuple[str, int]:
    """The phone of a worker and the place in his charge."""
    city = await add_region("测试市", level="city", parent_id=None)
    region = await add_region("青草社区", level="community", parent_id=city)
    phone = new_phone()
    worker = await make_resident(region, name="何社工", phone=phone, password=PASSWORD)
    await grant_role(worker.person_id, "core.community_worker", Ref("region", city), actor_id=None)
    return phone, region


async def test_a_worker_registers_an_elder_without_a_phone(
    client: httpx.AsyncClient, desk: tuple[str, int]
) -> None:
    phone, region = desk
    await log_in(client, phone)
    page, fields = "/residents/new", {"name": "何老", "region_id": str(region), "agreed": "on"}
    refused = await send_form(client, page, seen_on=page, **fields | {"agreed": ""})
    assert (refused.status_code, "请先阅读并同意隐私说明" in refused.text) == (422, True)
    assert (await send_form(client, page, seen_on=page, **fields)).status_code == 303
    assert "已登记" in (await client.get("/residents?done=1")).text
    elsewhere = await send_form(
        client, page, seen_on=page, **fields | {"region_id": str(await make_region())}
    )
    assert elsewhere.status_code == 403


async def test_a_worker_sees_the_digits_of_the_own_code_alone(
    client: httpx.AsyncClient, desk: tuple[str, int]
) -> None:
    phone, _ = desk
    await log_in(client, phone)
    wanted = new_phone()
    answer = await send_form(
        client, "/residents/codes", seen_on="/residents", phone=wanted, purpose="register"
    )
    shown = await client.get(answer.headers["location"])
    (code,) = re.findall(r'<strong class="total">(\d{6})</strong>', shown.text)
    assert wanted not in shown.text
    asked = await send_form(client, "/reset", seen_on="/reset", phone=wanted)
    assert asked.status_code == 303
    client.cookies.clear()
    page = (await send_form(client, "/register", seen_on="/register", phone=wanted)).headers["location"]
    fields = {"code": code, "name": "何新来", "password": PASSWORD, "agreed": "on"}
    assert (await send_form(client, page, seen_on=page, **fields)).status_code == 303
    assert (await client.get(answer.headers["location"])).status_code == 403


async def test_a_worker_lets_a_household_move_in(client: httpx.AsyncClient, desk: tuple[str, int]) -> None:
    phone, region = desk
    mover = new_phone()
    await make_resident(await make_region(), phone=mover, password=PASSWORD)
    await log_in(client, mover)
    page = "/household/move?words=青草"
    assert (await send_form(client, page, seen_on=page, region_id=str(region))).status_code == 303
    client.cookies.clear()
    await log_in(client, phone)
    (path,) = re.findall(r'action="(/residents/moves/\d+/agree)"', (await client.get("/residents")).text)
    assert "答复搬入的申请" in (await client.get("/todo")).text
    assert (await send_form(client, path, seen_on="/residents")).status_code == 303
    program = await bearer(client, mover)
    assert (await client.get("/api/v1/household", headers=program)).json()["region_id"] == region


async def test_the_desk_for_programs(client: httpx.AsyncClient, desk: tuple[str, int]) -> None:
    phone, region = desk
    worker = await bearer(client, phone)
    told = await client.post(
        "/api/v1/residents/codes", json={"phone": new_phone(), "purpose": "reset"}, headers=worker
    )
    assert re.fullmatch(r"\d{6}", told.json()["digits"])
    resident = {"name": "何老", "agreed": True, "region_id": region}
    assert (await client.post("/api/v1/residents", json=resident, headers=worker)).status_code == 201
    assert (await client.get("/api/v1/residents/moves", headers=worker)).json() == []


async def test_found_residents_are_masked_until_their_page_is_opened(
    client: httpx.AsyncClient, desk: tuple[str, int]
) -> None:
    phone, region = desk
    await make_resident(region, name="林有地", phone="13912345678")
    await log_in(client, phone)
    for words in ("youdi", "5678", "林有地"):
        shown = (await client.get("/residents/find", params={"words": words})).text
        assert ("林**" in shown, "林有地 " in shown, "13912345678" in shown) == (True, False, False)
    near = (await client.get("/residents/find", params={"words": "ninyoudi"})).text
    assert ("林**" in near, "读音或写法相近" in near) == (True, True)
    (path,) = re.findall(r'href="(/residents/\d+)"', near)
    assert "林有地" in (await client.get(path)).text
    worker = await bearer(client, phone)
    listed = (await client.get("/api/v1/residents?words=lyd", headers=worker)).json()
    assert [(one["name"], one["phone"]) for one in listed] == [("林**", "139****5678")]
    one = await client.get(f"/api/v1/residents/{listed[0]['person_id']}", headers=worker)
    assert one.json()["name"] == "林有地"
