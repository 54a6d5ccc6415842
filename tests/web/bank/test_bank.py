"""Bank transfers on the pages and for programs: from the payer's code to what the treasurer decides."""

import base64

import httpx
import pytest

from core.database import fetch, fetch_value
from core.payments import queries
from core.payments.rules import transfer_code
from core.people.rules import Actor
from core.people.services import grant_role
from tests.core.payments.bank import lines, open_bank_account, row, statement, take
from tests.core.payments.orders import make_order
from tests.factories import PASSWORD, Committee, make_committee, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_file, send_form
from workers.drain import run_due_jobs

_DESK = "/counter/bank"
_COLUMNS = {
    "header_line": "2", "day": "交易日期", "income": "收入金额", "name": "对方户名", "account": "对方账号",
    "remark": "附言", "serial": "交易流水号",
}  # fmt: skip


@pytest.fixture
async def desk() -> str:
    return new_phone()


@pytest.fixture
async def committee(db: str, desk: str) -> Committee:
    made = await make_committee(treasurer_phone=desk)
    await open_bank_account(made)
    return made


@pytest.fixture
async def phone() -> str:
    return new_phone()


@pytest.fixture
async def payer(committee: Committee, phone: str) -> Actor:
    return await make_resident(committee.region_id, phone=phone, password=PASSWORD)


async def test_from_the_payers_code_to_a_paid_order(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, desk: str, phone: str
) -> None:
    order_id = await make_order(committee, payer)
    order, code = f"/orders/{order_id}", transfer_code(order_id)
    await log_in(client, phone)
    shown = (await client.get(order)).text
    assert "看账号和附言" in shown
    assert "1234" not in shown
    assert (await send_form(client, f"{order}/transfer", seen_on=order)).status_code == 303
    shown = (await client.get(order)).text
    assert code in shown
    assert "6222 0000 0000 1234" in shown
    client.cookies.clear()
    await log_in(client, desk)
    own = {"organization_id": str(committee.id)}
    rows = row("A1", "35.00", remark=code, name="张测试"), row("A2", "8.88", name="不知名", remark="祝好")
    file = ("流水.csv", statement(*rows, encoding="gb18030").content)
    sent = await send_file(client, _DESK, "file", file, seen_on=_DESK, **own)
    page = sent.headers["location"]
    shown = (await client.get(page)).text
    assert "前几行会读成" in shown
    assert "不知名" in shown
    wrong = await send_form(client, f"{page}/columns", seen_on=page, **(_COLUMNS | {"income": "交易日期"}))
    assert wrong.status_code == 422
    assert "一列不能当两样用" in wrong.text
    assert (await send_form(client, f"{page}/columns", seen_on=page, **_COLUMNS)).status_code == 303
    await run_due_jobs()
    assert "导入这 2 笔" in (await client.get(page)).text
    assert (await send_form(client, page, seen_on=page, credits="2")).status_code == 303
    await run_due_jobs()
    assert "已导入 2 笔，其中 1 笔自动记到缴费单" in (await client.get(page)).text
    shown = (await client.get(_DESK)).text
    assert "不知名" in shown
    assert "附言里没有缴费单的转账编号" in shown
    assert (await queries.payment(order_id)).channel == "bank"
    assert "从银行退，可退 35.00 元" in (await client.get(f"/counter/{order_id}")).text
    again = await send_file(client, _DESK, "file", file, seen_on=_DESK, **own)
    assert again.headers["location"] == page


async def test_every_decision_about_a_line_has_its_button_and_its_refusal(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, desk: str
) -> None:
    order_id = await make_order(committee, payer)
    await take(committee, row("A1", "35.00", name="张测试"), row("A2", "1.00"))
    suggested, other = await lines(committee)
    await log_in(client, desk)
    one, two = (f"{_DESK}/lines/{line.id}" for line in (suggested, other))
    assert f"记到缴费单 {order_id}" in (await client.get(one)).text
    wrong = await send_form(client, f"{two}/order", seen_on=two, order_id=str(order_id))
    assert wrong.status_code == 422
    assert "这笔到账 1.00 元，缴费单应缴 35.00 元" in wrong.text
    assert (await send_form(client, f"{one}/order", seen_on=one, order_id=str(order_id))).status_code == 303
    assert (await send_form(client, f"{two}/return", seen_on=two)).status_code == 303
    empty = await send_form(client, f"{two}/returned", seen_on=two, sent_back_no="")
    assert empty.status_code == 422
    await send_form(client, f"{two}/undo", seen_on=two, reason="先不退")
    late = await send_form(client, f"{two}/returned", seen_on=two, sent_back_no="R1")
    assert late.status_code == 409
    await send_form(client, f"{two}/not-ours", seen_on=two)
    await send_form(client, f"{one}/undo", seen_on=one, reason="不是这一家")
    states = [(line.state, line.reason) for line in await lines(committee)]
    assert states == [("waiting", "undone"), ("not_ours", "undone")]


async def test_nobody_else_sees_or_decides(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, desk: str, phone: str
) -> None:
    await take(committee, row("A1", "1.00"))
    (line,) = await lines(committee)
    other = new_phone()
    await make_committee(treasurer_phone=other)
    await log_in(client, other)
    assert (await client.get(f"{_DESK}/lines/{line.id}")).status_code == 404
    seen_on = {"seen_on": _DESK}
    assert (await send_form(client, f"{_DESK}/lines/{line.id}/not-ours", **seen_on)).status_code == 404
    exported = await send_form(
        client, f"{_DESK}/export", organization_id=str(committee.id), format="csv", seen_on=_DESK
    )
    assert exported.status_code == 404
    client.cookies.clear()
    await log_in(client, phone)
    assert (await client.get(_DESK)).status_code == 403
    assert (await client.get(f"{_DESK}/lines/{line.id}")).status_code == 404


async def test_a_program_does_the_same(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, desk: str, phone: str
) -> None:
    order_id = await make_order(committee, payer)
    as_payer, api = await bearer(client, phone), "/api/v1"
    told = (await client.post(f"{api}/orders/{order_id}/transfer", headers=as_payer)).json()
    assert (told["number"], told["code"]) == ("6222000000001234", transfer_code(order_id))
    dropped = await client.post(f"{api}/orders/{order_id}/transfer/drop", headers=as_payer)
    assert dropped.status_code == 204
    headers = await bearer(client, desk)
    content = base64.b64encode(statement(row("A1", "35.00", remark=told["code"])).content).decode()
    sent = {"organization_id": committee.id, "file": {"name": "a.csv", "content": content}}
    answer = await client.post(f"{api}{_DESK}/statements", json=sent, headers=headers)
    path = f"{api}{_DESK}/statements/{answer.json()['statement_id']}"
    columns = _COLUMNS | {"header_line": 2}
    assert (await client.post(f"{path}/columns", json=columns, headers=headers)).status_code == 202
    await run_due_jobs()
    assert (await client.get(path, headers=headers)).json()["credits"] == 1
    assert (
        await client.post(f"{path}/confirmation", json={"credits": 1}, headers=headers)
    ).status_code == 202
    await run_due_jobs()
    [line] = (await client.get(f"{api}{_DESK}/lines", headers=headers)).json()
    assert (line["state"], line["order_id"]) == ("booked", order_id)
    undone = await client.post(
        f"{api}{_DESK}/lines/{line['id']}/undo", json={"reason": "不是"}, headers=headers
    )
    assert undone.json()["state"] == "waiting"
    asked = {"organization_id": committee.id, "format": "csv"}
    exported = await client.post(f"{api}{_DESK}/lines/export", json=asked, headers=headers)
    await run_due_jobs()
    job = (await client.get(f"{api}/jobs/{exported.json()['job_id']}", headers=headers)).json()
    assert job["state"] == "done"
    assert (await queries.order(order_id)).state == "paid"


async def test_a_wrong_file_can_be_dropped_until_it_is_taken_over(
    client: httpx.AsyncClient, committee: Committee, payer: Actor, desk: str, phone: str
) -> None:
    await log_in(client, desk)
    own = {"organization_id": str(committee.id)}
    file = ("流水.csv", statement(row("A1", "35.00")).content)
    page = (await send_file(client, _DESK, "file", file, seen_on=_DESK, **own)).headers["location"]
    number = page.rpartition("/")[2]
    stranger = await bearer(client, phone)
    assert (await client.post(f"/api/v1{page}/drop", headers=stranger)).status_code == 403
    dropped = await send_form(client, f"{page}/drop", seen_on=page)
    assert (dropped.status_code, dropped.headers["location"]) == (303, _DESK)
    assert (await client.get(page)).status_code == 404
    told = await fetch("select action from audit_event where subject_id = $1 order by id", int(number))
    assert [one["action"] for one in told][-2:] == ["bank_statement.sent", "bank_statement.dropped"]
    page = (await send_file(client, _DESK, "file", file, seen_on=_DESK, **own)).headers["location"]
    await send_form(client, f"{page}/columns", seen_on=page, **_COLUMNS)
    await run_due_jobs()
    await send_form(client, page, seen_on=page, credits="1")
    treasurer = await bearer(client, desk)
    for _ in ("being taken over", "taken over"):
        refused = await client.post(f"/api/v1{page}/drop", headers=treasurer)
        assert (refused.status_code, refused.json()["detail"]) == (
            409,
            "这份流水正在处理或已经导入，不能删除",
        )
        await run_due_jobs()
    assert await fetch_value("select count(*) from payment_bank_line") == 1


async def test_whoever_else_takes_money_there_sees_how_far_it_is_and_may_drop_what_failed(
    client: httpx.AsyncClient, committee: Committee, desk: str
) -> None:
    other = new_phone()
    second = await make_resident(committee.region_id, phone=other, password=PASSWORD)
    await grant_role(second.person_id, "core.treasurer", committee.ref, actor_id=None)
    await log_in(client, desk)
    own = {"organization_id": str(committee.id)}
    file = ("流水.csv", statement(row("A1", "35.00")).content)
    page = (await send_file(client, _DESK, "file", file, seen_on=_DESK, **own)).headers["location"]
    await send_form(client, f"{page}/columns", seen_on=page, **_COLUMNS)
    client.cookies.clear()
    await log_in(client, other)
    assert "正在看每一行" in (await client.get(page)).text
    assert (await send_form(client, f"{page}/drop", seen_on=_DESK)).status_code == 409
    await fetch("update job set state = 'failed', finished_at = now() where name = 'core.judge_statement'")
    shown = (await client.get(page)).text
    assert "请删除这份流水再上传一次" in shown
    assert (await send_form(client, f"{page}/drop", seen_on=page)).status_code == 303
    again = await send_file(client, _DESK, "file", file, seen_on=_DESK, **own)
    assert again.headers["location"] != page
