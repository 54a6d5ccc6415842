"""`Idempotency-Key` at the API's door: one effect, one answer, however often the request comes."""

import asyncio
import json
from typing import Any

import asyncpg
import httpx
import pytest

from core import settings
from core.database import fetch, fetch_value
from tests.core.approvals.questions import open_one
from tests.factories import PASSWORD, make_committee, make_garden, make_region, make_resident, new_phone
from tests.web.visitors import bearer
from web.app import create_litestar
from web.frame import Frame

Headers = dict[str, str]


@pytest.fixture
async def plots(db: str) -> list[int]:
    return (await make_garden(await make_committee()))[1]


async def resident(client: httpx.AsyncClient, key: str) -> Headers:
    """A neighbour's program that sends a key with everything."""
    phone = new_phone()
    region_id = await fetch_value("select min(id) from region")
    await make_resident(region_id, phone=phone, password=PASSWORD)
    return await bearer(client, phone) | {"idempotency-key": key}


async def claim(client: httpx.AsyncClient, plot_id: int, headers: Headers, **body: Any) -> httpx.Response:
    return await client.post(
        f"/api/v1/garden/plots/{plot_id}/claim", json={"agreed": True} | body, headers=headers
    )


async def leases() -> int:
    return int(await fetch_value("select count(*) from garden_lease"))


async def test_the_second_request_gets_the_first_answer(client: httpx.AsyncClient, plots: list[int]) -> None:
    headers = await resident(client, "k1")
    first = await claim(client, plots[0], headers)
    assert (first.status_code, "idempotency-replayed" in first.headers) == (201, False)
    again = await claim(client, plots[0], headers)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["x-content-type-options"] == "nosniff"
    assert await leases() == 1


async def test_an_answer_without_a_body_comes_again_too(client: httpx.AsyncClient, plots: list[int]) -> None:
    headers = await resident(client, "k1")
    await claim(client, plots[0], headers)
    lease_id = await fetch_value("select id from garden_lease")
    for replayed in (None, "true"):
        answer = await client.post(
            f"/api/v1/garden/leases/{lease_id}/cancel", headers=headers | {"idempotency-key": "k2"}
        )
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers.get("idempotency-replayed") == replayed


async def test_a_key_that_came_with_another_request_is_refused(
    client: httpx.AsyncClient, plots: list[int]
) -> None:
    headers = await resident(client, "k1")
    await claim(client, plots[0], headers)
    for answer in (
        await claim(client, plots[1], headers),
        await claim(client, plots[0], headers, agreed=False),
        await client.delete("/api/v1/sessions/current", headers=headers),
    ):
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["field"] == "idempotency-key"
    assert await leases() == 1


@pytest.mark.parametrize("key", ["", "x" * 101, "\t\t", "é"])
async def test_a_malformed_key_is_refused(client: httpx.AsyncClient, plots: list[int], key: str) -> None:
    headers = await resident(client, "k1")
    raw = [(k.encode(), v.encode("latin-1")) for k, v in (headers | {"idempotency-key": key}).items()]
    answer = await client.post(f"/api/v1/garden/plots/{plots[0]}/claim", json={"agreed": True}, headers=raw)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "idempotency-key")
    assert await leases() == 0


async def test_two_people_may_use_the_same_key(client: httpx.AsyncClient, plots: list[int]) -> None:
    for plot_id in plots[:2]:
        answer = await claim(client, plot_id, await resident(client, "same"))
        assert (answer.status_code, "idempotency-replayed" in answer.headers) == (201, False)
    assert await leases() == 2


async def test_a_refusal_is_not_kept(client: httpx.AsyncClient, plots: list[int]) -> None:
    headers = await resident(client, "k1")
    for _ in range(2):
        refused = await claim(client, plots[0], headers, agreed=False)
        assert (refused.status_code, "idempotency-replayed" in refused.headers) == (422, False)
    assert (await claim(client, plots[0], headers)).status_code == 201


async def test_while_the_first_is_under_way_the_second_is_told_to_wait(
    client: httpx.AsyncClient, plots: list[int], db: str
) -> None:
    headers = await resident(client, "k1")
    rival = await asyncpg.connect(db)
    async with rival.transaction():
        await rival.execute("select from garden_plot where id = $1 for update", plots[0])
        first = asyncio.create_task(claim(client, plots[0], headers))
        while not await rival.fetchval("select exists (select from pg_locks where not granted)"):
            await asyncio.sleep(0.01)
        second = await claim(client, plots[0], headers)
        assert (second.status_code, second.headers["retry-after"]) == (409, "1")
        assert second.headers["content-type"] == "application/problem+json"
    await rival.close()
    assert (await first).status_code == 201
    assert (await claim(client, plots[0], headers)).headers["idempotency-replayed"] == "true"
    assert await leases() == 1


async def test_many_at_once_have_one_effect(client: httpx.AsyncClient, plots: list[int]) -> None:
    headers = await resident(client, "k1")
    answers = await asyncio.gather(*(claim(client, plots[0], headers) for _ in range(12)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert sum(a.status_code == 201 and "idempotency-replayed" not in a.headers for a in answers) == 1
    assert await leases() == 1


async def test_an_effect_whose_answer_cannot_be_kept_has_not_happened(
    client: httpx.AsyncClient, plots: list[int], db: str
) -> None:
    headers = await resident(client, "k1")
    other = await asyncpg.connect(db)
    await other.execute("alter table given_answer add constraint never check (false)")
    assert (await claim(client, plots[0], headers)).status_code == 500
    assert (await leases(), await fetch_value("select count(*) from job")) == (0, 0)
    await other.execute("alter table given_answer drop constraint never")
    await other.close()
    answer = await claim(client, plots[0], headers)
    assert (answer.status_code, "idempotency-replayed" in answer.headers) == (201, False)


async def test_whoever_lost_the_answer_gets_it_again(
    client: httpx.AsyncClient, plots: list[int], data_folder: Any
) -> None:
    """The connection breaks after the COMMIT, before a byte of the answer."""
    headers = await resident(client, "k1")
    body = json.dumps({"agreed": True}).encode()
    known = settings.load()

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(_message: Any) -> None:
        raise ConnectionResetError

    request = client.build_request("POST", f"/api/v1/garden/plots/{plots[0]}/claim", headers=headers)
    scope: Any = {
        "type": "http", "method": "POST", "scheme": "http", "path": request.url.path,
        "raw_path": request.url.raw_path, "query_string": b"", "root_path": "", "http_version": "1.1",
        "headers": [*request.headers.raw, (b"content-type", b"application/json")],
        "server": ("yiji.test", 80), "client": ("127.0.0.1", 5),
    }  # fmt: skip
    with pytest.raises(ConnectionResetError):
        await Frame(create_litestar(known), secret=known.secret)(scope, receive, send)
    assert await leases() == 1
    again = await client.post(
        request.url.path, content=body, headers=headers | {"content-type": "application/json"}
    )
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")


async def test_a_token_is_never_kept(client: httpx.AsyncClient, db: str) -> None:
    committee_phone = new_phone()
    await make_committee(treasurer_phone=committee_phone)
    headers = await bearer(client, committee_phone) | {"idempotency-key": "k1"}
    credentials = {"phone": committee_phone, "password": PASSWORD}
    tokens = {
        (await client.post("/api/v1/sessions", json=credentials, headers=headers)).json()["token"]
        for _ in range(2)
    }
    assert len(tokens) == 2
    assert await fetch_value("select count(*) from given_answer") == 0


async def test_a_recusal_stays_though_the_vote_was_refused(
    client: httpx.AsyncClient, plots: list[int]
) -> None:
    headers = await resident(client, "k1")
    people = await fetch("select person, household from household_member order by id desc limit 1")
    voter, household = people[0]
    maker, other = [await make_resident(await make_region()) for _ in range(2)]
    approval_id = await open_one(maker=maker.person_id, voters=(voter, other.person_id))
    await fetch("update household_member set household = $1 where person = $2", household, maker.person_id)
    path, vote = f"/api/v1/approvals/{approval_id}/vote", {"choice": "approve", "reason": "好"}
    for _ in range(2):
        refused = await client.post(path, json=vote, headers=headers)
        assert refused.status_code == 409
        assert "回避" in refused.json()["detail"]
    assert await fetch_value("select count(*) from approval_recusal") == 1
    assert await fetch_value("select count(*) from given_answer") == 0
