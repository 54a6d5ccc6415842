"""The donor's copy on pages and by programs: one click, its progress, the archive; refusals in words."""

import io
import zipfile

import httpx
import pytest

from core.database import fetch_value
from core.dossiers import rules
from core.funds.queries import gifts
from core.funds.queries.gifts import GiftView
from tests.core.funds.world import FundWorld, make_fund_world, paid, report, three_gifts
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
    await report(made, await paid(made))
    return made


async def _gift(receipt_no: str) -> GiftView:
    return await gifts.gift(await fetch_value("select id from fund_gift where receipt_no = $1", receipt_no))


def _names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


async def test_the_donor_gets_it_by_one_click(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    gift = await _gift("S-1")
    await log_in(client, phones["donor"])
    page = f"/gifts/{gift.id}"
    asked = await send_form(client, f"{page}/pack", seen_on=page)
    again = await send_form(client, f"{page}/pack", seen_on=page)
    assert asked.headers["location"] == again.headers["location"]
    assert 'http-equiv="refresh"' in (await client.get(asked.headers["location"])).text
    await run_due_jobs()
    done = (await client.get(asked.headers["location"])).text
    assert f"捐赠资料副本 {gift.id}.zip" in done
    file_id = await fetch_value("select file_id from gift_pack")
    inside = _names((await client.get(f"/files/{file_id}")).content)
    assert "index.pdf" in inside
    assert any(name.startswith("documents/") for name in inside)
    mine = (await client.get("/gifts/mine")).text
    assert "测样基金会：1 笔" in mine
    whole = await send_form(client, f"{page}/pack", seen_on="/gifts/mine", whole="on")
    assert whole.headers["location"] != asked.headers["location"]


async def test_the_treasurer_says_why_and_the_donor_reads_it(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    page = f"/gifts/{(await _gift('S-1')).id}"
    await log_in(client, phones["treasurer"])
    refused = await send_form(client, f"{page}/pack", seen_on=page, pack_reason="")
    assert refused.status_code == 422
    assert "请写明捐赠人是什么时候、怎样提出的" in refused.text
    asked = await send_form(client, f"{page}/pack", seen_on=page, pack_reason="当面提出，核对过身份证")
    assert asked.headers["location"].startswith("/jobs/")
    client.cookies.clear()
    await log_in(client, phones["donor"])
    assert rules.SEEN_PACK in (await client.get("/me/accesses")).text
    told = (await client.get(page)).text
    assert "测treasurer" in told
    assert "当面提出，核对过身份证" in told


async def test_a_stranger_with_the_code_waits_and_takes_it_away(
    client: httpx.AsyncClient, world: FundWorld
) -> None:
    gift = await _gift("S-2")
    trace, own = f"/gifts/trace?code={gift.trace_code}", f"/gifts/trace/pack?code={gift.trace_code}"
    nothing = await client.get(own)
    assert nothing.status_code == 404
    assert "现在没有做好的资料副本" in nothing.text
    asked = await send_form(client, "/gifts/trace/pack", seen_on=trace, code=gift.trace_code)
    assert asked.headers["location"] == own
    assert 'http-equiv="refresh"' in (await client.get(own)).text
    early = await client.get(f"/gifts/trace/pack.zip?code={gift.trace_code}")
    assert early.status_code == 404
    await run_due_jobs()
    done = (await client.get(own)).text
    assert "http-equiv" not in done
    assert str(await fetch_value("select manifest from gift_pack")) in done
    archive = await client.get(f"/gifts/trace/pack.zip?code={gift.trace_code}")
    assert "verify.py" in _names(archive.content)
    for path in ("/gifts/trace/pack?code=wrong", "/gifts/trace/pack.zip?code=wrong"):
        assert (await client.get(path)).status_code == 404
    refused = await send_form(client, "/gifts/trace/pack", seen_on=trace, code="wrong")
    assert (refused.status_code, "没有找到这笔捐赠" in refused.text) == (404, True)


async def test_programs_ask_alike_and_strangers_are_refused(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    gift = await _gift("S-1")
    path = f"/api/v1/gifts/{gift.id}/pack"
    donor, member = await bearer(client, phones["donor"]), await bearer(client, phones["member0"])
    assert (await client.post(path, json={})).status_code in (401, 403)
    assert (await client.post(path, json={"reason": "x"}, headers=member)).status_code == 404
    asked = await client.post(path, json={"whole": True}, headers=donor)
    assert asked.status_code == 202
    assert (await client.get(f"/api/v1/jobs/{asked.json()['job_id']}", headers=donor)).status_code == 200
    code = {"code": gift.trace_code}
    begun = await client.post("/api/v1/gifts/trace/pack", json=code)
    assert (begun.status_code, begun.json()["is_under_way"]) == (202, True)
    await run_due_jobs()
    done = (await client.get("/api/v1/gifts/trace/pack", params=code)).json()
    assert (done["is_under_way"], len(done["manifest_sha256"])) == (False, 64)
    assert done["kept_until"] is not None


async def test_who_asks_too_often_is_told_when_again(client: httpx.AsyncClient, world: FundWorld) -> None:
    gift = await _gift("S-2")
    trace = f"/gifts/trace?code={gift.trace_code}"
    for _ in range(rules.PACKS_MOST):
        await send_form(client, "/gifts/trace/pack", seen_on=trace, code=gift.trace_code)
        await run_due_jobs()
        await fetch_value("delete from stored_file returning id")
    refused = await send_form(client, "/gifts/trace/pack", seen_on=trace, code=gift.trace_code)
    assert refused.status_code == 429
    assert "要的资料副本太多了" in refused.text
