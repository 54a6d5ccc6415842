"""Receipts on pages and by programs: for the donor, the treasurer, and a stranger with the trace code."""

import httpx
import pytest

from core.database import fetch_value
from core.funds import services
from core.funds.queries import gifts
from core.funds.queries.gifts import GiftView
from tests.core.funds.world import FundWorld, make_fund_world, three_gifts
from tests.factories import new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("treasurer", "payer", "donor", "member0")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    made = await make_fund_world(phones)
    await three_gifts(made)
    return made


async def _gift(receipt_no: str) -> GiftView:
    return await gifts.gift(await fetch_value("select id from fund_gift where receipt_no = $1", receipt_no))


async def test_the_donor_has_amount_words_code_and_paper(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    gift = await _gift("S-1")
    await log_in(client, phones["donor"])
    shown = (await client.get(f"/gifts/{gift.id}")).text
    for said in ("壹佰元整", "接下来", gift.trace_code, "<svg", "还没有开具"):
        assert said in shown
    asked = await send_form(client, f"/gifts/{gift.id}/receipt", seen_on=f"/gifts/{gift.id}")
    assert asked.status_code == 303
    assert asked.headers["location"].startswith("/jobs/")
    await run_due_jobs()
    assert "HZ" in (await client.get(asked.headers["location"])).text
    assert "有效" in (await client.get(f"/gifts/{gift.id}")).text


async def test_a_stranger_with_the_code_gets_it_and_nobody_without(
    client: httpx.AsyncClient, world: FundWorld
) -> None:
    gift = await _gift("S-2")
    trace = f"/gifts/trace?code={gift.trace_code}"
    asked = await send_form(client, "/gifts/trace/receipt", seen_on=trace, code=gift.trace_code)
    assert asked.headers["location"] == f"/gifts/trace/receipt?code={gift.trace_code}"
    assert 'http-equiv="refresh"' in (await client.get(asked.headers["location"])).text
    early = await client.get(f"/gifts/trace/receipt.pdf?code={gift.trace_code}")
    assert early.status_code == 404
    await run_due_jobs()
    waiting = (await client.get(asked.headers["location"])).text
    assert "下载 PDF" in waiting
    assert "http-equiv" not in waiting
    paper = await client.get(f"/gifts/trace/receipt.pdf?code={gift.trace_code}")
    assert paper.content.startswith(b"%PDF")
    for path in ("/gifts/trace/receipt?code=wrong", "/gifts/trace/receipt.pdf?code=wrong"):
        assert (await client.get(path)).status_code == 404
    refused = await send_form(client, "/gifts/trace/receipt", seen_on=trace, code="wrong")
    assert refused.status_code == 404
    assert "没有找到这笔捐赠" in refused.text
    assert (await client.get("/gifts/receipts/key.pem")).text.startswith("-----BEGIN PUBLIC KEY")


async def test_what_went_back_is_told_to_whoever_was_shown_a_receipt(
    client: httpx.AsyncClient, world: FundWorld
) -> None:
    gift = await _gift("S-1")
    await services.issue_with_code(gift.trace_code)
    await services.prepare_refund(gift.id, reason="重复", payment_no="R-1", actor=world.treasurer)
    await services.sign_refund(gift.id, actor=world.payer)
    shown = (await client.get(f"/gifts/trace?code={gift.trace_code}")).text
    assert "已作废" in shown
    assert "有效</span>" not in shown
    gone = await client.get(f"/gifts/trace/receipt?code={gift.trace_code}")
    assert gone.status_code == 404
    assert "现在没有有效的捐赠回执" in gone.text
    late = await client.post("/api/v1/gifts/trace/receipt", json={"code": gift.trace_code})
    assert late.status_code == 409
    assert "已经全部退还" in late.text


async def test_the_treasurer_withholds_a_name(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    gift = await _gift("S-2")
    await log_in(client, phones["treasurer"])
    here = f"/gifts/{gift.id}"
    refused = await send_form(client, f"{here}/name/refuse", seen_on=here, name_reason="")
    assert refused.status_code == 422
    assert 'id="name_reason-reason"' in refused.text
    done = await send_form(client, f"{here}/name/refuse", seen_on=here, name_reason="冒名")
    assert done.status_code == 303
    listed = (await client.get(f"/funds/{world.fund}/gifts")).text
    assert "爱心人士" in listed
    assert "样里邻居" not in listed
    told = (await client.get(f"/api/v1/funds/{world.fund}/gifts")).json()
    assert {one["shown_as"] for one in told} == {"施捐赠", "爱心人士", ""}
    assert "爱心人士" in (await client.get(here)).text
    assert (await send_form(client, f"{here}/name/lift", seen_on=here)).status_code == 303
    assert "样里邻居" in (await client.get(f"/funds/{world.fund}/gifts")).text


async def test_programs_get_the_same(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    gift = await _gift("S-2")
    path = f"/api/v1/gifts/{gift.id}"
    treasurer = await bearer(client, phones["treasurer"])
    told = (await client.post(f"{path}/receipt", headers=treasurer)).json()
    assert (told["donor"], told["amount_fen"], told["amount_spelt"]) == ("样里邻居", 5000, "伍拾元整")
    assert told["statement"].count(".") == 2
    assert told["is_fiscal"] is False
    by_code = (await client.post("/api/v1/gifts/trace/receipt", json={"code": gift.trace_code})).json()
    assert by_code["number"] == told["number"]
    stranger = await bearer(client, phones["donor"])
    assert (await client.post(f"{path}/receipt", headers=stranger)).status_code == 404
    assert (await client.post(f"{path}/receipt/paper", headers=stranger)).status_code == 404
    own = (await _gift("S-1")).id
    assert (await client.post(f"/api/v1/gifts/{own}/receipt", headers=stranger)).json()["donor"] == "施捐赠"
    asked = await client.post(f"/api/v1/gifts/{own}/receipt/paper", headers=stranger)
    assert asked.status_code == 202
    wrong = await client.post(f"{path}/name/refuse", json={"reason": "冒名"}, headers=stranger)
    assert wrong.status_code in (403, 404)
