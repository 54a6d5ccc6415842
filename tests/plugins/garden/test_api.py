"""The same verbs for a program: from a token to the line in the public account."""

import json

import httpx

from plugins.garden import services
from tests.factories import PASSWORD, make_committee, make_garden, make_resident, new_phone
from tests.web.visitors import bearer
from workers.drain import run_due_jobs


async def test_a_program_claims_pays_and_reads_the_account(client: httpx.AsyncClient) -> None:
    residents_phone, treasurers_phone = new_phone(), new_phone()
    committee = await make_committee(treasurer_phone=treasurers_phone)
    garden_id, _ = await make_garden(committee)
    await make_resident(committee.region_id, phone=residents_phone, password=PASSWORD)
    resident, treasurer = await bearer(client, residents_phone), await bearer(client, treasurers_phone)

    plots = (await client.get(f"/api/v1/garden/gardens/{garden_id}/plots")).json()
    claim = f"/api/v1/garden/plots/{plots[0]['id']}/claim"
    refused = await client.post(claim, json={"agreed": False}, headers=resident)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "agreed")
    order_id = (await client.post(claim, json={"agreed": True}, headers=resident)).json()["order_id"]
    repeated = await client.post(claim, json={"agreed": True}, headers=resident)
    assert repeated.json()["order_id"] == order_id

    cash = f"/api/v1/counter/orders/{order_id}/cash"
    body = {"amount_fen": 3500, "receipt_no": "A1"}
    assert (await client.post(cash, json=body, headers=resident)).status_code == 403
    wrong = await client.post(cash, json=body | {"amount_fen": 3499}, headers=treasurer)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "amount")
    paid = await client.post(cash, json=body, headers=treasurer)
    assert (paid.status_code, paid.json()["state"]) == (200, "paid")
    await run_due_jobs()

    (lease,) = (await client.get("/api/v1/garden/leases", headers=resident)).json()
    assert lease["state"] == "active"
    (notice,) = (await client.get("/api/v1/notices", headers=resident)).json()
    assert notice["title"] == "认领成功"
    account = (await client.get(f"/api/v1/accounts/{committee.id}")).json()
    assert account["balance_fen"] == 3500
    assert [line["amount_fen"] for line in account["lines"]] == [3000, 500]


async def test_malformed_bodies_are_problems_not_faults(client: httpx.AsyncClient) -> None:
    for body in (b"", b"{", b"[]", b'{"phone": 5, "password": null}', b'{"phone": "1"}', b"\xff"):
        answer = await client.post(
            "/api/v1/sessions", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code in (400, 422), body
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_cookie_is_no_key_to_the_api_and_a_token_none_to_the_pages(client: httpx.AsyncClient) -> None:
    phone = new_phone()
    committee = await make_committee(treasurer_phone=phone)
    token = (await bearer(client, phone))["authorization"].removeprefix("Bearer ")
    client.cookies.set("yiji_session", token)
    assert (await client.get("/inbox")).status_code == 303
    assert (await client.get("/api/v1/notices")).status_code == 401
    assert committee.id
    headers = {"authorization": f"Bearer {token}"}
    assert (await client.delete("/api/v1/sessions/current", headers=headers)).status_code == 204
    assert (await client.get("/api/v1/notices", headers=headers)).status_code == 401


async def test_the_description_of_the_api_is_served_without_reaching_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    described = (await client.get("/api/v1/openapi.json")).json()
    assert "/api/v1/garden/plots/{plot_id}/claim" in described["paths"]


async def test_text_that_no_database_can_store_is_a_problem_not_a_fault(client: httpx.AsyncClient) -> None:
    phone = new_phone()
    committee = await make_committee(treasurer_phone=phone)
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id)
    order_id = await services.claim_plot(plots[0], agreed=True, actor=resident)
    treasurer = await bearer(client, phone)
    for receipt_no in ("\x00", "\ud800", " ", " A1"):
        answer = await client.post(
            f"/api/v1/counter/orders/{order_id}/cash",
            content=json.dumps({"amount_fen": 3500, "receipt_no": receipt_no}),
            headers=treasurer | {"content-type": "application/json"},
        )
        assert answer.status_code in (400, 422), receipt_no
    answer = await client.get("/api/v1/counter/orders?words=%00", headers=treasurer)
    assert answer.status_code in (200, 422)
