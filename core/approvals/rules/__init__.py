"""What is put to the vote, what becomes of it, and who may still vote; `counting` decides. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.approvals.errors import (
    ApprovalClosed,
    NotTheMaker,
    OwnApproval,
    ReasonMissing,
    TooFewVoters,
    Undecidable,
    VotedAlready,
)
from core.approvals.rules.counting import (
    APPROVED,
    EXPIRED,
    REJECTED,
    Rule,
    Tally,
    is_decidable,
    outcome,
    outcome_at_deadline,
)
from core.language import mark
from core.reference import Ref
from core.workflow import CONCERNED, SYSTEM, Guard, State, Transition, Workflow

__all__ = [
    "APPROVED",
    "EXPIRED",
    "REJECTED",
    "Rule",
    "Tally",
    "is_decidable",
    "outcome",
    "outcome_at_deadline",
]

OPEN, WITHDRAWN = "open", "withdrawn"
APPROVE, REJECT, ABSTAIN, TAKEN_BACK = "approve", "reject", "abstain", "taken_back"
CHOICES = (APPROVE, REJECT, ABSTAIN)
DECLARED = "core.declared"
VOTERS_MOST, REASON_MOST = 100, 500


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is put to the vote, by whom and until when; `path` leads to the subject, if anywhere.

    `title` is a message whose places `params` fill with ids and codes (`person`, `organization`, `role`),
    never with names: pages look those up.
    """

    subject: Ref
    purpose: str
    maker_id: int
    title: str
    params: Mapping[str, str | int]
    path: str = ""
    rule: Rule
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class Approval(Question):
    """A question that was opened."""

    id: int
    state: str
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class Recusal:
    """Why a voter takes no part: a computed conflict, or (DECLARED) the voter's own `reason`."""

    person_id: int
    code: str
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Vote:
    """A vote that stands."""

    person_id: int
    choice: str
    reason: str
    cast_at: datetime


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """Who may vote, who is recused, and the votes that stand. A recused voter's vote does not count."""

    voters: Sequence[int]
    recusals: Sequence[Recusal]
    votes: Sequence[Vote]

    @property
    def recused(self) -> set[int]:
        """The recused persons."""
        return {recusal.person_id for recusal in self.recusals}

    @property
    def eligible(self) -> list[int]:
        """The voters that are left."""
        return [voter for voter in self.voters if voter not in self.recused]

    def vote_of(self, person_id: int) -> Vote | None:
        """The person's vote, if one stands."""
        return next((vote for vote in self.votes if vote.person_id == person_id), None)

    def tally(self) -> Tally:
        """The votes that count."""
        choices = [vote.choice for vote in self.votes if vote.person_id not in self.recused]
        return Tally(eligible=len(self.eligible), **{choice: choices.count(choice) for choice in CHOICES})


def is_under_way(approval: Approval, now: datetime) -> bool:
    """At `deadline` itself it is too late."""
    return approval.state == OPEN and now < approval.deadline


_IN_TIME = Guard(title=mark("没有结束，也没有过期限"), holds=is_under_way, refusal=ApprovalClosed)

APPROVALS = Workflow(
    code="approval",
    title=mark("审批"),
    table="approval",
    states=(
        State(code=OPEN, title=mark("审批中")),
        State(code=APPROVED, title=mark("已通过")),
        State(code=REJECTED, title=mark("未通过")),
        State(code=EXPIRED, title=mark("已过期")),
        State(code=WITHDRAWN, title=mark("已撤回")),
    ),
    transitions=(
        Transition(
            code="approval.approved",
            title=mark("同意的够了"),
            sources=(OPEN,),
            target=APPROVED,
            by=SYSTEM,
        ),
        Transition(
            code="approval.rejected",
            title=mark("同意的不可能够了"),
            sources=(OPEN,),
            target=REJECTED,
            by=SYSTEM,
        ),
        Transition(
            code="approval.expired",
            title=mark("到期限同意的还不够"),
            sources=(OPEN,),
            target=EXPIRED,
            by=SYSTEM,
        ),
        Transition(
            code="approval.withdrawn",
            title=mark("撤回审批"),
            sources=(OPEN,),
            target=WITHDRAWN,
            by=CONCERNED,
            guards=(_IN_TIME,),
        ),
    ),
)


def check_opening(rule: Rule, voters: Sequence[int]) -> None:
    """Raise TooFewVoters if not even all voters together could decide."""
    if len(voters) < rule.fewest:
        raise TooFewVoters(needed=rule.fewest, there=len(voters))


def check_under_way(approval: Approval, now: datetime) -> None:
    """Raise ApprovalClosed."""
    if not is_under_way(approval, now):
        raise ApprovalClosed


def check_vote(approval: Approval, ballot: Ballot, person_id: int, now: datetime) -> None:
    """Raise OwnApproval, ApprovalClosed, VotedAlready or Undecidable. Recusal is a matter of its own."""
    if person_id == approval.maker_id:
        raise OwnApproval
    check_under_way(approval, now)
    if ballot.vote_of(person_id):
        raise VotedAlready
    if not is_decidable(approval.rule, ballot.tally()):
        raise Undecidable


def check_recusal(approval: Approval, person_id: int, now: datetime) -> None:
    """Raise OwnApproval or ApprovalClosed."""
    if person_id == approval.maker_id:
        raise OwnApproval
    check_under_way(approval, now)


def check_withdrawal(approval: Approval, person_id: int, now: datetime) -> None:
    """Raise NotTheMaker or ApprovalClosed."""
    if person_id != approval.maker_id:
        raise NotTheMaker
    APPROVALS.check("approval.withdrawn", approval, now)


def check_reason(reason: str, choice: str | None = None) -> None:
    """Raise ReasonMissing: only who approves need not say why."""
    if choice != APPROVE and not reason:
        raise ReasonMissing
