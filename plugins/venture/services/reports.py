"""Nodes of a contract: the organization reports with a photo, an officer accepts, and a gate opens."""

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.evidence.queries import evidence_of
from core.evidence.services import record_evidence
from core.files.rules import Upload
from core.language import mark
from core.people.rules import Actor
from core.projects.services import tell_story
from core.reference import Ref
from plugins.venture import postings, rules
from plugins.venture.errors import (
    AnswerMissing,
    ContractNotFound,
    MilestonePassed,
    MilestoneTooEarly,
    NotSigned,
    OwnReport,
    PhotoMissing,
    ReportNotFound,
    ReportWaiting,
)
from plugins.venture.queries import contracts as queries
from plugins.venture.queries.contracts import ContractView
from plugins.venture.rules import flows
from plugins.venture.services.decisions import ANSWER_MOST
from plugins.venture.services.notices import tell
from plugins.venture.tables import Report

MIDTERM, FINAL = "midterm", "final"
EVIDENCE = {MIDTERM: postings.MIDTERM, FINAL: postings.ACCEPTANCE}


async def file_report(contract_id: int, kind: str, text: str, upload: Upload | None, *, actor: Actor) -> int:
    """Report a node with a photo, which the project's public page shows at once; returns the report's id.

    Raises ContractNotFound, NotSigned, PhotoMissing, ReportWaiting, MilestonePassed, MilestoneTooEarly,
    and what a story or a file can be refused for.
    """
    if upload is None:
        raise PhotoMissing
    async with unit_of_work():
        contract = await queries.contract(contract_id, lock=True)
        if not contract.is_of(actor):
            raise ContractNotFound
        if contract.project is None:
            raise NotSigned
        await _check_turn(contract, kind)
        story = await tell_story(contract.project, text, upload, actor=actor)
        report = Report(
            contract=contract_id, kind=kind, story=story, made_by=actor.person_id, made_at=clock.now()
        )
        await report.save()
        ref = Ref(rules.REPORT, report.id)
        record_audit("venture.reported", ref, actor_id=actor.person_id)
        await tell(
            contract.funder_id,
            rules.MANAGE,
            title=mark("收到一份项目报告"),
            body=mark("%(project)s提交了节点报告，请审核。"),
            path=f"/venture/contracts/{contract_id}",
            project=contract.title,
        )
        return int(report.id)


async def _check_turn(contract: ContractView, kind: str) -> None:
    passed = {record.kind for record in await evidence_of(contract.ref)}
    if EVIDENCE[kind] in passed:
        raise MilestonePassed
    if kind == FINAL and EVIDENCE[MIDTERM] not in passed:
        raise MilestoneTooEarly
    if any(report.state == flows.SUBMITTED for report in await queries.reports(contract.id)):
        raise ReportWaiting


async def answer_report(report_id: int, answer: str, *, is_accepted: bool, actor: Actor) -> None:
    """Accept a report, which is the evidence of its gate, or send it back with a reason.

    The same answer again changes nothing. Raises ReportNotFound, OwnReport, AnswerMissing, WrongState.
    """
    if len(answer) > ANSWER_MOST or not (answer or is_accepted):
        raise AnswerMissing
    async with unit_of_work():
        contract = await queries.contract((await queries.report(report_id)).contract_id, lock=True)
        report = await queries.report(report_id, lock=True)
        if not contract.is_managed_by(actor):
            raise ReportNotFound
        if report.made_by == actor.person_id:
            raise OwnReport
        outcome = flows.ACCEPTED if is_accepted else flows.RETURNED
        if report.state == outcome:
            return
        flows.REPORTS.check(f"venture.report_{outcome}", report, clock.now())
        await advance(
            flows.REPORTS,
            f"venture.report_{outcome}",
            report_id,
            actor_id=actor.person_id,
            answer=answer,
            answered_by=actor.person_id,
            answered_at=clock.now(),
        )
        if is_accepted:
            await record_evidence(
                EVIDENCE[report.kind], contract.ref, actor_id=actor.person_id, report_id=report_id
            )
        await tell(
            contract.organization_id,
            title=mark("项目报告有了审核结果"),
            body=mark("%(project)s的节点报告已经审核，打开可以看到意见。"),
            path=f"/venture/contracts/{contract.id}",
            project=contract.title,
        )
