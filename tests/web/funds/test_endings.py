"""Refunds, leftovers and changes of purpose on pages and by programs: the way there, and what is refused."""

import httpx
import pytest

from core.approvals.services import cast_vote
from core.database import fetch_value
from core.funds import services
from core.funds.queries import leftovers
from tests.core.funds.agreed import open_agreed
from tests.core.funds.world import FundWorld, make_fund_world, three_gifts
from tests.factories import new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("head", "treasurer", "payer", "donor", "asker")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    made = await make_fund_world(phones)
    await three_gifts(made)
    return made


@pytest.fixture
async def other_fund(world: FundWorld) -> int:
    fund = await services.found_fund(
        "测样基金会柳样微基金", organization_id=world.foundation, summary="", actor=world.head
    )
    await services.add_purpose(fund, "助学", actor=world.head)
    await open_agreed(fund, world.head)
    return fund


async def sign_in(client: httpx.AsyncClient, phone: str) -> None:
    client.cookies.clear()
    await log_in(client, phone)


async def gift_of(receipt_no: str) -> int:
    return int(await fetch_value("select id from fund_gift where receipt_no = $1", receipt_no))


async def test_a_gift_goes_back_by_two_persons(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    at = f"/gifts/{await gift_of('S-1')}"
    await sign_in(client, phones["treasurer"])
    bad = await send_form(client, f"{at}/refund", seen_on=at, reason="捐错了", payment_no="")
    assert bad.status_code == 422
    assert "捐错了</textarea>" in bad.text
    good = await send_form(client, f"{at}/refund", seen_on=at, reason="捐错了", payment_no="T-1")
    assert good.headers["location"] == at
    alone = await send_form(client, f"{at}/refund/sign", seen_on=at)
    assert alone.status_code == 403
    await sign_in(client, phones["payer"])
    assert f'href="{at}"' in (await client.get("/todo")).text
    assert (await send_form(client, f"{at}/refund/sign", seen_on=at)).status_code == 303
    await sign_in(client, phones["donor"])
    seen = (await client.get("/gifts/mine")).text
    assert "退还捐赠人" in seen
    assert "退还捐赠人" in (await client.get(f"/funds/{world.fund}")).text


async def test_a_refund_by_programs(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    at = f"/api/v1/gifts/{await gift_of('S-1')}"
    treasurer, payer = await bearer(client, phones["treasurer"]), await bearer(client, phones["payer"])
    sent = {"reason": "捐错了", "payment_no": "T-1"}
    assert (await client.post(f"{at}/refund", json=sent, headers=treasurer)).status_code == 200
    assert (await client.post(f"{at}/refund/drop", headers=treasurer)).status_code == 200
    assert (await client.post(f"{at}/refund/sign", headers=payer)).status_code == 404
    assert (await client.post(f"{at}/refund", json=sent, headers=treasurer)).status_code == 200
    done = (await client.post(f"{at}/refund/sign", headers=payer)).json()
    assert [(part["kind"], part["amount_fen"]) for part in done["parts"]] == [("returned", 10000)]


async def test_the_rest_of_a_fund_goes_where_its_committee_says(
    client: httpx.AsyncClient, world: FundWorld, other_fund: int, phones: dict[str, str]
) -> None:
    setup = f"/funds/{world.fund}/setup"
    await sign_in(client, phones["head"])
    await send_form(client, f"/funds/{world.fund}/stop-gifts", seen_on=setup)
    wanted = {"seen_on": setup, "reason": "办完了"}
    bad = await send_form(client, f"/funds/{world.fund}/leftovers", target="nowhere", **wanted)
    assert bad.status_code == 422
    path = f"/funds/{world.fund}/leftovers"
    elsewhere = await send_form(client, path, target="999-", **wanted)
    assert (elsewhere.status_code, "另一支开放的基金" in elsewhere.text) == (422, True)
    sent = await send_form(client, path, target=f"{other_fund}-", **wanted)
    at = sent.headers["location"]
    leftover = int(at.rsplit("/", 1)[1])
    approval = (await leftovers.leftover(leftover)).approval_id
    assert approval is not None
    for member in world.members[:2]:
        await cast_vote(approval, choice="approve", reason="", person_id=member.person_id)
    await run_due_jobs()
    client.cookies.clear()
    assert (await client.get(at)).status_code == 404
    await sign_in(client, phones["payer"])
    assert "转出余款，结束基金" in (await client.get(at)).text
    assert (await send_form(client, f"{at}/move", seen_on=at)).status_code == 303
    client.cookies.clear()
    fund = (await client.get(f"/funds/{world.fund}")).text
    assert "余款 180.00 元由管委会表决转入" in fund
    assert (await client.get(f"/api/v1{at}")).json()["moved_fen"] == 18000


async def test_donors_are_asked_with_and_without_an_account(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    setup = f"/funds/{world.fund}/setup"
    await sign_in(client, phones["head"])
    wanted = {"from_purpose_id": str(world.children), "to_purpose_id": str(world.elders)}
    same = wanted | {"to_purpose_id": str(world.children)}
    path = f"/funds/{world.fund}/changes"
    bad = await send_form(client, path, seen_on=setup, change_reason="停办", **same)
    assert (bad.status_code, "请选择另一个用途" in bad.text) == (422, True)
    at = (await send_form(client, path, seen_on=setup, change_reason="停办", **wanted)).headers["location"]
    early = await send_form(client, f"{at}/carry-out", seen_on=at)
    assert (early.status_code, "之后才能改变用途" in early.text) == (409, True)
    client.cookies.clear()
    assert at in (await client.get(f"/funds/{world.fund}")).text
    code = await fetch_value("select trace_code from fund_gift where receipt_no = 'S-1'")
    trace = f"/gifts/trace?code={code}"
    said = await send_form(client, "/gifts/trace/answer", seen_on=trace, code=code, answer="objection")
    assert said.headers["location"] == trace
    assert "您的回答：不同意" in (await client.get(trace)).text
    await sign_in(client, phones["donor"])
    said = await send_form(client, f"{at}/answer", seen_on=at, answer="consent")
    assert "您的回答：同意" in (await client.get(at)).text
    head = await bearer(client, phones["head"])
    done = (await client.post(f"/api/v1{at}/carry-out", headers=head)).json()
    assert (done["state"], done["moved_fen"]) == ("done", 10000)


async def test_by_programs_too_who_is_not_concerned_does_not_answer(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    head, asker = await bearer(client, phones["head"]), await bearer(client, phones["asker"])
    wanted = {"from_purpose_id": world.children, "to_purpose_id": world.elders, "reason": "停办"}
    made = await client.post(f"/api/v1/funds/{world.fund}/changes", json=wanted, headers=head)
    at = f"/api/v1/funds/changes/{made.json()['id']}"
    refused = await client.post(f"{at}/answer", json={"answer": "consent"}, headers=asker)
    assert (refused.status_code, refused.json()["detail"]) == (409, "这项用途改变和您的捐赠无关")
    late = await client.post("/api/v1/gifts/trace/answer", json={"code": "x", "answer": "consent"})
    assert late.status_code == 404
    assert (await client.post(f"{at}/drop", headers=head)).json()["state"] == "dropped"
    assert [one["answer"] for one in (await client.get(at)).json()["answers"]] == [
        "consent",
        "objection",
        None,
    ]
