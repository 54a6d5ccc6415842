"""What it costs to set money aside for a use that draws 10,000 lots: the whole verb of the checker.

`draw_s`: `check_request()` for all that 10,000 gifts of 1.00 to one purpose have brought, the median of three
funds, with its range in `draw_range_s`. `release_s`: the way back, lot by lot. The books are checked
afterwards: `drawn_lots` and `differences` say what `verify` found.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import migrations as migrations
from core import clock, database, plugins
from core.approvals.services import cast_vote
from core.database import fetch, fetch_value, unit_of_work
from core.embedded.cluster import Cluster
from core.funds import rules, services
from core.funds.queries import requests
from core.funds.rules import Ask, GiftDraft, Line
from core.manifest import Difference
from core.organizations.services import register_organization
from core.people.rules import Actor, Grant
from core.people.services import grant_role, register_person
from core.reference import Ref
from core.regions.services import add_region
from migrations import runner
from tests.core.funds.agreed import open_agreed

_LOTS, _ROUNDS, _BATCH, _GIFT = 10_000, 3, 1_000, 100
_FOUNDATION = "量样基金会"
_ROLES = ("core.manager", "core.fund_treasurer", "core.fund_payer", "core.fund_checker")


def measure() -> dict[str, Any]:
    """All figures, in about a minute, most of it spent on recording gifts."""
    root = Path(tempfile.mkdtemp(prefix="yiji-bench-"))
    root.chmod(0o755)
    cluster = Cluster(root)
    try:
        return uvloop.run(_measure(cluster.ensure()))
    finally:
        cluster.release()
        shutil.rmtree(root, ignore_errors=True)


async def _measure(url: str) -> dict[str, Any]:
    await database.open_pool(url, size=2)
    await runner.migrate()
    region_id = await add_region("量样市", level="city", parent_id=None)
    foundation = await register_organization(_FOUNDATION, kind="foundation", region_id=region_id)
    people = [await _officer(f"量{n}", foundation) for n in range(3)]
    draws, releases, drawn = [], [], 0
    for number in range(_ROUNDS):
        request_id = await _approved(foundation, number, people)
        began = time.perf_counter()
        await services.check_request(request_id, list(rules.CHECKS), actor=people[1])
        draws.append(time.perf_counter() - began)
        drawn += await _lots_held(request_id)
        began = time.perf_counter()
        await services.release_money(request_id, reason="量完了", actor=people[2])
        releases.append(time.perf_counter() - began)
    found: list[Difference] = await plugins.collect("collect_differences")
    await database.close_pool()
    return {
        "draw_s": round(statistics.median(draws), 3),
        "draw_range_s": [round(min(draws), 3), round(max(draws), 3)],
        "release_s": round(statistics.median(releases), 3),
        "drawn_lots": f"{drawn} in {_ROUNDS} draws",
        "differences": len(found),
    }


async def _officer(name: str, foundation: int) -> Actor:
    person_id = await register_person(name, phone=None, password=None)
    grants = tuple(Grant(role, Ref("organization", foundation)) for role in _ROLES)
    return Actor(person_id, name, None, grants)


async def _approved(foundation: int, number: int, people: list[Actor]) -> int:
    """A request for all that a new fund has; the committee has said yes."""
    asker = people[0]
    fund_id = await services.found_fund(
        f"{_FOUNDATION}第{number}微基金", organization_id=foundation, summary="", actor=asker
    )
    purpose_id = await services.add_purpose(fund_id, "助学", actor=asker)
    await open_agreed(fund_id, asker)
    for person in people[1:]:
        await grant_role(person.person_id, "core.fund_committee", Ref(rules.FUND, fund_id), actor_id=None)
    for first in range(0, _LOTS, _BATCH):
        drafts = [(fund_id, _draft(purpose_id, f"{number}-{first + n}")) for n in range(_BATCH)]
        await services.import_gifts(foundation, drafts, actor=asker)
    await fetch("analyze")
    lines = [Line("全部", _LOTS * _GIFT)]
    ask = Ask(organization_id=foundation, title="量一量", purpose_id=purpose_id, lines=lines)
    request_id = await services.ask_for_money(fund_id, ask, actor=asker)
    approval_id = (await requests.request(request_id)).approval_id
    assert approval_id is not None, "a request is put to the vote as it is made"
    for person in people[1:]:
        await cast_vote(approval_id, choice="approve", reason="", person_id=person.person_id)
    async with unit_of_work():
        await services.settle_vote(request_id, "approved")
    return request_id


def _draft(purpose_id: int, receipt_no: str) -> GiftDraft:
    return GiftDraft(
        amount_fen=_GIFT,
        purpose_id=purpose_id,
        donor_id=None,
        donor_name="",
        nickname="",
        display=rules.ANONYMOUS,
        method=rules.CASH,
        receipt_no=receipt_no,
        received_on=clock.today(),
    )


async def _lots_held(request_id: int) -> int:
    count: int = await fetch_value(
        "select count(*) from ledger_account a join ledger_lot_part p on p.account = a.id"
        " where a.owner_kind = 'fund_request' and a.owner_id = $1 and a.kind = 'core.fund_held'",
        request_id,
    )
    return count
