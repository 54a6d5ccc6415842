"""Reads of approvals: one with its ballot, those of a person, those whose time is over."""

import json
from datetime import datetime
from fractions import Fraction
from typing import Any

from core.approvals.errors import ApprovalNotFound
from core.approvals.rules import Approval, Ballot, Recusal, Rule, Vote
from core.database import fetch, fetch_row
from core.language import mark
from core.manifest import Todo
from core.reference import Ref

_COLUMNS = (
    "a.id, a.subject_kind, a.subject_id, a.purpose, a.maker as maker_id, a.title, a.params, a.path, a.needed,"
    " a.quorum, a.share_numerator, a.share_denominator, a.state, a.opened_at, a.deadline"
)


def _approval(row: Any) -> Approval:
    values = dict(row)
    share = Fraction(values.pop("share_numerator"), values.pop("share_denominator"))
    return Approval(
        subject=Ref(values.pop("subject_kind"), values.pop("subject_id")),
        rule=Rule(needed=values.pop("needed"), quorum=values.pop("quorum"), share=share),
        params=json.loads(values.pop("params")),
        **values,
    )


async def approval(approval_id: int, *, lock: bool = False) -> Approval:
    """The approval, its row locked until COMMIT if asked; raises ApprovalNotFound."""
    row = await fetch_row(
        f"select {_COLUMNS} from approval a where a.id = $1" + (" for no key update" if lock else ""),
        approval_id,
    )
    if row is None:
        raise ApprovalNotFound
    return _approval(row)


async def ballot(approval_id: int) -> Ballot:
    """Voters, recusals and the votes that stand, in the order of their ids."""
    voters = await fetch("select person from approval_voter where approval = $1 order by person", approval_id)
    recusals = await fetch(
        "select person as person_id, code, title, reason from approval_recusal"
        " where approval = $1 order by id",
        approval_id,
    )
    votes = await fetch(
        """
        select person as person_id, choice, reason, cast_at from (
            select distinct on (person) * from approval_vote where approval = $1 order by person, id desc
        ) last where choice <> 'taken_back' order by id""",
        approval_id,
    )
    return Ballot(
        voters=[row["person"] for row in voters],
        recusals=[Recusal(**dict(row)) for row in recusals],
        votes=[Vote(**dict(row)) for row in votes],
    )


async def approval_of(approval_id: int, person_id: int, *, lock: bool = False) -> tuple[Approval, Ballot]:
    """The approval and its ballot for its maker and its voters; ApprovalNotFound for anybody else."""
    found = await approval(approval_id, lock=lock)
    its_ballot = await ballot(approval_id)
    if person_id != found.maker_id and person_id not in its_ballot.voters:
        raise ApprovalNotFound
    return found, its_ballot


async def waiting_for(person_id: int, *, now: datetime, before_id: int | None, limit: int) -> list[Approval]:
    """Approvals under way that this person's vote may decide, newest first, older than `before_id`."""
    rows = await fetch(
        f"""
        select {_COLUMNS} from approval_voter v join approval a on a.id = v.approval
        where v.person = $1 and a.state = 'open' and a.deadline > $2 and ($3::bigint is null or a.id < $3)
            and not exists (
                select from approval_recusal r where r.approval = a.id and r.person = v.person)
            and a.voters - (select count(distinct r.person) from approval_recusal r where r.approval = a.id)
                >= greatest(a.needed, a.quorum)
            and coalesce((select x.choice from approval_vote x where x.approval = a.id and x.person = v.person
                order by x.id desc limit 1), 'taken_back') = 'taken_back'
        order by v.approval desc limit $4""",
        person_id,
        now,
        before_id,
        limit,
    )
    return [_approval(row) for row in rows]


async def approvals_of(person_id: int, *, before_id: int | None, limit: int) -> list[Approval]:
    """All approvals that the person has opened or may vote on, newest first."""
    rows = await fetch(
        f"""
        select {_COLUMNS} from approval a where a.id in (
            (select id from approval where maker = $1 and ($2::bigint is null or id < $2)
                order by id desc limit $3)
            union
            (select approval from approval_voter where person = $1 and ($2::bigint is null or approval < $2)
                order by approval desc limit $3))
        order by a.id desc limit $3""",
        person_id,
        before_id,
        limit,
    )
    return [_approval(row) for row in rows]


async def lock_late(*, now: datetime, limit: int) -> list[Approval]:
    """Open approvals whose deadline is over, locked until COMMIT; those that a verb holds are left to it."""
    rows = await fetch(
        f"select {_COLUMNS} from approval a where a.state = 'open' and a.deadline <= $1"
        " order by a.id limit $2 for no key update skip locked",
        now,
        limit,
    )
    return [_approval(row) for row in rows]


async def todos(person_id: int, now: datetime) -> list[Todo]:
    """What waits for the person's vote."""
    waiting = await waiting_for(person_id, now=now, before_id=None, limit=10)
    return [
        Todo(title=mark("有一件事等您审批"), path=f"/approvals/{one.id}", due_at=one.deadline)
        for one in waiting
    ]
