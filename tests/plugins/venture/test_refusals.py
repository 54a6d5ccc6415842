"""Who is refused at each step of a call, and in which words.

What stands here is told nowhere else: a wrong role, another tenant, too early, too late, twice, too much. The
other refusals stand where their step is told (`test_applying.py`, `test_journey.py`, `test_contracts.py`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.errors import YijiError
from core.files.rules import Upload
from core.people.rules import Actor
from plugins.venture import rules
from plugins.venture.rules.money import BudgetLine
from plugins.venture.services import applications, attachments, calls, contracts, decisions, reports, reviews
from tests.core.files.pictures import photo
from tests.factories import make_resident
from tests.plugins.venture import making
from tests.plugins.venture.making import LONG_AGO, Applicant, Funder, Made
from tests.plugins.venture.test_contracts import make_role

_FILE = Upload("a.jpg", photo())


@dataclass
class Stage:
    """A call at one stage, its people, and those of another call who have no business here."""

    funder: Funder
    applicant: Applicant
    other: Funder
    rival: Applicant
    resident: Actor
    made: Made = field(default_factory=lambda: Made(0))
    objection: int = 0
    report: int = 0

    @property
    def call(self) -> int:
        return self.made.call

    @property
    def application(self) -> int:
        return self.made.applications[0]

    @property
    def contract(self) -> int:
        return self.made.contracts[0]


async def _draft(stage: Stage) -> None:
    stage.made.call = await calls.draft_call(making.terms_of(stage.funder), actor=stage.funder.officer)


async def _empty(stage: Stage) -> None:
    with clock.frozen(clock.now() - LONG_AGO):
        stage.made = await making.make_call(stage.funder)


async def _open(stage: Stage) -> None:
    stage.made = await making.make_call(stage.funder)
    await making.apply(stage.made, stage.applicant)


async def _scoring(stage: Stage) -> None:
    at = clock.now() - LONG_AGO
    stage.made = await making.make_scoring(stage.funder, [stage.applicant], at=at)


async def _publicity(stage: Stage) -> None:
    stage.made = await making.make_ranked(stage.funder, [stage.applicant], at=clock.now() - LONG_AGO)
    with clock.frozen(clock.now() - LONG_AGO + timedelta(days=2)):
        stage.objection = await decisions.object_to(stage.application, "不实", actor=stage.resident)


async def _offered(stage: Stage) -> None:
    stage.made = await making.make_decided(stage.funder, [stage.applicant], at=clock.now() - LONG_AGO)


async def _signed(stage: Stage) -> None:
    await _offered(stage)
    await making.sign(stage.contract, stage.funder, stage.applicant)


async def _asked(stage: Stage) -> None:
    await _signed(stage)
    await contracts.ask_for_tranche(stage.contract, 1, actor=stage.funder.officer)


async def _paid(stage: Stage) -> None:
    await _signed(stage)
    await making.pay(stage.contract, 1, stage.funder)


async def _reported(stage: Stage) -> None:
    await _paid(stage)
    stage.report = await making.report(stage.contract, reports.MIDTERM, stage.applicant)


async def _accepted(stage: Stage) -> None:
    await _reported(stage)
    await reports.answer_report(stage.report, "", is_accepted=True, actor=stage.funder.officer)


async def _completed(stage: Stage) -> None:
    await _accepted(stage)
    await making.pay(stage.contract, 2, stage.funder)
    last = await making.report(stage.contract, reports.FINAL, stage.applicant)
    await reports.answer_report(last, "", is_accepted=True, actor=stage.funder.officer)
    await making.pay(stage.contract, 3, stage.funder)


async def _colleague(stage: Stage) -> Actor:
    return await making.make_holder(stage.funder.committee, rules.OFFICER)


async def _ask_by_colleague(stage: Stage) -> None:
    await contracts.ask_for_tranche(stage.contract, 1, actor=await _colleague(stage))


async def _answer_as_both(stage: Stage) -> None:
    """An officer who acts for the applicant too answers a report of his own."""
    await make_role(stage.funder.officer.person_id, stage.applicant)
    both = await making.actor_again(stage.funder.officer)
    own = await making.report(stage.contract, reports.MIDTERM, Applicant(stage.applicant.committee, both))
    await reports.answer_report(own, "", is_accepted=True, actor=both)


async def _answer_otherwise(stage: Stage) -> None:
    for is_upheld in (False, True):
        await _answer(stage, stage.funder.officer, is_upheld=is_upheld)


async def _attach_seven(stage: Stage) -> None:
    made = await making.make_call(stage.funder)
    words = making.words_of()
    own = await applications.draft_application(
        made.call, stage.applicant.committee.id, words, actor=stage.applicant.manager
    )
    for n in range(rules.FILES_MOST + 1):
        upload = Upload(f"{n}.jpg", photo(40 + n, 30))
        await attachments.attach(own, upload, actor=stage.applicant.manager)


async def _answer(stage: Stage, actor: Actor, *, answer: str = "核实过", is_upheld: bool = False) -> None:
    await decisions.answer_objection(stage.objection, answer, is_upheld=is_upheld, actor=actor)


async def _change_stance(stage: Stage) -> None:
    for has_conflict in (False, True):
        await reviews.take_stance(stage.application, has_conflict=has_conflict, actor=stage.made.experts[0])


def _pay(number: int, by: Callable[[Stage], Actor], slip: str = "别的") -> Callable[[Stage], Awaitable[Any]]:
    return lambda s: contracts.pay_tranche(
        s.contract, number, payee_name="测试自管会", slip=slip, actor=by(s)
    )


def _apply(asked_fen: int, who: Callable[[Stage], Actor]) -> Callable[[Stage], Awaitable[Any]]:
    return lambda s: applications.draft_application(
        s.call, s.rival.committee.id, making.words_of(asked_fen), actor=who(s)
    )


def _officer(s: Stage) -> Actor:
    return s.funder.officer


_NO_CALL, _NO_APPLICATION = "没有找到这个公益创投", "没有找到这份申报"
_NO_CONTRACT, _NO_REPORT = "没有找到这份合同", "没有找到这份报告"
_Row = tuple[str, Callable[[Stage], Awaitable[None]], Callable[[Stage], Awaitable[Any]], str]
# What, at which stage, the attempt, the words.
TABLE: list[_Row] = [
    ("draft: no officer", _draft,
     lambda s: calls.draft_call(making.terms_of(s.funder), actor=s.funder.payer), "没有办理这件事的权限"),
    ("fund: another tenant", _draft,
     lambda s: calls.fund_call(s.call, amount_fen=1, slip="9", actor=s.other.payer), _NO_CALL),
    ("fund: nothing", _draft,
     lambda s: calls.fund_call(s.call, amount_fen=0, slip="9", actor=s.funder.payer), "金额要大于 0"),
    ("fund: after the award", _offered,
     lambda s: calls.fund_call(s.call, amount_fen=1, slip="9", actor=s.funder.payer), "不再登记到账"),
    ("publish: who pays", _draft,
     lambda s: calls.publish_call(s.call, actor=s.funder.payer), _NO_CALL),
    ("appoint: another tenant", _open,
     lambda s: calls.appoint_expert(s.call, s.resident.person_id, actor=s.other.officer), _NO_CALL),
    ("appoint: twice", _open,
     lambda s: calls.appoint_expert(s.call, s.made.experts[0].person_id, actor=s.funder.officer),
     "已经聘请过了"),
    ("appoint: after the scores", _publicity,
     lambda s: calls.appoint_expert(s.call, s.resident.person_id, actor=s.funder.officer),
     "现在不是评审阶段"),
    ("apply: for another organization", _open,
     _apply(making.ASKED, lambda s: s.applicant.manager), "先登记组织，审核通过以后由负责人申报"),
    ("apply: above the cap", _open,
     _apply(3_000_001, lambda s: s.rival.manager), "最多 30,000.00 元"),
    ("apply: late", _scoring,
     _apply(making.ASKED, lambda s: s.rival.manager), "申报已经截止"),
    ("apply: before it is published", _draft,
     _apply(making.ASKED, lambda s: s.rival.manager), _NO_CALL),
    ("budget: of another organization", _open,
     lambda s: applications.add_line(s.application, BudgetLine("labour", "x", 1, 1), actor=s.rival.manager),
     _NO_APPLICATION),
    ("attach: another organization", _open,
     lambda s: attachments.attach(s.application, _FILE, actor=s.rival.manager), _NO_APPLICATION),
    ("attach: after it is handed in", _open,
     lambda s: attachments.attach(s.application, _FILE, actor=s.applicant.manager), "要改请先撤回"),
    ("attach: too much", _draft, _attach_seven, "附件最多 6 个"),
    ("submit: another organization", _open,
     lambda s: applications.submit_application(s.application, actor=s.rival.manager), _NO_APPLICATION),
    ("withdraw: the funder", _open,
     lambda s: applications.withdraw_application(s.application, actor=s.funder.officer), _NO_APPLICATION),
    ("withdraw: after the ranking", _publicity,
     lambda s: applications.withdraw_application(s.application, actor=s.applicant.manager),
     "现在是“拟资助”，不能“撤回”"),
    ("begin: another tenant", _scoring,
     lambda s: reviews.begin_scoring(s.call, actor=s.other.officer), _NO_CALL),
    ("begin: nobody applied", _empty,
     lambda s: reviews.begin_scoring(s.call, actor=s.funder.officer), "没有收到申报"),
    ("begin: twice", _scoring,
     lambda s: reviews.begin_scoring(s.call, actor=s.funder.officer), "已经是“评审中”，不用再“开始评审”"),
    ("declare: no expert of the call", _scoring,
     lambda s: reviews.take_stance(s.application, has_conflict=False, actor=s.funder.officer),
     _NO_APPLICATION),
    ("declare: too early", _open,
     lambda s: reviews.take_stance(s.application, has_conflict=False, actor=s.made.experts[0]),
     "现在不是评审阶段"),
    ("declare: otherwise than before", _scoring, _change_stance, "您已经声明过了"),
    ("score: no expert of the call", _scoring,
     lambda s: reviews.score_application(s.application, [1, 1], actor=s.applicant.manager), _NO_APPLICATION),
    ("score: late", _publicity,
     lambda s: reviews.score_application(s.application, [1, 1], actor=s.made.experts[0]),
     "现在不是评审阶段"),
    ("rank: who pays", _scoring,
     lambda s: decisions.publish_ranking(s.call, actor=s.funder.payer), _NO_CALL),
    ("rank: twice", _publicity,
     lambda s: decisions.publish_ranking(s.call, actor=s.funder.officer), "已经是“结果公示”"),
    ("object: before the ranking", _scoring,
     lambda s: decisions.object_to(s.application, "太早", actor=s.resident), _NO_APPLICATION),
    ("answer: another tenant", _publicity, lambda s: _answer(s, s.other.officer), "没有找到这条异议"),
    ("answer: who objected", _publicity, lambda s: _answer(s, s.resident), "没有找到这条异议"),
    ("answer: no words", _publicity, lambda s: _answer(s, _officer(s), answer=""), "请写明答复"),
    ("answer: too many words", _publicity, lambda s: _answer(s, _officer(s), answer="啊" * 501), "最多 500"),
    ("answer: otherwise than before", _publicity, _answer_otherwise, "这条异议已经答复过了"),
    ("decide: another tenant", _publicity,
     lambda s: decisions.decide_call(s.call, actor=s.other.officer), _NO_CALL),
    ("decide: twice", _offered,
     lambda s: decisions.decide_call(s.call, actor=s.funder.officer), "已经是“已定标”，不用再“定标”"),
    ("accept: another funder", _offered,
     lambda s: contracts.accept_contract(s.contract, contracts.FUNDER, actor=s.other.officer), _NO_CONTRACT),
    ("accept: another organization", _offered,
     lambda s: contracts.accept_contract(s.contract, contracts.GRANTEE, actor=s.rival.manager), _NO_CONTRACT),
    ("ask: before it is signed", _offered,
     lambda s: contracts.ask_for_tranche(s.contract, 1, actor=s.funder.officer), "双方都确认以后"),
    ("ask: who pays", _signed,
     lambda s: contracts.ask_for_tranche(s.contract, 1, actor=s.funder.payer), _NO_CONTRACT),
    ("ask: another tenant", _signed,
     lambda s: contracts.ask_for_tranche(s.contract, 1, actor=s.other.officer), _NO_CONTRACT),
    ("ask: a fourth", _signed,
     lambda s: contracts.ask_for_tranche(s.contract, 4, actor=s.funder.officer), "要按顺序拨款"),
    ("ask: a colleague has asked", _asked, _ask_by_colleague, "等另一位经办人付款"),
    ("ask: paid already", _paid,
     lambda s: contracts.ask_for_tranche(s.contract, 1, actor=s.funder.officer), "这一期已经拨付"),
    ("pay: who asks", _asked, _pay(1, _officer), _NO_CONTRACT),
    ("pay: the receiver", _asked, _pay(1, lambda s: s.applicant.manager), _NO_CONTRACT),
    ("pay: before it is signed", _offered, _pay(1, lambda s: s.funder.payer), "双方都确认以后"),
    ("pay: twice with another slip", _paid, _pay(1, lambda s: s.funder.payer), "这一期已经拨付"),
    ("report: another organization", _paid,
     lambda s: reports.file_report(s.contract, reports.MIDTERM, "x", _FILE, actor=s.rival.manager),
     _NO_CONTRACT),
    ("report: before it is signed", _offered,
     lambda s: making.report(s.contract, reports.MIDTERM, s.applicant), "双方都确认以后"),
    ("report: accepted already", _accepted,
     lambda s: making.report(s.contract, reports.MIDTERM, s.applicant), "这个节点已经验收过了"),
    ("report: the project is over", _completed,
     lambda s: making.report(s.contract, reports.FINAL, s.applicant), "这个节点已经验收过了"),
    ("review: another tenant", _reported,
     lambda s: reports.answer_report(s.report, "", is_accepted=True, actor=s.other.officer), _NO_REPORT),
    ("review: who pays", _reported,
     lambda s: reports.answer_report(s.report, "", is_accepted=True, actor=s.funder.payer), _NO_REPORT),
    ("review: the own report", _paid, _answer_as_both, "不能审核自己提交的报告"),
    ("review: sent back without words", _reported,
     lambda s: reports.answer_report(s.report, "", is_accepted=False, actor=s.funder.officer), "请写明答复"),
    ("review: otherwise than before", _accepted,
     lambda s: reports.answer_report(s.report, "再想想", is_accepted=False, actor=s.funder.officer),
     "现在是“已通过”，不能“退回”"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "stage", "attempt", "words"), TABLE, ids=[row[0] for row in TABLE])
async def test_what_is_refused_and_in_which_words(
    db: str,
    what: str,
    stage: Callable[[Stage], Awaitable[None]],
    attempt: Callable[[Stage], Awaitable[Any]],
    words: str,
) -> None:
    applicant = await making.make_applicant()
    found = Stage(
        funder=await making.make_funder(),
        applicant=applicant,
        other=await making.make_funder(),
        rival=await making.make_applicant(),
        resident=await make_resident(applicant.committee.region_id),
    )
    await stage(found)
    with pytest.raises(YijiError) as refusal:
        await attempt(found)
    assert words in str(refusal.value)
