"""Registering, resetting a password and changing a phone, on the pages and for programs."""

import re

import httpx
import pytest

from core.database import fetch_value
from core.registration.rules import CHANGE
from tests.core.registration.codes import another, code_for
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form

NEW = "battery staple"


async def ask(client: httpx.AsyncClient, path: str, phone: str) -> str:
    """Ask for a code; the address of the page that takes it."""
    answer = await send_form(client, path, seen_on=path, phone=phone)
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_a_newcomer_registers_and_is_signed_in(client: httpx.AsyncClient) -> None:
    phone = new_phone()
    page = await ask(client, "/register", f"+86 {phone[:3]} {phone[3:7]} {phone[7:]}")
    assert phone not in page
    shown = (await client.get(page)).text
    assert f"{phone[:3]}****{phone[-4:]}" in shown
    assert phone not in shown
    code = await code_for(page.rsplit("/", 1)[1])
    fields = {"code": code, "name": "何新来", "password": NEW, "agreed": "on"}
    for wrong, status, reason in (
        ({"code": another(code)}, 422, "验证码不对，还可以再试 4 次"),
        ({"code": "12345"}, 422, "验证码是 6 位数字"),
        ({"password": "short7!"}, 422, "新密码要有 8 到 200 个字"),
        ({"agreed": ""}, 422, "请先阅读并同意隐私说明"),
    ):
        refused = await send_form(client, page, seen_on=page, **fields | wrong)
        assert (refused.status_code, reason in refused.text) == (status, True)
        assert "何新来" in refused.text
        assert NEW not in refused.text
    done = await send_form(client, page, seen_on=page, **fields)
    assert (done.status_code, done.headers["location"]) == (303, "/household")
    assert "何新来" in (await client.get("/me")).text
    assert "隐私说明" in (await client.get("/consents")).text


async def test_nobody_learns_whether_a_phone_is_registered(client: httpx.AsyncClient) -> None:
    known = new_phone()
    await make_resident(await make_region(), phone=known, password=PASSWORD)
    for path in ("/register", "/reset"):
        pages = []
        for phone in (known, new_phone()):
            shown = (await client.get(await ask(client, path, phone))).text
            shown = re.sub(r"/(register|reset)/[\w-]+|1\d\d\*{4}\d{4}|value=\"\w{64}\"", "", shown)
            pages.append(shown)
        assert pages[0] == pages[1]


async def test_a_forgotten_password_is_replaced(client: httpx.AsyncClient) -> None:
    phone = new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    page = await ask(client, "/reset", phone)
    code = await code_for(page.rsplit("/", 1)[1])
    done = await send_form(client, page, seen_on=page, code=code, password=NEW)
    assert done.headers["location"] == "/me"
    again = await send_form(client, page, seen_on=page, code=code, password=NEW)
    assert (again.status_code, "验证码已经失效" in again.text) == (409, True)


async def test_too_many_codes_say_when_to_come_back(client: httpx.AsyncClient) -> None:
    phone = new_phone()
    for _ in range(5):
        await ask(client, "/reset", phone)
    refused = await send_form(client, "/reset", seen_on="/reset", phone=phone)
    assert (refused.status_code, "60 分钟后" in refused.text) == (429, True)
    assert int(refused.headers["retry-after"]) > 3500
    assert (await client.get("/reset/nothing")).status_code == 404


async def test_a_person_takes_another_phone(client: httpx.AsyncClient) -> None:
    phone, wanted = new_phone(), new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    await log_in(client, phone)
    page = await ask(client, "/phone", wanted)
    code = await code_for(page.rsplit("/", 1)[1])
    assert (await send_form(client, page, seen_on=page, code=code)).headers["location"] == "/me"
    client.cookies.clear()
    assert (await log_in(client, wanted)).status_code == 303


async def test_programs_register_reset_and_change_the_phone(client: httpx.AsyncClient) -> None:
    phone = new_phone()
    asked = await client.post("/api/v1/codes", json={"phone": phone, "purpose": "register"})
    token = asked.json()["token"]
    sent = {"token": token, "code": await code_for(token), "name": "何新来", "password": NEW}
    refused = await client.post("/api/v1/registrations", json=sent | {"agreed": False})
    assert refused.status_code == 422
    made = await client.post("/api/v1/registrations", json=sent | {"agreed": True})
    headers = {"authorization": f"Bearer {made.json()['token']}"}
    assert (await client.get("/api/v1/me", headers=headers)).json()["name"] == "何新来"
    assert [one["purpose"] for one in (await client.get("/api/v1/consents", headers=headers)).json()] == [
        "privacy"
    ]
    withdrawn = await client.post("/api/v1/consents/privacy/withdraw", headers=headers)
    assert withdrawn.status_code == 409
    asked = await client.post("/api/v1/codes", json={"phone": phone, "purpose": "reset"})
    token = asked.json()["token"]
    reset = await client.post(
        "/api/v1/password-resets", json={"token": token, "code": await code_for(token), "password": PASSWORD}
    )
    assert (reset.status_code, (await client.get("/api/v1/me", headers=headers)).status_code) == (201, 401)
    headers, wanted = await bearer(client, phone), new_phone()
    asked = await client.post("/api/v1/me/phone/codes", json={"phone": wanted}, headers=headers)
    token = asked.json()["token"]
    proof = {"token": token, "code": await code_for(token)}
    assert (await client.post("/api/v1/me/phone", json=proof, headers=headers)).status_code == 204
    assert (await bearer(client, wanted))["authorization"]
    assert (await client.get("/api/v1/privacy")).json()["parts"]


@pytest.mark.parametrize("key", [None, "one-key-for-all-of-it"])
async def test_a_guess_counts_also_under_a_key(client: httpx.AsyncClient, key: str | None) -> None:
    phone = new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    headers = await bearer(client, phone)
    asked = await client.post("/api/v1/me/phone/codes", json={"phone": new_phone()}, headers=headers)
    token = asked.json()["token"]
    proof = {"token": token, "code": another(await code_for(token))}
    keyed = headers | ({"idempotency-key": key} if key else {})
    await client.post("/api/v1/me/phone", json=proof, headers=keyed)
    assert await fetch_value("select tries from phone_code where purpose = $1", CHANGE) == 1


@pytest.mark.parametrize("phone", ["13800000001\n", "138000000012", "1380000000１", "13800000001\x00", ""])
async def test_a_program_that_sends_no_phone_is_told_so(client: httpx.AsyncClient, phone: str) -> None:
    """A line break behind it too: `$` alone would let it through, to fail in the database."""
    answer = await client.post("/api/v1/codes", json={"phone": phone, "purpose": "register"})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["phone"]
