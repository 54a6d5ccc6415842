"""What went to related parties in a year: listed with sums, to be made public, false alarms explained."""

from datetime import date

import httpx
import pytest

from core import clock
from core.funds import services as funds
from plugins.foundation.queries import disclosures, related
from plugins.foundation.rules import disclosures as rules
from plugins.foundation.services.disclosures import disclose
from tests.core.funds.world import FundWorld, make_fund_world, paid, three_gifts
from tests.plugins.foundation.test_disclosures import at
from tests.plugins.foundation.years_world import secretary

LAST, FIRST = date(2025, 12, 31), date(2026, 1, 1)


@pytest.fixture
async def world(db: str) -> FundWorld:
    with clock.frozen(at(date(2025, 5, 5))):
        made = await make_fund_world()
        await three_gifts(made)
    return made


async def pay(world: FundWorld, day: date, amount_fen: int, *, hour: int = 12) -> int:
    with clock.frozen(at(day, hour)):
        return await paid(world, amount_fen, payment_no=f"P-{day}")


async def explain(world: FundWorld, request_id: int) -> None:
    key = f"committee_role:{world.members[2].person_id}"
    await funds.explain_warning(request_id, key, reason="社区委派的代表", actor=world.checker)


async def test_a_year_lists_what_was_paid_in_it_and_nothing_else(world: FundWorld) -> None:
    await pay(world, LAST, 2000, hour=23)
    await pay(world, FIRST, 3000, hour=0)
    old, new = [await related.related_payments(world.foundation, year) for year in (2025, 2026)]
    assert [one.amount_fen for one in old] == [2000]
    assert [one.amount_fen for one in new] == [3000]
    assert old[0].codes == ["committee_role"]


async def test_a_false_alarm_stays_in_the_list_but_not_in_its_sum(world: FundWorld) -> None:
    await explain(world, await pay(world, FIRST, 3000))
    await pay(world, date(2026, 1, 2), 1000)
    found = await related.related_payments(world.foundation, 2026)
    assert [(one.amount_fen, one.is_related) for one in found] == [(3000, False), (1000, True)]
    assert found[0].explained == ["社区委派的代表"]
    assert related.sum_of(found) == 1000


async def due(world: FundWorld) -> list[tuple[str, date]]:
    found = await disclosures.duties(world.foundation, date(2026, 2, 1))
    return [(duty.key, duty.due_on) for duty in found if duty.kind == rules.RELATED]


async def test_it_has_to_be_made_public_within_thirty_days(world: FundWorld) -> None:
    request_id = await pay(world, FIRST, 3000)
    assert await due(world) == [(f"r{request_id}", date(2026, 1, 31))]
    await explain(world, request_id)
    assert await due(world) == []


async def test_what_was_made_public_stays_in_the_calendar(world: FundWorld) -> None:
    request_id = await pay(world, FIRST, 3000)
    await disclose(
        world.foundation, rules.RELATED, f"r{request_id}", link="https://x.example/1", note="",
        actor=secretary(world),
    )  # fmt: skip
    await explain(world, request_id)
    assert [key for key, _ in await due(world)] == [f"r{request_id}"]


async def test_everybody_reads_kinds_and_sums_but_no_names(
    client: httpx.AsyncClient, world: FundWorld
) -> None:
    await pay(world, FIRST, 3000)
    path = f"/foundation/{world.foundation}/years/2026/related"
    shown = (await client.get(path)).text
    sheet = (await client.get(f"{path}.csv")).content.decode("utf-8-sig")
    told = (await client.get(f"/api/v1/foundation/foundations/{world.foundation}/years/2026/related")).json()
    for text in (shown, sheet):
        assert "管委会成员在收款组织任职" in text
        assert "管委会2" not in text
    assert "30.00" in shown
    assert sheet.splitlines()[1].startswith("2026-01-01,测样社区,暑期四点半课堂,30,")
    assert [(one["amount_fen"], one["codes"]) for one in told] == [(3000, ["committee_role"])]
    assert "管委会2" not in (await client.get(f"/funds/requests/{told[0]['request_id']}")).text
    assert (await client.get(f"/foundation/{world.foundation}/years/2090/related")).status_code == 404
