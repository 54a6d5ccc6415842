"""What every answer carries, whatever the page: headers, language, limits, errors in words."""

import re

import httpx
import pytest

from web.access import routes
from web.app import create_litestar
from web.frame import BODY_MOST


async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/nothing-here", "/static/style.css", "/healthz", "/api/v1/garden/gardens"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path


async def test_a_file_is_kept_for_ever_under_the_address_that_pages_name(client: httpx.AsyncClient) -> None:
    style = re.search(r'href="(/static/style.css[^"]*)"', (await client.get("/")).text)
    assert style
    now, before = await client.get(style[1]), await client.get(f"{style[1]}0")
    assert "immutable" in now.headers["cache-control"]
    assert now.headers["x-content-type-options"] == "nosniff"
    for other in (before, await client.get("/static/style.css")):
        assert other.content == now.content
        assert "max-age=300" in other.headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({}, "zh-CN"), ({"accept-language": "en-GB,en"}, "en"), ({"accept-language": "fr"}, "zh-CN")],
)
async def test_pages_speak_chinese_unless_english_is_asked_for(
    client: httpx.AsyncClient, headers: dict[str, str], expected: str
) -> None:
    assert f'<html lang="{expected}"' in (await client.get("/", headers=headers)).text


async def test_language_and_care_are_one_tap_away_and_stay(client: httpx.AsyncClient) -> None:
    answer = await client.get("/language/en?next_path=/garden")
    assert answer.headers["location"] == "/garden"
    await client.get("/care/on")
    page = (await client.get("/garden")).text
    assert 'lang="en" class="care"' in page
    assert ">Gardens<" in page


@pytest.mark.parametrize(
    ("given", "location"),
    [
        ("/garden?x=1&y=2#plots", "/garden?x=1&y=2#plots"),
        ("/花", "/%E8%8A%B1"),
        ("", "/"),
        ("//evil.test", "/"),
        ("https://evil.test", "/"),
        ("/\\evil.test", "/"),
        ("/a\r\nset-cookie: x=1", "/"),
    ],
)
async def test_a_choice_leads_back_to_a_page_of_ours_only(
    client: httpx.AsyncClient, given: str, location: str
) -> None:
    answer = await client.get("/language/en", params={"next_path": given})
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    assert "x=1" not in answer.headers.get("set-cookie", "")


async def test_a_change_of_language_comes_back_to_the_same_page(client: httpx.AsyncClient) -> None:
    assert "next_path=/garden%3Fa%3D1%26b%3D2" in (await client.get("/garden?a=1&b=2")).text
    headers = {"referer": "http://yiji.test/login?next_path=/inbox"}
    refused = await client.post("/login", data={}, headers=headers)
    assert "/language/en?next_path=/login" in refused.text


async def test_refusals_are_pages_for_people_and_problems_for_programs(client: httpx.AsyncClient) -> None:
    page = await client.get("/garden/99")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有找到这个菜园" in page.text
    answer = await client.get("/api/v1/garden/gardens/99/plots")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "没有找到这个菜园"


async def test_unknown_paths_and_wrong_methods_have_words(client: httpx.AsyncClient) -> None:
    assert (await client.get("/nothing")).status_code == 404
    assert "没有找到" in (await client.get("/nothing")).text
    assert (await client.put("/login")).status_code == 405
    problem = (await client.get("/api/v1/garden/nothing")).json()
    assert (problem["status"], problem["title"]) == (404, "没有找到")


@pytest.mark.parametrize(
    ("form", "above"),
    [
        ("/gifts/mine/exports", "/gifts/mine"),
        ("/garden/plots/1/claim", "/garden/plots/1"),
        ("/volunteers/exports/", "/volunteers"),
        ("/logout", "/"),
    ],
)
async def test_where_a_form_is_sent_leads_to_its_page(
    client: httpx.AsyncClient, form: str, above: str
) -> None:
    """It is in the bar after a refusal: whoever reloads it, or changes the language, is not lost."""
    answer = await client.get(form)
    assert (answer.status_code, answer.headers["location"]) == (303, above)


async def test_ids_beyond_the_database_are_not_found_rather_than_an_error(client: httpx.AsyncClient) -> None:
    for path in (f"/garden/{10**30}", f"/garden/plots/{2**63}", f"/accounts/{2**70}", "/garden/-1"):
        assert (await client.get(path)).status_code == 404, path


async def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not(client: httpx.AsyncClient) -> None:
    assert (await client.post("/login", content=b"x" * BODY_MOST)).status_code != 413
    assert (await client.post("/login", content=b"x" * (BODY_MOST + 1))).status_code == 413


async def test_head_is_answered_like_get(client: httpx.AsyncClient) -> None:
    assert (await client.head("/garden")).status_code == 200
    assert (await client.head("/nothing")).status_code == 404


async def test_odd_cookies_and_queries_never_break_a_page(client: httpx.AsyncClient) -> None:
    for cookie in ('yiji_session="', "a=b;;=;\x7f", "yiji_lang=xx", "yiji_session=" + "é" * 10):
        answer = await client.get("/", headers={"cookie": cookie.encode("latin-1")})
        assert answer.status_code == 200, cookie
    for query in ("page_number=0", "page_number=-5", f"page_number={10**30}"):
        assert (await client.get(f"/garden?{query}")).status_code == 200, query  # it has no such parameter
        assert (await client.get(f"/accounts?{query}")).status_code == 422, query


async def test_every_route_says_who_may_enter(data_folder: object) -> None:
    from core import settings

    for path, method, access in routes(create_litestar(settings.load())):
        assert access is not None, f"{method} {path}"


async def test_pages_of_a_signed_in_person_need_a_login_and_api_a_token(client: httpx.AsyncClient) -> None:
    for path in ("/inbox", "/garden/mine", "/orders/1", "/counter"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next_path={path}")
    for path in ("/api/v1/notices", "/api/v1/garden/leases", "/api/v1/counter/orders"):
        assert (await client.get(path)).status_code == 401
        answer = await client.get(path, headers={"authorization": "Bearer nonsense"})
        assert answer.status_code == 401


async def test_what_is_odd_is_refused_and_never_a_fault(client: httpx.AsyncClient) -> None:
    json_type = {"content-type": "application/json"}
    deep = b'{"x":' + b"[" * 50_000
    assert (await client.post("/api/v1/sessions", content=deep, headers=json_type)).status_code == 400
    bogus = b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=bogus\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x"}
    multipart = await client.post("/login", content=bogus + b"\r\n1\r\n--x--\r\n", headers=headers)
    assert multipart.status_code == 422
    assert (await client.post("/login", headers={"referer": "http://["})).status_code == 422
    for path in ("/static/%00", "/static/style.css%00", "/static/" + "a" * 5000, "//garden"):
        assert (await client.get(f"http://yiji.test{path}")).status_code == 404, path


async def test_refusals_of_the_frame_are_in_words_too(client: httpx.AsyncClient) -> None:
    foreign = await client.post("/login", headers={"origin": "http://evil.test"})
    assert (foreign.status_code, "请从本站的页面发送" in foreign.text) == (403, True)
    large = await client.post("/api/v1/sessions", content=b"x" * (BODY_MOST + 1))
    assert (large.status_code, large.json()["detail"]) == (413, "请分几次发送，每次少一些")
