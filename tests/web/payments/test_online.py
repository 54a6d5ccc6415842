"""Paying online on the pages and for programs: from the bill to the practice cashier and back."""

import html
import json
import re
import urllib.parse
from collections.abc import Iterator

import httpx
import pytest
import stripe

from core.payments import queries
from core.payments.services import start_payment
from core.people.rules import Actor
from core.settings import load
from plugins.practice.rules import stand_in_key, webhook_secret
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, cashier, come_back, connect, connect_wechat
from tests.factories import PASSWORD, Committee, make_committee, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
def stand_in(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running


@pytest.fixture
async def committee(stand_in: Cashier) -> Committee:
    made = await make_committee(treasurer_phone=new_phone())
    await connect(made)
    return made


@pytest.fixture
async def phone() -> str:
    return new_phone()


@pytest.fixture
async def payer(committee: Committee, phone: str) -> Actor:
    return await make_resident(committee.region_id, phone=phone, password=PASSWORD)


async def test_a_bill_is_paid_from_button_to_button(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, phone: str
) -> None:
    order_id = await make_order(committee, payer)
    order = f"/orders/{order_id}"
    await log_in(client, phone)
    assert "在线付 35.00 元" in (await client.get(order)).text
    began = await send_form(client, f"{order}/pay", seen_on=order)
    assert (began.status_code, began.headers["location"]) == (303, f"{order}?looked=1")
    waiting = (await client.get(began.headers["location"])).text
    assert "正在打开收银台" in waiting
    assert f'content="2; url={order}?looked=2"' in waiting
    assert "refresh" not in (await client.get(f"{order}?looked=15")).text
    await run_due_jobs()
    link = re.search(r'href="http://yiji.test(/practice/cashier/\w+)"', (await client.get(order)).text)
    assert link
    declined = await send_form(client, link[1], seen_on=link[1], outcome="declined")
    assert declined.headers["location"] == link[1]
    assert "银行拒绝了这张卡" in (await client.get(link[1])).text
    nothing = await send_form(client, link[1], seen_on=link[1], outcome="steal")
    assert (nothing.status_code, "请选一个按钮" in nothing.text) == (422, True)
    paid = await send_form(client, link[1], seen_on=link[1], outcome="paid")
    assert paid.headers["location"].endswith(f"{order}/return")
    back = await client.get(f"{order}/return")
    assert back.headers["location"] == f"{order}?looked=1"
    await run_due_jobs()
    assert "钱已经收到" in (await client.get(order)).text
    assert "已经付过了" in (await client.get(link[1])).text


async def test_a_program_pays_too(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, phone: str
) -> None:
    order_id = await make_order(committee, payer)
    me = await bearer(client, phone)
    path = f"/api/v1/orders/{order_id}/payments"
    begun = await client.post(path, headers=me)
    assert (begun.status_code, begun.json()["state"], begun.json()["url"]) == (201, "created", None)
    await run_due_jobs()
    (there,) = (await client.get(path, headers=me)).json()
    session = there["url"].rsplit("/", 1)[1]
    at_cashier = await client.post(f"/api/v1/practice/cashier/{session}", json={"outcome": "paid"})
    assert at_cashier.json()["state"] == "paid"
    assert (await client.post(f"{path}/check", headers=me)).status_code == 202
    await run_due_jobs()
    assert (await client.get(path, headers=me)).json()[0]["state"] == "succeeded"
    assert (await client.post(path, headers=me)).status_code == 409
    over = await client.post(f"/api/v1/practice/cashier/{session}", json={"outcome": "paid"})
    assert over.status_code == 409
    assert (await client.get("/api/v1/practice/cashier/none")).status_code == 404


async def test_a_notification_is_answered_and_booked(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, stand_in: Cashier
) -> None:
    order_id = await make_order(committee, payer)
    attempt_id = await start_payment(order_id, actor=payer)
    await run_due_jobs()
    stand_in.pay((await queries.attempt(attempt_id)).external_id)
    key = stand_in_key(committee.id, load().secret)
    body = json.dumps(stand_in.told.events[0][1])
    signed = stripe.WebhookSignature.generate_signature_header(body, webhook_secret(key, load().secret))

    async def told(account: str, sent: bytes, signature: str) -> int:
        answer = await client.post(
            f"/api/v1/payments/notify/{account}", content=sent, headers={"stripe-signature": signature}
        )
        return answer.status_code

    here = f"stripe/{committee.id}"
    assert [await told(here, body.encode(), signed) for _ in range(3)] == [200] * 3
    assert await told(here, body.encode(), "") == 422
    assert await told(here, b"\xff\x00", signed) == 422
    assert await told("stripe/999999", body.encode(), signed) == 404
    assert await told("paypal/1", body.encode(), signed) == 404
    await run_due_jobs()
    assert (await queries.order(order_id)).state == "paid"


async def test_a_code_is_scanned_and_the_page_waits_for_it(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, phone: str
) -> None:
    await connect_wechat(committee)
    order_id = await make_order(committee, payer)
    order = f"/orders/{order_id}"
    await log_in(client, phone)
    offered = (await client.get(order)).text
    assert ("用银行卡、支付宝或微信付 35.00 元" in offered, "用微信付 35.00 元" in offered) == (True, True)
    await send_form(client, f"{order}/pay", seen_on=order, provider="wechatpay")
    await run_due_jobs()
    waiting = (await client.get(f"{order}?looked=1")).text
    assert "<svg" in waiting
    assert f'content="4; url={order}?looked=2"' in waiting
    assert f"url={order}/return?looked=5" in (await client.get(f"{order}?looked=4")).text
    assert (await client.get(f"{order}/return?looked=5")).headers["location"] == f"{order}?looked=5"
    assert "refresh" not in (await client.get(f"{order}?looked=90")).text
    code = re.search(r'href="http://yiji.test(/practice/wechat/\w+)"', waiting)
    assert code
    elsewhere = await send_form(client, f"{order}/pay", seen_on=order, provider="stripe")
    assert (elsewhere.status_code, "换一种方式付" in elsewhere.text) == (409, True)
    await send_form(client, code[1], seen_on=code[1], outcome="declined")
    assert "零钱不够" in (await client.get(code[1])).text
    assert (await send_form(client, code[1], seen_on=code[1], outcome="x")).status_code == 422
    await send_form(client, code[1], seen_on=code[1], outcome="paid")
    await client.get(f"{order}/return")
    await run_due_jobs()
    assert "钱已经收到" in (await client.get(order)).text
    done = (await client.get(code[1], params={"redirect_url": "http://evil.test/"})).text
    assert ("已经付过了" in done, 'href="http://evil' in done) == (True, False)


async def test_another_way_is_chosen_once_the_first_is_closed(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, phone: str
) -> None:
    await connect_wechat(committee)
    order_id = await make_order(committee, payer)
    order, path = f"/orders/{order_id}", f"/api/v1/orders/{order_id}/payments"
    me = await bearer(client, phone)
    assert (await client.post(path, headers=me, params={"provider": "paypal"})).status_code == 409
    begun = await client.post(path, headers=me, params={"provider": "wechatpay"})
    await run_due_jobs()
    (there,) = (await client.get(path, headers=me)).json()
    assert (there["flow"], begun.json()["flow"]) == ("qr", "redirect")
    code = there["url"].rpartition("/")[2]
    assert (await client.get(f"/api/v1/practice/wechat/{code}")).json()["state"] == "open"
    assert (await client.post(path, headers=me, params={"provider": "stripe"})).status_code == 409
    await log_in(client, phone)
    left = await send_form(client, f"{order}/pay/leave", seen_on=order)
    assert left.headers["location"] == f"{order}?looked=1"
    await run_due_jobs()
    assert (await client.post(f"{path}/leave", headers=me)).json()[0]["state"] == "expired"
    late = await client.post(f"/api/v1/practice/wechat/{code}", json={"outcome": "paid"})
    assert late.status_code == 409
    assert (await client.post(path, headers=me, params={"provider": "stripe"})).status_code == 201


async def test_a_phone_goes_to_wechats_page_and_its_address_is_forgotten(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, phone: str
) -> None:
    await connect_wechat(committee)
    order_id = await make_order(committee, payer)
    order = f"/orders/{order_id}"
    await log_in(client, phone)
    client.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 14) Mobile"
    await send_form(client, f"{order}/pay", seen_on=order, provider="wechatpay")
    (begun,) = await queries.attempts(order_id)
    assert (begun.device, begun.payer_hint) == ("phone", "127.0.0.1")
    await run_due_jobs()
    (opened,) = await queries.attempts(order_id)
    assert (opened.flow, opened.payer_hint) == ("redirect", "")
    link = re.search(r'href="http://yiji.test(/practice/wechat/[^"]+)"', (await client.get(order)).text)
    assert link
    assert f"{load().public_url}{order}/return" in (await client.get(link[1].replace("&amp;", "&"))).text


async def test_in_wechats_browser_its_own_window_opens(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIJI_PUBLIC_URL", "http://yiji.test")
    await connect_wechat(committee)
    order_id = await make_order(committee, payer)
    order = f"/orders/{order_id}"
    await log_in(client, phone)
    client.headers["user-agent"] = "Mozilla/5.0 (iPhone) Mobile MicroMessenger/8.0"
    link = re.search(r'href="([^"]+/connect/oauth2/authorize[^"]+)"', (await client.get(order)).text)
    assert link
    address = html.unescape(link[1])
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["state"][0]
    code = come_back(address, f"http://yiji.test{order}/payer/wechatpay", state)
    path = f"{order}/payer/wechatpay"
    assert (await client.get(path, params={"code": code, "state": "of another"})).status_code == 422
    assert await queries.attempts(order_id) == []
    began = await client.get(path, params={"code": code, "state": state})
    assert (began.status_code, began.headers["location"]) == (303, f"{order}?looked=1")
    await run_due_jobs()
    page = (await client.get(order)).text
    assert "data-wechat=" in page
    assert "/static/wechat.js" in page
    assert "refresh" not in page
    (there,) = await queries.attempts(order_id)
    assert (there.flow, there.payer_hint) == ("jsapi", "")
