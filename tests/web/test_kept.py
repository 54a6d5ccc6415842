"""A form that comes too late: nothing typed is lost, and nothing is done without a second look."""

import base64
import html
import re
from datetime import timedelta

import httpx
import pytest

from core import clock
from core.database import fetch, fetch_value
from core.people.rules import Actor
from tests.factories import PASSWORD, Committee, make_committee, make_garden, make_resident, new_phone
from tests.web.visitors import form_token, log_in
from web.forms import KEPT_MOST
from web.kept import unpack
from web.visit import SESSION


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


@pytest.fixture
def phone() -> str:
    return new_phone()


@pytest.fixture
async def resident(committee: Committee, phone: str) -> Actor:
    return await make_resident(committee.region_id, phone=phone, password=PASSWORD)


@pytest.fixture
async def plot(committee: Committee) -> int:
    _, plots = await make_garden(committee)
    return plots[0]


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form in the page's main part."""
    main = page.split("<main", 1)[1]
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)
    return {name: html.unescape(value) for name, value in pairs}


async def send_too_late(client: httpx.AsyncClient, plot: int, **typed: str) -> httpx.Response:
    """Open the claim form, lose the session, send the form."""
    path = f"/garden/plots/{plot}"
    token = form_token((await client.get(path)).text)
    await fetch("update session set expires_at = $1", clock.now())
    fields = {"form_token": token, "agreed": "on"} | typed
    return await client.post(f"{path}/claim", data=fields, headers={"referer": f"http://yiji.test{path}"})


async def log_in_again(
    client: httpx.AsyncClient, page: httpx.Response, phone: str, **changes: str
) -> httpx.Response:
    fields = hidden(page.text) | {"phone": phone, "password": PASSWORD} | changes
    return await client.post("/login", data=fields)


async def test_what_was_typed_comes_back_after_logging_in_and_is_done_only_after_a_second_look(
    client: httpx.AsyncClient, resident: Actor, phone: str, plot: int
) -> None:
    await log_in(client, phone)
    late = await send_too_late(client, plot)
    assert late.status_code == 401
    assert "请先登录，您填的内容还在" in late.text
    wrong = await log_in_again(client, late, phone, password="wrong")
    assert wrong.status_code == 422

    back = await log_in_again(client, wrong, phone)
    assert back.status_code == 200
    assert resident.name in back.text
    action = re.findall(r'<form method="post" action="(/garden[^"]*)"', back.text)
    assert action == [f"/garden/plots/{plot}/claim"]
    assert hidden(back.text) == {"agreed": "on"}

    form = await client.post(action[0], data=hidden(back.text))
    assert form.status_code == 422
    assert "页面放得太久了，内容还在，请再提交一次" in form.text
    assert re.search(r'name="agreed" value="on" checked', form.text)
    assert await fetch_value("select count(*) from garden_lease") == 0

    done = await client.post(action[0], data={"form_token": form_token(form.text), "agreed": "on"})
    assert done.status_code == 303
    assert await fetch_value("select count(*) from garden_lease") == 1


async def test_another_person_gets_nothing_of_it_and_is_told(
    client: httpx.AsyncClient, committee: Committee, resident: Actor, phone: str, plot: int
) -> None:
    await log_in(client, phone)
    late = await send_too_late(client, plot, note="只给自己看")
    other = new_phone()
    await make_resident(committee.region_id, name="李四", phone=other, password=PASSWORD)
    page = await log_in_again(client, late, other)
    assert page.status_code == 200
    assert "刚才的表单是用另一个账号填写的" in page.text
    assert "只给自己看" not in page.text
    assert f'href="/garden/plots/{plot}"' in page.text


async def test_a_session_that_is_gone_without_trace_keeps_the_form_too(
    client: httpx.AsyncClient, resident: Actor, phone: str, plot: int
) -> None:
    await log_in(client, phone)
    token = form_token((await client.get(f"/garden/plots/{plot}")).text)
    await fetch("delete from session")
    late = await client.post(f"/garden/plots/{plot}/claim", data={"form_token": token, "agreed": "on"})
    assert hidden((await log_in_again(client, late, phone)).text) == {"agreed": "on"}


async def test_passwords_and_form_tokens_are_never_kept(
    client: httpx.AsyncClient, resident: Actor, phone: str
) -> None:
    await log_in(client, phone)
    token = form_token((await client.get("/password")).text)
    await fetch("delete from session")
    typed = {"old_password": "secret one", "new_password": "secret two", "other": "word"}
    late = await client.post("/password", data={"form_token": token} | typed)
    body = base64.urlsafe_b64decode(hidden(late.text)["kept"].rpartition(".")[0]).decode()
    assert "secret" not in late.text + body
    assert token not in body
    assert "word" in body


async def test_only_what_we_have_signed_is_taken_back_and_only_for_an_hour(
    client: httpx.AsyncClient, resident: Actor, phone: str, plot: int
) -> None:
    late = await client.post(f"/garden/plots/{plot}/claim", data={"agreed": "on"})
    kept, secret = hidden(late.text)["kept"], b"only for tests"
    now = clock.now()
    assert unpack(kept, secret) is not None
    forged = base64.urlsafe_b64encode(
        b'{"path":"//evil.test","values":[],"person_id":null,"kept_at":9}'
    ).decode()
    for wrong in ("", ".", kept[:-1], "A" + kept, f"{forged}.{kept.rpartition('.')[2]}", forged, "中.文"):
        assert unpack(wrong, secret) is None, wrong
    assert unpack(kept, b"another secret") is None
    with clock.frozen(now + timedelta(hours=1, seconds=1)):
        assert unpack(kept, secret) is None
    page = await log_in_again(client, late, phone, kept=f"{forged}.0")
    assert page.status_code == 303


async def test_too_much_is_not_kept_and_that_is_said(client: httpx.AsyncClient, plot: int) -> None:
    for length, words in ((9_000, "您填的内容还在"), (KEPT_MOST, "没能保留")):
        late = await client.post(f"/garden/plots/{plot}/claim", data={"note": "x" * length})
        assert late.status_code == 401
        assert words in late.text
    many = await client.post(f"/garden/plots/{plot}/claim", data={f"f{n}": "x" for n in range(101)})
    assert many.status_code == 401
    assert "kept" not in hidden(many.text)


async def test_a_button_alone_needs_no_keeping_and_a_program_gets_its_401(
    client: httpx.AsyncClient, plot: int
) -> None:
    button = await client.post("/garden/leases/1/cancel", data={"form_token": "x"})
    assert (button.status_code, "kept" in hidden(button.text)) == (401, False)
    answer = await client.post(f"/api/v1/garden/plots/{plot}/claim", json={"agreed": True})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    page = await client.get("/garden/mine")
    assert page.headers["location"] == "/login?next_path=/garden/mine"


async def test_a_form_from_another_site_is_refused_before_anything_is_kept(
    client: httpx.AsyncClient, plot: int
) -> None:
    answer = await client.post(
        f"/garden/plots/{plot}/claim", data={"agreed": "on"}, headers={"origin": "http://evil.test"}
    )
    assert answer.status_code == 403
    assert SESSION not in client.cookies
