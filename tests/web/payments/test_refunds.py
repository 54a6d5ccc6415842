"""Refunds on the pages and for programs: from the treasurer's form to what the payer sees."""

from collections.abc import Iterator

import httpx
import pytest

from core.payments.services import settle
from core.people.rules import Actor
from tests.core.payments.orders import confirm, make_order
from tests.core.payments.stand_in import Cashier, cashier, connect, pay
from tests.factories import PASSWORD, Committee, make_committee, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
def stand_in(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running


@pytest.fixture
async def desk() -> str:
    return new_phone()


@pytest.fixture
async def committee(stand_in: Cashier, desk: str) -> Committee:
    made = await make_committee(treasurer_phone=desk)
    await connect(made)
    return made


@pytest.fixture
async def phone() -> str:
    return new_phone()


@pytest.fixture
async def payer(committee: Committee, phone: str) -> Actor:
    return await make_resident(committee.region_id, phone=phone, password=PASSWORD)


async def test_a_payment_is_sent_back_from_button_to_notice(
    client: httpx.AsyncClient,
    committee: Committee,
    payer: Actor,
    stand_in: Cashier,
    desk: str,
    phone: str,
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    await log_in(client, desk)
    assert "退在线付款，可退 35.00 元" in (await client.get(f"/counter/{order_id}")).text
    form = f"/counter/{order_id}/refund?payment={attempt.id}"
    to = f"/counter/{order_id}/refund"
    sent = {"payment_id": str(attempt.id), "seen_fen": "3500"}
    wrong = await send_form(client, to, seen_on=form, amount="36", reason="多收了一份", **sent)
    assert (wrong.status_code, "最多可退 35.00 元" in wrong.text) == (422, True)
    assert "多收了一份" in wrong.text
    typed = await send_form(client, to, seen_on=form, amount="十元", reason="x", **sent)
    assert (typed.status_code, "只写数字" in typed.text) == (422, True)
    silent = await send_form(client, to, seen_on=form, amount="10", reason="", **sent)
    assert (silent.status_code, "请填写这一项" in silent.text) == (422, True)
    for lies in ({"payment_id": "x"}, {"payment_id": "99999"}, {"payment_id": "-1"}):
        refused = await send_form(client, to, seen_on=form, amount="1", reason="x", **lies)
        assert refused.status_code in (404, 409, 422)
    asked = await send_form(client, to, seen_on=form, amount="10", reason="多收了一份", **sent)
    assert asked.status_code == 303
    again = await send_form(client, to, seen_on=form, amount="10", reason="多收了一份", **sent)
    assert again.headers["location"] == asked.headers["location"]
    assert "正在退回" in (await client.get("/counter/refunds")).text
    await run_due_jobs()
    assert "已退给付款人" in (await client.get(asked.headers["location"])).text
    late = await send_form(client, to, seen_on=form, amount="10", reason="多收了一份", **sent)
    assert (late.status_code, "现在可退 25.00 元" in late.text) == (409, True)
    client.cookies.clear()
    await log_in(client, phone)
    assert "退回付款人" in (await client.get(f"/orders/{order_id}")).text
    assert "多收了一份" in (await client.get(asked.headers["location"])).text
    assert "退款已退回" in (await client.get("/inbox")).text
    assert (await client.get(f"/counter/{order_id}")).status_code == 403


async def test_cash_goes_back_for_programs_and_nobody_else_sees_it(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, desk: str, phone: str
) -> None:
    order_id = await make_order(committee, payer)
    await confirm(order_id, committee.treasurer)
    treasurer, me = await bearer(client, desk), await bearer(client, phone)
    other = await make_committee(treasurer_phone=(other_desk := new_phone()))
    stranger = await bearer(client, other_desk)
    assert other.id != committee.id
    path = f"/api/v1/counter/orders/{order_id}/refunds"
    wanted = {"amount_fen": 500, "reason": "多收", "seen_fen": 3500}
    assert (await client.post(path, json=wanted, headers=me)).status_code == 403
    assert (await client.post(path, json=wanted, headers=stranger)).status_code == 404
    asked = await client.post(path, json=wanted, headers=treasurer)
    assert (asked.status_code, asked.json()["state"], asked.json()["payment_id"]) == (201, "sending", None)
    refund = f"/api/v1/refunds/{asked.json()['id']}"
    assert [(await client.get(refund, headers=who)).status_code for who in (me, stranger)] == [200, 404]
    out = await client.post(f"{refund}/paid-out", json={"receipt_no": "T1"}, headers=treasurer)
    assert out.json()["state"] == "sent"
    late = await client.post(path, json=wanted, headers=treasurer)
    assert (late.status_code, "现在可退 30.00 元" in late.json()["detail"]) == (409, True)
    blind = await client.post(path, json={"amount_fen": 500, "reason": "多收"}, headers=treasurer)
    assert blind.status_code == 422
    denied = await client.post(f"{refund}/paid-out", json={"receipt_no": "T2"}, headers=stranger)
    assert denied.status_code == 404
    history = (await client.get(f"/api/v1/orders/{order_id}/history", headers=me)).json()
    assert [one["kind"] for one in history["happened"]] == ["cash", "cash_refunded"]
    assert history["sources"] == [{"payment_id": None, "taken_fen": 3500, "left_fen": 3000}]
    assert len((await client.get("/api/v1/counter/refunds", headers=treasurer)).json()) == 1
    assert (await client.get("/api/v1/counter/refunds", headers=stranger)).json() == []


async def test_a_dispute_is_seen_by_the_treasurer_alone(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, stand_in: Cashier, desk: str
) -> None:
    order_id = await make_order(committee, payer)
    attempt = await pay(order_id, payer, stand_in)
    outcome = {"outcome": "disputed"}
    pressed = await client.post(f"/api/v1/practice/cashier/{attempt.external_id}", json=outcome)
    assert pressed.status_code == 200
    treasurer = await bearer(client, desk)

    await settle(attempt.id)
    (dispute,) = (await client.get("/api/v1/counter/disputes", headers=treasurer)).json()
    assert (dispute["state"], dispute["amount_fen"], dispute["order_id"]) == ("open", 3500, order_id)
    await log_in(client, desk)
    page = (await client.get("/counter/disputes")).text
    assert "付款人说没有付过" in page
    order = (await client.get(f"/counter/{order_id}")).text
    assert "银行扣走了 35.00 元" in order
    assert "钱已经收到，记入公共账户" not in order
    assert "有争议" in (await client.get("/todo")).text


async def test_a_second_reconciling_within_a_minute_says_so(
    client: httpx.AsyncClient, committee: Committee, desk: str
) -> None:
    path, whose = "/counter/settlements", {"organization_id": str(committee.id)}
    await log_in(client, desk)
    assert (await send_form(client, path, seen_on=path, **whose)).status_code == 303
    again = await send_form(client, path, seen_on=path, **whose)
    assert again.status_code == 409
    assert "刚才已经请收款平台对账" in again.text
    me = await bearer(client, desk)
    answer = await client.post(f"/api/v1/merchants/{committee.id}/settlements", headers=me)
    assert (answer.status_code, answer.json()) == (202, {"is_new": False})
