"""Calls at every stage, and registrations, for the pages of `page_types.py`."""

from datetime import timedelta

from core import clock
from core.database import fetch
from core.organizations.rules import STAFF, Registration
from core.organizations.services import propose_organization
from core.people import queries as people
from core.people.rules import Actor
from core.people.services import grant_role
from core.reference import Ref
from plugins.venture.rules.money import BudgetLine
from plugins.venture.services.applications import add_line, draft_application
from plugins.venture.services.calls import appoint_expert, draft_call
from plugins.venture.services.contracts import ask_for_tranche
from plugins.venture.services.decisions import object_to
from plugins.venture.services.reviews import take_stance
from tests.factories import PASSWORD, Committee, make_resident
from tests.plugins.venture.making import (
    Funder,
    make_applicant,
    make_call,
    make_decided,
    make_funder,
    make_ranked,
    make_scoring,
    pay,
    report,
    sign,
    terms_of,
    words_of,
)


async def build_calls(committee: Committee, phones: dict[str, str]) -> dict[str, int]:
    """One of each: the committee gives the money, another one applies."""
    funder = await make_funder(committee, officer_phone=phones["officer"], payer_phone=phones["payer"])
    applicant, other = await make_applicant(phone=phones["applicant"]), await make_applicant()
    now, closes_on = clock.now(), clock.today() + timedelta(days=9)
    opened = await make_call(funder, closes_on=closes_on)
    written = await draft_application(
        opened.call, applicant.committee.id, words_of(200_00), actor=applicant.manager
    )
    await add_line(written, BudgetLine("labour", "社工", 1, 100_00), actor=applicant.manager)
    ranked = await make_ranked(funder, [applicant, other], at=now - timedelta(days=2))
    await object_to(ranked.applications[0], "金额偏高", actor=other.manager)
    decided = await make_decided(funder, [applicant, other], at=now - timedelta(days=60))
    await sign(decided.contracts[0], funder, applicant)
    await ask_for_tranche(decided.contracts[0], 1, actor=funder.officer)
    second = await make_decided(funder, [applicant, other], at=now - timedelta(days=60))
    await sign(second.contracts[0], funder, applicant)
    await pay(second.contracts[0], 1, funder)
    await report(second.contracts[0], "midterm", applicant)
    third = await make_decided(funder, [applicant], at=now - timedelta(days=60))
    scoring = await make_scoring(funder, [applicant, other], at=now - timedelta(days=2))
    expert = await _expert(scoring.call, funder, phones["expert"])
    await take_stance(scoring.applications[1], has_conflict=False, actor=expert)
    return {
        "draft_call": await draft_call(terms_of(funder, closes_on=closes_on), actor=funder.officer),
        "open_call": opened.call,
        "written": written,
        "ranked_call": ranked.call,
        "decided_call": decided.call,
        "asked": decided.contracts[0],
        "offered": third.contracts[0],
        "reported": second.contracts[0],
        "scoring_call": scoring.call,
        "to_declare": scoring.applications[0],
        "to_score": scoring.applications[1],
    } | await _registrations(committee, phones)


async def _expert(call_id: int, funder: Funder, phone: str) -> Actor:
    person = await make_resident(funder.committee.region_id, name="评专家", phone=phone, password=PASSWORD)
    await appoint_expert(call_id, person.person_id, actor=funder.officer)
    found = await people.actor(person.person_id)
    assert found is not None
    return found


async def _registrations(committee: Committee, phones: dict[str, str]) -> dict[str, int]:
    """One waits for the region's staff, one was sent back to the newcomer."""
    region_id = committee.region_id
    staff = await make_resident(region_id, name="区工作", phone=phones["staff"], password=PASSWORD)
    await grant_role(staff.person_id, STAFF, Ref("region", region_id), actor_id=None)
    rows = await fetch("select id from person where phone = $1", phones["newcomer"])
    newcomer = await people.actor(rows[0]["id"])
    assert newcomer is not None
    made = [
        await propose_organization(Registration(name, "community_group", region_id, None), actor=newcomer)
        for name in ("合唱队", "种菜小组")
    ]
    await fetch("update organization set state = 'returned', reason = '太短' where id = $1", made[1])
    return {"registration": made[0], "sent_back": made[1]}
