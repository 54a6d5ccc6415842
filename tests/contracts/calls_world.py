"""Calls of the first tenant at every stage; the second tenant is the organization that applies."""

from dataclasses import dataclass
from datetime import timedelta

from core import clock
from core.database import fetch
from plugins.venture.services.applications import draft_application
from plugins.venture.services.calls import draft_call, fund_call
from plugins.venture.services.contracts import ask_for_tranche
from plugins.venture.services.decisions import object_to
from tests.factories import Committee, make_resident
from tests.plugins.venture.making import (
    Made,
    make_applicant,
    make_call,
    make_decided,
    make_funder,
    make_ranked,
    make_scoring,
    report,
    score,
    sign,
    terms_of,
    words_of,
)
from tests.plugins.venture.making import apply as hand_in


@dataclass(frozen=True)
class Calls:
    """Ids by what can be done to them."""

    draft: int
    open: Made
    written: int
    line: int
    closed: Made
    scoring: Made
    scored: Made
    publicity: Made
    objection: int
    over: Made
    offered: int
    signed: int
    asked: int
    reported: int

    async def seat(self, person_id: int) -> None:
        """Put a holder of the expert's role on the panel, with a clear stance where one is to score."""
        await fetch(
            "insert into venture_expert (call, person, appointed_at) values ($1, $2, now())",
            self.scoring.call,
            person_id,
        )
        await fetch(
            "insert into venture_review (application, person, stance, declared_at)"
            " values ($1, $2, 'clear', now())",
            self.scoring.applications[1],
            person_id,
        )


async def make_calls(here: Committee, there: Committee) -> Calls:
    """Built through the services, at the times that their stages need."""
    funder, applicant, other = await make_funder(here), await make_applicant(there), await make_applicant()
    now, both = clock.now(), [applicant, other]
    closes_on = clock.today() + timedelta(days=9)
    draft = await draft_call(terms_of(funder, closes_on=closes_on), actor=funder.officer)
    await fund_call(draft, amount_fen=5_000_000, slip="1", actor=funder.payer)
    opened = await make_call(funder, closes_on=closes_on)
    written = await draft_application(opened.call, there.id, words_of(100_00), actor=applicant.manager)
    line = await fetch(
        "insert into venture_budget_line (application, category, item, quantity, price_fen)"
        " values ($1, 'labour', '社工', 1, 10000) returning id",
        written,
    )
    with clock.frozen(now - timedelta(days=3)):
        closed = await make_call(funder)
        await hand_in(closed, applicant)
    scored = await make_scoring(funder, both, at=now - timedelta(days=3))
    await score(scored)
    publicity = await make_ranked(funder, both, at=now - timedelta(days=2))
    resident = await make_resident(there.region_id)
    objection = await object_to(publicity.applications[0], "不合适", actor=resident)
    contracts = []
    for _ in range(4):
        made = await make_decided(funder, [applicant], at=now - timedelta(days=60))
        contracts += made.contracts
    for contract_id in contracts[1:]:
        await sign(contract_id, funder, applicant)
    await ask_for_tranche(contracts[2], 1, actor=funder.officer)
    return Calls(
        draft=draft,
        open=opened,
        written=written,
        line=line[0]["id"],
        closed=closed,
        scoring=await make_scoring(funder, both, at=now - timedelta(days=3)),
        scored=scored,
        publicity=publicity,
        objection=objection,
        over=await make_ranked(funder, both, at=now - timedelta(days=60)),
        offered=contracts[0],
        signed=contracts[1],
        asked=contracts[2],
        reported=await report(contracts[3], "midterm", applicant),
    )
