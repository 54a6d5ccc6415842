"""The counter on its pages: what a treasurer sees, and what is refused in words."""

import httpx
import pytest

from core.database import fetch_value
from core.people.services import grant_role
from plugins.garden import services
from tests.core.files.pictures import photo
from tests.core.payments.orders import make_order
from tests.factories import PASSWORD, Committee, make_committee, make_garden, make_resident, new_phone
from tests.web.visitors import bearer, form_token, log_in, send_file, send_form
from workers.drain import run_due_jobs


@pytest.fixture
async def phone() -> str:
    return new_phone()


@pytest.fixture
async def committee(db: str, phone: str) -> Committee:
    return await make_committee(treasurer_phone=phone)


@pytest.fixture
async def order_id(committee: Committee) -> int:
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id, name="孙种菜", phone=new_phone())
    return await services.claim_plot(plots[0], agreed=True, actor=resident)


async def test_the_queue_finds_an_order_by_number_name_and_phone(
    client: httpx.AsyncClient, phone: str, order_id: int
) -> None:
    await log_in(client, phone)
    digits = await fetch_value("select right(phone, 4) from person where name = '孙种菜'")
    for words in ("", str(order_id), "种", digits):
        assert "孙种菜" in (await client.get("/counter", params={"words": words})).text, words
    for words in ("没有的人", "%", "_", "\\", "0" * 40):
        page = await client.get("/counter", params={"words": words})
        assert page.status_code == 200
        assert "没有找到待缴的单子" in page.text, words


async def test_the_queue_shows_a_masked_phone(client: httpx.AsyncClient, phone: str, order_id: int) -> None:
    await log_in(client, phone)
    full = await fetch_value("select phone from person where name = '孙种菜'")
    page = (await client.get("/counter")).text
    assert full not in page
    assert f"{full[:3]}****{full[-4:]}" in page


@pytest.mark.parametrize(
    ("amount", "receipt_no", "reason"),
    [
        ("", "A1", "请填写这一项"),
        ("三十五", "A1", "只写数字，例如 35.00"),
        ("34.99", "A1", "应收 35.00 元"),
        ("35.01", "A1", "应收 35.00 元"),
        ("35", "", "请填写这一项"),
        ("35", "9" * 41, "收据号最多 40 个字"),
    ],
)
async def test_a_wrong_form_comes_back_with_its_reason_and_takes_nothing(
    client: httpx.AsyncClient, phone: str, order_id: int, amount: str, receipt_no: str, reason: str
) -> None:
    await log_in(client, phone)
    path = f"/counter/{order_id}"
    answer = await send_form(client, path, seen_on=path, amount=amount, receipt_no=receipt_no)
    assert answer.status_code == 422
    assert reason in answer.text
    assert f'value="{amount}"' in answer.text
    assert await fetch_value("select count(*) from payment") == 0


async def test_the_right_sum_is_taken_once_however_often_it_is_sent(
    client: httpx.AsyncClient, phone: str, order_id: int
) -> None:
    await log_in(client, phone)
    path = f"/counter/{order_id}"
    shown = (await client.get(path)).text
    for _ in range(2):
        answer = await client.post(
            path, data={"form_token": form_token(shown), "amount": "35.00", "receipt_no": "A1"}
        )
        assert answer.status_code == 303
    other = await client.post(
        path, data={"form_token": form_token(shown), "amount": "35", "receipt_no": "A2"}
    )
    assert other.status_code == 409
    assert "已经缴过费" in other.text
    assert await fetch_value("select count(*) from payment") == 1
    assert await fetch_value("select sum(balance) from ledger_balance where floor = 0") == 3500


async def test_a_treasurer_of_another_committee_sees_and_takes_nothing(
    client: httpx.AsyncClient, order_id: int
) -> None:
    stranger = new_phone()
    await make_committee(treasurer_phone=stranger)
    await log_in(client, stranger)
    assert "孙种菜" not in (await client.get("/counter")).text
    assert (await client.get(f"/counter/{order_id}")).status_code == 404
    answer = await send_form(client, f"/counter/{order_id}", seen_on="/", amount="35", receipt_no="A1")
    assert answer.status_code == 404
    assert (await client.get(f"/orders/{order_id}")).status_code == 404
    assert await fetch_value("select count(*) from payment") == 0


async def test_a_resident_has_no_counter(client: httpx.AsyncClient, committee: Committee) -> None:
    resident = new_phone()
    await make_resident(committee.region_id, phone=resident, password="correct horse")
    await log_in(client, resident)
    answer = await client.get("/counter")
    assert answer.status_code == 403
    assert "没有办理这件事的权限" in answer.text
    assert "/counter" not in (await client.get("/")).text


async def test_what_no_database_can_store_is_refused_or_left_out(
    client: httpx.AsyncClient, phone: str, order_id: int
) -> None:
    await log_in(client, phone)
    path = f"/counter/{order_id}"
    answer = await send_form(client, path, seen_on=path, amount="35", receipt_no="\x00A\x001")
    assert answer.status_code == 303
    assert await fetch_value("select receipt_no from payment") == "A1"


@pytest.mark.parametrize("amount", ["３５", "35元", "¥35", "35。00", " 35.0 "])
async def test_an_amount_is_understood_as_people_type_it(
    client: httpx.AsyncClient, phone: str, order_id: int, amount: str
) -> None:
    await log_in(client, phone)
    path = f"/counter/{order_id}"
    answer = await send_form(client, path, seen_on=path, amount=amount, receipt_no="A1")
    assert answer.status_code == 303


async def test_ones_own_order_is_refused_before_it_is_filled_in(
    client: httpx.AsyncClient, phone: str, committee: Committee
) -> None:
    _, plots = await make_garden(committee)
    order_id = await services.claim_plot(plots[0], agreed=True, actor=committee.treasurer)
    await log_in(client, phone)
    page = (await client.get(f"/counter/{order_id}")).text
    assert "请另一位出纳办理" in page
    assert 'name="receipt_no"' not in page


async def test_a_long_search_is_cut_and_finds_nothing(client: httpx.AsyncClient, phone: str) -> None:
    await make_committee(treasurer_phone=(other := new_phone()))
    await log_in(client, other)
    for words in ("长" * 500, "\x00", "a\x00b"):
        answer = await client.get("/counter", params={"words": words})
        assert answer.status_code == 200, words
    assert phone


async def test_much_money_is_recorded_with_its_evidence_and_confirmed_by_another(
    client: httpx.AsyncClient, phone: str, committee: Committee
) -> None:
    second_phone, payer_phone = new_phone(), new_phone()
    second = await make_resident(committee.region_id, name="孙出纳", phone=second_phone, password=PASSWORD)
    await grant_role(second.person_id, "core.treasurer", committee.ref, actor_id=None)
    payer = await make_resident(committee.region_id, name="孙种菜", phone=payer_phone, password=PASSWORD)
    order_id = await make_order(committee, payer, amounts=(500_001,))
    path, typed = f"/counter/{order_id}", {"amount": "5000.01", "receipt_no": "D1", "channel": "pos"}
    await log_in(client, phone)
    shown = (await client.get(path)).text
    assert "超过 5,000.00 元：您登记并附凭证，另一位确认后才入账。" in shown
    without = await send_form(client, path, seen_on=path, **typed)
    assert without.status_code == 422
    assert "请附上凭证" in without.text
    assert 'value="D1"' in without.text
    for _ in range(2):
        answer = await send_file(client, path, "file", ("单.jpg", photo()), seen_on=path, **typed)
        assert answer.status_code == 303
    assert "等另一位确认后入账" in (await client.get(path)).text
    assert "等另一位确认" in (await client.get("/counter")).text
    taking = await fetch_value("select id from payment_taking")
    seen = (await client.get(f"/counter/takings/{taking}")).text
    assert "POS 刷卡" in seen
    assert "/uploads/" in seen
    client.cookies.clear()
    await log_in(client, payer_phone)
    assert "请不要再付" in (await client.get(f"/orders/{order_id}")).text
    assert (await client.get(f"/counter/takings/{taking}")).status_code == 404
    paying = await send_form(client, f"/orders/{order_id}/pay", seen_on="/me/password")
    assert paying.status_code == 409
    assert "请不要再付" in paying.text
    client.cookies.clear()
    await log_in(client, second_phone)
    approval = await fetch_value("select id from approval")
    voted = f"/approvals/{approval}"
    assert f"/counter/takings/{taking}" in (await client.get(voted)).text
    await send_form(client, f"{voted}/vote", seen_on=voted, choice="approve")
    await run_due_jobs()
    assert "已经入账" in (await client.get(f"/counter/takings/{taking}")).text
    api = await client.get(f"/api/v1/counter/takings/{taking}", headers=await bearer(client, phone))
    assert (api.json()["state"], len(api.json()["files"])) == ("booked", 1)
