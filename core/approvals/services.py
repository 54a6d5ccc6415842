"""The verbs of approvals: open one, vote, take a vote back, recuse oneself, withdraw, close what is late."""

import json
from collections.abc import Sequence
from typing import Any

import asyncpg

from core import clock, plugins
from core.approvals import queries, rules
from core.approvals.errors import ApprovalOpenAlready, VoterRecused
from core.approvals.rules import Approval, Ballot, Question, Vote
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.events.services import record_event
from core.evidence.services import record_evidence
from core.language import mark
from core.manifest import Conflict
from core.reference import Ref

CLOSE_LATE = "core.close_late_approvals"
EVIDENCE = "core.approval"
_LATE_AT_ONCE = 200


async def open_approval(question: Question, *, voter_ids: Sequence[int]) -> int:
    """Ask the voters, without the maker, to decide; returns the approval's id.

    Raises TooFewVoters, and ApprovalOpenAlready for the same subject and purpose.
    """
    voters = sorted(set(voter_ids) - {question.maker_id})
    if len(voters) > rules.VOTERS_MOST:
        raise ValueError(f"{len(voters)} voters: at most {rules.VOTERS_MOST}")
    rules.check_opening(question.rule, voters)
    try:
        async with unit_of_work():
            approval_id = await _insert(question, voters)
            record_audit("approval.opened", _ref(approval_id), actor_id=question.maker_id)
            await _recuse_conflicted(await queries.approval(approval_id), await queries.ballot(approval_id))
            record_event("approval_opened", _ref(approval_id), **_facts(approval_id, question))
            return approval_id
    except asyncpg.UniqueViolationError as taken:
        if taken.constraint_name == "approval_open":
            raise ApprovalOpenAlready from None
        raise


async def _insert(question: Question, voters: Sequence[int]) -> int:
    connection, rule = current_unit().connection, question.rule
    approval_id: int = await connection.fetchval(
        "insert into approval (subject_kind, subject_id, purpose, maker, title, params, path, needed, quorum,"
        " share_numerator, share_denominator, voters, opened_at, deadline)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id",
        *question.subject,
        question.purpose,
        question.maker_id,
        question.title,
        json.dumps(dict(question.params), ensure_ascii=False),
        question.path,
        rule.needed,
        rule.quorum,
        rule.share.numerator,
        rule.share.denominator,
        len(voters),
        clock.now(),
        question.deadline,
    )
    await connection.execute(
        "insert into approval_voter (approval, person) select $1, unnest($2::bigint[])", approval_id, voters
    )
    return approval_id


def _ref(approval_id: int) -> Ref:
    return Ref(rules.APPROVALS.code, approval_id)


def _facts(approval_id: int, question: Question) -> dict[str, Any]:
    """What both events tell."""
    kind, subject_id = question.subject
    return {
        "approval_id": approval_id,
        "subject_kind": kind,
        "subject_id": subject_id,
        "purpose": question.purpose,
    }


async def cast_vote(approval_id: int, *, choice: str, reason: str, person_id: int) -> None:
    """Vote; the vote that settles the outcome closes the approval. Repeating the same vote changes nothing.

    Raises ApprovalNotFound, OwnApproval, ApprovalClosed, VotedAlready, Undecidable, ReasonMissing, and
    VoterRecused, after the recusal is stored.
    """
    rules.check_reason(reason, choice)
    async with unit_of_work():
        approval, ballot = await queries.approval_of(approval_id, person_id, lock=True)
        if _is_repeat(ballot.vote_of(person_id), choice, reason):
            return
        rules.check_under_way(approval, clock.now())
        ballot = await _recuse_conflicted(approval, ballot)
        is_recused = person_id in ballot.recused
        if not is_recused:
            rules.check_vote(approval, ballot, person_id, clock.now())
            await _write_vote(approval, person_id, choice, reason)
        await _settle(approval)
    if is_recused:  # said after the COMMIT, which keeps the recusal
        raise VoterRecused


def _is_repeat(vote: Vote | None, choice: str, reason: str) -> bool:
    """A second click."""
    return vote is not None and (vote.choice, vote.reason) == (choice, reason)


async def _write_vote(approval: Approval, person_id: int, choice: str, reason: str) -> None:
    await current_unit().connection.execute(
        "insert into approval_vote (approval, person, choice, reason, cast_at) values ($1, $2, $3, $4, $5)",
        approval.id,
        person_id,
        choice,
        reason,
        clock.now(),
    )
    action = "approval.vote_taken_back" if choice == rules.TAKEN_BACK else "approval.voted"
    record_audit(action, _ref(approval.id), actor_id=person_id)


async def take_vote_back(approval_id: int, *, person_id: int) -> None:
    """Take one's vote back, to give another or none; nothing happens if there is none.

    Raises ApprovalNotFound, ApprovalClosed.
    """
    async with unit_of_work():
        approval, ballot = await queries.approval_of(approval_id, person_id, lock=True)
        rules.check_under_way(approval, clock.now())
        if ballot.vote_of(person_id):
            await _write_vote(approval, person_id, rules.TAKEN_BACK, "")


async def recuse(approval_id: int, *, reason: str, person_id: int) -> None:
    """Say that one has an interest in the matter; a vote given before counts no longer.

    Raises ApprovalNotFound, OwnApproval, ApprovalClosed, ReasonMissing. A second time changes nothing.
    """
    rules.check_reason(reason)
    async with unit_of_work():
        approval, ballot = await queries.approval_of(approval_id, person_id, lock=True)
        if person_id in ballot.recused:
            return
        rules.check_recusal(approval, person_id, clock.now())
        declared = Conflict(person_id=person_id, code=rules.DECLARED, title=mark("自己申请回避"))
        await _write_recusals(approval, [declared], reason=reason, actor_id=person_id)
        await _settle(approval)


async def withdraw_approval(approval_id: int, *, person_id: int) -> None:
    """The maker takes it back undecided; raises ApprovalNotFound, NotTheMaker, ApprovalClosed."""
    async with unit_of_work():
        approval, _ = await queries.approval_of(approval_id, person_id, lock=True)
        if approval.state == rules.WITHDRAWN and person_id == approval.maker_id:
            return
        rules.check_withdrawal(approval, person_id, clock.now())
        await _close(approval, rules.WITHDRAWN, actor_id=person_id)


async def close_late() -> None:
    """Close approvals whose deadline is over, by the votes that have come."""
    async with unit_of_work():
        for approval in await queries.lock_late(now=clock.now(), limit=_LATE_AT_ONCE):
            tally = (await queries.ballot(approval.id)).tally()
            await _close(approval, rules.outcome_at_deadline(approval.rule, tally), actor_id=None)


async def _recuse_conflicted(approval: Approval, ballot: Ballot) -> Ballot:
    """Ask all plugins for conflicts of those who are not recused yet; the ballot as it is then."""
    eligible = set(ballot.eligible)
    found: list[Conflict] = await plugins.collect(
        "collect_conflicts",
        subject_kind=approval.subject.kind,
        subject_id=approval.subject.id,
        maker_id=approval.maker_id,
        person_ids=sorted(eligible),
    )
    conflicts = [conflict for conflict in found if conflict.person_id in eligible]
    if not conflicts:
        return ballot
    await _write_recusals(approval, conflicts, reason="", actor_id=None)
    return await queries.ballot(approval.id)


async def _write_recusals(
    approval: Approval, conflicts: Sequence[Conflict], *, reason: str, actor_id: int | None
) -> None:
    await current_unit().connection.execute(
        "insert into approval_recusal (approval, person, code, title, reason, recorded_at)"
        " select $1, person, code, title, $5, $6"
        " from unnest($2::bigint[], $3::text[], $4::text[]) as found (person, code, title)"
        " on conflict do nothing",
        approval.id,
        [conflict.person_id for conflict in conflicts],
        [conflict.code for conflict in conflicts],
        [conflict.title for conflict in conflicts],
        reason,
        clock.now(),
    )
    record_audit(
        "approval.recused",
        _ref(approval.id),
        actor_id=actor_id,
        person_ids=sorted({conflict.person_id for conflict in conflicts}),
    )


async def _settle(approval: Approval) -> None:
    """Close it if no further vote can change the outcome."""
    ballot = await queries.ballot(approval.id)
    if outcome := rules.outcome(approval.rule, ballot.tally()):
        await _close(approval, outcome, actor_id=None)


async def _close(approval: Approval, outcome: str, *, actor_id: int | None) -> None:
    """End it, leave evidence about its subject if it was approved, and tell."""
    if not await advance(
        rules.APPROVALS, f"approval.{outcome}", approval.id, actor_id=actor_id, closed_at=clock.now()
    ):
        return
    if outcome == rules.APPROVED:
        facts = {"approval_id": approval.id, "purpose": approval.purpose}
        await record_evidence(EVIDENCE, approval.subject, actor_id=None, **facts)
    record_event("approval_decided", _ref(approval.id), **_facts(approval.id, approval), outcome=outcome)
