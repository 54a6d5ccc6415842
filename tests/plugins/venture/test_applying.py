"""A call, applications and scores: each step on the real database, each refusal in words."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from core import clock
from core.database import fetch
from core.people.errors import PermissionMissing
from core.workflow import WrongState
from plugins.venture.errors import (
    ApplicationNotFound,
    BudgetMissesTheSum,
    CallNotFound,
    CallNotOpen,
    DeadlinePassed,
    NoOrganization,
    NotDraft,
    NotFunded,
    OwnCall,
    Recused,
    ScoreSealed,
    ScoresMissing,
    SlipUsed,
    StanceFirst,
    StillOpen,
    TooFewExperts,
    TooFewScores,
)
from plugins.venture.queries import applications, calls
from plugins.venture.rules.money import BudgetLine
from plugins.venture.services.applications import (
    add_line,
    draft_application,
    remove_line,
    submit_application,
    withdraw_application,
)
from plugins.venture.services.calls import draft_call, fund_call, publish_call
from plugins.venture.services.decisions import publish_ranking
from plugins.venture.services.reviews import begin_scoring, score_application, take_stance
from tests.factories import make_resident
from tests.plugins.venture.making import (
    LONG_AGO,
    Applicant,
    Funder,
    apply,
    make_applicant,
    make_call,
    make_expert,
    make_funder,
    make_scoring,
    terms_of,
    told,
    words_of,
)

# --- the call -----------------------------------------------------------------------------------


async def test_a_call_is_published_when_the_whole_budget_has_come(funder: Funder) -> None:
    call_id = await draft_call(terms_of(funder), actor=funder.officer)
    await fund_call(call_id, amount_fen=4_999_999, slip="1", actor=funder.payer)
    with pytest.raises(NotFunded, match=r"到位 49,999\.99 元，少于预算 50,000\.00 元"):
        await publish_call(call_id, actor=funder.officer)
    await fund_call(call_id, amount_fen=4_999_999, slip="1", actor=funder.payer)  # the second click
    assert (await calls.money(call_id)).free_fen == 4_999_999
    with pytest.raises(SlipUsed):
        await fund_call(call_id, amount_fen=1, slip="1", actor=funder.payer)
    await fund_call(call_id, amount_fen=1, slip="2", actor=funder.payer)
    await publish_call(call_id, actor=funder.officer)
    with pytest.raises(WrongState, match="已经是“申报中”，不用再“发布”"):
        await publish_call(call_id, actor=funder.officer)


async def test_only_the_funders_own_people_run_a_call(funder: Funder) -> None:
    other = await make_funder()
    with pytest.raises(PermissionMissing):
        await draft_call(terms_of(funder), actor=other.officer)
    call_id = await draft_call(terms_of(funder), actor=funder.officer)
    with pytest.raises(CallNotFound):
        await publish_call(call_id, actor=other.officer)
    with pytest.raises(CallNotFound):
        await fund_call(call_id, amount_fen=1, slip="1", actor=funder.officer)  # who publishes does not book


async def test_a_call_does_not_close_before_it_opens(funder: Funder) -> None:
    with pytest.raises(DeadlinePassed):
        await draft_call(terms_of(funder, closes_on=clock.today() - timedelta(days=1)), actor=funder.officer)
    call_id = await draft_call(terms_of(funder), actor=funder.officer)
    await fund_call(call_id, amount_fen=5_000_000, slip="1", actor=funder.payer)
    with clock.frozen((await calls.call(call_id)).closes_at), pytest.raises(DeadlinePassed):
        await publish_call(call_id, actor=funder.officer)


# --- the application ----------------------------------------------------------------------------


async def test_an_application_is_handed_in_when_its_lines_are_what_it_asks(
    funder: Funder, applicant: Applicant
) -> None:
    made, manager = await make_call(funder), applicant.manager
    own = await draft_application(made.call, applicant.committee.id, words_of(1000_00), actor=manager)
    first = await add_line(own, BudgetLine("labour", "社工", 3, 200_00), actor=manager)
    with pytest.raises(BudgetMissesTheSum, match=r"合计 600\.00 元，和申请金额 1,000\.00 元不一致"):
        await submit_application(own, actor=manager)
    await remove_line(own, first, actor=manager)
    await add_line(own, BudgetLine("labour", "社工", 5, 200_00), actor=manager)
    await submit_application(own, actor=manager)
    await submit_application(own, actor=manager)  # the second click
    with pytest.raises(NotDraft):
        await add_line(own, BudgetLine("labour", "社工", 1, 1), actor=manager)
    assert "收到一份项目申报" in await told(funder.officer.person_id)


async def test_an_organization_applies_once_also_when_two_click_at_once(
    funder: Funder, applicant: Applicant
) -> None:
    made = await make_call(funder)
    found = await asyncio.gather(
        *(
            draft_application(made.call, applicant.committee.id, words_of(), actor=applicant.manager)
            for _ in range(2)
        )
    )
    assert found[0] == found[1]
    await withdraw_application(found[0], actor=applicant.manager)
    again = await draft_application(made.call, applicant.committee.id, words_of(), actor=applicant.manager)
    assert again != found[0]


async def test_at_the_deadline_itself_it_is_too_late(funder: Funder, applicant: Applicant) -> None:
    made, manager = await make_call(funder), applicant.manager
    own = await draft_application(made.call, applicant.committee.id, words_of(100_00), actor=manager)
    await add_line(own, BudgetLine("labour", "社工", 1, 100_00), actor=manager)
    closes_at = (await calls.call(made.call)).closes_at
    with clock.frozen(closes_at):
        for late in (submit_application, withdraw_application):
            with pytest.raises(CallNotOpen):
                await late(own, actor=manager)
    with clock.frozen(closes_at - timedelta(microseconds=1)):
        await submit_application(own, actor=manager)


async def test_who_may_not_apply_learns_why(funder: Funder, applicant: Applicant) -> None:
    made = await make_call(funder)
    resident = await make_resident(applicant.committee.region_id)
    with pytest.raises(NoOrganization):
        await draft_application(made.call, applicant.committee.id, words_of(), actor=resident)
    head = (await make_applicant(funder.committee)).manager
    with pytest.raises(OwnCall):
        await draft_application(made.call, funder.committee.id, words_of(), actor=head)
    await fetch("update organization set state = 'pending' where id = $1", applicant.committee.id)
    with pytest.raises(NoOrganization):
        await draft_application(made.call, applicant.committee.id, words_of(), actor=applicant.manager)


async def test_another_organization_does_not_see_it(funder: Funder, applicant: Applicant) -> None:
    made = await make_call(funder)
    own = await apply(made, applicant)
    stranger = (await make_applicant()).manager
    for refused in (
        applications.visible_application(own, stranger),
        applications.visible_application(own, made.experts[0]),
        submit_application(own, actor=stranger),
    ):
        with pytest.raises(ApplicationNotFound):
            await refused


# --- scores -------------------------------------------------------------------------------------


async def test_scoring_begins_after_the_deadline_with_enough_experts(
    funder: Funder, applicant: Applicant
) -> None:
    made = await make_call(funder, experts=2)
    await apply(made, applicant)
    with pytest.raises(StillOpen):
        await begin_scoring(made.call, actor=funder.officer)
    with clock.frozen((await calls.call(made.call)).closes_at):
        with pytest.raises(TooFewExperts, match="至少要有 3 位专家，现在是 2 位"):
            await begin_scoring(made.call, actor=funder.officer)
        await make_expert(made.call, funder)
        await begin_scoring(made.call, actor=funder.officer)
    assert (await calls.call(made.call)).state == "scoring"


async def test_an_expert_declares_first_and_a_score_is_sealed(funder: Funder, applicant: Applicant) -> None:
    made = await make_scoring(funder, [applicant], at=clock.now() - LONG_AGO)
    (own,), (expert, *_) = made.applications, made.experts
    with pytest.raises(StanceFirst):
        await score_application(own, [80, 90], actor=expert)
    await take_stance(own, has_conflict=False, actor=expert)
    assert (await applications.visible_application(own, expert)).need == "缺人陪"
    await score_application(own, [80, 90], actor=expert)
    await score_application(own, [80, 90], actor=expert)  # the second click
    with pytest.raises(ScoreSealed):
        await score_application(own, [80, 91], actor=expert)
    sheet = await applications.review(own, expert.person_id)
    assert sheet is not None
    assert sheet.score == 80 * 40 + 90 * 60
    with pytest.raises(asyncpg.CheckViolationError, match="sealed"):
        await fetch("update venture_review set marks = '{100,100}'")
    with pytest.raises(ScoresMissing, match="还有 2 份"):
        await publish_ranking(made.call, actor=funder.officer)


async def test_who_is_recused_neither_sees_nor_scores(funder: Funder, applicant: Applicant) -> None:
    made = await make_scoring(funder, [applicant], at=clock.now() - LONG_AGO)
    (own,), (declares, belongs, learns) = made.applications, made.experts
    await take_stance(own, has_conflict=True, reason="是我的学生", actor=declares)
    await make_role_at(applicant, belongs.person_id)
    with pytest.raises(Recused):
        await take_stance(own, has_conflict=False, actor=belongs)
    await take_stance(own, has_conflict=False, actor=learns)
    await make_role_at(applicant, learns.person_id)  # a fact that comes between stance and score
    for expert in (declares, belongs, learns):
        with pytest.raises(Recused):
            await score_application(own, [80, 90], actor=expert)
        with pytest.raises(ApplicationNotFound):
            await applications.visible_application(own, expert)
    stances = await fetch("select stance from venture_review order by id")
    assert [row["stance"] for row in stances] == ["declared", "computed", "computed"]
    with pytest.raises(TooFewScores, match="测试项目只有 0 份有效评分，少于 3 份"):
        await publish_ranking(made.call, actor=funder.officer)


async def make_role_at(applicant: Applicant, person_id: int) -> None:
    await fetch(
        "insert into role_grant (person, role, scope_kind, scope_id, granted_at, reason)"
        " values ($1, 'core.treasurer', 'organization', $2, now(), '')",
        person_id,
        applicant.committee.id,
    )
