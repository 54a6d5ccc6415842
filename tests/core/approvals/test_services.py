"""Approvals: opened, voted on, recused from, withdrawn, closed by their deadline."""

import json
from datetime import timedelta
from fractions import Fraction

import pytest

from core import clock
from core.approvals import queries
from core.approvals.errors import (
    ApprovalClosed,
    ApprovalNotFound,
    ApprovalOpenAlready,
    NotTheMaker,
    OwnApproval,
    ReasonMissing,
    TooFewVoters,
    Undecidable,
    VotedAlready,
    VoterRecused,
)
from core.approvals.rules import Rule
from core.approvals.services import close_late, recuse, take_vote_back, withdraw_approval
from core.database import fetch, fetch_value
from core.reference import Ref
from tests.core.approvals.questions import MAKER, SUBJECT, VOTERS, open_one, vote
from tests.factories import make_region, make_resident

ONE, TWO, THREE = VOTERS


async def state(approval_id: int) -> str:
    return (await queries.approval(approval_id)).state


async def decisions() -> list[dict[str, object]]:
    rows = await fetch("select facts from event where name = 'approval_decided' order by id")
    return [json.loads(row["facts"]) for row in rows]


async def actions() -> list[tuple[str, int | None]]:
    rows = await fetch("select action, actor_id from audit_event where subject_kind = 'approval' order by id")
    return [(row["action"], row["actor_id"]) for row in rows]


async def test_an_approval_is_read_as_it_was_opened(db: str) -> None:
    approval_id = await open_one(voters=(*VOTERS, MAKER, ONE), params={"person": 5}, path="/garden")
    found = await queries.approval(approval_id)
    assert (found.subject, found.purpose, found.maker_id) == (SUBJECT, "test.decide", MAKER)
    assert (found.params, found.path, found.rule) == ({"person": 5}, "/garden", Rule(needed=2))
    assert (await queries.ballot(approval_id)).voters == list(VOTERS)
    opened = await fetch("select facts from event where name = 'approval_opened'")
    assert [json.loads(row["facts"]) for row in opened] == [
        {"approval_id": approval_id, "subject_kind": "test.thing", "subject_id": 7, "purpose": "test.decide"}
    ]


async def test_the_vote_that_settles_it_closes_it_and_is_told_once(db: str) -> None:
    approval_id = await open_one()
    await vote(approval_id, ONE)
    assert await state(approval_id) == "open"
    assert await decisions() == []
    await vote(approval_id, THREE)
    assert await state(approval_id) == "approved"
    assert [d["outcome"] for d in await decisions()] == ["approved"]
    evidence = await fetch("select kind, subject_kind, subject_id, recorded_by from evidence")
    assert [tuple(row) for row in evidence] == [("core.approval", *SUBJECT, None)]
    assert await actions() == [
        ("approval.opened", MAKER),
        ("approval.voted", ONE),
        ("approval.voted", THREE),
        ("approval.approved", None),
    ]
    with pytest.raises(ApprovalClosed):
        await vote(approval_id, TWO)


async def test_it_is_rejected_when_it_cannot_pass_any_more(db: str) -> None:
    approval_id = await open_one()
    await vote(approval_id, ONE, "reject")
    assert await state(approval_id) == "open"
    await vote(approval_id, TWO, "abstain")
    assert await state(approval_id) == "rejected"
    assert await fetch_value("select count(*) from evidence") == 0


async def test_a_second_click_changes_nothing_and_another_vote_is_refused(db: str) -> None:
    approval_id = await open_one(needed=1)
    for _ in range(2):
        await vote(approval_id, ONE)
    assert await fetch_value("select count(*) from approval_vote") == 1
    with pytest.raises(ApprovalClosed):
        await vote(approval_id, ONE, "reject")
    other = await open_one(subject=Ref("test.thing", 8))
    await vote(other, ONE)
    with pytest.raises(VotedAlready):
        await vote(other, ONE, "reject")


async def test_a_vote_is_taken_back_and_given_anew_and_its_history_stays(db: str) -> None:
    approval_id = await open_one()
    await vote(approval_id, ONE, "reject")
    for _ in range(2):
        await take_vote_back(approval_id, person_id=ONE)
    assert (await queries.ballot(approval_id)).tally().present == 0
    await vote(approval_id, ONE, "approve", "")
    rows = await fetch("select choice, reason from approval_vote order by id")
    assert [tuple(row) for row in rows] == [("reject", "想过了"), ("taken_back", ""), ("approve", "")]
    await vote(approval_id, TWO)
    with pytest.raises(ApprovalClosed):
        await take_vote_back(approval_id, person_id=ONE)


async def test_who_takes_no_part_learns_nothing(db: str) -> None:
    approval_id = await open_one()
    for refused in (
        vote(approval_id, 999),
        take_vote_back(approval_id, person_id=999),
        recuse(approval_id, reason="x", person_id=999),
        withdraw_approval(approval_id, person_id=999),
        vote(10**9, ONE),
    ):
        with pytest.raises(ApprovalNotFound):
            await refused


async def test_the_maker_decides_nothing_and_only_the_maker_withdraws(db: str) -> None:
    approval_id = await open_one()
    with pytest.raises(OwnApproval):
        await vote(approval_id, MAKER)
    with pytest.raises(OwnApproval):
        await recuse(approval_id, reason="x", person_id=MAKER)
    with pytest.raises(NotTheMaker):
        await withdraw_approval(approval_id, person_id=ONE)
    for _ in range(2):
        await withdraw_approval(approval_id, person_id=MAKER)
    assert await state(approval_id) == "withdrawn"
    assert [d["outcome"] for d in await decisions()] == ["withdrawn"]
    assert (await actions())[-1] == ("approval.withdrawn", MAKER)


async def test_too_few_voters_open_nothing(db: str) -> None:
    with pytest.raises(TooFewVoters):
        await open_one(voters=(MAKER, ONE))
    assert await fetch_value("select count(*) from approval") == 0
    await open_one(voters=(MAKER, ONE, TWO))


async def test_a_subject_waits_for_one_decision_of_a_kind(db: str) -> None:
    approval_id = await open_one()
    with pytest.raises(ApprovalOpenAlready):
        await open_one()
    await open_one(purpose="test.other")
    await withdraw_approval(approval_id, person_id=MAKER)
    await open_one()


async def test_recusing_oneself_lowers_the_number_that_is_needed_to_settle(db: str) -> None:
    approval_id = await open_one()
    await vote(approval_id, ONE, "reject")
    for _ in range(2):
        await recuse(approval_id, reason="他是我表弟", person_id=TWO)
    assert await state(approval_id) == "rejected"
    recusals = (await queries.ballot(approval_id)).recusals
    assert [(r.person_id, r.code, r.reason) for r in recusals] == [(TWO, "core.declared", "他是我表弟")]


async def test_a_vote_given_before_the_recusal_counts_no_longer(db: str) -> None:
    approval_id = await open_one()
    await vote(approval_id, ONE)
    await recuse(approval_id, reason="想起来了", person_id=ONE)
    await vote(approval_id, TWO)
    assert await state(approval_id) == "open"
    with pytest.raises(VoterRecused):
        await vote(approval_id, ONE, "reject")
    await vote(approval_id, THREE)
    assert await state(approval_id) == "approved"


async def test_when_everybody_is_recused_nothing_is_decided_and_it_is_said_why(db: str) -> None:
    approval_id = await open_one()
    for voter in (ONE, TWO):
        await recuse(approval_id, reason="x", person_id=voter)
    with pytest.raises(Undecidable, match="剩下的人数不够"):
        await vote(approval_id, THREE)
    await recuse(approval_id, reason="x", person_id=THREE)
    assert await state(approval_id) == "open"
    await withdraw_approval(approval_id, person_id=MAKER)


async def test_against_undecided_and_recused_need_a_reason(db: str) -> None:
    approval_id = await open_one()
    for choice in ("reject", "abstain"):
        with pytest.raises(ReasonMissing):
            await vote(approval_id, ONE, choice, "")
    with pytest.raises(ReasonMissing):
        await recuse(approval_id, reason="", person_id=ONE)
    await vote(approval_id, ONE, "approve", "")


# --- conflicts, from collect_conflicts of core itself ----------------------------------------------


async def test_who_lives_with_the_maker_is_recused_when_it_is_opened(db: str) -> None:
    region = await make_region()
    maker, stranger, third = [await make_resident(region) for _ in range(3)]
    wife = await make_resident(region)
    await _move_in(wife.person_id, maker.household_id)
    approval_id = await open_one(
        maker=maker.person_id, voters=(wife.person_id, stranger.person_id, third.person_id)
    )
    recusals = (await queries.ballot(approval_id)).recusals
    assert [(r.person_id, r.code, r.title) for r in recusals] == [
        (wife.person_id, "core.maker_household", "与发起人是一户")
    ]
    with pytest.raises(VoterRecused):
        await vote(approval_id, wife.person_id)
    await vote(approval_id, stranger.person_id)
    await vote(approval_id, third.person_id)
    assert await state(approval_id) == "approved"


async def test_a_conflict_found_at_the_vote_is_stored_though_the_vote_is_refused(db: str) -> None:
    region = await make_region()
    maker, friend, other = [await make_resident(region) for _ in range(3)]
    approval_id = await open_one(maker=maker.person_id, voters=(friend.person_id, other.person_id), needed=1)
    assert (await queries.ballot(approval_id)).recusals == []
    await _move_in(friend.person_id, maker.household_id)
    with pytest.raises(VoterRecused):
        await vote(approval_id, friend.person_id)
    assert (await queries.ballot(approval_id)).recused == {friend.person_id}
    assert await fetch_value("select count(*) from approval_vote") == 0
    await _move_in(friend.person_id, other.household_id)  # moving out again changes nothing
    with pytest.raises(VoterRecused):
        await vote(approval_id, friend.person_id)


async def _move_in(person_id: int, household_id: int | None) -> None:
    await fetch("update household_member set left_on = current_date where person = $1", person_id)
    await fetch(
        "insert into household_member (household, person, joined_on) values ($1, $2, current_date)",
        household_id,
        person_id,
    )


# --- the deadline ----------------------------------------------------------------------------------


async def test_at_the_deadline_it_expires_or_passes_by_the_votes_that_have_come(db: str) -> None:
    start, day = clock.now(), timedelta(days=1)
    rule = Rule(needed=1, quorum=2)
    passing = await open_one(rule=rule, subject=Ref("test.thing", 1))
    missing = await open_one(rule=rule, subject=Ref("test.thing", 2))
    later = await open_one(rule=rule, subject=Ref("test.thing", 3), deadline=start + 2 * day)
    await vote(missing, ONE)
    await vote(passing, ONE, "abstain")
    with clock.frozen(start + day + timedelta(minutes=1)):
        with pytest.raises(ApprovalClosed):
            await vote(missing, TWO)
        await close_late()
        await close_late()
    assert [await state(one) for one in (passing, missing, later)] == ["expired", "expired", "open"]
    assert len(await decisions()) == 2


async def test_a_share_of_those_who_voted_passes_at_the_deadline(db: str) -> None:
    start = clock.now()
    rule = Rule(needed=1, quorum=3, share=Fraction(2, 3))
    approval_id = await open_one(voters=tuple(range(910, 916)), rule=rule)
    for voter, choice in ((910, "approve"), (911, "approve"), (912, "reject")):
        await vote(approval_id, voter, choice)
    assert await state(approval_id) == "open"
    with clock.frozen(start + timedelta(days=1, minutes=1)):
        await close_late()
    assert await state(approval_id) == "approved"
    assert [d["outcome"] for d in await decisions()] == ["approved"]


# --- lists -----------------------------------------------------------------------------------------


async def test_what_waits_for_a_person_and_what_does_not(db: str) -> None:
    ids = [await open_one(subject=Ref("test.thing", n)) for n in range(5)]
    voted, recused, closed, waiting, taken_back = ids
    await vote(voted, ONE)
    await recuse(recused, reason="x", person_id=ONE)
    await withdraw_approval(closed, person_id=MAKER)
    await vote(taken_back, ONE)
    await take_vote_back(taken_back, person_id=ONE)

    async def waits(person_id: int, **changes: object) -> list[int]:
        args: dict[str, object] = {"now": clock.now(), "before_id": None, "limit": 10}
        return [a.id for a in await queries.waiting_for(person_id, **(args | changes))]  # type: ignore[arg-type]

    assert await waits(ONE) == [taken_back, waiting]
    assert await waits(ONE, limit=1) == [taken_back]
    assert await waits(ONE, before_id=taken_back) == [waiting]
    assert await waits(ONE, now=clock.now() + timedelta(days=2)) == []
    assert await waits(MAKER) == []
    for voter in (TWO, THREE):  # nothing can be decided any more
        await recuse(waiting, reason="x", person_id=voter)
    assert await waits(ONE) == [taken_back]
    assert [a.id for a in await queries.approvals_of(ONE, before_id=None, limit=10)] == ids[::-1]
    assert [a.id for a in await queries.approvals_of(MAKER, before_id=closed, limit=10)] == [recused, voted]
    assert await queries.approvals_of(999, before_id=None, limit=10) == []
