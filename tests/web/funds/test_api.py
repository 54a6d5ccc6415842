"""The journey by programs: the same steps, the same refusals."""

import base64

import httpx
import pytest

from core import clock
from core.funds.rules import CHECKS
from tests.core.funds.world import FundWorld, ask, make_fund_world, three_gifts, vote
from tests.factories import new_phone
from tests.web.visitors import bearer

FILE = {"name": "发票.pdf", "content": base64.b64encode(b"%PDF-1.4\n").decode()}


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("head", "treasurer", "payer", "checker", "asker", "donor")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    made = await make_fund_world(phones)
    await three_gifts(made)
    return made


async def test_a_disbursement_by_programs(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    async def send(who: str, path: str, body: object = None) -> httpx.Response:
        return await client.post(f"/api/v1{path}", json=body, headers=await bearer(client, phones[who]))

    wanted = {"organization_id": world.community, "title": "课堂", "purpose_id": world.children}
    lines = [{"title": "绘本", "amount_fen": 6200}]
    made = await send("asker", f"/funds/{world.fund}/requests", {**wanted, "lines": lines})
    assert made.status_code == 201
    at = f"/funds/requests/{made.json()['id']}"
    await vote(world, made.json()["id"])
    some = await send("checker", f"{at}/check", {"checks": ["budget"]})
    assert some.status_code == 422
    unaware = await send("checker", f"{at}/check", {"checks": list(CHECKS)})
    assert unaware.status_code == 422
    aware = {"checks": list(CHECKS), "aware": "他没有表决"}
    checked = (await send("checker", f"{at}/check", aware)).json()
    assert checked["state"] == "held"
    (close,) = checked["warnings"]
    assert close["code"] == "committee_role"
    assert close["person_id"] == world.members[2].person_id
    why = {"warning": close["key"], "explanation": "社区委派的代表"}
    assert (await send("asker", f"{at}/explain", why)).status_code == 403
    (told,) = (await client.get(f"/api/v1{at}")).json()["warnings"]
    assert (told["code"], told["person_id"], told["amount_fen"]) == ("committee_role", None, None)
    early = await send("payer", f"{at}/sign")
    assert early.status_code == 409
    assert (await send("treasurer", f"{at}/prepare", {"payment_no": "P-1"})).json()["state"] == "prepared"
    assert (await send("payer", f"{at}/sign")).status_code == 422
    explained = (await send("checker", f"{at}/explain", why)).json()
    assert explained["warnings"][0]["explained"] == "社区委派的代表"
    assert (await send("payer", f"{at}/sign")).json()["state"] == "paid"
    told = {"voucher_no": "V-1", "result": "办好了", "file": FILE}
    brought = await send("asker", f"{at}/voucher", told)
    assert brought.json()["state"] == "reported"
    assert len(brought.json()["files"]) == 1
    everybody = (await client.get(f"/api/v1{at}")).json()
    assert (everybody["files"], everybody["approval_id"], everybody["result"]) == ([], None, "办好了")
    mine = await client.get("/api/v1/gifts/mine", headers=await bearer(client, phones["donor"]))
    assert [(part["kind"], part["amount_fen"]) for part in mine.json()[0]["parts"]] == [
        ("paid", 6200),
        ("left", 3800),
    ]


async def test_a_gift_by_programs(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    treasurer = await bearer(client, phones["treasurer"])
    gift = {
        "amount_fen": 1234,
        "received_on": clock.today().isoformat(),
        "receipt_no": "S-9",
        "method": "bank",
        "display": "anonymous",
        "file": FILE,
    }
    path = f"/api/v1/funds/{world.fund}/gifts"
    made = await client.post(path, json=gift, headers=treasurer)
    assert made.status_code == 201
    shown = (await client.get(f"/api/v1/gifts/{made.json()['id']}", headers=treasurer)).json()
    assert (shown["shown_as"], shown["state"], len(shown["files"])) == ("", "counted", 1)
    traced = (await client.get(f"/api/v1/gifts/trace?code={shown['trace_code']}")).json()
    assert [(part["kind"], part["amount_fen"]) for part in traced["parts"]] == [("left", 1234)]
    assert "trace_code" not in traced
    assert (await client.post(path, json={**gift, "amount_fen": 1}, headers=treasurer)).status_code == 409
    for wrong in ({"receipt_no": " "}, {"receipt_no": "\u0000"}, {"amount_fen": 0}, {"display": "loud"}):
        assert (await client.post(path, json=gift | wrong, headers=treasurer)).status_code == 422
    listed = (await client.get(path)).json()
    assert "donor_name" not in listed[0]


async def test_what_is_public_and_what_is_not(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    request_id = await ask(world)
    assert (await client.get(f"/api/v1/funds/requests/{request_id}")).status_code == 404
    fund = (await client.get(f"/api/v1/funds/{world.fund}")).json()
    assert (fund["free_fen"], [p["bound_fen"] for p in fund["purposes"]]) == (18000, [10000, 3000])
    quarter = (await client.get(f"/api/v1/funds/{world.fund}/publication")).json()
    assert sum(line["income_fen"] for line in quarter) == 18000
    assert (await client.get(f"/api/v1/funds/{world.fund}/uses")).json() == []
    desk = await client.get("/api/v1/funds/requests", headers=await bearer(client, phones["checker"]))
    assert [one["id"] for one in desk.json()] == [request_id]
    nothing = await client.get("/api/v1/funds/requests", headers=await bearer(client, phones["donor"]))
    assert nothing.json() == []
