"""The journey on pages: each form does its step; what is refused comes back filled in, with its reason."""

import re
from datetime import timedelta

import httpx
import pytest

from core import clock
from core.database import fetch_value
from core.funds import services
from core.funds.queries import requests
from core.funds.rules import states
from tests.core.funds.world import (
    ALL,
    FundWorld,
    ask,
    give,
    held,
    make_fund_world,
    paid,
    report,
    three_gifts,
    vote,
)
from tests.factories import new_phone
from tests.web.visitors import form_token, log_in, send_form

WHO = ("head", "treasurer", "payer", "checker", "asker", "donor", "member0")
PAPER = {"file": ("发票.pdf", b"%PDF-1.4\n% invoice", "application/pdf")}


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in WHO}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    made = await make_fund_world(phones)
    await three_gifts(made)
    return made


async def sign_in(client: httpx.AsyncClient, phone: str) -> None:
    """As somebody else than before."""
    client.cookies.clear()
    await log_in(client, phone)


def gift_form(**changes: str) -> dict[str, str]:
    known = {
        "amount": "12.34",
        "received_on": clock.today().isoformat(),
        "receipt_no": "S-9",
        "method": "cash",
        "display": "name",
        "donor_name": "施样人",
    }
    return known | changes


async def test_everybody_sees_a_fund_its_picture_and_its_quarter(
    client: httpx.AsyncClient, world: FundWorld
) -> None:
    await paid(world)
    listed = await client.get("/funds?words=样里")
    assert "测样基金会样里微基金" in listed.text
    shown = (await client.get(f"/funds/{world.fund}")).text
    assert 'class="fundflow"' in shown
    assert "暑期四点半课堂" in shown
    assert "四点半课堂 → 还没有用：38.00 元" in shown
    for page in ("gifts", "uses"):
        assert (await client.get(f"/funds/{world.fund}/{page}")).status_code == 200
    gifts = (await client.get(f"/funds/{world.fund}/gifts")).text
    assert "样里邻居" in gifts
    assert "施样人" not in gifts
    sheet = await client.get(f"/funds/{world.fund}/publication.csv")
    assert sheet.headers["content-type"].startswith("text/csv")
    lines = sheet.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "用途,期初 (元),收入 (元),支出 (元),用途调整 (元),期末 (元)"
    assert lines[1] == "四点半课堂,0,100,62,0,38"


async def test_what_is_not_there_is_said_so(client: httpx.AsyncClient, world: FundWorld) -> None:
    for path in ("/funds/999", "/funds/999/gifts", "/funds/999/uses", "/funds/999/publication.csv"):
        assert (await client.get(path)).status_code == 404
    assert "没有这样的基金。" in (await client.get("/funds?words=没有")).text
    assert (await client.get(f"/funds/{world.fund}?quarter=rubbish")).status_code == 200


async def test_the_treasurer_records_a_gift_and_gets_its_acknowledgement(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await sign_in(client, phones["treasurer"])
    form = f"/funds/{world.fund}/gifts/new"
    sent = await send_form(client, f"/funds/{world.fund}/gifts", seen_on=form, **gift_form())
    assert sent.status_code == 303
    shown = (await client.get(sent.headers["location"])).text
    assert "12.34" in shown
    code = await fetch_value("select trace_code from fund_gift where receipt_no = 'S-9'")
    assert code in shown
    again = await send_form(client, f"/funds/{world.fund}/gifts", seen_on=form, **gift_form(amount="12.35"))
    assert again.status_code == 409
    assert "收据号 S-9 已经用过" in again.text
    assert 'value="12.35"' in again.text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": "很多"}, "只写数字，例如 100.00"),
        ({"amount": "0"}, "只写数字，例如 100.00"),
        ({"received_on": "2999-01-01"}, "收到的日期不能晚于今天"),
        ({"received_on": "昨天"}, "日期写成 2026-12-31 这样"),
        ({"donor_name": ""}, "不匿名的捐赠要写捐赠人姓名"),
        ({"display": "nickname"}, "请写要公示的昵称"),
        ({"display": ""}, "请填写这一项"),
        ({"purpose_id": "999"}, "请选择这支基金的一个用途"),
        ({"donor_phone": "13999999999"}, "没有这个手机号和姓名的居民"),
        ({"donor_phone": "12"}, "手机号是 11 位数字"),
    ],
)
async def test_a_gift_that_cannot_be_is_refused_beside_its_field(
    client: httpx.AsyncClient,
    world: FundWorld,
    phones: dict[str, str],
    changes: dict[str, str],
    reason: str,
) -> None:
    await sign_in(client, phones["treasurer"])
    form = f"/funds/{world.fund}/gifts/new"
    sent = await send_form(client, f"/funds/{world.fund}/gifts", seen_on=form, **gift_form(**changes))
    assert sent.status_code == 422
    field = next(iter(changes))
    asked = {"donor_name": "donor_name", "display": "nickname" if changes.get("display") else "display"}
    assert f'id="{asked.get(field, field)}-reason"' in sent.text
    assert reason in sent.text
    assert 'value="S-9"' in sent.text
    assert await fetch_value("select count(*) from fund_gift") == 3


async def test_a_gift_finds_its_donors_account(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await sign_in(client, phones["treasurer"])
    fields = gift_form(donor_name=world.donor.name, donor_phone=phones["donor"])
    await send_form(client, f"/funds/{world.fund}/gifts", seen_on=f"/funds/{world.fund}/gifts/new", **fields)
    await sign_in(client, phones["donor"])
    mine = (await client.get("/gifts/mine")).text
    assert "您的 12.34 元" in mine
    assert "您的 100.00 元" in mine
    assert "您的 50.00 元" not in mine


async def test_a_code_shows_what_became_of_a_gift_to_whoever_has_it(
    client: httpx.AsyncClient, world: FundWorld
) -> None:
    await paid(world, 12000)
    code = await fetch_value("select trace_code from fund_gift where receipt_no = 'S-2'")
    shown = (await client.get(f"/gifts/trace?code={code}")).text
    assert "您的 50.00 元" in shown
    assert re.search(r"用于“暑期四点半课堂”.*20\.00.*还没有用.*30\.00", shown, re.DOTALL)
    assert "施样人" not in shown
    wrong = await client.get("/gifts/trace?code=wrong")
    assert wrong.status_code == 404
    assert "没有找到这笔捐赠，请核对回执上的查询码" in wrong.text
    assert 'value="wrong"' in wrong.text


async def test_a_donor_reads_what_part_of_the_gift_is_used_and_with_which_voucher(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    """您的 100 元：62 元用于…，38 元还没有用。"""
    request_id = await paid(world, 6200)
    await sign_in(client, phones["donor"])
    shown = (await client.get("/gifts/mine")).text
    assert "您的 100.00 元" in shown
    assert re.search(r"用于“暑期四点半课堂”.*62\.00.*还没有用.*38\.00", shown, re.DOTALL)
    assert "凭证应在" in shown
    await report(world, request_id)
    shown = (await client.get("/gifts/mine")).text
    assert "凭证 V-1" in shown
    assert "四十个孩子上了课" in shown


async def test_whoever_votes_sees_first_who_has_an_interest(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    found = await requests.request(await ask(world))
    await sign_in(client, phones["member0"])
    for path in (f"/funds/requests/{found.id}", f"/approvals/{found.approval_id}"):
        shown = (await client.get(path)).text
        assert "在申请用款的组织任职" in shown
        assert "管委会成员在收款组织任职" in shown or path.startswith("/approvals")
    assert await fetch_value("select count(*) from approval_vote") == 0


async def test_what_waits_for_somebody_stands_first_on_the_desk(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    request_id = await paid(world)
    await ask(world)
    await sign_in(client, phones["asker"])
    desk = (await client.get("/funds/desk")).text
    waits = desk.index("请交用款凭证：暑期四点半课堂")
    assert desk.index("等您办的") < waits < desk.index("用款申请")
    assert "已过期" not in desk
    with clock.frozen(clock.now() + timedelta(days=31)):
        await sign_in(client, phones["asker"])
        assert "已过期" in (await client.get("/funds/desk")).text
    await report(world, request_id)
    assert "等您办的" not in (await client.get("/funds/desk")).text


async def test_a_large_gift_waits_for_the_second_person(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    gift = await give(world, 600000, "S-9")
    await sign_in(client, phones["payer"])
    assert (await client.get("/funds/desk")).text.count(f'href="/gifts/{gift}"') == 1
    sent = await send_form(client, f"/gifts/{gift}/confirm", seen_on=f"/gifts/{gift}")
    assert sent.status_code == 303
    assert "已入账" in (await client.get(f"/gifts/{gift}")).text


async def test_a_request_that_cannot_be_is_refused_until_it_can(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await sign_in(client, phones["asker"])
    wanted = {"organization_id": str(world.community), "title": "课堂", "purpose_id": str(world.children)}
    at = f"/funds/{world.fund}"
    bad = await send_form(client, f"{at}/requests", seen_on=f"{at}/ask", **wanted, lines="绘本")
    assert bad.status_code == 422
    assert "第 1 行要写成“做什么 金额”" in bad.text
    dear = await send_form(client, f"{at}/requests", seen_on=f"{at}/ask", **wanted, lines="绘本 151")
    assert dear.status_code == 409
    assert "这个用途现在只有 150.00 元可用" in dear.text
    assert "绘本 151</textarea>" in dear.text
    sent = await send_form(client, f"{at}/requests", seen_on=f"{at}/ask", **wanted, lines="绘本 62")
    path = sent.headers["location"]
    assert "有一位成员回避：在申请用款的组织任职" in (await client.get(path)).text


async def test_the_whole_way_from_the_check_to_the_voucher(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    request_id = await ask(world)
    path = f"/funds/requests/{request_id}"
    await vote(world, request_id)
    await sign_in(client, phones["checker"])
    some = await send_form(client, f"{path}/check", seen_on=path, budget="on")
    assert some.status_code == 422
    assert "四项都核对过才能通过" in some.text
    unaware = await send_form(client, f"{path}/check", seen_on=path, **dict.fromkeys(ALL, "on"))
    assert "收款方有关联提醒，继续办理要写明为什么" in unaware.text
    said = {"aware": "他没有表决", **dict.fromkeys(ALL, "on")}
    done = await send_form(client, f"{path}/check", seen_on=path, **said)
    assert done.status_code == 303

    await sign_in(client, phones["treasurer"])
    await send_form(client, f"{path}/prepare", seen_on=path, payment_no="P-1")
    assert "已经制单，等另一位复核付款。" in (await client.get(path)).text
    await sign_in(client, phones["payer"])
    why = await send_form(client, f"{path}/send-back", seen_on=path, reason="")
    assert why.status_code == 422
    assert "<details open>" in why.text
    await send_form(client, f"{path}/sign", seen_on=path, aware="价格合理")

    await sign_in(client, phones["asker"])
    told = {"voucher_no": "V-1", "result": "四十个孩子上了课"}
    token = {"form_token": form_token((await client.get(path)).text)}
    without = await client.post(f"{path}/voucher", data={**token, **told})
    assert without.status_code == 422
    assert "四十个孩子上了课</textarea>" in without.text
    brought = await client.post(f"{path}/voucher", data={**token, **told}, files=PAPER)
    assert brought.status_code == 303
    assert (await requests.request(request_id)).state == states.REPORTED
    for who, sees in (("donor", True), ("payer", True)):
        await sign_in(client, phones[who])
        assert ("发票.pdf" in (await client.get(path)).text) is sees
    client.cookies.clear()
    everybody = (await client.get(path)).text
    assert "四十个孩子上了课" in everybody
    assert "发票.pdf" not in everybody


async def test_before_money_is_set_aside_a_request_is_not_for_everybody(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    request_id = await ask(world)
    assert (await client.get(f"/funds/requests/{request_id}")).status_code == 404
    await sign_in(client, phones["donor"])
    assert (await client.get(f"/funds/requests/{request_id}")).status_code == 404
    await sign_in(client, phones["member0"])
    assert "去表决" in (await client.get(f"/funds/requests/{request_id}")).text


async def test_money_that_is_not_needed_goes_back(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    path = f"/funds/requests/{await held(world)}"
    await sign_in(client, phones["treasurer"])
    sent = await send_form(client, f"{path}/release", seen_on=path, reason="课堂不办了")
    assert sent.status_code == 303
    shown = (await client.get(path)).text
    assert "不再用款，钱已退回基金" in shown
    assert "理由：课堂不办了" in shown


async def test_a_fund_is_set_up_step_by_step(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await sign_in(client, phones["head"])
    wanted = {"organization_id": str(world.foundation), "name": "样新微基金"}
    bad = await send_form(client, "/funds", seen_on="/funds/new", **wanted)
    assert bad.status_code == 422
    assert "基金的全称要以“测样基金会”开头" in bad.text
    made = await send_form(
        client, "/funds", seen_on="/funds/new", **(wanted | {"name": "测样基金会样新微基金"})
    )
    setup = made.headers["location"]
    at = setup.removesuffix("/setup")
    early = await send_form(client, f"{at}/open", seen_on=setup)
    assert early.status_code == 409
    assert "至少要有一个用途，基金才能开放" in early.text
    await send_form(client, f"{at}/purposes", seen_on=setup, title="助学")
    stranger = await send_form(client, f"{at}/members", seen_on=setup, phone=phones["donor"], name="别人")
    assert stranger.status_code in (404, 422)
    await send_form(client, f"{at}/members", seen_on=setup, phone=phones["donor"], name=world.donor.name)
    await send_form(client, f"{at}/open", seen_on=setup)
    shown = (await client.get(setup)).text
    assert world.donor.name in shown
    (seat,) = re.findall(rf'<option value="(\d+)"[^>]*>{world.donor.name}', shown)
    silent = await send_form(client, f"{at}/members/end", seen_on=setup, seat_id=seat, seat_reason=" ")
    assert 'id="seat_reason-reason"' in silent.text
    await send_form(client, f"{at}/members/end", seen_on=setup, seat_id=seat, seat_reason="换届")
    assert world.donor.name not in (await client.get(setup)).text
    assert "开放" in shown
    assert "样新" in (await client.get("/api/v1/search?q=样新")).text


async def test_a_neighbours_officers_cannot_touch_the_fund(
    client: httpx.AsyncClient, world: FundWorld
) -> None:
    phones = {who: new_phone() for who in ("head", "treasurer", "checker")}
    other = await make_fund_world(phones, name="旁样基金会")
    await sign_in(client, phones["treasurer"])
    assert (await client.get(f"/funds/{world.fund}/gifts/new")).status_code == 403
    token = form_token((await client.get(f"/funds/{other.fund}/gifts/new")).text)
    sent = await client.post(f"/funds/{world.fund}/gifts", data={"form_token": token, **gift_form()})
    assert sent.status_code == 403
    await sign_in(client, phones["head"])
    assert (await client.get(f"/funds/{world.fund}/setup")).status_code == 403
    request_id = await ask(world)
    await vote(world, request_id)
    await sign_in(client, phones["checker"])
    assert (await client.get(f"/funds/requests/{request_id}")).status_code == 404


async def test_a_late_voucher_is_red(client: httpx.AsyncClient, world: FundWorld) -> None:
    request_id = await paid(world)
    assert "凭证逾期" not in (await client.get(f"/funds/requests/{request_id}")).text
    await fetch_value(
        "update fund_request set voucher_due_on = current_date - 2 where id = $1 returning id", request_id
    )
    shown = (await client.get(f"/funds/requests/{request_id}")).text
    assert '<span class="badge bad">凭证逾期</span>' in shown
    assert '<span class="badge bad">凭证逾期</span>' in (await client.get(f"/funds/{world.fund}")).text


async def test_the_same_in_english(client: httpx.AsyncClient, world: FundWorld) -> None:
    await services.stop_gifts(world.fund, actor=world.head)
    english = {"accept-language": "en"}
    shown = (await client.get(f"/funds/{world.fund}", headers=english)).text
    assert "Where the money comes from and goes to" in shown
    assert "Closing" in shown


async def test_unused_money_comes_back_on_pages(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    path = f"/funds/requests/{await paid(world)}"

    async def book(amount: str) -> httpx.Response:
        token = {"form_token": form_token((await client.get(path)).text)}
        told = {"amount": amount, "slip_no": "T-1", "payback_reason": "书便宜了"}
        return await client.post(f"{path}/payback", data={**token, **told}, files={"slip": PAPER["file"]})

    await sign_in(client, phones["treasurer"])
    wrong = await book("62.01")
    assert wrong.status_code == 422
    assert "最多退回 62.00 元" in wrong.text
    assert (await book("12")).status_code == 303
    await sign_in(client, phones["payer"])
    await send_form(client, f"{path}/payback/sign", seen_on=path)
    client.cookies.clear()
    assert "付了 62.00 元，实际用了 50.00 元" in (await client.get(path)).text
