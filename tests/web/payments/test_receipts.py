"""The receipt of a paid order: printed for its household and the treasurer, and for nobody else."""

import httpx
import pytest

from core.database import fetch_value
from core.payments.services import take_at_counter
from plugins.garden import services
from tests.core.documents.test_printing import pages
from tests.factories import PASSWORD, Committee, make_committee, make_garden, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee(treasurer_phone=new_phone())


@pytest.fixture
async def phone(committee: Committee) -> str:
    return new_phone()


@pytest.fixture
async def order_id(committee: Committee, phone: str) -> int:
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id, name="孙种菜", phone=phone, password=PASSWORD)
    return await services.claim_plot(plots[0], agreed=True, actor=resident)


async def pay(order_id: int, committee: Committee) -> None:
    await take_at_counter(order_id, amount_fen=3500, receipt_no="A-7", actor=committee.treasurer)


async def printed() -> str:
    await run_due_jobs()
    (text,) = pages(await fetch_value("select content from stored_file where name like '缴费凭条%.pdf'"))
    return text


async def test_a_resident_gets_the_receipt_of_a_paid_order(
    client: httpx.AsyncClient, committee: Committee, phone: str, order_id: int
) -> None:
    await pay(order_id, committee)
    await log_in(client, phone)
    path = f"/orders/{order_id}"
    answer = await send_form(client, f"{path}/receipt", seen_on=path)
    assert answer.headers["location"].startswith("/jobs/")
    text = await printed()
    for words in (
        f"缴费单号 {order_id}",
        "收款方 测试自管会",
        "缴款人 孙种菜",
        "金额大写 叁拾伍元整",
        "付款方式 现金",
        "收据号 A-7",
        "经手人 钱出纳",
        "非财政票据",
        "地块认领费 测试菜园 1 号 30.00",
        f"/orders/{order_id}",
    ):
        assert words in text, words
    assert "缴费凭条" in (await client.get(answer.headers["location"])).text


async def test_before_it_is_paid_there_is_no_button_and_a_refusal_in_words(
    client: httpx.AsyncClient, phone: str, order_id: int
) -> None:
    await log_in(client, phone)
    assert "/receipt" not in (await client.get(f"/orders/{order_id}")).text
    answer = await send_form(client, f"/orders/{order_id}/receipt", seen_on="/password")
    assert answer.status_code == 409
    assert "缴费之后才有凭条" in answer.text
    refused = await client.post(f"/api/v1/orders/{order_id}/receipt", headers=await bearer(client, phone))
    assert refused.status_code == 409
    assert await fetch_value("select count(*) from job where name = 'core.print_receipt'") == 0


async def test_a_treasurer_of_the_payee_may_have_it_and_a_stranger_may_not(
    client: httpx.AsyncClient, committee: Committee, order_id: int
) -> None:
    await pay(order_id, committee)
    other = new_phone()
    await make_committee(treasurer_phone=other)
    path = f"/api/v1/orders/{order_id}/receipt"
    assert (await client.post(path, headers=await bearer(client, other))).status_code == 404
    treasurers = await fetch_value("select phone from person where id = $1", committee.treasurer.person_id)
    headers = await bearer(client, treasurers) | {"accept-language": "en"}
    answer = await client.post(path, headers=headers)
    assert answer.status_code == 202
    await run_due_jobs()
    (text,) = pages(await fetch_value("select content from stored_file"))
    assert "Not a fiscal receipt" in text
    assert "Amount in words 叁拾伍元整" in text
