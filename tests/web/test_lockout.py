"""The closed door as people and programs see it, and whose address counts."""

import httpx
import pytest

from core import clock, settings
from core.database import fetch_value
from core.parameters.services import set_parameter
from core.people import rules
from core.reference import PLATFORM
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import send_form
from web.app import create_litestar
from web.frame import Frame


@pytest.fixture
async def phone(db: str) -> str:
    phone = new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    return phone


@pytest.mark.parametrize("is_known", [True, False])
async def test_the_page_says_when_to_try_again_and_not_whether_the_phone_is_known(
    client: httpx.AsyncClient, phone: str, is_known: bool
) -> None:
    number = phone if is_known else new_phone()
    for _ in range(5):
        answer = await send_form(client, "/login", seen_on="/login", phone=number, password="wrong")
        assert (answer.status_code, "手机号或密码不对" in answer.text) == (422, True)
    answer = await send_form(client, "/login", seen_on="/login", phone=number, password=PASSWORD)
    assert answer.status_code == 429
    assert "输错次数太多，请在 1 分钟后再试" in answer.text
    assert f'value="{number}"' in answer.text
    assert 0 < int(answer.headers["retry-after"]) <= 60


async def test_a_program_gets_429_with_the_seconds_to_wait(client: httpx.AsyncClient, phone: str) -> None:
    body = {"phone": phone, "password": "wrong"}
    statuses = [(await client.post("/api/v1/sessions", json=body)).status_code for _ in range(5)]
    assert statuses == [422] * 5
    answer = await client.post("/api/v1/sessions", json=body | {"password": PASSWORD})
    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert answer.json()["title"] == "请稍后再试"


@pytest.mark.parametrize(
    ("trusted_proxies", "forwarded", "is_closed"),
    [
        (0, ["6.6.6.6"], True),  # nobody of ours stands before us: the header is the visitor's own invention
        (1, ["203.0.113.9"], False),
        (1, ["203.0.113.9, 198.51.100.1"], True),  # invented, then added by our proxy
        (1, ["203.0.113.9", "198.51.100.1"], True),  # the same in two headers
        (2, ["203.0.113.9, 198.51.100.1"], False),
        (2, ["198.51.100.1"], True),  # too short to be true: the connection's own address
        (1, [], True),
    ],
)
async def test_an_address_counts_only_if_a_trusted_proxy_names_it(
    phone: str, trusted_proxies: int, forwarded: list[str], is_closed: bool
) -> None:
    """Both the connection's address and 198.51.100.1 have used up their tries."""
    await set_parameter(rules.ADDRESS_FAILURES.code, PLATFORM, 1, effective_on=clock.today(), actor_id=None)
    app = create_litestar(settings.load())

    async def try_to_log_in(proxies: int, *addresses: str) -> int:
        frame = Frame(app, secret=b"only for tests", trusted_proxies=proxies)
        transport = httpx.ASGITransport(app=frame, client=("198.51.100.2", 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://yiji.test") as client:
            headers = [("x-forwarded-for", address) for address in addresses]
            body = {"phone": new_phone(), "password": "wrong"}
            return (await client.post("/api/v1/sessions", json=body, headers=headers)).status_code

    assert [await try_to_log_in(0), await try_to_log_in(1, "198.51.100.1")] == [422, 422]
    assert await try_to_log_in(trusted_proxies, *forwarded) == (429 if is_closed else 422)
    assert await fetch_value("select count(*) from session") == 0
