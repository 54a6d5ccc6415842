"""The agreement of a lease, printed for its household once it is paid."""

import httpx
import pytest

from core.database import fetch_value
from core.payments.services import take_at_counter
from plugins.garden import rules, services
from plugins.garden.errors import LeaseNotActive, LeaseNotFound
from tests.core.documents.test_printing import pages
from tests.factories import PASSWORD, Committee, make_committee, make_garden, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


async def lease_of(order_id: int) -> int:
    lease_id: int = await fetch_value('select id from garden_lease where "order" = $1', order_id)
    return lease_id


async def test_a_household_gets_the_agreement_of_its_lease(
    client: httpx.AsyncClient, committee: Committee
) -> None:
    phone = new_phone()
    resident = await make_resident(committee.region_id, name="孙种菜", phone=phone, password=PASSWORD)
    _, plots = await make_garden(committee)
    order_id = await services.claim_plot(plots[2], agreed=True, actor=resident)
    lease_id = await lease_of(order_id)
    with pytest.raises(LeaseNotActive):
        await services.ask_for_agreement(lease_id, actor=resident)
    await take_at_counter(order_id, amount_fen=3500, receipt_no="A-1", actor=committee.treasurer)
    await run_due_jobs()

    await log_in(client, phone)
    answer = await send_form(client, f"/garden/leases/{lease_id}/agreement", seen_on="/garden/mine")
    assert answer.headers["location"].startswith("/jobs/")
    await run_due_jobs()
    (text,) = pages(await fetch_value("select content from stored_file"))
    ends_on = await fetch_value("select ends_on from garden_lease where id = $1", lease_id)
    for words in (
        *(
            "甲方 测试自管会",
            "乙方 孙种菜",
            "地块 3 号",
            "金额大写 叁拾伍元整",
            f"到 {ends_on}",
            "协议版本 1",
        ),
        *(term[:20] for term in rules.AGREEMENT),
    ):
        assert words in text, words


async def test_an_agreement_is_only_its_household_s(client: httpx.AsyncClient, committee: Committee) -> None:
    resident = await make_resident(committee.region_id)
    phone = new_phone()
    neighbour = await make_resident(committee.region_id, phone=phone, password=PASSWORD)
    _, plots = await make_garden(committee)
    order_id = await services.claim_plot(plots[0], agreed=True, actor=resident)
    await take_at_counter(order_id, amount_fen=3500, receipt_no="A-1", actor=committee.treasurer)
    await run_due_jobs()
    lease_id = await lease_of(order_id)
    with pytest.raises(LeaseNotFound):
        await services.ask_for_agreement(lease_id, actor=neighbour)
    headers = await bearer(client, phone)
    answer = await client.post(f"/api/v1/garden/leases/{lease_id}/agreement", headers=headers)
    assert answer.status_code == 404
    assert await fetch_value("select count(*) from stored_file") == 0
