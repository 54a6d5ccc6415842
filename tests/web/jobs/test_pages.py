"""Jobs on pages and in the API: for operators; one's own long job for whoever asked."""

import httpx
import pytest

from core.database import fetch, fetch_value, unit_of_work
from core.jobs import progress
from core.jobs.services import add_job, add_job_for
from tests.web.officials import api_headers, enter_as
from tests.web.visitors import send_form


async def ask(name: str = "test.work", *, state: str = "waiting", asked_by: int = 0) -> int:
    async with unit_of_work():
        made = await add_job_for(asked_by, name, {"order_id": 12})
    await fetch(
        "update job set state = $2, error = 'ZeroDivisionError in f, x.py:3' where id = $1", made, state
    )
    return made


@pytest.mark.parametrize(
    "path", ["/operations/jobs", "/operations/jobs/1", "/operations/deliveries", "/audit"]
)
async def test_only_those_who_may_come_in_and_see_the_way(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["location"].startswith("/login")
    await enter_as(client, "core.administrator")
    assert (await client.get(path)).status_code == 403
    menu = (await client.get("/")).text
    assert "/operations/" not in menu
    assert 'href="/audit"' not in menu
    api = await client.get(f"/api/v1{path}", headers=await api_headers(client, "core.administrator"))
    assert api.status_code == 403


async def test_the_list_is_filtered_by_state_and_name(client: httpx.AsyncClient) -> None:
    await enter_as(client, "core.operator")
    await ask("a.one")
    await ask("b.two", state="failed")
    everything = (await client.get("/operations/jobs?state=&name=")).text
    assert "<strong>a.one</strong>" in everything
    assert "<strong>b.two</strong>" in everything
    failed = (await client.get("/operations/jobs?state=failed")).text
    assert "<strong>a.one</strong>" not in failed
    assert "ZeroDivisionError in f, x.py:3" in failed
    assert "没有这样的任务" in (await client.get("/operations/jobs?state=sent")).text
    assert "<strong>b.two</strong>" in (await client.get("/operations/jobs?name=b.two")).text


@pytest.mark.parametrize("query", ["state=lost", "before=0", "before=x", "before=9" + "9" * 30])
async def test_a_filter_that_means_nothing_says_so(client: httpx.AsyncClient, query: str) -> None:
    await enter_as(client, "core.operator")
    assert (await client.get(f"/operations/jobs?{query}")).status_code == 422
    headers = await api_headers(client, "core.operator")
    assert (await client.get(f"/api/v1/operations/jobs?{query}", headers=headers)).status_code == 422


async def test_a_long_list_has_pages(client: httpx.AsyncClient) -> None:
    await enter_as(client, "core.operator")
    async with unit_of_work():
        for n in range(31):
            add_job(f"n.{n:02}", {})
    first = await client.get("/operations/jobs")
    oldest = await fetch_value("select id from job where name = 'n.01'")
    assert f"before={oldest}" in first.text
    assert "<strong>n.00</strong>" not in first.text
    assert "<strong>n.00</strong>" in (await client.get(f"/operations/jobs?before={oldest}")).text


async def test_a_failed_job_is_tried_again_by_a_button(client: httpx.AsyncClient) -> None:
    await enter_as(client, "core.operator")
    path = f"/operations/jobs/{await ask(state='failed')}"
    shown = await client.get(path)
    assert "order_id = 12" in shown.text
    answer = await send_form(client, f"{path}/retry", seen_on=path)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    again = await send_form(client, f"{path}/retry", seen_on=path)
    assert again.status_code == 409
    assert "只有失败的任务才能重试" in again.text


async def test_a_waiting_job_is_cancelled_with_a_reason(client: httpx.AsyncClient) -> None:
    await enter_as(client, "core.operator")
    path = f"/operations/jobs/{await ask()}"
    empty = await send_form(client, f"{path}/cancel", seen_on=path, reason=" ")
    assert empty.status_code == 422
    assert "请填写这一项" in empty.text
    long = await send_form(client, f"{path}/cancel", seen_on=path, reason="长" * 201)
    assert "理由最多 200 个字" in long.text
    assert "长" * 201 in long.text
    assert (await send_form(client, f"{path}/cancel", seen_on=path, reason="长" * 200)).status_code == 303
    assert "长" * 200 in (await client.get(path)).text


async def test_an_unknown_job_is_a_page_that_does_not_exist(client: httpx.AsyncClient) -> None:
    await enter_as(client, "core.operator")
    for path in ("/operations/jobs/99", "/operations/jobs/0", f"/operations/jobs/{2**63}", "/jobs/99"):
        assert (await client.get(path)).status_code == 404, path


async def test_the_api_does_what_the_pages_do(client: httpx.AsyncClient) -> None:
    headers = await api_headers(client, "core.operator")
    failed, waiting = await ask(state="failed"), await ask()
    listed = (await client.get("/api/v1/operations/jobs?state=failed", headers=headers)).json()
    assert [job["id"] for job in listed["jobs"]] == [failed]
    assert listed["counts"]["waiting"] == 1
    path = "/api/v1/operations/jobs"
    retried = await client.post(f"{path}/{failed}/retry", headers=headers)
    assert (retried.status_code, retried.json()["state"]) == (200, "waiting")
    assert (await client.post(f"{path}/{failed}/retry", headers=headers)).status_code == 409
    refused = await client.post(f"{path}/{waiting}/cancel", headers=headers, json={"reason": ""})
    assert refused.status_code == 422
    cancelled = await client.post(f"{path}/{waiting}/cancel", headers=headers, json={"reason": "不要了"})
    assert (cancelled.json()["state"], cancelled.json()["note"]) == ("cancelled", "不要了")
    assert (await client.get(f"{path}/{waiting}", headers=headers)).json()["args"] == {"order_id": 12}


async def test_whoever_asked_sees_how_far_it_is_and_nobody_else(client: httpx.AsyncClient) -> None:
    person = await enter_as(client)
    job_id = await ask(state="sent", asked_by=person.person_id)
    waiting = (await client.get(f"/jobs/{job_id}")).text
    assert '<meta http-equiv="refresh" content="2">' in waiting
    with progress.of_job(job_id):
        await progress.report(30, 120)
    assert "30 / 120" in (await client.get(f"/jobs/{job_id}")).text
    await fetch("update job set state = 'failed'")
    failed = (await client.get(f"/jobs/{job_id}")).text
    assert "没有做成" in failed
    assert "refresh" not in failed
    assert "ZeroDivisionError" not in failed
    client.cookies.clear()
    await enter_as(client, "core.operator")
    assert (await client.get(f"/jobs/{job_id}")).status_code == 404
    headers = await api_headers(client, "core.operator")
    assert (await client.get(f"/api/v1/jobs/{job_id}", headers=headers)).status_code == 404
