"""A role that handles money: one proposes, another one agrees, then it is granted."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.approvals import queries as approvals
from core.approvals.errors import ApprovalOpenAlready, TooFewVoters, VoterRecused
from core.approvals.services import cast_vote, withdraw_approval
from core.database import fetch, fetch_row, fetch_value, unit_of_work
from core.people.errors import PermissionMissing, RoleHeldAlready, RoleNeedsApproval
from core.people.rules import Actor, Grant
from core.people.services import grant_role, propose_role
from core.privacy.services import ask_deletion, end_accounts
from core.reference import Ref
from tests.factories import make_region, make_resident
from workers.drain import run_due_jobs

HERE = Ref("organization", 1)
TREASURER, MANAGER = "core.treasurer", "core.manager"


async def make_manager(region_id: int, scope: Ref = HERE) -> Actor:
    person = await make_resident(region_id)
    await grant_role(person.person_id, MANAGER, scope, actor_id=None)
    return Actor(person.person_id, person.name, person.household_id, (Grant(MANAGER, scope),))


@pytest.fixture
async def region(db: str) -> int:
    return await make_region()


@pytest.fixture
async def managers(region: int) -> list[Actor]:
    return [await make_manager(region) for _ in range(3)]


async def vote(approval_id: int, actor: Actor, choice: str = "approve") -> None:
    await cast_vote(approval_id, choice=choice, reason="想过了", person_id=actor.person_id)
    await run_due_jobs()


async def holds(person_id: int) -> int:
    sql = "select count(*) from role_grant where person = $1 and role = $2 and revoked_at is null"
    return int(await fetch_value(sql, person_id, TREASURER))


async def notices(person_id: int) -> list[str]:
    rows = await fetch("select title from notification where person = $1 order by id", person_id)
    return [row["title"] for row in rows]


async def test_the_second_person_makes_it_true(region: int, managers: list[Actor]) -> None:
    maker, second, third = managers
    elsewhere = await make_manager(region, Ref("organization", 2))
    candidate = (await make_resident(region)).person_id
    approval_id = await propose_role(candidate, TREASURER, HERE, actor_id=maker.person_id)
    await run_due_jobs()
    assert await notices(second.person_id) == await notices(third.person_id) == ["有一件事等您审批"]
    assert await notices(maker.person_id) == await notices(elsewhere.person_id) == []
    assert await holds(candidate) == 0

    await vote(approval_id, second)
    assert await holds(candidate) == 1
    row = await fetch_row(
        "select scope_kind, scope_id, granted_by from role_grant where person = $1", candidate
    )
    assert row is not None
    assert tuple(row) == (*HERE, maker.person_id)
    assert await notices(maker.person_id) == ["审批通过了"]
    assert await fetch_value("select count(*) from audit_event where action = 'role.granted'") == 5


async def test_nobody_grants_it_alone_but_the_system(region: int, managers: list[Actor]) -> None:
    candidate = (await make_resident(region)).person_id
    with pytest.raises(RoleNeedsApproval):
        await grant_role(candidate, TREASURER, HERE, actor_id=managers[0].person_id)
    assert await holds(candidate) == 0
    await grant_role(candidate, MANAGER, HERE, actor_id=managers[0].person_id)
    await grant_role(candidate, TREASURER, HERE, actor_id=None)
    assert await holds(candidate) == 1
    with pytest.raises(RoleHeldAlready):
        await propose_role(candidate, TREASURER, HERE, actor_id=managers[0].person_id)


@pytest.mark.parametrize("choice", ["reject", "abstain"])
async def test_without_agreement_nothing_is_granted(region: int, managers: list[Actor], choice: str) -> None:
    maker, second, third = managers
    candidate = (await make_resident(region)).person_id
    approval_id = await propose_role(candidate, TREASURER, HERE, actor_id=maker.person_id)
    await vote(approval_id, second, choice)
    await vote(approval_id, third, choice)
    assert (await approvals.approval(approval_id)).state == "rejected"
    assert await holds(candidate) == 0
    assert await notices(maker.person_id) == ["审批没有通过"]
    await propose_role(candidate, TREASURER, HERE, actor_id=maker.person_id)


async def test_a_proposal_waits_once_and_can_be_made_again_when_withdrawn(
    region: int, managers: list[Actor]
) -> None:
    maker, second, _ = managers
    candidate = (await make_resident(region)).person_id
    results = await asyncio.gather(
        *(propose_role(candidate, TREASURER, HERE, actor_id=one.person_id) for one in (maker, maker, second)),
        return_exceptions=True,
    )
    (approval_id,) = {result for result in results if isinstance(result, int)}
    others = {type(result).__name__ for result in results if not isinstance(result, int)}
    assert others == {"ApprovalOpenAlready"}
    assert await fetch_value("select count(*) from approval") == 1
    approval = await approvals.approval(approval_id)
    await withdraw_approval(approval_id, person_id=approval.maker_id)
    with pytest.raises(ApprovalOpenAlready):  # its end is not delivered yet
        await propose_role(candidate, TREASURER, HERE, actor_id=maker.person_id)
    await run_due_jobs()
    assert await notices(approval.maker_id) == []
    await propose_role(candidate, TREASURER, HERE, actor_id=maker.person_id)


async def test_the_only_one_who_may_grant_cannot_propose(region: int) -> None:
    alone = await make_manager(region)
    candidate = (await make_resident(region)).person_id
    with pytest.raises(TooFewVoters):
        await propose_role(candidate, TREASURER, HERE, actor_id=alone.person_id)
    assert await fetch_value("select count(*) from role_proposal") == 0


async def test_a_permission_elsewhere_is_none_here(region: int, managers: list[Actor]) -> None:
    elsewhere = await make_manager(region, Ref("organization", 2))
    with pytest.raises(PermissionMissing):
        await propose_role(managers[0].person_id, TREASURER, HERE, actor_id=elsewhere.person_id)


async def test_the_candidate_and_the_candidates_family_do_not_vote(
    region: int, managers: list[Actor]
) -> None:
    maker, candidate, relative = managers
    last = await make_manager(region)
    await fetch("update household_member set left_on = current_date where person = $1", relative.person_id)
    await fetch(
        "insert into household_member (household, person, joined_on) values ($1, $2, current_date)",
        candidate.household_id,
        relative.person_id,
    )
    approval_id = await propose_role(candidate.person_id, TREASURER, HERE, actor_id=maker.person_id)
    ballot = await approvals.ballot(approval_id)
    assert {(r.person_id, r.code) for r in ballot.recusals} == {
        (candidate.person_id, "core.candidate_household"),
        (relative.person_id, "core.candidate_household"),
    }
    await run_due_jobs()
    assert await notices(candidate.person_id) == []
    with pytest.raises(VoterRecused):
        await vote(approval_id, candidate)
    await vote(approval_id, last)
    assert await holds(candidate.person_id) == 1


async def test_the_event_delivered_again_grants_nothing_twice(region: int, managers: list[Actor]) -> None:
    maker, second, _ = managers
    candidate = (await make_resident(region)).person_id
    approval_id = await propose_role(candidate, TREASURER, HERE, actor_id=maker.person_id)
    await vote(approval_id, second)
    await fetch("update role_grant set revoked_at = now() where person = $1", candidate)
    await fetch("update event_delivery set state = 'waiting' where subject_kind = 'approval'")
    await fetch("update job set state = 'waiting', due_at = now() where name = 'core.deliver_event'")
    await run_due_jobs()
    assert await holds(candidate) == 0


async def test_who_may_not_grant_roles_any_more_does_not_agree_either(
    region: int, managers: list[Actor]
) -> None:
    maker, second, third = managers
    candidate = (await make_resident(region)).person_id
    approval_id = await propose_role(candidate, TREASURER, HERE, actor_id=maker.person_id)
    await fetch("update role_grant set revoked_at = now() where person = $1", second.person_id)
    with pytest.raises(VoterRecused):
        await vote(approval_id, second)
    recusals = (await approvals.ballot(approval_id)).recusals
    assert [(r.person_id, r.code) for r in recusals] == [(second.person_id, "core.permission_lost")]
    await vote(approval_id, third)
    assert await holds(candidate) == 1


async def test_whom_the_maker_has_appointed_does_not_vote_on_the_makers_proposal(region: int) -> None:
    """Else one person could appoint a second, and the two would be the two who are asked for."""
    maker, other = [await make_manager(region) for _ in range(2)]
    friend = await make_resident(region)
    await grant_role(friend.person_id, MANAGER, HERE, actor_id=maker.person_id)
    candidate = (await make_resident(region)).person_id
    approval_id = await propose_role(candidate, TREASURER, HERE, actor_id=maker.person_id)
    recusals = (await approvals.ballot(approval_id)).recusals
    assert [(r.person_id, r.code) for r in recusals] == [(friend.person_id, "core.appointed_by_maker")]
    with pytest.raises(VoterRecused):
        await vote(approval_id, friend)
    await vote(approval_id, other)
    assert await holds(candidate) == 1


async def test_whose_account_has_ended_meanwhile_gets_no_role(region: int, managers: list[Actor]) -> None:
    candidate = await make_resident(region)
    approval_id = await propose_role(candidate.person_id, TREASURER, HERE, actor_id=managers[0].person_id)
    await ask_deletion(sure=True, actor=candidate)
    with clock.frozen(clock.now() + timedelta(days=7.01)):
        async with unit_of_work():
            await end_accounts()
    await vote(approval_id, managers[1])
    assert await fetch_value("select state from approval where id = $1", approval_id) == "approved"
    assert await holds(candidate.person_id) == 0
