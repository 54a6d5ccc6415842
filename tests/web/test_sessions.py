"""Signing in: a new id every time, no word about who is registered, forms that cannot be forged."""

import asyncio
from contextlib import AsyncExitStack

import httpx
import pytest

from core import clock
from core.database import connection_apart, fetch_value
from core.parameters.services import set_parameter
from core.people import rules
from core.people.queries import hash_token
from core.reference import PLATFORM
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import form_token, log_in, send_form
from web.visit import SESSION


@pytest.fixture
async def phone(db: str) -> str:
    phone = new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    return phone


async def test_login_opens_a_session_under_a_token_that_the_server_chose(
    client: httpx.AsyncClient, phone: str
) -> None:
    client.cookies.set(SESSION, "chosen-by-an-attacker")
    answer = await log_in(client, phone)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    token = client.cookies.get(SESSION, domain="yiji.test")
    assert token not in (None, "chosen-by-an-attacker")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    stored = await fetch_value("select count(*) from session where token_hash = $1", hash_token(token or ""))
    assert stored == 1


async def test_every_login_has_a_new_id_and_ends_the_old_session(
    client: httpx.AsyncClient, phone: str
) -> None:
    await log_in(client, phone)
    first = client.cookies[SESSION]
    page = await client.get("/garden/mine")
    answer = await client.post(
        "/login", data={"form_token": form_token(page.text), "phone": phone, "password": PASSWORD}
    )
    assert answer.status_code == 303
    assert client.cookies[SESSION] != first
    assert await fetch_value("select count(*) from session where token_hash = $1", hash_token(first)) == 0


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_refused_login_never_says_whether_the_phone_is_known(
    client: httpx.AsyncClient, phone: str, is_known: bool
) -> None:
    answer = await send_form(
        client, "/login", seen_on="/login", phone=phone if is_known else "13999999999", password="wrong"
    )
    assert answer.status_code == 422
    assert "手机号或密码不对" in answer.text
    assert "wrong" not in answer.text


async def test_a_refused_form_comes_back_filled_in_with_the_reason_beside_the_field(
    client: httpx.AsyncClient, db: str
) -> None:
    answer = await send_form(client, "/login", seen_on="/login", phone="12345", password="")
    assert answer.status_code == 422
    assert 'value="12345"' in answer.text
    assert "手机号是 11 位数字" in answer.text
    assert "请填写这一项" in answer.text


@pytest.mark.parametrize("token", ["", "0" * 64, "中"])
async def test_a_form_without_its_token_is_shown_again_and_does_nothing(
    client: httpx.AsyncClient, phone: str, token: str
) -> None:
    await client.get("/login")
    answer = await client.post("/login", data={"form_token": token, "phone": phone, "password": PASSWORD})
    assert answer.status_code == 422
    assert "请再提交一次" in answer.text
    assert await fetch_value("select count(*) from session") == 0


async def test_a_form_from_another_site_is_refused(client: httpx.AsyncClient, phone: str) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "http://evil.test"}):
        answer = await client.post("/login", data={"phone": phone}, headers=headers)
        assert answer.status_code == 403


async def test_logging_out_ends_the_session_on_the_server(client: httpx.AsyncClient, phone: str) -> None:
    await log_in(client, phone)
    token = client.cookies[SESSION]
    answer = await send_form(client, "/logout", seen_on="/")
    assert answer.status_code == 303
    client.cookies.set(SESSION, token)
    assert (await client.get("/inbox")).headers["location"] == "/login?next_path=/inbox"


async def test_login_goes_on_to_a_page_of_ours_only(client: httpx.AsyncClient, phone: str) -> None:
    for given, then in (("/garden/mine", "/garden/mine"), ("//evil.test", "/"), ("/\\evil.test", "/")):
        client.cookies.clear()
        answer = await send_form(
            client, "/login", seen_on="/login", phone=phone, password=PASSWORD, next=given
        )
        assert answer.headers["location"] == then


@pytest.mark.parametrize("typed", ["{0} ", "{1} {2} {3}", "+86{0}", "86-{0}", "{0:-^15}"])
async def test_a_phone_is_understood_as_people_type_it(
    client: httpx.AsyncClient, phone: str, typed: str
) -> None:
    given = typed.format(phone, phone[:3], phone[3:7], phone[7:])
    answer = await send_form(client, "/login", seen_on="/login", phone=given, password=PASSWORD)
    assert answer.status_code == (422 if given.startswith("86-") else 303), given


@pytest.mark.parametrize("before", ['prefs={"a":1}', "x=a b", "flag", "a[b]=1", "a@b=1", "yiji_session_x=1"])
async def test_a_strangers_cookie_does_not_hide_ours(
    client: httpx.AsyncClient, phone: str, before: str
) -> None:
    await log_in(client, phone)
    cookie = f"{before}; {SESSION}={client.cookies[SESSION]}"
    client.cookies.clear()
    assert (await client.get("/inbox", headers={"cookie": cookie})).status_code == 200
    lines = [("cookie", before), ("cookie", f"{SESSION}={cookie.rsplit('=', 1)[1]}")]
    assert (await client.get("/inbox", headers=lines)).status_code == 200


async def test_a_session_is_no_key_to_the_api_however_its_path_is_written(
    client: httpx.AsyncClient, phone: str
) -> None:
    await log_in(client, phone)
    for path in ("/api/v1/notices", "//api/v1/notices", "/api//v1/notices", "///api/v1/notices"):
        answer = await client.get(f"http://yiji.test{path}")
        assert answer.status_code in (401, 404), path


async def test_the_language_of_notices_is_the_one_of_the_last_login(
    client: httpx.AsyncClient, phone: str
) -> None:
    await client.get("/language/en")
    await log_in(client, phone)
    assert await fetch_value("select language from person where phone = $1", phone) == "en"


async def allow_tries(most: int) -> None:
    """From this machine."""
    await set_parameter(
        rules.ADDRESS_FAILURES.code, PLATFORM, most, effective_on=clock.today(), actor_id=None
    )


async def try_to_log_in(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.post(path, json={"phone": new_phone(), "password": "wrong"})


async def test_logins_do_not_starve_the_pages(client: httpx.AsyncClient, phone: str) -> None:
    """Far more logins at once than connections; whoever is too many is told so, and pages come."""
    await allow_tries(1000)
    logins = asyncio.gather(*(try_to_log_in(client, "/api/v1/sessions") for _ in range(150)))
    await asyncio.sleep(0.05)
    assert (await client.get("/garden")).status_code == 200
    assert not logins.done()
    answers = await logins
    assert {answer.status_code for answer in answers} == {422, 429}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 429)


async def test_a_login_that_waits_for_its_hash_holds_no_connection_however_it_is_addressed(
    client: httpx.AsyncClient, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slash at the end leads to the same door. While sixty logins wait, all eight connections are free."""
    waiting, everybody, go = 0, asyncio.Event(), asyncio.Event()

    async def is_password(password: str, password_hash: str | None) -> bool:
        nonlocal waiting
        waiting += 1
        if waiting == 60:
            everybody.set()
        await go.wait()
        return False

    monkeypatch.setattr("core.people.services.sessions.is_password", is_password)
    await allow_tries(1000)
    logins = asyncio.gather(*(try_to_log_in(client, "/api/v1/sessions/") for _ in range(60)))
    async with asyncio.timeout(30):
        await everybody.wait()
        async with AsyncExitStack() as borrowed:
            for _ in range(8):
                await borrowed.enter_async_context(connection_apart(wait_s=5))
    go.set()
    assert {answer.status_code for answer in await logins} == {422}
