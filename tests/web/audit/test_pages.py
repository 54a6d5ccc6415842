"""The record on its page and in the API: found, on record itself, taken away as a file."""

from datetime import timedelta

import httpx
import pytest

from core import clock
from core.audit.services import record_audit
from core.database import fetch, fetch_value, unit_of_work
from core.reference import Ref
from tests.web.officials import api_headers, enter_as
from tests.web.visitors import send_form
from workers.drain import run_due_jobs

ORDER = Ref("order", 12)


async def happen(action: str = "order.paid", subject: Ref = ORDER, times: int = 1) -> None:
    async with unit_of_work():
        for _ in range(times):
            record_audit(action, subject, actor_id=None, amount_fen=3500)


async def searches() -> list[str]:
    rows = await fetch(
        "select facts->>'search' as asked from audit_event where action = 'audit.searched' order by id"
    )
    return [row["asked"] for row in rows]


async def test_a_row_says_in_words_what_happened(client: httpx.AsyncClient) -> None:
    official = await enter_as(client, "core.auditor")
    await happen()
    await happen("shed.opened", Ref("shed", 1))
    shown = (await client.get("/audit")).text
    assert "<strong>柜台收款</strong>" in shown
    assert "<strong>shed.opened</strong>" in shown
    assert "amount_fen = 3500" in shown
    assert "order:12" in shown
    mine = (await client.get(f"/audit?actor_id={official.person_id}")).text
    assert "方** " in mine
    assert "方官员" not in mine.partition("<main")[2]
    client.cookies.set("yiji_lang", "en")
    assert "<strong>Paid at the counter</strong>" in (await client.get("/audit")).text


async def test_a_search_is_on_record_once_a_minute_with_what_was_asked(client: httpx.AsyncClient) -> None:
    official = await enter_as(client, "core.auditor")
    now = clock.now()
    query = "/audit?subject_kind=order&subject_id=12&actor_id=&action=&first_day=&last_day="
    with clock.frozen(now):
        await client.get(query)
    with clock.frozen(now + timedelta(seconds=59)):
        await client.get(f"{query}&before=1700000000000000-9")
        await client.get("/audit?action=order.")
    with clock.frozen(now + timedelta(seconds=61)):
        await client.get(query)
    asked = '{"subject_id": 12, "subject_kind": "order"}'
    assert await searches() == [asked, '{"action": "order."}', asked]
    who = await fetch_value("select distinct actor_id from audit_event where action = 'audit.searched'")
    assert who == official.person_id


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("subject_id", "十二", "编号是一个数字"),
        ("subject_id", "0", "编号是一个数字"),
        ("actor_id", "9" * 30, "编号是一个数字"),
        ("subject_kind", "Order!", "代码只含小写字母"),
        ("action", "王小明", "代码只含小写字母"),
        ("first_day", "2026-13-01", "日期写作 2026-11-22"),
        ("first_day", "0001-01-01", "日期应在 2000 年到 2199 年之间"),
        ("last_day", "9999-12-31", "日期应在 2000 年到 2199 年之间"),
    ],
)
async def test_what_cannot_be_searched_is_explained_beside_the_field(
    client: httpx.AsyncClient, field: str, typed: str, reason: str
) -> None:
    await enter_as(client, "core.auditor")
    answer = await client.get("/audit", params={field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-reason"' in answer.text
    assert reason in answer.text
    assert typed in answer.text
    assert await searches() == []
    headers = await api_headers(client, "core.auditor")
    refused = await client.get("/api/v1/audit", params={field: typed}, headers=headers)
    assert refused.status_code == 422


async def test_days_the_wrong_way_round_are_refused(client: httpx.AsyncClient) -> None:
    await enter_as(client, "core.auditor")
    answer = await client.get("/audit?first_day=2026-02-02&last_day=2026-02-01")
    assert answer.status_code == 422
    assert "结束日期不能早于开始日期" in answer.text


async def test_pages_follow_each_other(client: httpx.AsyncClient) -> None:
    await enter_as(client, "core.auditor")
    await happen(times=65)
    path, seen = "/audit?action=order.", 0
    for rows in (30, 30, 5):
        shown = (await client.get(path)).text
        assert shown.count("amount_fen = 3500") == rows
        seen += rows
        older = shown.partition('rel="next" href="')[2].partition('"')[0]
        path = "/audit" + older.replace("&amp;", "&")
    assert (seen, older) == (65, "")
    assert (await client.get("/audit?before=999999999999999999999-1")).status_code == 422


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_a_search_is_taken_away_as_a_file(client: httpx.AsyncClient, format: str) -> None:
    await enter_as(client, "core.auditor")
    await happen(times=3)
    asked = await send_form(
        client, "/audit/exports", seen_on="/audit?action=order.", action="order.", format=format
    )
    assert asked.status_code == 303
    job = asked.headers["location"]
    assert "马上开始" in (await client.get(job)).text
    await run_due_jobs()
    ready = (await client.get(job)).text
    assert f"审计记录.{format}" in ready
    path = ready.partition('href="/files/')[2].partition('"')[0]
    file = await client.get(f"/files/{path}")
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E5%AE%A1")
    assert file.headers["x-content-type-options"] == "nosniff"
    if format == "csv":
        lines = file.content.decode("utf-8-sig").splitlines()
        assert lines[0] == "编号,时间,操作人编号,操作人,操作,操作代码,对象,对象编号,内容"
        assert len(lines) == 4
        assert lines[1].split(",")[2:8] == ["", "", "柜台收款", "order.paid", "order", "12"]
    else:
        assert file.content.startswith(b"PK")
    client.cookies.clear()
    await enter_as(client, "core.auditor")
    assert (await client.get(f"/files/{path}")).status_code == 404


async def test_another_format_is_refused_in_words(client: httpx.AsyncClient) -> None:
    await enter_as(client, "core.auditor")
    answer = await send_form(client, "/audit/exports", seen_on="/audit", format="exe")
    assert answer.status_code == 422
    assert "请选择一种格式：CSV / XLSX / JSON" in answer.text
    assert await fetch_value("select count(*) from job") == 0


async def test_the_api_searches_and_exports(client: httpx.AsyncClient) -> None:
    headers = await api_headers(client, "core.auditor")
    await happen(times=31)
    first = (await client.get("/api/v1/audit?action=order.", headers=headers)).json()
    assert (len(first["events"]), first["events"][0]["title"]) == (30, "柜台收款")
    rest = await client.get(f"/api/v1/audit?action=order.&before={first['before']}", headers=headers)
    assert (len(rest.json()["events"]), rest.json()["before"]) == (1, "")
    asked = await client.post(
        "/api/v1/audit/exports", headers=headers, json={"format": "csv", "action": "order."}
    )
    assert asked.status_code == 202
    job = f"/api/v1/jobs/{asked.json()['job_id']}"
    assert (await client.get(job, headers=headers)).json()["state"] == "waiting"
    await run_due_jobs()
    done = (await client.get(job, headers=headers)).json()
    assert (done["state"], done["progress"]) == ("done", {"done": 31, "of": 31})
    content = await client.get(f"/api/v1/files/{done['file_id']}/content", headers=headers)
    assert content.content.count(b"order.paid") == 31
    (file,) = (await client.get("/api/v1/files", headers=headers)).json()
    assert (file["id"], file["size"]) == (done["file_id"], len(content.content))
    wrong = await client.post("/api/v1/audit/exports", headers=headers, json={"format": "exe"})
    assert wrong.status_code in (400, 422)


async def test_an_export_speaks_the_language_of_whoever_asked(client: httpx.AsyncClient) -> None:
    await enter_as(client, "core.auditor")
    client.cookies.set("yiji_lang", "en")
    await happen()
    await send_form(client, "/audit/exports", seen_on="/audit", format="csv", action="order.")
    await run_due_jobs()
    content = (await fetch_value("select content from stored_file")).decode("utf-8-sig")
    assert content.startswith("Number,Time,")
    assert "Paid at the counter" in content
