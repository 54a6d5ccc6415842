"""The ways to pay a gift on its page: by transfer, inside WeChat, on a phone, at a desk; by strangers."""

import html
import re
import urllib.parse
from collections.abc import Iterator

import httpx
import pytest

from core import clock
from core.payments import queries
from core.payments.rules import transfer_code
from core.people.services import grant_role
from core.reference import Ref
from tests.core.funds.online import given, promise, take_online
from tests.core.funds.world import FundWorld, make_fund_world
from tests.core.payments.bank import open_bank_account, row, take
from tests.core.payments.stand_in import Cashier, cashier, come_back, connect_wechat
from tests.factories import PASSWORD, Committee, make_resident, new_phone
from tests.web.visitors import form_token, log_in, send_form
from workers.drain import run_due_jobs

PHONE = "Mozilla/5.0 (Linux; Android 14) Mobile"
TREASURER = "core.treasurer"
WECHAT = "Mozilla/5.0 (iPhone) Mobile MicroMessenger/8.0"


@pytest.fixture
def stand_in(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        monkeypatch.setenv("YIJI_PUBLIC_URL", "http://yiji.test")
        yield running


@pytest.fixture
async def world(stand_in: Cashier) -> FundWorld:
    return await make_fund_world()


@pytest.fixture
async def payee(world: FundWorld) -> Committee:
    made = await take_online(world)
    await connect_wechat(made)
    return made


async def test_in_wechats_browser_a_stranger_pays_in_its_own_window(
    client: httpx.AsyncClient, world: FundWorld, payee: Committee, stand_in: Cashier
) -> None:
    gift = await promise(world)
    order_id, path = gift.order_id or 0, f"/giving/{gift.trace_code}"
    client.headers["user-agent"] = WECHAT
    link = re.search(r'href="([^"]+/connect/oauth2/authorize[^"]+)"', (await client.get(path)).text)
    assert link
    address = html.unescape(link[1])
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["state"][0]
    back = f"{path}/payer/wechatpay"
    code = come_back(address, f"http://yiji.test{back}", state)
    assert (await client.get(back, params={"code": code, "state": "of another"})).status_code == 422
    assert (await client.get("/giving/unknown/payer/wechatpay", params={"state": state})).status_code == 404
    other = await promise(world)
    elsewhere = f"/giving/{other.trace_code}/payer/wechatpay"
    assert (await client.get(elsewhere, params={"code": code, "state": state})).status_code == 422
    assert await queries.attempts(order_id) == []
    began = await client.get(back, params={"code": code, "state": state})
    assert (began.status_code, began.headers["location"]) == (303, f"{path}?looked=1")
    await run_due_jobs()
    shown = (await client.get(path)).text
    assert "data-wechat=" in shown
    assert f'data-back="{path}/return"' in shown
    assert "refresh" not in shown
    (there,) = await queries.attempts(order_id)
    assert (there.device, there.flow, there.payer_hint) == ("wechat", "jsapi", "")


@pytest.mark.parametrize(
    ("browser", "device", "flow"), [(PHONE, "phone", "redirect"), ("Mozilla/5.0 (X11)", "desktop", "qr")]
)
async def test_elsewhere_wechat_opens_its_page_or_shows_a_code(
    client: httpx.AsyncClient, world: FundWorld, payee: Committee, browser: str, device: str, flow: str
) -> None:
    gift = await promise(world)
    path = f"/giving/{gift.trace_code}"
    client.headers["user-agent"] = browser
    await send_form(client, f"{path}/pay", seen_on=path, provider="wechatpay")
    await run_due_jobs()
    (there,) = await queries.attempts(gift.order_id or 0)
    assert (there.device, there.flow, there.payer_hint) == (device, flow, "")


async def test_a_stranger_transfers_and_finds_the_gift_on_its_page(
    client: httpx.AsyncClient, world: FundWorld, payee: Committee
) -> None:
    await open_bank_account(payee)
    gift = await promise(world)
    path, code = f"/giving/{gift.trace_code}", transfer_code(gift.order_id or 0)
    before = (await client.get(path)).text
    assert "银行转账" in before
    assert code not in before
    assert "6222" not in before
    for _ in range(2):
        begun = await client.post(f"{path}/transfer", data={"form_token": form_token(before)})
        assert (begun.status_code, begun.headers["location"]) == (303, path)
    shown = (await client.get(path)).text
    assert code in shown
    assert "6222 0000 0000 1234" in shown
    assert "金额不同或没有编号的不会自动算数" in shown
    assert f"{path}/pay" not in shown
    api = await client.post(f"/api/v1{path}/transfer")
    assert (api.json()["code"], api.json()["amount_fen"]) == (code, 10_000)
    assert (await client.post("/api/v1/giving/unknown/transfer")).status_code == 404
    await client.post(f"{path}/transfer/drop", data={"form_token": form_token(shown)})
    assert f"{path}/pay" in (await client.get(path)).text
    await client.post(f"/api/v1{path}/transfer")
    await take(payee, row("A1", "100.00", remark=code, day=clock.today().strftime("%Y%m%d")))
    assert "钱已经到账，谢谢您！" in (await client.get(path)).text
    late = await client.post(f"{path}/transfer", data={"form_token": form_token(shown)})
    assert late.status_code == 409
    assert "已经缴过费" in late.text


async def test_the_treasurer_comes_from_the_gift_to_its_order(
    client: httpx.AsyncClient, world: FundWorld, payee: Committee, stand_in: Cashier
) -> None:
    gift = await given(world, stand_in)
    at, link = Ref("organization", world.foundation), f'href="/counter/{gift.order_id}"'
    for roles, is_linked in ((("core.fund_treasurer",), False), (("core.fund_treasurer", TREASURER), True)):
        phone = new_phone()
        person = await make_resident(payee.region_id, phone=phone, password=PASSWORD)
        for role in roles:
            await grant_role(person.person_id, role, at, actor_id=None)
        client.cookies.clear()
        await log_in(client, phone)
        page = await client.get(f"/gifts/{gift.id}")
        assert page.status_code == 200
        assert (link in page.text) is is_linked
