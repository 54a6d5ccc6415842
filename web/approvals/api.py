"""Approvals, for programs."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.approvals import queries, rules, services
from core.language import translate
from web.access import SIGNED_IN
from web.approvals.pages import Show, approvals_to_show
from web.approvals.words import titles
from web.forms import clean
from web.parameters import Before, RowId
from web.visit import current_actor


class ApprovalOut(msgspec.Struct):
    """An approval; `state` is open, approved, rejected, expired or withdrawn."""

    id: int
    title: str
    path: str
    subject_kind: str
    subject_id: int
    purpose: str
    maker_id: int
    state: str
    opened_at: datetime
    deadline: datetime


class RuleOut(msgspec.Struct):
    """At least `needed` approvals, `quorum` votes of any kind, `share` ("2/3") of those for or against."""

    needed: int
    quorum: int
    share: str


class VoterOut(msgspec.Struct):
    """A voter: `choice` null: has not voted; `recused`: why not, in words."""

    person_id: int
    choice: str | None
    reason: str
    recused: list[str]


class DetailOut(ApprovalOut):
    """An approval with its rule and its voters; `is_decidable` false: recusals have left too few."""

    rule: RuleOut
    voters: list[VoterOut]
    is_decidable: bool


class VoteIn(msgspec.Struct):
    """A vote; only an approval needs no reason."""

    choice: Literal["approve", "reject", "abstain"]
    reason: Annotated[str, msgspec.Meta(max_length=rules.REASON_MOST)] = ""


class RecusalIn(msgspec.Struct):
    """Why one should take no part."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=rules.REASON_MOST)]


def _out(approval: rules.Approval, title: str) -> dict[str, Any]:
    """The fields of ApprovalOut."""
    return {
        "id": approval.id,
        "title": title,
        "path": approval.path,
        "subject_kind": approval.subject.kind,
        "subject_id": approval.subject.id,
        "purpose": approval.purpose,
        "maker_id": approval.maker_id,
        "state": approval.state,
        "opened_at": approval.opened_at,
        "deadline": approval.deadline,
    }


async def _detail(approval_id: int) -> DetailOut:
    approval, ballot = await queries.approval_of(approval_id, current_actor().person_id)
    rule = approval.rule
    return DetailOut(
        **_out(approval, (await titles([approval]))[approval.id]),
        rule=RuleOut(rule.needed, rule.quorum, str(rule.share)),
        voters=[_voter(person_id, ballot) for person_id in ballot.voters],
        is_decidable=rules.is_decidable(rule, ballot.tally()),
    )


def _voter(person_id: int, ballot: rules.Ballot) -> VoterOut:
    vote = ballot.vote_of(person_id)
    recused = [translate(r.title) for r in ballot.recusals if r.person_id == person_id]
    return VoterOut(person_id, vote.choice if vote else None, vote.reason if vote else "", recused)


@get("/approvals", summary="审批列表", tags=["approvals"], access=SIGNED_IN)
async def list_approvals(show: Show = "waiting", before: Before = None) -> list[ApprovalOut]:
    """Up to 50, newest first: what waits for one's vote, or all that one takes part in."""
    found = await approvals_to_show(show, before, 50)
    said = await titles(found)
    return [ApprovalOut(**_out(approval, said[approval.id])) for approval in found]


@get("/approvals/{approval_id:int}", summary="审批", tags=["approvals"], access=SIGNED_IN)
async def get_approval(approval_id: RowId) -> DetailOut:
    """One approval, for its maker and its voters."""
    return await _detail(approval_id)


@post(
    "/approvals/{approval_id:int}/vote", summary="表决", tags=["approvals"], access=SIGNED_IN, status_code=200
)
async def cast_vote(approval_id: RowId, data: JSONBody[VoteIn]) -> DetailOut:
    """Vote. Repeating the same vote changes nothing."""
    await services.cast_vote(
        approval_id, choice=data.choice, reason=clean(data.reason), person_id=current_actor().person_id
    )
    return await _detail(approval_id)


@post(
    "/approvals/{approval_id:int}/take-back",
    summary="撤回表决",
    tags=["approvals"],
    access=SIGNED_IN,
    status_code=200,
)
async def take_vote_back(approval_id: RowId) -> DetailOut:
    """Take one's vote back while the approval is open."""
    await services.take_vote_back(approval_id, person_id=current_actor().person_id)
    return await _detail(approval_id)


@post(
    "/approvals/{approval_id:int}/recuse",
    summary="回避",
    tags=["approvals"],
    access=SIGNED_IN,
    status_code=200,
)
async def recuse(approval_id: RowId, data: JSONBody[RecusalIn]) -> DetailOut:
    """Take no part, for good."""
    await services.recuse(approval_id, reason=clean(data.reason), person_id=current_actor().person_id)
    return await _detail(approval_id)


@post(
    "/approvals/{approval_id:int}/withdraw",
    summary="撤回审批",
    tags=["approvals"],
    access=SIGNED_IN,
    status_code=200,
)
async def withdraw(approval_id: RowId) -> DetailOut:
    """The maker takes it back."""
    await services.withdraw_approval(approval_id, person_id=current_actor().person_id)
    return await _detail(approval_id)


HANDLERS = [list_approvals, get_approval, cast_vote, take_vote_back, recuse, withdraw]
