"""Requests for money: asked, voted on, checked; then the money is set aside for them."""

from collections.abc import Sequence
from datetime import timedelta

from core import clock
from core.approvals import rules as approvals
from core.approvals.services import open_approval, withdraw_approval
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.evidence.queries import evidence_of
from core.evidence.services import record_evidence
from core.funds import postings, rules
from core.funds.errors import NotYourOrganization, ProjectUnknown, RequestNotFound
from core.funds.queries import funds, requests
from core.funds.queries.requests import RequestView
from core.funds.rules import Ask, states
from core.funds.rules import warnings as warning_rules
from core.funds.services.gifts import check_purpose, fund_account
from core.funds.services.steps import held_account, lock, move
from core.funds.services.warnings import go_on, note_warnings
from core.funds.tables import FundRequest
from core.ledger import services as ledger
from core.organizations import queries as organizations
from core.people.rules import Actor
from core.projects.services import open_project
from core.reference import Ref


async def ask_for_money(fund_id: int, ask: Ask, *, actor: Actor) -> int:
    """Put a request before the fund's committee and return its id.

    Raises NotYourOrganization, FundNotOpenForRequests, PurposeUnknown, LineMalformed, TooManyLines,
    AskedTooMuch, TooFewVoters.
    """
    rules.check_lines(ask.lines)
    if not actor.may(states.ASK, Ref("organization", ask.organization_id)):
        raise NotYourOrganization
    async with unit_of_work():
        fund = await funds.fund(fund_id, stays=True)
        rules.check_takes_requests(fund.state)
        await check_purpose(fund_id, ask.purpose_id)
        await _check_project(ask)
        rules.check_available(ask.amount_fen, await funds.available(fund_id, ask.purpose_id))
        request_id = await _write(fund, ask, actor)
        terms = await funds.terms(fund.organization_id)
        voters = [person for person in await requests.members(fund_id) if person != actor.person_id]
        question = rules.committee_question(
            request_id,
            ask,
            members=len(voters),
            maker_id=actor.person_id,
            quorum_percent=terms[rules.QUORUM],
            deadline=clock.now() + timedelta(days=terms[rules.VOTE_DAYS]),
        )
        approval_id = await open_approval(question, voter_ids=voters)
        await FundRequest.update({FundRequest.approval: approval_id}).where(FundRequest.id == request_id)
        await note_warnings(await requests.request(request_id))
        return request_id


async def _check_project(ask: Ask) -> None:
    if ask.project_id is not None and not await requests.is_running(ask.project_id, ask.organization_id):
        raise ProjectUnknown


async def _write(fund: funds.FundView, ask: Ask, actor: Actor) -> int:
    request = FundRequest(
        fund=fund.id,
        foundation=fund.organization_id,
        organization=ask.organization_id,
        purpose=ask.purpose_id,
        project=ask.project_id,
        title=ask.title,
        amount_fen=ask.amount_fen,
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    await request.save()
    await current_unit().connection.executemany(
        "insert into fund_request_line (request, number, title, amount_fen) values ($1, $2, $3, $4)",
        [(request.id, number, line.title, line.amount_fen) for number, line in enumerate(ask.lines, 1)],
    )
    facts = {"amount_fen": ask.amount_fen}
    record_audit("fund_request.asked", Ref(rules.REQUEST, request.id), actor_id=actor.person_id, **facts)
    return int(request.id)


async def settle_vote(request_id: int, outcome: str) -> None:
    """The committee has decided, or its time is over. Runs in the unit of work of the event's receipt."""
    request = await requests.request(request_id, lock=True)
    if request.state == states.VOTING and outcome != approvals.WITHDRAWN:
        is_approved = outcome == approvals.APPROVED
        await move(request, "fund_request.approved" if is_approved else "fund_request.voted_down", None)


async def withdraw_request(request_id: int, *, actor: Actor) -> None:
    """Who asked takes it back before it is decided; raises RequestNotFound or WrongState."""
    async with unit_of_work():
        request = await requests.request(request_id, lock=True)
        if request.asked_by != actor.person_id:
            raise RequestNotFound
        if request.state == states.WITHDRAWN:
            return
        states.REQUESTS.check("fund_request.withdrawn", request, clock.now())
        assert request.approval_id is not None, "a request is put to the vote as it is made"
        await withdraw_approval(request.approval_id, person_id=actor.person_id)
        await move(request, "fund_request.withdrawn", actor)


async def check_request(request_id: int, ticked: Sequence[str], *, aware: str = "", actor: Actor) -> None:
    """All points were looked at: set the money aside. Repeating it changes nothing.

    `aware`: why, though there are warnings about who is paid. Raises RequestNotFound, PermissionMissing,
    OwnRequest, ChecksMissing, WrongState, AskedTooMuch, ConcernedYourself, AwareMissing; at COMMIT also
    LotsTooLow or BalanceTooLow, where somebody else was given the last of it meanwhile.
    """
    rules.check_checks(ticked)
    async with unit_of_work():
        request = await lock(request_id, actor, states.CHECK)
        rules.check_outsider(actor.person_id, request.asked_by)
        if request.state == states.HELD and request.checked_by == actor.person_id:
            return
        states.REQUESTS.check("fund_request.held", request, clock.now())
        rules.check_available(request.amount_fen, await funds.available(request.fund_id, request.purpose_id))
        await go_on(request, warning_rules.CHECK, aware, actor)
        ref = Ref(rules.REQUEST, request_id)
        await record_evidence(postings.CHECKED, ref, actor_id=actor.person_id, checks=sorted(ticked))
        await _set_aside(request)
        columns = {"checked_by": actor.person_id, "checked_at": clock.now()}
        project_id = request.project_id or await _open_project(request, actor)
        await move(request, "fund_request.held", actor, project=project_id, **columns)


async def _set_aside(request: RequestView) -> None:
    ref = Ref(rules.REQUEST, request.id)
    voted = await evidence_of(ref, kinds=[postings.VOTED])
    ledger.post(
        postings.hold(
            request.id,
            purpose_id=request.purpose_id,
            fund=await fund_account(request.fund_id),
            held=await held_account(request.id),
            amount_fen=request.amount_fen,
            voted=voted[0].id if voted else None,
            at=clock.now(),
        )
    )


async def _open_project(request: RequestView, actor: Actor) -> int:
    """What the money is for becomes a project with a page of its own."""
    what = "；".join(line.title for line in await requests.lines(request.id))
    asker = await organizations.organization(request.organization_id)
    return await open_project(
        request.title,
        what[:200],
        organization_id=asker.id,
        region_id=asker.region_id,
        source=Ref(rules.REQUEST, request.id),
        actor_id=actor.person_id,
    )


async def refuse_request(request_id: int, *, reason: str, actor: Actor) -> None:
    """Some point does not hold; raises ReasonMissing, RequestNotFound, OwnRequest, WrongState."""
    rules.check_reason(reason)
    async with unit_of_work():
        request = await lock(request_id, actor, states.CHECK)
        rules.check_outsider(actor.person_id, request.asked_by)
        if request.state != states.REFUSED:
            await move(request, "fund_request.refused", actor, reason=reason)
