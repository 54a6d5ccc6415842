"""Looking a resident up, and seeing the identity card."""

import base64
import logging
import re

import httpx
import pytest

from core.database import fetch_value
from core.people.services import grant_role
from core.reference import Ref
from core.regions.services import add_region
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form

NUMBER = "11010519491231002X"


@pytest.fixture
async def desk(db: str) -> tuple[str, int]:
    """The phone of a worker and the place in his charge."""
    region, phone = await add_region("青草社区", level="community", parent_id=None), new_phone()
    worker = await make_resident(region, name="何社工", phone=phone, password=PASSWORD)
    await grant_role(worker.person_id, "core.community_worker", Ref("region", region), actor_id=None)
    return phone, region


def card(number: str = NUMBER) -> dict[str, str]:
    return {"name": "林真名", "identity_number": number, "agreed": "on"}


async def test_the_number_is_typed_and_never_seen_again(
    client: httpx.AsyncClient, desk: tuple[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    """Protects it on every way: refused and accepted, on pages, in addresses and in the log."""
    caplog.set_level(logging.DEBUG)
    phone, region = desk
    person = await make_resident(region, name="林样")
    await log_in(client, phone)
    assert "林*" in (await client.get("/residents/find?words=林")).text
    page = f"/residents/{person.person_id}"
    refused = await send_form(client, f"{page}/identity", seen_on=page, **card("110105194912310021"))
    assert (refused.status_code, "身份证号不对" in refused.text) == (422, True)
    assert ("110105194912310021" in refused.text, 'value="林真名"' in refused.text) == (False, True)
    accepted = await send_form(client, f"{page}/identity", seen_on=page, **card())
    assert (accepted.status_code, accepted.headers["location"]) == (303, page)
    shown = await client.get(page)
    assert ("已核验" in shown.text, "林真名" in shown.text) == (True, True)
    program = await bearer(client, phone)
    told = await client.get(f"/api/v1{page}", headers=program)
    for said in (shown.text, told.text, caplog.text, str(accepted.headers)):
        assert NUMBER not in said
        assert NUMBER[6:14] not in said


async def test_a_late_form_does_not_take_the_number_through_the_login_page(
    client: httpx.AsyncClient, desk: tuple[str, int]
) -> None:
    phone, region = desk
    person = await make_resident(region)
    await log_in(client, phone)
    page = f"/residents/{person.person_id}"
    await client.get(page)
    await fetch_value("delete from session")
    late = await client.post(f"{page}/identity", data=card())
    assert late.status_code == 401
    assert "您填的内容还在" in late.text
    client.cookies.delete("yiji_session")
    (kept,) = re.findall(r'name="kept" value="([^".]+)', late.text)
    typed = base64.urlsafe_b64decode(kept).decode()
    assert ("林真名" in typed, NUMBER in typed) == (True, False)


async def test_who_is_no_worker_of_the_place_sees_nobody(
    client: httpx.AsyncClient, desk: tuple[str, int]
) -> None:
    phone, region = desk
    elsewhere = await make_resident(await make_region(), name="林远方")
    program = await bearer(client, phone)
    path = f"/api/v1/residents/{elsewhere.person_id}"
    assert (await client.get(path, headers=program)).status_code == 404
    body = {"name": "林", "identity_number": NUMBER, "agreed": True}
    assert (await client.post(f"{path}/identity", headers=program, json=body)).status_code == 404
    assert (await client.get("/api/v1/residents?words=林", headers=program)).json() == []
    own = new_phone()
    resident = await make_resident(region, name="苏居民", phone=own, password=PASSWORD)
    program = await bearer(client, own)
    for path in ("/api/v1/residents?words=苏", f"/api/v1/residents/{resident.person_id}"):
        assert (await client.get(path, headers=program)).status_code == 403


async def test_a_program_verifies_and_the_resident_reads_who_has_looked(
    client: httpx.AsyncClient, desk: tuple[str, int]
) -> None:
    phone, region = desk
    own = new_phone()
    person = await make_resident(region, name="林样", phone=own, password=PASSWORD)
    worker, me = await bearer(client, phone), await bearer(client, own)
    path = f"/api/v1/residents/{person.person_id}"
    assert (await client.get(path, headers=worker)).json()["phone"] == f"{own[:3]}****{own[-4:]}"
    body = {"name": "林真名", "identity_number": NUMBER, "agreed": True}
    assert (await client.post(f"{path}/identity", headers=worker, json=body)).status_code == 204
    told = (await client.get("/api/v1/me", headers=me)).json()
    assert (told["name"], told["phone"], told["born_on"]) == ("林真名", own, "1949-12-31")
    assert told["verified_at"]
    looks = (await client.get("/api/v1/me/accesses", headers=me)).json()
    assert [(one["viewer"], one["what"]) for one in looks] == [("何社工", "看了您的资料页")]
    renamed = await client.post("/api/v1/me/name", headers=me, json={"name": "别名"})
    assert (renamed.status_code, "已经按身份证核验" in renamed.text) == (409, True)
    await log_in(client, own)
    page = (await client.get("/me/accesses")).text
    assert "何社工" in page
    consents = (await client.get("/consents")).text
    assert "保存身份证号" in consents
    assert "孩子" not in consents
    answer = await send_form(client, "/consents/identity/withdraw", seen_on="/consents")
    assert answer.status_code == 303
    assert await fetch_value("select count(*) from person_identity") == 0
    assert "填写身份证号" in (await client.get("/consents")).text
