"""A list of organizations is sent, looked through, and taken over: on pages and in the API."""

from base64 import b64encode

import httpx
import pytest

from core.organizations.rules.imports import COLUMNS
from tests.core.organizations.records import Place, make_place
from tests.web.visitors import bearer, log_in, send_file, send_form
from workers.drain import run_due_jobs

_PATH = "/organizations/imports"
_LIST = f"{','.join(COLUMNS.values())}\n合唱二队,社区社会组织,,测试镇\n=坏,坏,,坏\n".encode()


@pytest.fixture
async def place(db: str) -> Place:
    return await make_place()


async def test_a_list_is_looked_through_before_it_is_taken_over(
    client: httpx.AsyncClient, place: Place
) -> None:
    await log_in(client, place.phones["staff"])
    empty = await send_form(client, _PATH, seen_on=_PATH)
    assert empty.status_code == 422
    sent = await send_file(client, _PATH, "file", ("名单.csv", _LIST), seen_on=_PATH)
    one = sent.headers["location"]
    assert 'http-equiv="refresh"' in (await client.get(one)).text
    await run_due_jobs()
    page = (await client.get(one)).text
    assert "可以导入 1 行，有问题 1 行。" in page
    assert "组织类型不对" in page
    assert 'http-equiv="refresh"' not in page

    asked = await send_form(client, f"{one}/errors", seen_on=one, format="csv")
    await run_due_jobs()
    job = (await client.get(asked.headers["location"])).text
    errors = await client.get("/files/" + job.split('href="/files/')[1].split('"')[0])
    lines = errors.text.splitlines()
    assert lines[0].endswith(",".join([*COLUMNS.values(), "原因"]))
    assert lines[1].startswith("'=坏,坏,,坏,")  # no formula when it is opened
    again = await send_file(client, _PATH, "file", ("改.csv", errors.content), seen_on=_PATH)
    await run_due_jobs()
    assert '<th scope="row" role="rowheader">2' in (await client.get(again.headers["location"])).text

    refused = await send_form(client, one, seen_on=one, good="2")
    assert refused.status_code == 409
    assert "没有可以导入的行" in refused.text
    assert (await send_form(client, one, seen_on=one, good="1")).status_code == 303
    await run_due_jobs()
    assert "已导入 1 个组织" in (await client.get(one)).text
    assert "合唱二队" in (await client.get("/organizations?words=合唱二队")).text
    for who in ("colleague", "manager"):
        client.cookies.clear()
        await log_in(client, place.phones[who])
        assert (await client.get(one)).status_code in (403, 404)


async def test_the_api_does_the_same(client: httpx.AsyncClient, place: Place) -> None:
    staff = await bearer(client, place.phones["staff"])
    other = await bearer(client, place.phones["colleague"])
    client.cookies.clear()
    path = f"/api/v1{_PATH}"
    file = {"file": {"name": "名单.csv", "content": b64encode(_LIST).decode()}}
    sent = await client.post(path, json=file, headers=staff)
    assert (await client.post(path, json=file, headers=staff)).json() == sent.json()
    one = f"{path}/{sent.json()['import_id']}"
    assert (await client.get(one, headers=staff)).json()["state"] == "waiting"
    await run_due_jobs()
    found = (await client.get(one, headers=staff)).json()
    assert (found["state"], found["good"], found["bad"]) == ("judged", 1, 1)
    assert [row["line"] for row in found["bad_rows"]] == [3]
    assert (await client.get(f"{one}?after=3", headers=staff)).json()["bad_rows"] == []
    assert (await client.get(one, headers=other)).status_code == 404
    job = await client.post(f"{one}/errors", json={"format": "xlsx"}, headers=staff)
    assert job.status_code == 202
    word = {"good": 1}
    assert (await client.post(f"{one}/confirmation", json=word, headers=other)).status_code == 404
    assert (await client.post(f"{one}/confirmation", json=word, headers=staff)).status_code == 204
    await run_due_jobs()
    assert (await client.get(one, headers=staff)).json()["state"] == "imported"
