"""Approvals on their pages and for programs: who sees what, what is refused in words."""

import httpx
import pytest

from core.approvals.services import recuse, withdraw_approval
from core.database import fetch_value
from core.people.rules import Actor, Grant
from core.people.services import grant_role, propose_role, register_household, register_person
from core.reference import Ref
from tests.core.approvals.questions import open_one, vote
from tests.factories import PASSWORD, Committee, make_committee, make_resident, new_phone
from tests.web.visitors import form_token, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


async def make_manager(committee: Committee, name: str) -> tuple[Actor, str]:
    """A head of the committee, with the phone to log in."""
    phone = new_phone()
    person_id = await register_person(name, phone=phone, password=PASSWORD)
    household_id = await register_household(committee.region_id, person_ids=[person_id])
    await grant_role(person_id, "core.manager", committee.ref, actor_id=None)
    return Actor(person_id, name, household_id, (Grant("core.manager", committee.ref),)), phone


@pytest.fixture
async def maker(committee: Committee) -> tuple[Actor, str]:
    return await make_manager(committee, "冯发起")


@pytest.fixture
async def voter(committee: Committee) -> tuple[Actor, str]:
    return await make_manager(committee, "陈审批")


@pytest.fixture
async def approval_id(committee: Committee, maker: tuple[Actor, str], voter: tuple[Actor, str]) -> int:
    await make_manager(committee, "褚第三")
    candidate = await make_resident(committee.region_id, name="卫候选")
    return await propose_role(
        candidate.person_id, "core.treasurer", committee.ref, actor_id=maker[0].person_id
    )


async def test_what_waits_is_listed_and_a_vote_with_a_reason_decides_it(
    client: httpx.AsyncClient, voter: tuple[Actor, str], approval_id: int
) -> None:
    await log_in(client, voter[1])
    listed = (await client.get("/approvals")).text
    assert "让卫候选在测试自管会担任出纳" in listed
    path = f"/approvals/{approval_id}"
    shown = (await client.get(path)).text
    for words in ("冯发起", "陈审批", "褚第三", "至少 1 人同意", "还差 1 人", "审批中"):
        assert words in shown, words
    answer = await send_form(client, f"{path}/vote", seen_on=path, choice="approve", reason="认识多年，放心")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    after = (await client.get(path)).text
    for words in ("已通过", "认识多年，放心"):
        assert words in after, words
    assert f'action="{path}/' not in after
    assert "没有等您审批的事" in (await client.get("/approvals")).text
    assert "已通过" in (await client.get("/approvals?show=all")).text
    await run_due_jobs()
    assert await fetch_value("select count(*) from role_grant where role = 'core.treasurer'") == 2


async def test_titles_and_roles_are_said_in_english_too(
    client: httpx.AsyncClient, voter: tuple[Actor, str], approval_id: int
) -> None:
    await log_in(client, voter[1])
    shown = (await client.get(f"/approvals/{approval_id}", headers={"accept-language": "en"})).text
    assert "Make 卫候选 the Treasurer of 测试自管会" in shown
    assert "1 more needed" in shown


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"reason": "没有选"}, "请填写这一项"),
        ({"choice": "perhaps", "reason": "x"}, "请选一项"),
        ({"choice": "reject", "reason": ""}, "请写明理由"),
        ({"choice": "abstain", "reason": "   "}, "请写明理由"),
        ({"choice": "reject", "reason": "长" * 501}, "理由最多 500 个字"),
    ],
)
async def test_a_vote_that_cannot_be_understood_comes_back_with_what_was_typed(
    client: httpx.AsyncClient,
    voter: tuple[Actor, str],
    approval_id: int,
    fields: dict[str, str],
    reason: str,
) -> None:
    await log_in(client, voter[1])
    path = f"/approvals/{approval_id}"
    answer = await send_form(client, f"{path}/vote", seen_on=path, **fields)
    assert answer.status_code == 422
    assert reason in answer.text
    assert fields["reason"].strip() in answer.text
    if fields.get("choice") == "reject":
        assert 'value="reject" checked' in answer.text
    assert await fetch_value("select count(*) from approval_vote") == 0


async def test_the_maker_sees_no_vote_form_and_can_withdraw(
    client: httpx.AsyncClient, maker: tuple[Actor, str], approval_id: int
) -> None:
    await log_in(client, maker[1])
    path = f"/approvals/{approval_id}"
    shown = (await client.get(path)).text
    assert f'action="{path}/vote"' not in shown
    assert f'action="{path}/recuse"' not in shown
    forced = await client.post(
        f"{path}/vote", data={"form_token": form_token(shown), "choice": "approve", "reason": ""}
    )
    assert forced.status_code == 409
    assert "自己发起的事要由别人审批" in forced.text
    for _ in range(2):
        answer = await client.post(f"{path}/withdraw", data={"form_token": form_token(shown)})
        assert answer.status_code == 303
    assert "已撤回" in (await client.get(path)).text


async def test_a_vote_is_taken_back_on_the_page(
    client: httpx.AsyncClient, voter: tuple[Actor, str], approval_id: int
) -> None:
    await log_in(client, voter[1])
    path = f"/approvals/{approval_id}"
    await send_form(client, f"{path}/vote", seen_on=path, choice="abstain", reason="不了解他")
    second = await send_form(client, f"{path}/vote", seen_on=path, choice="approve", reason="")
    assert second.status_code == 409
    assert "要改请先撤回" in second.text
    answer = await send_form(client, f"{path}/take-back", seen_on=path)
    assert answer.status_code == 303
    shown = (await client.get(path)).text
    assert f'action="{path}/vote"' in shown
    assert "不了解他" not in shown


async def test_recusing_oneself_needs_a_reason_and_is_shown_to_the_others(
    client: httpx.AsyncClient, voter: tuple[Actor, str], maker: tuple[Actor, str], approval_id: int
) -> None:
    await log_in(client, voter[1])
    path = f"/approvals/{approval_id}"
    empty = await send_form(client, f"{path}/recuse", seen_on=path, interest="")
    assert empty.status_code == 422
    assert "<details open>" in empty.text
    answer = await send_form(client, f"{path}/recuse", seen_on=path, interest="他是我侄子")
    assert answer.status_code == 303
    shown = (await client.get(path)).text
    assert "您需要回避这件事，不能表决" in shown
    assert f'action="{path}/' not in shown
    client.cookies.clear()
    await log_in(client, maker[1])
    shown = (await client.get(path)).text
    assert "自己申请回避" in shown
    assert "他是我侄子" in shown


async def test_an_approval_that_too_few_can_decide_says_so(
    client: httpx.AsyncClient, voter: tuple[Actor, str]
) -> None:
    approval_id = await open_one(voters=(voter[0].person_id, 990), maker=991)
    await recuse(approval_id, reason="x", person_id=990)
    await log_in(client, voter[1])
    path = f"/approvals/{approval_id}"
    shown = (await client.get(path)).text
    assert "剩下的人数不够作决定" in shown
    assert f'action="{path}/vote"' not in shown


@pytest.mark.parametrize("path", ["", "/vote", "/take-back", "/recuse", "/withdraw"])
async def test_for_everybody_else_it_does_not_exist(
    client: httpx.AsyncClient, committee: Committee, approval_id: int, path: str
) -> None:
    stranger = new_phone()
    await make_resident(committee.region_id, phone=stranger, password=PASSWORD)
    await log_in(client, stranger)
    where = f"/approvals/{approval_id}{path}"
    if path:
        answer = await send_form(client, where, seen_on="/", choice="approve", reason="x", interest="x")
    else:
        answer = await client.get(where)
    assert answer.status_code == 404
    assert (await client.get("/approvals?show=all")).status_code == 200
    assert (await client.get("/approvals/999999999")).status_code == 404


async def test_long_lists_are_paged(client: httpx.AsyncClient, voter: tuple[Actor, str]) -> None:
    voters = (voter[0].person_id, 990)
    for number in range(21):
        await open_one(voters=voters, subject=Ref("test.thing", number))
    await log_in(client, voter[1])
    first = (await client.get("/approvals")).text
    assert first.count('<li><a href="/approvals/') == 20
    before = first.split("before=")[1].split('"')[0]
    second = (await client.get(f"/approvals?show=waiting&before={before}")).text
    assert second.count('<li><a href="/approvals/') == 1
    assert (await client.get("/approvals?show=some")).status_code == 422


# --- for programs ----------------------------------------------------------------------------------


async def api_token(client: httpx.AsyncClient, phone: str) -> dict[str, str]:
    answer = await client.post("/api/v1/sessions", json={"phone": phone, "password": PASSWORD})
    return {"authorization": f"Bearer {answer.json()['token']}"}


async def test_programs_vote_take_back_and_vote_again(
    client: httpx.AsyncClient, voter: tuple[Actor, str], approval_id: int
) -> None:
    token = await api_token(client, voter[1])
    listed = (await client.get("/api/v1/approvals", headers=token)).json()
    assert [(a["id"], a["state"], a["subject_kind"]) for a in listed] == [
        (approval_id, "open", "role_proposal")
    ]
    path = f"/api/v1/approvals/{approval_id}"
    no_reason = await client.post(f"{path}/vote", headers=token, json={"choice": "reject"})
    assert no_reason.status_code == 422
    assert no_reason.json()["errors"] == [{"field": "reason", "reason": "请写明理由"}]
    voted = await client.post(f"{path}/vote", headers=token, json={"choice": "abstain", "reason": "x"})
    mine = {v["person_id"]: v for v in voted.json()["voters"]}[voter[0].person_id]
    assert (voted.status_code, mine["choice"], mine["reason"]) == (200, "abstain", "x")
    back = await client.post(f"{path}/take-back", headers=token)
    assert {v["choice"] for v in back.json()["voters"]} == {None}
    done = await client.post(f"{path}/vote", headers=token, json={"choice": "approve"})
    assert done.json()["state"] == "approved"
    assert done.json()["rule"] == {"needed": 1, "quorum": 0, "share": "0"}
    late = await client.post(f"{path}/recuse", headers=token, json={"reason": "x"})
    assert (late.status_code, late.json()["detail"]) == (409, "这项审批已经结束")


async def test_programs_recuse_and_withdraw(
    client: httpx.AsyncClient, voter: tuple[Actor, str], maker: tuple[Actor, str], approval_id: int
) -> None:
    path = f"/api/v1/approvals/{approval_id}"
    token = await api_token(client, voter[1])
    recused = await client.post(f"{path}/recuse", headers=token, json={"reason": "x"})
    assert {v["person_id"]: v["recused"] for v in recused.json()["voters"]}[voter[0].person_id] == [
        "自己申请回避"
    ]
    refused = await client.post(f"{path}/withdraw", headers=token)
    assert (refused.status_code, refused.json()["detail"]) == (409, "只有发起人可以撤回这项审批")
    token = await api_token(client, maker[1])
    assert (await client.post(f"{path}/withdraw", headers=token)).json()["state"] == "withdrawn"
    assert (await client.get(path)).status_code == 401


async def test_a_closed_approval_is_read_by_those_who_took_part(
    client: httpx.AsyncClient, voter: tuple[Actor, str]
) -> None:
    approval_id = await open_one(voters=(voter[0].person_id, 990), maker=991, needed=1)
    await vote(approval_id, 990)
    other = await open_one(voters=(voter[0].person_id, 990), maker=991, needed=1, purpose="test.other")
    await withdraw_approval(other, person_id=991)
    token = await api_token(client, voter[1])
    states = (await client.get("/api/v1/approvals?show=all", headers=token)).json()
    assert [a["state"] for a in states] == ["withdrawn", "approved"]
    assert (await client.get("/api/v1/approvals", headers=token)).json() == []
