"""What the database refuses, whoever writes."""

from typing import Any

import asyncpg
import pytest

from core import clock
from core.approvals.services import recuse, withdraw_approval
from core.database import fetch
from tests.core.approvals.questions import MAKER, VOTERS, open_one, vote

ONE, TWO, THREE = VOTERS


async def write_vote(approval_id: int, person_id: int, choice: str = "approve", **changes: Any) -> None:
    await fetch(
        "insert into approval_vote (approval, person, choice, reason, cast_at) values ($1, $2, $3, $4, $5)",
        approval_id,
        person_id,
        choice,
        changes.get("reason", "x"),
        changes.get("cast_at", clock.now()),
    )


async def refused(constraint: str, write: Any) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as wrong:
        await write
    assert wrong.value.constraint_name == constraint


async def test_a_vote_of_the_maker_or_of_a_stranger(db: str) -> None:
    approval_id = await open_one()
    await write_vote(approval_id, ONE)
    for person in (MAKER, 999):
        await refused("approval_vote_voter", write_vote(approval_id, person))


async def test_a_second_vote_and_one_taken_back_twice(db: str) -> None:
    approval_id = await open_one()
    await refused("approval_vote_once", write_vote(approval_id, ONE, "taken_back"))
    await write_vote(approval_id, ONE)
    await refused("approval_vote_once", write_vote(approval_id, ONE, "reject"))
    await write_vote(approval_id, ONE, "taken_back")
    await refused("approval_vote_once", write_vote(approval_id, ONE, "taken_back"))
    await write_vote(approval_id, ONE, "reject")


async def test_a_vote_of_a_recused_person_who_may_only_take_one_back(db: str) -> None:
    approval_id = await open_one()
    await vote(approval_id, ONE)
    await recuse(approval_id, reason="x", person_id=ONE)
    await recuse(approval_id, reason="x", person_id=TWO)
    await refused("approval_vote_recused", write_vote(approval_id, TWO))
    await write_vote(approval_id, ONE, "taken_back")
    await refused("approval_vote_recused", write_vote(approval_id, ONE))


async def test_a_vote_or_recusal_after_the_end(db: str) -> None:
    approval_id = await open_one()
    deadline = (await fetch("select deadline from approval"))[0]["deadline"]
    await refused("approval_vote_open", write_vote(approval_id, ONE, cast_at=deadline))
    await withdraw_approval(approval_id, person_id=MAKER)
    await refused("approval_vote_open", write_vote(approval_id, ONE))
    insert = (
        "insert into approval_recusal (approval, person, code, title, recorded_at)"
        " values ($1, $2, 'x', 'x', now())"
    )
    await refused("approval_recusal_open", fetch(insert, approval_id, ONE))
    other = await open_one()
    await refused("approval_recusal_voter", fetch(insert, other, MAKER))


async def test_a_vote_without_a_reason_or_with_a_word_of_its_own(db: str) -> None:
    approval_id = await open_one()
    await refused("approval_vote_reason", write_vote(approval_id, ONE, "reject", reason=""))
    await refused("approval_vote_choice", write_vote(approval_id, ONE, "perhaps"))
    await write_vote(approval_id, ONE, "approve", reason="")


async def test_more_voters_than_were_asked(db: str) -> None:
    approval_id = await open_one()
    insert = "insert into approval_voter (approval, person) values ($1, $2)"
    await refused("approval_voter_fixed", fetch(insert, approval_id, 999))
    await refused("approval_voter_fixed", fetch(insert, approval_id, MAKER))


async def test_the_maker_among_the_voters(db: str) -> None:
    await open_one()
    copy = (
        "with made as (insert into approval (subject_kind, subject_id, purpose, maker, title, needed, quorum,"
        " share_numerator, share_denominator, voters, opened_at, deadline)"
        " values ('test.thing', 8, 'x', $1, 'x', 1, 0, 0, 1, 1, now(), 'tomorrow') returning id)"
        " select id from made"
    )
    approval_id = (await fetch(copy, MAKER))[0]["id"]
    insert = "insert into approval_voter (approval, person) values ($1, $2)"
    await refused("approval_voter_maker", fetch(insert, approval_id, MAKER))
    await fetch(insert, approval_id, ONE)


@pytest.mark.parametrize("table", ["approval_voter", "approval_recusal", "approval_vote"])
async def test_histories_are_append_only(db: str, table: str) -> None:
    approval_id = await open_one()
    await vote(approval_id, ONE)
    await recuse(approval_id, reason="x", person_id=TWO)
    for change in (f"update {table} set person = 1", f"delete from {table}", f"truncate {table} cascade"):
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await fetch(change)


async def test_an_outcome_and_the_question_never_change(db: str) -> None:
    approval_id = await open_one()
    for change in ("needed = 1", "deadline = now() + interval '9 days'", "maker = 5", "title = 'x'"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await fetch(f"update approval set {change} where id = $1", approval_id)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("delete from approval")
    await fetch("update approval set state = 'rejected', closed_at = now() where id = $1", approval_id)
    for change in ("state = 'approved'", "state = 'open', closed_at = null"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await fetch(f"update approval set {change} where id = $1", approval_id)
