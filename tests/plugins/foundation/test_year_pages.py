"""A foundation's year on pages and for programs: who sees what, and what is refused comes back filled in."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core import clock
from core.database import fetch_value
from core.people.services import grant_role
from core.reference import Ref
from plugins.foundation.rules import SECRETARY
from plugins.foundation.services import openings
from tests.core.funds.world import FundWorld, make_fund_world, paid, three_gifts
from tests.factories import new_phone
from tests.plugins.foundation.years_world import REPORT, enter, opened, opening_draft
from tests.web.visitors import bearer, form_token, log_in, send_file, send_form

YEAR = clock.today().year
PAPER = ("工资单.pdf", b"%PDF-1.4\n% payroll")
FILE = {"name": "工资单.pdf", "content": "JVBERi0xLjQK"}
ENTRY = {
    "kind": "management",
    "what": "秘书处工资",
    "amount": "3000",
    "occurred_on": clock.today().isoformat(),
    "voucher_no": "GZ-1",
}


@pytest.fixture
def phones() -> dict[str, str]:
    return {who: new_phone() for who in ("head", "treasurer", "payer", "checker", "asker")}


@pytest.fixture
async def world(client: httpx.AsyncClient, phones: dict[str, str]) -> FundWorld:
    made = await make_fund_world(phones)
    await three_gifts(made)
    return made


def books(world: FundWorld) -> str:
    return f"/foundation/{world.foundation}/years/{YEAR}/books"


async def test_everybody_sees_what_must_still_be_spent(client: httpx.AsyncClient, world: FundWorld) -> None:
    year = f"/foundation/{world.foundation}/years/{YEAR}"
    assert "还没有复核过的年初数" in (await client.get(year)).text
    await opened(world, YEAR)
    await paid(world)
    shown = (await client.get(year)).text
    assert "到 12 月 31 日，至少还要支出 8.00 元。" in shown
    assert shown.count('class="yearbar" viewBox') == 2
    assert "账本和凭证" not in shown
    assert (await client.get(f"/foundation/{world.foundation}/years/{YEAR + 1}")).status_code == 404
    assert (await client.get(f"/foundation/{world.community}/years/{YEAR}")).status_code == 404


async def test_everybody_sees_where_the_year_is_going(client: httpx.AsyncClient, world: FundWorld) -> None:
    await opened(world, YEAR)
    await paid(world)
    year = f"/foundation/{world.foundation}/years/{YEAR}"
    with clock.frozen(datetime(YEAR, 1, 20, tzinfo=UTC)):
        assert "照这样到年底" not in (await client.get(year)).text
        assert (await client.get(f"/api/v1{year.replace('foundation/', 'foundation/foundations/')}")).json()[
            "forecast"
        ] is None
    with clock.frozen(datetime(YEAR, 12, 30, 20, tzinfo=UTC)):
        shown = (await client.get(year)).text
        assert "照今年的速度，还差 8.00 元；只付清已留出的钱，还差 8.00 元。" in shown
        program = await client.get(f"/api/v1{year.replace('foundation/', 'foundation/foundations/')}")
    said = program.json()["forecast"]
    assert said["days_past"] == said["days"]
    assert (said["missing_at_pace_fen"], said["missing_settled_fen"], said["costs_too_much"]) == (
        800,
        800,
        False,
    )


async def test_the_table_says_how_sure_its_rows_are(client: httpx.AsyncClient, db: str) -> None:
    shown = (await client.get("/foundation/ratios")).text
    assert shown.count("待核：凭记忆") == 3
    assert 'href="/rules/platform/1/foundation.ratio_foundation_public_spend">70%' in shown
    listed = (await client.get("/api/v1/foundation/ratios")).json()
    assert [row["sure"] for row in listed[:3]] == ["law", "law-ex", "law-mem"]


async def test_an_entry_is_recorded_and_confirmed_by_another(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await log_in(client, phones["treasurer"])
    path = f"/foundation/{world.foundation}/years/{YEAR}/entries"
    wrong = {**ENTRY, "amount": "三千", "what": "秘书处九月工资"}
    refused = await send_file(client, path, "file", PAPER, seen_on=books(world), **wrong)
    assert refused.status_code == 422
    assert 'value="秘书处九月工资"' in refused.text
    assert "只写数字" in refused.text
    sent = await send_file(client, path, "file", PAPER, seen_on=books(world), **{**ENTRY, "amount": "6000"})
    assert sent.status_code == 303
    assert "等第二人确认" in (await client.get(books(world))).text
    entry = await fetch_value("select max(id) from foundation_entry")
    client.cookies.clear()
    await log_in(client, phones["payer"])
    confirm = f"/foundation/entries/{entry}/confirm"
    assert (await send_form(client, confirm, seen_on=books(world))).status_code == 303
    token = form_token((await client.get(books(world))).text)
    reverse = f"/foundation/entries/{entry}/reverse"
    empty = await client.post(reverse, data={"form_token": token, "reason": ""})
    assert empty.status_code == 422
    assert "请填写这一项" in empty.text
    again = await client.post(reverse, data={"form_token": token, "reason": "记重了"})
    assert again.status_code == 303
    assert "记重了" in (await client.get(books(world))).text


async def test_the_beginning_is_recorded_and_reviewed(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await log_in(client, phones["treasurer"])
    path = f"/foundation/{world.foundation}/years/{YEAR}/openings"
    fields = {"registered_as": "foundation", "is_public": "on", "net_assets": "1000000", "income_1": "5,000"}
    sent = await send_file(client, path, "report", PAPER, seen_on=books(world), **fields)
    assert sent.status_code == 303
    opening = await fetch_value("select max(id) from foundation_opening")
    client.cookies.clear()
    await log_in(client, phones["checker"])
    review = f"/foundation/openings/{opening}/review"
    assert (await send_form(client, review, seen_on=books(world))).status_code == 303
    assert "3,500.00" in (await client.get(f"/foundation/{world.foundation}/years/{YEAR}")).text


async def test_strangers_see_no_books(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    await log_in(client, phones["asker"])
    assert (await client.get(books(world))).status_code == 403
    program = await bearer(client, phones["asker"])
    api = f"/api/v1/foundation/foundations/{world.foundation}/years/{YEAR}"
    assert (await client.get(f"{api}/books", headers=program)).status_code == 403
    entry = {"kind": "income", "what": "利息", "amount_fen": 1, "voucher_no": "1", "file": FILE}
    entry["occurred_on"] = clock.today().isoformat()
    assert (await client.post(f"{api}/entries", json=entry, headers=program)).status_code == 403


async def test_programs_record_and_close_a_year(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    program = await bearer(client, phones["treasurer"])
    api = f"/api/v1/foundation/foundations/{world.foundation}/years/{YEAR}"
    entry = {"kind": "income", "what": "利息", "amount_fen": 700, "voucher_no": "1", "file": FILE}
    entry["occurred_on"] = clock.today().isoformat()
    assert (await client.post(f"{api}/entries", json=entry, headers=program)).status_code == 201
    found = (await client.get(api)).json()
    assert (found["other_fen"], found["income_fen"], found["judged"]) == (700, 18700, None)
    listed = (await client.get(f"{api}/books", headers=program)).json()
    assert [one["what"] for one in listed["entries"]] == ["利息"]
    assert (await client.post(f"{api}/close", headers=program)).status_code == 403


async def test_a_correction_is_shown_with_its_note(client: httpx.AsyncClient, world: FundWorld) -> None:
    with clock.frozen(clock.now() - timedelta(days=1)):
        await opened(world, YEAR)
    await opened(world, YEAR, income_1_fen=12000, note="审计调整")
    shown = (await client.get(f"/foundation/{world.foundation}/years/{YEAR}")).text
    assert "说明：审计调整" in shown
    assert "84.00" in shown


async def test_figures_that_wait_are_not_shown(client: httpx.AsyncClient, world: FundWorld) -> None:
    await openings.record_opening(world.foundation, YEAR, opening_draft(), REPORT, actor=world.treasurer)
    await enter(world, 500001, occurred_on=clock.today())
    shown = (await client.get(f"/foundation/{world.foundation}/years/{YEAR}")).text
    assert "还没有复核过的年初数" in shown
    assert "5,000.01" not in shown


async def test_the_secretary_says_where_it_is_public(
    client: httpx.AsyncClient, world: FundWorld, phones: dict[str, str]
) -> None:
    at = Ref("organization", world.foundation)
    await grant_role(world.head.person_id, SECRETARY, at, actor_id=None)
    place = f"/foundation/{world.foundation}"
    public = f"{place}/disclosures"
    assert "还没有要公开的事" in (await client.get(public)).text
    await log_in(client, phones["head"])
    event = {"kind": "transaction", "title": "买了一辆车", "happened_on": clock.today().isoformat()}
    assert (await send_form(client, f"{place}/duties", seen_on=public, **event)).status_code == 303
    duty = await fetch_value("select max(id) from foundation_duty")
    said = {"duty": f"transaction:{duty}", "link": "example.org"}
    refused = await send_form(client, public, seen_on=public, **said)
    assert refused.status_code == 422
    assert 'value="example.org"' in refused.text
    said["link"] = "https://example.org/car"
    assert (await send_form(client, public, seen_on=public, **said)).status_code == 303
    client.cookies.clear()
    shown = (await client.get(public)).text
    assert 'href="https://example.org/car"' in shown
    assert "记下在哪里公开了" not in shown
    (listed,) = (await client.get(f"/api/v1/foundation/foundations/{world.foundation}/disclosures")).json()
    assert (listed["kind"], listed["is_late"], len(listed["disclosed"])) == ("transaction", False, 1)
