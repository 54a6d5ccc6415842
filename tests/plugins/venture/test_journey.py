"""The whole journey, and what is decided between scores and contract."""

from datetime import timedelta

import pytest

from core import clock, plugins
from core.database import fetch_value
from core.errors import YijiError
from core.projects import queries as projects
from plugins.venture import postings
from plugins.venture.errors import (
    ObjectionsOpen,
    PublicityOver,
    PublicityRuns,
)
from plugins.venture.queries import applications, calls, contracts, waiting
from plugins.venture.services.calls import close_late
from plugins.venture.services.decisions import answer_objection, decide_call, object_to, publish_ranking
from plugins.venture.services.reports import FINAL, MIDTERM, answer_report
from tests.factories import make_resident
from tests.plugins.venture.making import (
    ASKED,
    LONG_AGO,
    Applicant,
    Funder,
    balance,
    make_applicant,
    make_call,
    make_decided,
    make_ranked,
    make_scoring,
    pay,
    report,
    score,
    sign,
    told,
)


async def test_the_whole_journey_ends_with_the_money_paid_and_the_books_clean(
    funder: Funder, applicant: Applicant
) -> None:
    made = await make_decided(funder, [applicant], at=clock.now() - LONG_AGO)
    (contract_id,) = made.contracts
    await sign(contract_id, funder, applicant)
    assert await balance(postings.HELD) == ASKED
    assert await balance(postings.BUDGET) == 5_000_000 - ASKED

    await pay(contract_id, 1, funder)
    for number, kind in ((2, MIDTERM), (3, FINAL)):
        await answer_report(
            await report(contract_id, kind, applicant), "", is_accepted=True, actor=funder.officer
        )
        await pay(contract_id, number, funder)

    tranches = await contracts.tranches(contract_id)
    assert [t.amount_fen for t in tranches] == [1_799_999, 899_999, 300_001]
    assert await balance(postings.HELD) == 0
    assert await balance("core.public") == ASKED
    contract = await contracts.contract(contract_id)
    assert contract.state == "completed"
    assert contract.project is not None
    project = await projects.project(contract.project)
    assert (project.title, project.state) == ("测试项目", "completed")
    told_of = await projects.reports(project.id, before_id=None, limit=10)
    assert [len(one.files) for one in told_of] == [1, 1]
    (part,) = await projects.parts(project.id)
    assert [line.amount_fen for line in part.lines] == [ASKED, 1_799_999, 899_999, 300_001]
    assert await plugins.collect("collect_differences") == []
    assert "项目款已拨付" in await told(applicant.manager.person_id)


async def test_the_ranking_is_public_and_an_objection_is_answered_before_the_award(
    funder: Funder, applicant: Applicant
) -> None:
    begins = clock.now() - LONG_AGO
    made = await make_ranked(funder, [applicant, await make_applicant()], at=begins)
    first, second = await applications.applications_of(made.call)
    assert [(one.rank, one.state) for one in (first, second)] == [(1, "proposed"), (2, "proposed")]
    assert first.asked_fen < second.asked_fen  # equal scores: the smaller sum
    resident = await make_resident(applicant.committee.region_id)
    with clock.frozen(begins + timedelta(days=2)):
        objection = await object_to(first.id, "负责人不住在本地", actor=resident)
        assert await object_to(first.id, "负责人不住在本地", actor=resident) == objection
        with pytest.raises(PublicityRuns, match="公示到"):
            await decide_call(made.call, actor=funder.officer)
    with pytest.raises(PublicityOver):
        await object_to(second.id, "太晚了", actor=resident)
    with pytest.raises(ObjectionsOpen, match="还有 1 条"):
        await decide_call(made.call, actor=funder.officer)
    await answer_objection(objection, "已核实，取消资格", is_upheld=True, actor=funder.officer)
    await decide_call(made.call, actor=funder.officer)
    states = {one.id: one.state for one in await applications.applications_of(made.call)}
    assert states == {first.id: "excluded", second.id: "awarded"}
    assert await fetch_value("select count(*) from venture_contract") == 1
    assert "您的异议有了答复" in await told(resident.person_id)


async def test_the_last_day_of_publicity_still_belongs_to_it(funder: Funder, applicant: Applicant) -> None:
    made = await make_ranked(funder, [applicant], at=clock.now() - LONG_AGO)
    until = (await calls.call(made.call)).publicity_until
    assert until is not None
    with clock.frozen(clock.begin_of(until) + timedelta(hours=23)):
        with pytest.raises(PublicityRuns):
            await decide_call(made.call, actor=funder.officer)
        await object_to(made.applications[0], "有话说", actor=funder.payer)
    with clock.frozen(clock.end_of(until)), pytest.raises(ObjectionsOpen):
        await decide_call(made.call, actor=funder.officer)


async def test_the_timetable_closes_what_is_late(funder: Funder) -> None:
    made = await make_call(funder)
    await close_late()
    assert (await calls.call(made.call)).state == "published"
    with clock.frozen((await calls.call(made.call)).closes_at):
        await close_late()
    assert (await calls.call(made.call)).state == "closed"


def test_every_refusal_is_a_sentence() -> None:
    from plugins.venture import errors

    refusals = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, YijiError) and one.__module__ == errors.__name__
    ]
    assert len(refusals) > 40
    assert all(len(one.message) >= 5 for one in refusals)


async def test_scores_of_all_make_the_rank(funder: Funder, applicant: Applicant) -> None:
    made = await make_scoring(funder, [applicant], at=clock.now() - LONG_AGO)
    assert await waiting.todos(funder.officer) == []
    await score(made, (90, 60))
    (todo,) = await waiting.todos(funder.officer)
    assert todo.path == f"/venture/calls/{made.call}/desk"
    await publish_ranking(made.call, actor=funder.officer)
    (only,) = await applications.applications_of(made.call)
    assert (only.rank, only.score, only.award_fen) == (1, 7200, ASKED)
