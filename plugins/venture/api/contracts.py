"""Contracts, their tranches and reports."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.rules import Upload
from plugins.venture import rules
from plugins.venture.queries import contracts as queries
from plugins.venture.services import contracts as services
from plugins.venture.services import reports
from web.access import SIGNED_IN
from web.forms import WITH_FILE_MOST, clean
from web.parameters import RowId
from web.visit import current_actor


class TrancheOut(msgspec.Struct):
    """A part of the sum; `state` is planned, asked or paid."""

    number: int
    amount_fen: int
    state: str
    paid_at: datetime | None


class ReportOut(msgspec.Struct):
    """What was reported at a node; `state` is submitted, accepted or returned."""

    id: int
    kind: str
    text: str
    state: str
    answer: str
    made_at: datetime


class ContractOut(msgspec.Struct):
    """A contract; `state` is offered, signed or completed."""

    id: int
    application_id: int
    title: str
    funder_id: int
    organization_id: int
    amount_fen: int
    state: str
    project_id: int | None
    tranches: list[TrancheOut]
    reports: list[ReportOut]


class SideIn(msgspec.Struct):
    """For which side one accepts."""

    side: Literal["funder", "grantee"]


class PayIn(msgspec.Struct):
    """What stands on the bank's slip."""

    payee_name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    slip: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class ReportIn(msgspec.Struct):
    """A node of the contract, with a photo; its `content` is base64."""

    kind: Literal["midterm", "final"]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    file: Upload


class ReportMade(msgspec.Struct):
    """The report."""

    report_id: int


class AnswerIn(msgspec.Struct):
    """What becomes of a report, and why."""

    outcome: Literal["accepted", "returned"]
    answer: Annotated[str, msgspec.Meta(max_length=500)] = ""


@get("/contracts/{contract_id:int}", summary="合同", access=SIGNED_IN)
async def get_contract(contract_id: RowId) -> ContractOut:
    """A contract of one of whose sides one is."""
    found = await queries.visible_contract(contract_id, current_actor())
    return ContractOut(
        found.id,
        found.application_id,
        found.title,
        found.funder_id,
        found.organization_id,
        found.amount_fen,
        found.state,
        found.project,
        [TrancheOut(t.number, t.amount_fen, t.state, t.paid_at) for t in await queries.tranches(found.id)],
        [
            ReportOut(r.id, r.kind, r.text, r.state, r.answer, r.made_at)
            for r in await queries.reports(found.id)
        ],
    )


@post("/contracts/{contract_id:int}/accept", summary="确认合同", access=SIGNED_IN, status_code=204)
async def accept_contract(contract_id: RowId, data: JSONBody[SideIn]) -> None:
    """Accept for one side; with the second side it holds, and its money is set aside."""
    await services.accept_contract(contract_id, data.side, actor=current_actor())


@post(
    "/contracts/{contract_id:int}/tranches/{number:int}/ask",
    summary="申请拨款",
    access=rules.MANAGE,
    status_code=204,
)
async def ask_for_tranche(contract_id: RowId, number: RowId) -> None:
    """Ask that a tranche be paid by somebody else."""
    await services.ask_for_tranche(contract_id, number, actor=current_actor())


@post(
    "/contracts/{contract_id:int}/tranches/{number:int}/pay",
    summary="付款",
    access=rules.PAY,
    status_code=204,
)
async def pay_tranche(contract_id: RowId, number: RowId, data: JSONBody[PayIn]) -> None:
    """Pay what somebody else has asked for; without its record the database refuses."""
    await services.pay_tranche(
        contract_id,
        number,
        payee_name=clean(data.payee_name),
        slip=clean(data.slip),
        actor=current_actor(),
    )


@post(
    "/contracts/{contract_id:int}/reports",
    summary="提交节点报告",
    access=SIGNED_IN,
    request_max_body_size=WITH_FILE_MOST,
)
async def file_report(contract_id: RowId, data: JSONBody[ReportIn]) -> ReportMade:
    """Report a node with a photo, which the project's public page shows."""
    return ReportMade(
        await reports.file_report(contract_id, data.kind, clean(data.text), data.file, actor=current_actor())
    )


@post("/reports/{report_id:int}/answer", summary="审核报告", access=rules.MANAGE, status_code=204)
async def answer_report(report_id: RowId, data: JSONBody[AnswerIn]) -> None:
    """Accept a report, or send it back."""
    await reports.answer_report(
        report_id, clean(data.answer), is_accepted=data.outcome == "accepted", actor=current_actor()
    )


HANDLERS = [get_contract, accept_contract, ask_for_tranche, pay_tranche, file_report, answer_report]
