"""The agreement of a fund on pages and by programs: drafted, signed by another, read by all."""

import base64

import httpx
import pytest

from core import clock
from core.funds import services
from core.funds.queries import agreements
from tests.core.funds.agreed import SIGNED, agree, terms
from tests.core.funds.world import FundWorld, make_fund_world
from tests.factories import new_phone
from tests.web.visitors import bearer, log_in, send_file, send_form

WORDS = {"purpose": "样里的孩子", "uses": "管委会表决", "rights": "推荐成员", "ending": "转入相近的基金"}


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("head", "checker", "donor")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    return await make_fund_world(phones)


@pytest.fixture
async def new(world: FundWorld) -> int:
    """A fund of which nothing is agreed yet."""
    fund = await services.found_fund(
        "测样基金会新微基金", organization_id=world.foundation, summary="", actor=world.head
    )
    await services.add_purpose(fund, "助学", actor=world.head)
    return fund


async def sign_in(client: httpx.AsyncClient, phone: str) -> None:
    client.cookies.clear()
    await log_in(client, phone)


async def test_a_fund_opens_when_another_has_confirmed_what_was_signed(
    client: httpx.AsyncClient, world: FundWorld, new: int, phones: dict[str, str]
) -> None:
    at, today = f"/funds/{new}/agreement", clock.today().isoformat()
    await sign_in(client, phones["head"])
    assert "签好设立协议" in (await client.get(f"/funds/{new}/setup")).text
    sent = {"founder_kind": "person", "founder": "施大样", "from_on": today, "until_on": "", **WORDS}
    high = await send_form(client, at, seen_on=at, fee_percent="11", **sent)
    assert high.status_code == 422
    assert "管理费最多 10%" in high.text
    assert "推荐成员</textarea>" in high.text
    drafted = await send_form(client, at, seen_on=at, fee_percent="5", **sent)
    assert drafted.headers["location"] == at
    (draft,) = await agreements.versions(new)
    sign = f"/funds/agreements/{draft.id}/sign"
    assert sign not in (await client.get(at)).text
    await sign_in(client, phones["checker"])
    assert at in (await client.get("/todo")).text
    refused = await send_form(client, sign, seen_on=at, signed_on=today)
    assert refused.status_code == 422
    signed = await send_file(client, sign, "file", (SIGNED.name, SIGNED.content), seen_on=at, signed_on=today)
    assert signed.headers["location"] == at
    await sign_in(client, phones["head"])
    opened = await send_form(client, f"/funds/{new}/open", seen_on=f"/funds/{new}/setup")
    assert opened.status_code == 303


async def test_everybody_reads_what_holds_and_what_held(
    client: httpx.AsyncClient, world: FundWorld, new: int
) -> None:
    await agree(new, world.head, founder_kind="person", founder="施大样", purpose="只帮孩子")
    await agree(new, world.head, founder_kind="person", founder="施大样", purpose="也帮老人")
    await services.draft_agreement(new, terms(purpose="还没说好"), actor=world.head)
    assert f"/funds/{new}/agreement" in (await client.get(f"/funds/{new}")).text
    seen = (await client.get(f"/funds/{new}/agreement")).text
    assert "施**" in seen
    assert "施大样" not in seen
    assert seen.index("也帮老人") < seen.index("只帮孩子")
    assert "还没说好" not in seen
    told = (await client.get(f"/api/v1/funds/{new}/agreements")).json()
    assert [(one["version"], one["founder"]) for one in told] == [(2, "施**"), (1, "施**")]


async def test_an_agreement_by_programs(
    client: httpx.AsyncClient, world: FundWorld, new: int, phones: dict[str, str]
) -> None:
    head, checker = await bearer(client, phones["head"]), await bearer(client, phones["checker"])
    today = clock.today().isoformat()
    sent = {"founder_kind": "community", "founder": "样里居委会", "from_on": today, **WORDS}
    at = f"/api/v1/funds/{new}/agreements"
    early = await client.post(at, json={**sent, "until_on": today}, headers=head)
    assert (early.status_code, "终止日期" in early.text) == (422, True)
    made = (await client.post(at, json=sent, headers=head)).json()["id"]
    one = f"/api/v1/funds/agreements/{made}"
    file = {"name": SIGNED.name, "content": base64.b64encode(SIGNED.content).decode()}
    own = await client.post(f"{one}/sign", json={"signed_on": today, "file": file}, headers=head)
    assert own.status_code == 403
    done = await client.post(f"{one}/sign", json={"signed_on": today, "file": file}, headers=checker)
    assert (done.json()["state"], done.json()["signed_on"]) == ("signed", today)
    assert (await client.post(f"{one}/drop", headers=head)).status_code == 409
    assert (await client.post(f"{one}/paper", headers=head)).status_code == 202
    donor = await bearer(client, phones["donor"])
    assert (await client.post(f"{one}/paper", headers=donor)).status_code == 404
