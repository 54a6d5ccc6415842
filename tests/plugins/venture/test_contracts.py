"""The contract and its money: two sides, two persons, and a gate before each tranche."""

import asyncio

import asyncpg
import pytest

from core import clock, plugins
from core.database import fetch, unit_of_work
from core.evidence.errors import EvidenceMissing
from core.ledger import services as ledger
from core.people.rules import Actor
from plugins.venture import postings
from plugins.venture.errors import (
    AcceptedAlready,
    ContractNotFound,
    GateClosed,
    MakerPays,
    MilestoneTooEarly,
    PayeeDiffers,
    PhotoMissing,
    ReportWaiting,
    SamePersonTwice,
    TrancheNotAsked,
    TrancheNotNext,
)
from plugins.venture.queries import contracts
from plugins.venture.services.contracts import (
    FUNDER,
    GRANTEE,
    accept_contract,
    ask_for_tranche,
    pay_tranche,
)
from plugins.venture.services.reports import FINAL, MIDTERM, answer_report, file_report
from tests.plugins.venture.making import (
    ASKED,
    LONG_AGO,
    Applicant,
    Funder,
    Made,
    actor_again,
    balance,
    make_decided,
    make_funder,
    make_holder,
    pay,
    report,
    sign,
)


async def signed(funder: Funder, applicant: Applicant) -> tuple[Made, int]:
    made = await make_decided(funder, [applicant], at=clock.now() - LONG_AGO)
    await sign(made.contracts[0], funder, applicant)
    return made, made.contracts[0]


async def test_a_contract_needs_both_sides_and_two_persons(funder: Funder, applicant: Applicant) -> None:
    made = await make_decided(funder, [applicant], at=clock.now() - LONG_AGO)
    (contract_id,) = made.contracts
    with pytest.raises(ContractNotFound):
        await accept_contract(contract_id, GRANTEE, actor=funder.officer)
    await accept_contract(contract_id, FUNDER, actor=funder.officer)
    await accept_contract(contract_id, FUNDER, actor=funder.officer)  # the second click
    colleague = await make_holder(funder.committee, "venture.officer")
    with pytest.raises(AcceptedAlready):
        await accept_contract(contract_id, FUNDER, actor=colleague)
    await make_role(funder.officer.person_id, applicant)
    both = await actor_again(funder.officer)
    with pytest.raises(SamePersonTwice):
        await accept_contract(contract_id, GRANTEE, actor=both)
    assert await balance(postings.HELD) == 0
    await accept_contract(contract_id, GRANTEE, actor=applicant.manager)
    assert await balance(postings.HELD) == ASKED


async def make_role(person_id: int, applicant: Applicant) -> None:
    await fetch(
        "insert into role_grant (person, role, scope_kind, scope_id, granted_at, reason)"
        " values ($1, 'core.manager', 'organization', $2, now(), '')",
        person_id,
        applicant.committee.id,
    )


async def test_one_asks_and_another_pays_to_the_registered_name(funder: Funder, applicant: Applicant) -> None:
    _, contract_id = await signed(funder, applicant)

    async def paid_by(person: Actor, name: str = "测试自管会") -> None:
        await pay_tranche(contract_id, 1, payee_name=name, slip="S1", actor=person)

    with pytest.raises(TrancheNotAsked):
        await paid_by(funder.payer)
    with pytest.raises(TrancheNotNext):
        await ask_for_tranche(contract_id, 2, actor=funder.officer)
    await ask_for_tranche(contract_id, 1, actor=funder.officer)
    await ask_for_tranche(contract_id, 1, actor=funder.officer)  # the second click
    await fetch("update role_grant set role = 'venture.payer' where person = $1", funder.officer.person_id)
    with pytest.raises(MakerPays):
        await paid_by(await actor_again(funder.officer))
    with pytest.raises(PayeeDiffers, match="测试自管会"):
        await paid_by(funder.payer, "王某某")
    with pytest.raises(ContractNotFound):
        await paid_by((await make_funder()).payer)
    await paid_by(funder.payer)
    await paid_by(funder.payer)  # the second click
    assert await balance("core.public") == 1_799_999


async def test_two_payers_at_once_pay_once(funder: Funder, applicant: Applicant) -> None:
    _, contract_id = await signed(funder, applicant)
    await ask_for_tranche(contract_id, 1, actor=funder.officer)
    payers = [funder.payer, await make_holder(funder.committee, "venture.payer")]
    results = await asyncio.gather(
        *(
            pay_tranche(contract_id, 1, payee_name="测试自管会", slip=f"S{n}", actor=payer)
            for n, payer in enumerate(payers)
        ),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "TranchePaid"]
    assert await balance("core.public") == 1_799_999


async def test_the_database_refuses_the_second_tranche_without_the_midterm_record(
    funder: Funder, applicant: Applicant
) -> None:
    _, contract_id = await signed(funder, applicant)
    await pay(contract_id, 1, funder)
    with pytest.raises(GateClosed, match="没有“中期检查记录”，数据库拒绝付这一期款"):
        await pay(contract_id, 2, funder)
    assert await balance("core.public") == 1_799_999
    with pytest.raises(EvidenceMissing):  # whatever code runs
        async with unit_of_work():
            held = await ledger.open_account(
                (await contracts.contract(contract_id)).ref, kind=postings.HELD, unit="CNY"
            )
            public = await ledger.open_account(applicant.committee.ref, kind="core.public", unit="CNY")
            ledger.post(
                postings.tranche(
                    contract_id,
                    2,
                    note="",
                    held=held,
                    public=public,
                    amount_fen=1,
                    evidence_id=1,
                    at=clock.now(),
                )
            )
    with pytest.raises(MilestoneTooEarly):
        await report(contract_id, FINAL, applicant)
    with pytest.raises(PhotoMissing):
        await file_report(contract_id, MIDTERM, "没有照片", None, actor=applicant.manager)
    first = await report(contract_id, MIDTERM, applicant)
    with pytest.raises(ReportWaiting):
        await report(contract_id, MIDTERM, applicant)
    await answer_report(first, "照片看不清", is_accepted=False, actor=funder.officer)
    with pytest.raises(GateClosed):
        await pay_tranche(contract_id, 2, payee_name="测试自管会", slip="S2", actor=funder.payer)
    second = await report(contract_id, MIDTERM, applicant)
    await answer_report(second, "", is_accepted=True, actor=funder.officer)
    await pay_tranche(contract_id, 2, payee_name="测试自管会", slip="S2", actor=funder.payer)
    assert await balance("core.public") == 1_799_999 + 899_999
    assert await plugins.collect("collect_differences") == []


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        (
            "update venture_tranche set state = 'paid', paid_by = asked_by where number = 1",
            "venture_tranche_two",
        ),
        ("update venture_contract set grantee_person = funder_person", "venture_contract_two"),
        ("update venture_call set last_bp = last_bp + 1", "venture_call_plan"),
        ("update venture_application set award_fen = asked_fen + 1", "venture_application_money"),
    ],
)
async def test_plain_sql_is_refused_the_same(
    funder: Funder, applicant: Applicant, sql: str, constraint: str
) -> None:
    _, contract_id = await signed(funder, applicant)
    await ask_for_tranche(contract_id, 1, actor=funder.officer)
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await fetch(sql)
    assert refusal.value.constraint_name == constraint


async def test_the_proof_finds_a_contract_that_lost_money(funder: Funder, applicant: Applicant) -> None:
    await signed(funder, applicant)
    await fetch("alter table venture_contract drop constraint venture_contract_amount")
    await fetch("update venture_contract set amount_fen = amount_fen + 1")
    found = await contracts.differences()
    assert [one.subject.rpartition(" ")[2] for one in found] == ["held", "tranches"]
