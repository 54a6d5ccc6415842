"""Two at once, each on a connection of its own: one outcome, told once."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.approvals import queries
from core.approvals.services import close_late, recuse, withdraw_approval
from core.database import fetch_value
from core.reference import Ref
from tests.core.approvals.questions import MAKER, VOTERS, open_one, vote

ONE, TWO, THREE = VOTERS


async def assert_told_once(approval_id: int) -> str:
    state = (await queries.approval(approval_id)).state
    events = "select count(*) from event where name = 'approval_decided' and subject_id = $1"
    audits = (
        "select count(*) from audit_event where subject_kind = 'approval' and subject_id = $1 and action = $2"
    )
    assert await fetch_value(events, approval_id) == (state != "open")
    assert await fetch_value(audits, approval_id, f"approval.{state}") == (state != "open")
    return state


@pytest.mark.parametrize("round", range(5))
async def test_two_last_votes(db: str, round: int) -> None:
    approval_id = await open_one()
    await vote(approval_id, ONE)
    results = await asyncio.gather(vote(approval_id, TWO), vote(approval_id, THREE), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["ApprovalClosed", "NoneType"]
    assert await assert_told_once(approval_id) == "approved"


async def test_all_votes_at_once_and_every_one_twice(db: str) -> None:
    voters = tuple(range(910, 922))
    approval_id = await open_one(voters=voters, needed=12)
    await asyncio.gather(*(vote(approval_id, voter) for voter in voters * 2))
    assert await fetch_value("select count(*) from approval_vote") == 12
    assert await assert_told_once(approval_id) == "approved"


@pytest.mark.parametrize("needed", [1, 20, 40])
async def test_fifty_votes_and_withdrawals_at_once_leave_one_decision(db: str, needed: int) -> None:
    voters = tuple(range(910, 950))
    approval_id = await open_one(voters=voters, needed=needed)
    asked = [vote(approval_id, voter) for voter in voters]
    for place in range(0, 50, 5):
        asked.insert(place, withdraw_approval(approval_id, person_id=MAKER))
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert len(results) == 50
    assert {type(result).__name__ for result in results} <= {"NoneType", "ApprovalClosed"}
    state = await assert_told_once(approval_id)
    votes = await fetch_value("select count(*) from approval_vote")
    assert (state, votes >= needed) in {("approved", True), ("withdrawn", False)}


async def test_one_person_with_two_minds(db: str) -> None:
    approval_id = await open_one()
    results = await asyncio.gather(
        vote(approval_id, ONE), vote(approval_id, ONE, "reject"), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["NoneType", "VotedAlready"]
    assert await fetch_value("select count(*) from approval_vote") == 1


@pytest.mark.parametrize("round", range(5))
async def test_the_last_vote_against_the_withdrawal(db: str, round: int) -> None:
    approval_id = await open_one(needed=1)
    voted, withdrawn = await asyncio.gather(
        vote(approval_id, ONE), withdraw_approval(approval_id, person_id=MAKER), return_exceptions=True
    )
    state = await assert_told_once(approval_id)
    assert (state, type(voted).__name__, type(withdrawn).__name__) in {
        ("approved", "NoneType", "ApprovalClosed"),
        ("withdrawn", "ApprovalClosed", "NoneType"),
    }


async def test_the_last_vote_against_the_recusal_of_the_same_person(db: str) -> None:
    for number in range(5):
        approval_id = await open_one(needed=1, subject=Ref("test.thing", number))
        voted, recused = await asyncio.gather(
            vote(approval_id, ONE), recuse(approval_id, reason="x", person_id=ONE), return_exceptions=True
        )
        state = await assert_told_once(approval_id)
        assert (state, type(voted).__name__, type(recused).__name__) in {
            ("approved", "NoneType", "ApprovalClosed"),
            ("open", "VoterRecused", "NoneType"),
        }


async def test_a_vote_on_the_last_moment_against_the_deadline(db: str) -> None:
    start = clock.now()
    approval_id = await open_one(needed=1)

    async def close_and_vote(approval_id: int) -> list[str]:
        results = await asyncio.gather(
            close_late(), vote(approval_id, ONE), close_late(), return_exceptions=True
        )
        return [type(result).__name__ for result in results]

    with clock.frozen(start + timedelta(hours=23, minutes=59)):
        assert await close_and_vote(approval_id) == ["NoneType", "NoneType", "NoneType"]
    assert await assert_told_once(approval_id) == "approved"

    late = await open_one(needed=1)
    with clock.frozen(start + timedelta(days=2)):
        assert await close_and_vote(late) == ["NoneType", "ApprovalClosed", "NoneType"]
        await close_late()  # the vote may have held the row when the others looked
    assert await assert_told_once(late) == "expired"
