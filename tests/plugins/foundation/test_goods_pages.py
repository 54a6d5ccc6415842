"""Goods on pages and for programs: what is refused comes back filled, strangers see what counts alone."""

import csv
import io
from typing import Any

import httpx
import pytest

from core import clock
from core.database import fetch, fetch_value
from plugins.foundation.queries import goods as queries
from tests.core.funds.world import FundWorld, held, make_fund_world, three_gifts
from tests.factories import make_committee, new_phone
from tests.plugins.foundation.goods_world import moved, received
from tests.web.visitors import bearer, log_in, send_file, send_form

YEAR = clock.today().year
PAPER = ("点收单.pdf", b"%PDF-1.4\n% slip")
FILE = {"name": "点收单.pdf", "content": "JVBERi0xLjQK"}


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("treasurer", "payer", "donor")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    return await make_fund_world(phones)


def typed(**changes: str) -> dict[str, str]:
    known = {
        "donor_name": "样样粮店", "kind": "food", "what": "大米", "quantity": "3", "unit": "袋",
        "condition": "全新", "expires_on": f"{YEAR + 1}-01-31", "valued": "invoice", "value": "100",
        "day": clock.today().isoformat(), "slip_no": "W-1",
    }  # fmt: skip
    return known | changes


async def send(client: httpx.AsyncClient, path: str, seen_on: str, data: dict[str, str]) -> httpx.Response:
    return await send_file(client, path, "file", PAPER, seen_on=seen_on, **data)


async def test_goods_are_recorded_handed_out_and_traced(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await log_in(client, phones["treasurer"])
    at, new = f"/foundation/{world.foundation}/goods", f"/foundation/{world.foundation}/goods/new"
    refused = await send(client, at, new, typed(expires_on=""))
    assert refused.status_code == 422
    assert "食品和药品要写保质期" in refused.text
    assert 'value="样样粮店"' in refused.text
    assert (await send(client, at, new, typed(value="一百"))).status_code == 422
    assert (await send(client, at, new, typed(quantity="9" * 30))).status_code == 422
    one = (await send(client, at, new, typed())).headers["location"]
    move = {"move": "handed", "quantity": "4", "receiver_name": "三号楼", "why": "慰问", "slip_no": "F-1"}
    move["day"] = clock.today().isoformat()
    short = await send(client, f"{one}/moves", one, move)
    assert short.status_code == 409
    assert "只剩 3 袋，不够" in short.text
    assert (await send(client, f"{one}/moves", one, move | {"quantity": "2"})).status_code == 303
    client.cookies.clear()
    code = (await queries.goods(int(one.rsplit("/", 1)[1]))).trace_code
    for path in (one, f"/foundation/goods/trace?code={code}"):
        shown = (await client.get(path)).text
        assert "三号楼" in shown
        assert "F-1" not in shown
    assert (await client.get("/foundation/goods/trace?code=none")).status_code == 404


async def test_a_receiver_is_found_by_its_whole_name_and_by_its_code(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    made = await received(world)
    one = f"/foundation/goods/{made}"
    await fetch("update organization set uscc = '51100000500000005Q' where id = $1", world.community)
    await log_in(client, phones["treasurer"])
    move = {"move": "handed", "quantity": "1", "why": "慰问", "day": clock.today().isoformat()}
    for slip_no, name in (("F-1", "测样社区"), ("F-2", "51100000500000005q"), ("F-3", "三号楼")):
        sent = move | {"receiver_name": name, "slip_no": slip_no}
        assert (await send(client, f"{one}/moves", one, sent)).status_code == 303
    found = await queries.moves(made, also_reversed=False)
    assert [(row.receiver_id, row.receiver) for row in found] == [
        (world.community, "测样社区"), (world.community, "测样社区"), (None, "三号楼"),
    ]  # fmt: skip


async def test_two_of_one_name_are_told_apart_by_their_codes(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    one = f"/foundation/goods/{await received(world)}"
    other = (await make_committee()).id
    await fetch("update organization set name = '测样社区', state = 'approved' where id = $1", other)
    await log_in(client, phones["treasurer"])
    move = {"move": "handed", "quantity": "1", "why": "慰问", "day": clock.today().isoformat()}
    refused = await send(client, f"{one}/moves", one, move | {"receiver_name": "测样社区", "slip_no": "F-1"})
    assert refused.status_code == 422
    assert "有几个组织叫这个名字，请写 18 位统一社会信用代码" in refused.text
    assert 'value="测样社区"' in refused.text


async def test_goods_are_handed_out_for_a_request(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await three_gifts(world)
    asked = await held(world)
    one = f"/foundation/goods/{await received(world)}"
    await log_in(client, phones["treasurer"])
    assert f'<option value="{asked}"' in (await client.get(one)).text
    move = {"move": "handed", "quantity": "1", "why": "慰问", "day": clock.today().isoformat()}
    sent = move | {"receiver_name": "三号楼", "slip_no": "F-1", "request_id": str(asked)}
    assert (await send(client, f"{one}/moves", one, sent)).status_code == 303
    assert f'href="/funds/requests/{asked}"' in (await client.get(one)).text


async def test_what_waits_is_for_the_staff_and_confirmed_by_another(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    made = await received(world, value_fen=10**9)
    one, at = f"/foundation/goods/{made}", f"/foundation/{world.foundation}/goods"
    assert (await client.get(one)).status_code == 404
    assert "大米" not in (await client.get(at)).text
    await log_in(client, phones["payer"])
    assert "大米" in (await client.get(at)).text
    assert (await send_form(client, f"{one}/confirm", seen_on=one)).status_code == 303
    assert "剩 3 / 3 袋" in (await client.get(at)).text
    gone = await send_form(client, f"{one}/reverse", seen_on=one, reason="数错了")
    assert gone.status_code == 303
    assert "已冲正：数错了" in (await client.get(one)).text
    client.cookies.clear()
    assert (await client.get(one)).status_code == 404


async def test_a_line_is_reversed_with_its_reason(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    made = await received(world)
    line = await moved(world, made, 1)
    one = f"/foundation/goods/{made}"
    await log_in(client, phones["payer"])
    bare = await send_form(client, f"{one}/moves/reverse", seen_on=one, move_id=str(line), reason="")
    assert bare.status_code == 422
    done = await send_form(client, f"{one}/moves/reverse", seen_on=one, move_id=str(line), reason="重复了")
    assert done.status_code == 303
    assert "冲正的理由：重复了" in (await client.get(one)).text


async def test_the_list_is_a_table_too(client: httpx.AsyncClient, world: FundWorld) -> None:
    await moved(world, await received(world, donor_name="=1+1"), 1)
    answer = await client.get(f"/foundation/{world.foundation}/goods.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert not rows[1][1].startswith("=")
    assert rows[1][5:10] == ["3", "1", "0", "2", "100"] or rows[1][5:9] == ["3", "1", "0", "2"]
    found = await client.get(f"/foundation/{world.foundation}/goods?words=none")
    assert "没有这样的物资" in found.text


async def test_programs_record_hand_out_and_read(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    keeper = await bearer(client, phones["treasurer"])
    body: dict[str, Any] = {
        "donor_name": "样样粮店", "kind": "books", "what": "绘本", "quantity": 3, "unit": "本",
        "valued": "fair", "value_fen": 9000, "condition": "全新", "received_on": clock.today().isoformat(),
        "slip_no": "W-1", "file": FILE,
    }  # fmt: skip
    at = f"/api/v1/foundation/foundations/{world.foundation}/goods"
    made = await client.post(at, json=body, headers=keeper)
    assert made.status_code == 201
    one = f"/api/v1/foundation/goods/{made.json()['id']}"
    move: dict[str, Any] = {
        "kind": "handed", "quantity": 1, "receiver_id": world.community, "why": "课堂",
        "happened_on": clock.today().isoformat(), "slip_no": "F-1", "file": FILE,
    }  # fmt: skip
    after = await client.post(f"{one}/moves", json=move, headers=keeper)
    assert (after.json()["left"], after.json()["moves"][0]["receiver"]) == (2, "测样社区")
    assert [row["id"] for row in (await client.get(at)).json()] == [made.json()["id"]]
    stranger = await bearer(client, phones["donor"])
    for refused in (
        await client.post(f"{one}/moves", json=move | {"slip_no": "F-2"}, headers=stranger),
        await client.post(at, json=body | {"slip_no": "W-2"}, headers=stranger),
    ):
        assert refused.status_code == 403
    code = await fetch_value("select trace_code from foundation_goods")
    assert (await client.get(f"/api/v1/foundation/goods/trace?code={code}")).json()["left"] == 2
    year = (await client.get(f"/api/v1/foundation/foundations/{world.foundation}/years/{YEAR}")).json()
    beside = year["beside"]
    assert (beside["goods_received_fen"], beside["goods_handed_fen"], year["income_fen"]) == (9000, 3000, 0)
