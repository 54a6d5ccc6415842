"""Calls at every stage, made through the services: a funder with its officer and payer, and applicants."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core import clock
from core.database import fetch, fetch_value
from core.files.rules import Upload
from core.people import queries as people
from core.people.rules import MANAGER, Actor
from core.people.services import grant_role
from plugins.venture import rules
from plugins.venture.demo.building import list_years
from plugins.venture.queries import applications as applications_read
from plugins.venture.rules.money import BudgetLine
from plugins.venture.rules.scores import Criterion
from plugins.venture.services.applications import (
    Words,
    add_line,
    draft_application,
    submit_application,
)
from plugins.venture.services.calls import Terms, appoint_expert, draft_call, fund_call, publish_call
from plugins.venture.services.contracts import (
    FUNDER,
    GRANTEE,
    accept_contract,
    ask_for_tranche,
    pay_tranche,
)
from plugins.venture.services.decisions import decide_call, publish_ranking
from plugins.venture.services.reports import file_report
from plugins.venture.services.reviews import begin_scoring, score_application, take_stance
from tests.core.files.pictures import photo
from tests.factories import PASSWORD, Committee, make_committee, make_resident
from workers.drain import run_due_jobs

CRITERIA = (Criterion("需求", 40), Criterion("方案", 60))
ASKED = 2_999_999
LONG_AGO = timedelta(days=90)


@dataclass(frozen=True)
class Funder:
    """An organization with money to give, and the two who give it."""

    committee: Committee
    officer: Actor
    payer: Actor


@dataclass(frozen=True)
class Applicant:
    """An organization that applies, and who acts for it."""

    committee: Committee
    manager: Actor


@dataclass
class Made:
    """Ids of what was made."""

    call: int
    experts: list[Actor] = field(default_factory=list)
    applications: list[int] = field(default_factory=list)
    contracts: list[int] = field(default_factory=list)


async def make_holder(committee: Committee, role: str, *, phone: str | None = None) -> Actor:
    """Somebody with a role at the organization; can log in if given a phone."""
    password = PASSWORD if phone else None
    person = await make_resident(committee.region_id, name="任职者", phone=phone, password=password)
    await grant_role(person.person_id, role, committee.ref, actor_id=None)
    found = await people.actor(person.person_id)
    assert found is not None
    return found


async def make_funder(
    committee: Committee | None = None, *, officer_phone: str | None = None, payer_phone: str | None = None
) -> Funder:
    await list_years(clock.now() - timedelta(days=365))  # whatever year the tests run in
    committee = committee or await make_committee()
    officer = await make_holder(committee, rules.OFFICER, phone=officer_phone)
    return Funder(committee, officer, await make_holder(committee, rules.PAYER, phone=payer_phone))


async def make_applicant(committee: Committee | None = None, *, phone: str | None = None) -> Applicant:
    committee = committee or await make_committee()
    return Applicant(committee, await make_holder(committee, MANAGER, phone=phone))


def terms_of(funder: Funder, **changed: object) -> Terms:
    """A plain call that closes at the end of the day of its making."""
    plain: dict[str, object] = {
        "organization_id": funder.committee.id,
        "title": "测试创投",
        "summary": "资助社区里的好事",
        "budget_fen": 5_000_000,
        "cap_fen": 3_000_000,
        "plan": (6000, 3000, 1000),
        "closes_on": clock.today(),
        "criteria": CRITERIA,
    }
    return Terms(**(plain | changed))  # type: ignore[arg-type]


def words_of(asked_fen: int = ASKED, title: str = "测试项目") -> Words:
    return Words(title=title, need="缺人陪", plan="每周去看看", beneficiaries=30, asked_fen=asked_fen)


async def make_call(funder: Funder, *, experts: int = 3, **changed: object) -> Made:
    """A published call with its panel."""
    terms = terms_of(funder, **changed)
    made = Made(await draft_call(terms, actor=funder.officer))
    await fund_call(made.call, amount_fen=terms.budget_fen, slip="1", actor=funder.payer)
    for _ in range(experts):
        made.experts.append(await make_expert(made.call, funder))
    await publish_call(made.call, actor=funder.officer)
    return made


async def make_expert(call_id: int, funder: Funder) -> Actor:
    person = await make_resident(funder.committee.region_id, name="评专家")
    await appoint_expert(call_id, person.person_id, actor=funder.officer)
    found = await people.actor(person.person_id)
    assert found is not None
    return found


async def apply(made: Made, applicant: Applicant, *, asked_fen: int = ASKED, title: str = "测试项目") -> int:
    """An application with one line, handed in."""
    organization_id = applicant.committee.id
    words = words_of(asked_fen, title)
    application_id = await draft_application(made.call, organization_id, words, actor=applicant.manager)
    await add_line(application_id, BudgetLine("labour", "社工", 1, asked_fen), actor=applicant.manager)
    await submit_application(application_id, actor=applicant.manager)
    made.applications.append(application_id)
    return application_id


async def score(made: Made, marks: Sequence[int] = (80, 80)) -> None:
    """Every expert scores every application with the same marks."""
    for expert in made.experts:
        for application_id in made.applications:
            await take_stance(application_id, has_conflict=False, actor=expert)
            await score_application(application_id, list(marks), actor=expert)


async def make_scoring(funder: Funder, applicants: Sequence[Applicant], *, at: datetime) -> Made:
    """Closed since the end of the day of `at`; the next day experts may score."""
    with clock.frozen(at):
        made = await make_call(funder)
        for applicant in applicants:
            await apply(made, applicant, asked_fen=ASKED - 1_000_000 * len(made.applications))
    with clock.frozen(at + timedelta(days=1)):
        await begin_scoring(made.call, actor=funder.officer)
    return made


async def make_ranked(funder: Funder, applicants: Sequence[Applicant], *, at: datetime) -> Made:
    """The same, scored and in publicity since the day after `at`."""
    made = await make_scoring(funder, applicants, at=at)
    with clock.frozen(at + timedelta(days=1)):
        await score(made)
        await publish_ranking(made.call, actor=funder.officer)
    return made


async def make_decided(funder: Funder, applicants: Sequence[Applicant], *, at: datetime) -> Made:
    """The same, awarded thirty days later, with contracts offered."""
    made = await make_ranked(funder, applicants, at=at)
    with clock.frozen(at + timedelta(days=30)):
        await decide_call(made.call, actor=funder.officer)
    for application_id in made.applications:
        contract_id = (await applications_read.application(application_id)).contract_id
        if contract_id is not None:
            made.contracts.append(contract_id)
    return made


async def sign(contract_id: int, funder: Funder, applicant: Applicant) -> None:
    await accept_contract(contract_id, FUNDER, actor=funder.officer)
    await accept_contract(contract_id, GRANTEE, actor=applicant.manager)


async def pay(contract_id: int, number: int, funder: Funder) -> None:
    """One asks, another pays."""
    name = await fetch_value(
        "select o.name from venture_contract k join organization o on o.id = k.organization where k.id = $1",
        contract_id,
    )
    await ask_for_tranche(contract_id, number, actor=funder.officer)
    await pay_tranche(contract_id, number, payee_name=name, slip=f"P{number}", actor=funder.payer)


async def report(contract_id: int, kind: str, applicant: Applicant) -> int:
    return await file_report(contract_id, kind, "做了十次", Upload("a.jpg", photo()), actor=applicant.manager)


async def balance(kind: str) -> int:
    return int(
        await fetch_value("select coalesce(sum(balance), 0) from ledger_balance where kind = $1", kind)
    )


async def told(person_id: int) -> list[str]:
    await run_due_jobs()
    return [
        row["title"] for row in await fetch("select title from notification where person = $1", person_id)
    ]


async def actor_again(actor: Actor) -> Actor:
    """With the roles of this moment."""
    found = await people.actor(actor.person_id)
    assert found is not None
    return found
