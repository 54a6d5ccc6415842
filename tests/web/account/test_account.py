"""One's own account on its pages and for programs."""

import re

import httpx
import pytest

from core.database import fetch_value
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import log_in, send_form


@pytest.fixture
async def phone(db: str) -> str:
    phone = new_phone()
    await make_resident(await make_region(), name="林有名", phone=phone, password=PASSWORD)
    return phone


async def bearer(client: httpx.AsyncClient, phone: str) -> dict[str, str]:
    answer = await client.post("/api/v1/sessions", json={"phone": phone, "password": PASSWORD})
    return {"authorization": f"Bearer {answer.json()['token']}"}


async def test_the_menu_leads_to_ones_own_account(client: httpx.AsyncClient, phone: str) -> None:
    assert 'href="/me"' not in (await client.get("/")).text
    await log_in(client, phone)
    assert re.search(r'href="/me"[^>]*>林有名<', (await client.get("/")).text)
    page = (await client.get("/me")).text
    for path in ("/roles", "/sessions", "/password", "/language/en", "/care/on"):
        assert f'href="{path}' in page, path


async def test_a_session_elsewhere_is_seen_and_closed(client: httpx.AsyncClient, phone: str) -> None:
    program = await bearer(client, phone)
    await log_in(client, phone)
    page = (await client.get("/sessions")).text
    assert page.count("就是这里") == 1
    assert "别的程序" in page
    (close,) = re.findall(r'action="(/sessions/\d+/close)"', page)
    assert (await send_form(client, close, seen_on="/sessions")).status_code == 303
    assert (await client.get("/api/v1/me", headers=program)).status_code == 401
    assert (await send_form(client, close, seen_on="/sessions")).status_code == 404
    assert "/sessions/close-others" not in (await client.get("/sessions")).text


async def test_all_others_are_closed_at_once(client: httpx.AsyncClient, phone: str) -> None:
    programs = [await bearer(client, phone) for _ in range(2)]
    await log_in(client, phone)
    assert (await send_form(client, "/sessions/close-others", seen_on="/sessions")).status_code == 303
    for program in programs:
        assert (await client.get("/api/v1/sessions", headers=program)).status_code == 401
    assert (await client.get("/me")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"old_password": "wrong"}, "现在的密码不对"),
        ({"new_password": "short7!"}, "新密码要有 8 到 200 个字"),
        ({"new_password_again": "battery stable"}, "两次填写的新密码不一样"),
        ({"old_password": ""}, "请填写这一项"),
    ],
)
async def test_a_password_is_refused_in_words_and_never_shown(
    client: httpx.AsyncClient, phone: str, typed: dict[str, str], reason: str
) -> None:
    await log_in(client, phone)
    good = {
        "old_password": PASSWORD,
        "new_password": "battery staple",
        "new_password_again": "battery staple",
    }
    answer = await send_form(client, "/password", seen_on="/password", **(good | typed))
    assert answer.status_code == 422
    assert reason in answer.text
    assert "battery" not in answer.text
    assert PASSWORD not in answer.text


async def test_a_new_password_is_good_from_now_on(client: httpx.AsyncClient, phone: str) -> None:
    program = await bearer(client, phone)
    await log_in(client, phone)
    fields = {"old_password": PASSWORD, "new_password": "12345678", "new_password_again": "12345678"}
    answer = await send_form(client, "/password", seen_on="/password", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sessions")
    assert (await client.get("/api/v1/me", headers=program)).status_code == 401
    assert (await client.get("/me")).status_code == 200
    body = {"phone": phone, "password": "12345678"}
    assert (await client.post("/api/v1/sessions", json=body)).status_code == 201


async def test_the_same_for_a_program(client: httpx.AsyncClient, phone: str) -> None:
    program, other = await bearer(client, phone), await bearer(client, phone)
    me = (await client.get("/api/v1/me", headers=program)).json()
    assert me["name"] == "林有名"
    this, elsewhere = (await client.get("/api/v1/sessions", headers=program)).json()
    assert (this["is_this"], elsewhere["is_this"]) == (True, False)
    gone = await client.delete(f"/api/v1/sessions/{elsewhere['id']}", headers=program)
    assert gone.status_code == 204
    assert (await client.get("/api/v1/me", headers=other)).status_code == 401
    await bearer(client, phone)
    assert (await client.delete("/api/v1/sessions/others", headers=program)).status_code == 204
    assert await fetch_value("select count(*) from session") == 1
    wrong = {"old_password": "wrong", "new_password": "battery staple"}
    refused = await client.post("/api/v1/password", json=wrong, headers=program)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "old_password")
    right = wrong | {"old_password": PASSWORD}
    assert (await client.post("/api/v1/password", json=right, headers=program)).status_code == 204
