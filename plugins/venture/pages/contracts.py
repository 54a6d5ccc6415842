"""A contract as its two sides see it: acceptance, tranches, reports."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get, post

from core.evidence.queries import evidence_of
from core.files.queries import files_of_many
from core.organizations.queries import payees
from core.projects.rules import REPORT
from plugins.venture import postings, rules
from plugins.venture.forms import AnswerForm, PayForm, ReportForm, SideForm
from plugins.venture.queries import contracts as queries
from plugins.venture.rules import flows
from plugins.venture.services import contracts as services
from plugins.venture.services import reports
from web.access import SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

_Request = Request[Any, Any, Any]


@get("/contracts/{contract_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_contract(contract_id: RowId) -> Answer:
    """Who agreed to what, what is held and paid, what is still to be shown."""
    return await _page(contract_id, Form())


async def _page(contract_id: int, form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    contract = await queries.visible_contract(contract_id, actor)
    told = await queries.reports(contract_id)
    there = {record.kind for record in await evidence_of(contract.ref)}
    is_waiting = any(report.state == flows.SUBMITTED for report in told)
    return page(
        "venture/contract.html",
        status=status,
        contract=contract,
        tranches=await queries.tranches(contract_id),
        gates={n: postings.GATES[n][1] in there for n in postings.GATES},
        records=services.RECORDS,
        reports=told,
        pictures=await files_of_many(REPORT, [report.story for report in told]),
        clauses=rules.CLAUSES,
        flow=flows.CONTRACTS,
        tranche_flow=flows.TRANCHES,
        report_flow=flows.REPORTS,
        is_funder=contract.is_managed_by(actor),
        is_grantee=contract.is_of(actor),
        is_payer=contract.is_paid_by(actor),
        next_report=None if is_waiting else _next_report(contract, there),
        person_id=actor.person_id,
        payee=await payees.payee_of(contract.organization_id) if contract.is_paid_by(actor) else None,
        form=form,
    )


def _next_report(contract: queries.ContractView, there: set[str]) -> str | None:
    """The node that is to be reported next."""
    if contract.state != flows.SIGNED:
        return None
    return next((kind for kind, evidence in reports.EVIDENCE.items() if evidence not in there), None)


def _again(contract_id: int) -> Callable[[Form, int], Awaitable[Answer]]:
    async def again(form: Form, status: int) -> Answer:
        return await _page(contract_id, form, status)

    return again


def _back(contract_id: int) -> Answer:
    return see_other(f"/venture/contracts/{contract_id}")


@post("/contracts/{contract_id:int}/accept", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def accept(request: _Request, contract_id: RowId) -> Answer:
    """Accept for one side."""

    async def act(form: SideForm) -> Answer:
        await services.accept_contract(contract_id, form.side, actor=current_actor())
        return _back(contract_id)

    return await submit(request, SideForm, act, _again(contract_id))


@post(
    "/contracts/{contract_id:int}/tranches/{number:int}/ask",
    include_in_schema=False,
    access=rules.MANAGE,
    status_code=303,
)
async def ask(request: _Request, contract_id: RowId, number: RowId) -> Answer:
    """Ask that a tranche be paid."""

    async def act(_: ButtonForm) -> Answer:
        await services.ask_for_tranche(contract_id, number, actor=current_actor())
        return _back(contract_id)

    return await submit(request, ButtonForm, act, _again(contract_id))


@post(
    "/contracts/{contract_id:int}/tranches/{number:int}/pay",
    include_in_schema=False,
    access=rules.PAY,
    status_code=303,
)
async def pay(request: _Request, contract_id: RowId, number: RowId) -> Answer:
    """Pay it."""

    async def act(form: PayForm) -> Answer:
        await services.pay_tranche(
            contract_id, number, payee_name=form.payee_name, slip=form.slip, actor=current_actor()
        )
        return _back(contract_id)

    return await submit(request, PayForm, act, _again(contract_id))


@post(
    "/contracts/{contract_id:int}/reports",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def report(request: _Request, contract_id: RowId) -> Answer:
    """Report a node with a photo."""

    async def act(form: ReportForm) -> Answer:
        await reports.file_report(contract_id, form.kind, form.text, form.file, actor=current_actor())
        return _back(contract_id)

    return await submit(request, ReportForm, act, _again(contract_id))


@post("/reports/{report_id:int}", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def answer(request: _Request, report_id: RowId) -> Answer:
    """Accept a report, or send it back."""
    actor = current_actor()
    contract_id = (await queries.report(report_id)).contract_id
    await queries.visible_contract(contract_id, actor)

    async def act(form: AnswerForm) -> Answer:
        await reports.answer_report(report_id, form.answer, is_accepted=form.outcome == "yes", actor=actor)
        return _back(contract_id)

    return await submit(request, AnswerForm, act, _again(contract_id))


HANDLERS = [show_contract, accept, ask, pay, report, answer]
