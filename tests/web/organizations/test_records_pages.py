"""What is on record about an organization, its restrictions and its account, on pages and in the API."""

from datetime import timedelta

import httpx
import pytest

from core import clock
from core.organizations.rules.payees import BankAccount
from core.organizations.services.payees import propose_payee
from core.organizations.services.restrictions import restrict_organization
from tests.core.files.pictures import photo
from tests.core.organizations.records import Place, make_place
from tests.factories import make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_file, send_form
from workers.drain import run_due_jobs

NAME = "样邻社区营造中心"
FINDING = {"value": "4A", "given_by": "成都市民政局", "valid_from": "2026-03-01", "reason": "公告 7 号"}


@pytest.fixture
async def place(db: str) -> Place:
    return await make_place()


async def enter(client: httpx.AsyncClient, place: Place, who: str) -> None:
    client.cookies.clear()
    await log_in(client, place.phones[who])


async def seen(client: httpx.AsyncClient, place: Place, who: str | None, path: str) -> httpx.Response:
    client.cookies.clear()
    if who:
        await log_in(client, place.phones[who])
    return await client.get(f"/organizations/{place.id}{path}")


async def test_staff_records_a_grade_and_everybody_reads_it(client: httpx.AsyncClient, place: Place) -> None:
    path = f"/organizations/{place.id}/records/rating"
    await enter(client, place, "staff")
    refused = await send_form(client, path, seen_on=path, **(FINDING | {"valid_from": "2999-01-01"}))
    assert refused.status_code == 422
    assert "日期不能在今天以后" in refused.text
    assert "公告 7 号" in refused.text
    paper = ("批文.jpg", photo())
    done = await send_file(client, path, "file", paper, seen_on=path, **FINDING)
    assert done.headers["location"] == f"/organizations/{place.id}/records"
    assert (await client.get(f"/organizations/{place.id}/records/nonsense")).status_code == 404
    for who, is_concerned in ((None, False), ("elsewhere", False), ("manager", True), ("staff", True)):
        page = (await seen(client, place, who, "/records")).text
        assert "成都市民政局" in page
        assert ("公告 7 号" in page) == is_concerned
        assert ("/uploads/" in page) == is_concerned
        assert "2031-02-28" in (await client.get(f"/organizations/{place.id}")).text
    await enter(client, place, "elsewhere")
    assert (await client.get(path)).status_code == 404


async def test_the_api_records_the_same(client: httpx.AsyncClient, place: Place) -> None:
    path, staff = f"/api/v1/organizations/{place.id}", await bearer(client, place.phones["staff"])
    client.cookies.clear()
    said = FINDING | {"kind": "charity", "value": "granted"}
    made = await client.post(f"{path}/records", json=said, headers=staff)
    assert made.status_code == 201
    assert (await client.post(f"{path}/records", json=said, headers=staff)).json() == made.json()
    one = (await client.get(path)).json()
    assert (one["is_charity"], one["may_raise_funds"], one["rating"]) == (True, False, "")
    assert [r["reason"] for r in (await client.get(f"{path}/records")).json()] == [""]
    theirs = await client.get(f"{path}/records", headers=staff)
    assert [r["reason"] for r in theirs.json()] == ["公告 7 号"]
    refused = await client.post(f"{path}/records", json=said | {"value": "6A"}, headers=staff)
    assert refused.status_code == 422
    other = await bearer(client, place.phones["elsewhere"])
    assert (await client.post(f"{path}/records", json=said, headers=other)).status_code == 404


async def test_members_are_shown_to_those_concerned(client: httpx.AsyncClient, place: Place) -> None:
    page = await seen(client, place, "manager", "/members")
    assert page.text.count("何样例") >= 2
    assert "组织负责人" in page.text
    assert (await seen(client, place, "staff", "/members")).status_code == 200
    assert (await seen(client, place, "elsewhere", "/members")).status_code == 404
    client.cookies.clear()
    assert (await client.get(f"/api/v1/organizations/{place.id}/members")).status_code == 401
    staff = await bearer(client, place.phones["staff"])
    found = await client.get(f"/api/v1/organizations/{place.id}/members", headers=staff)
    assert [one["role"] for one in found.json()] == ["core.manager", "core.manager"]


async def test_a_restriction_is_imposed_appealed_against_and_lifted(
    client: httpx.AsyncClient, place: Place
) -> None:
    path = f"/organizations/{place.id}/restrictions"
    until = (clock.today() + timedelta(days=30)).isoformat()
    await enter(client, place, "staff")
    late = {"grade": "barred", "reason": "未交末期报告", "until_on": clock.today().isoformat()}
    refused = await send_form(client, path, seen_on=path, **late)
    assert refused.status_code == 422
    assert "未交末期报告" in refused.text
    assert "晚于今天" in refused.text
    done = await send_form(client, path, seen_on=path, **(late | {"until_on": until}))
    assert done.status_code == 303
    public = (await seen(client, place, None, "")).text
    assert "禁止参加" in public
    assert "未交末期报告" in public

    await enter(client, place, "manager")
    one = (await client.get(path)).text.split(f'href="{path}/')[1].split('"')[0]
    empty = await send_form(client, f"{path}/{one}/appeal", seen_on=f"{path}/{one}")
    assert empty.status_code == 422
    sent = await send_form(client, f"{path}/{one}/appeal", seen_on=f"{path}/{one}", appeal="我们交了")
    assert sent.status_code == 303
    assert "我们交了" not in (await seen(client, place, None, "/restrictions")).text
    assert (await client.get(f"{path}/{one}")).headers["location"].startswith("/login")

    await enter(client, place, "staff")
    own = await client.get(f"{path}/{one}")
    assert "交决定" not in own.text
    await enter(client, place, "colleague")
    decided = {"outcome": "lifted", "answer": "核实属实"}
    done = await send_form(client, f"{path}/{one}/decision", seen_on=f"{path}/{one}", **decided)
    assert done.status_code == 303
    assert "核实属实" in (await client.get(f"{path}/{one}")).text
    assert "未交末期报告" not in (await seen(client, place, None, "")).text


async def test_the_api_restricts_the_same(client: httpx.AsyncClient, place: Place) -> None:
    path = f"/api/v1/organizations/{place.id}"
    tokens = {who: await bearer(client, phone) for who, phone in place.phones.items()}
    client.cookies.clear()
    until = (clock.today() + timedelta(days=30)).isoformat()
    said = {"grade": "limited", "reason": "迟交", "until_on": until}
    made = await client.post(f"{path}/restrictions", json=said, headers=tokens["staff"])
    one = f"{path}/restrictions/{made.json()['restriction_id']}"
    found = (await client.get(path)).json()
    assert (found["is_limited"], found["is_barred"]) == (True, False)
    appeal = {"appeal": "我们交了"}
    assert (await client.post(f"{one}/appeal", json=appeal, headers=tokens["second"])).status_code == 204
    decision = {"outcome": "upheld", "answer": "没有交"}
    own = await client.post(f"{one}/decision", json=decision, headers=tokens["staff"])
    assert own.status_code == 409
    assert "另一位工作人员" in own.text
    far = await client.post(f"{one}/decision", json=decision, headers=tokens["elsewhere"])
    assert far.status_code == 404
    done = await client.post(f"{one}/decision", json=decision, headers=tokens["colleague"])
    assert done.status_code == 204
    public = (await client.get(f"{path}/restrictions")).json()
    assert [(r["state"], r["appeal"], r["answer"]) for r in public] == [("upheld", "", "")]
    theirs = (await client.get(f"{path}/restrictions", headers=tokens["manager"])).json()
    assert [(r["appeal"], r["answer"]) for r in theirs] == [("我们交了", "没有交")]


async def test_an_account_waits_for_a_second_person(client: httpx.AsyncClient, place: Place) -> None:
    path = f"/organizations/{place.id}/payee"
    said = {"bank": "样例银行", "holder": "别人", "account": "6222 0000 1234"}
    await enter(client, place, "manager")
    refused = await send_form(client, path, seen_on=path, **said)
    assert refused.status_code == 422
    assert f"户名必须和登记的全称一样：{NAME}" in refused.text
    assert (await send_form(client, path, seen_on=path, **(said | {"holder": NAME}))).status_code == 303
    page = (await client.get(path)).text
    assert "****1234" in page
    assert "62220000" not in page
    assert "要由另一位负责人" in page
    assert (await seen(client, place, "elsewhere", "/payee")).status_code == 404
    await enter(client, place, "second")
    shown = (await client.get(path)).text
    decision = "/organizations/" + shown.split('action="/organizations/')[1].split('"')[0]
    empty = await send_form(client, decision, seen_on=path, outcome="rejected")
    assert empty.status_code == 422
    assert (await send_form(client, decision, seen_on=path, outcome="confirmed")).status_code == 303
    assert "更换账户" in (await client.get(path)).text


async def test_the_api_sets_the_same_account(client: httpx.AsyncClient, place: Place) -> None:
    path = f"/api/v1/organizations/{place.id}/payee"
    tokens = {who: await bearer(client, phone) for who, phone in place.phones.items()}
    client.cookies.clear()
    said = {"bank": "样例银行", "holder": NAME, "account": "62220001234"}
    assert (await client.post(path, json=said, headers=tokens["elsewhere"])).status_code == 403
    made = await client.post(path, json=said, headers=tokens["manager"])
    one = f"{path}/{made.json()['payee_id']}/decision"
    own = await client.post(one, json={"outcome": "confirmed"}, headers=tokens["manager"])
    assert own.status_code == 409
    assert (await client.get(path, headers=tokens["elsewhere"])).status_code == 404
    done = await client.post(one, json={"outcome": "confirmed"}, headers=tokens["staff"])
    assert done.status_code == 204
    found = (await client.get(path, headers=tokens["second"])).json()
    assert [(p["state"], p["masked"]) for p in found] == [("confirmed", "****1234")]


async def test_the_directory_is_narrowed_searched_and_exported(
    client: httpx.AsyncClient, place: Place
) -> None:
    assert NAME in (await client.get("/organizations?words=样邻社区&kind=service_agency")).text
    near = (await client.get("/organizations?words=样邻社会营造")).text
    assert NAME in near
    assert "下面只差一个字" in near
    for nothing in ("words=样邻社区&kind=company", f"region_id={10**9}", "words=？？"):
        assert NAME not in (await client.get(f"/organizations?{nothing}")).text
    assert NAME in (await client.get(f"/organizations?region_id={place.region_id}")).text
    phone = new_phone()
    await make_resident(place.region_id, phone=phone, password="correct horse")
    await log_in(client, phone)
    refused = await send_form(client, "/organizations/exports", seen_on="/organizations", format="doc")
    assert refused.status_code == 422
    assert "CSV / XLSX" in refused.text
    asked = {"format": "csv", "words": "样邻社区", "kind": "", "region_id": str(place.region_id)}
    sent = await send_form(client, "/organizations/exports", seen_on="/organizations", **asked)
    await run_due_jobs()
    job = (await client.get(sent.headers["location"])).text
    content = await client.get("/files/" + job.split('href="/files/')[1].split('"')[0])
    assert content.text.count("\r\n") == 2
    assert f"{NAME},社会服务机构,52510100500000007X" in content.text


async def test_a_page_of_an_organization_says_what_it_does_and_got(
    client: httpx.AsyncClient, place: Place
) -> None:
    said = BankAccount("样例银行", NAME, "12345678")
    await propose_payee(place.id, said, actor=place.manager)
    until_on = clock.today() + timedelta(days=1)
    await restrict_organization(place.id, "notice", reason="迟交", until_on=until_on, actor=place.staff)
    page = (await seen(client, place, None, "")).text
    for words in (NAME, "52510100500000007X", "公示提醒", "迟交", "公共账户"):
        assert words in page
    assert "拨款账户" not in page
    assert "拨款账户" in (await seen(client, place, "manager", "")).text
