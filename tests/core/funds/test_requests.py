"""Requests: asked, voted on, checked; and what is refused on the way, in words."""

from dataclasses import replace

import asyncpg
import pytest

from core import clock
from core.approvals.errors import TooFewVoters, VoterRecused
from core.approvals.services import cast_vote
from core.database import fetch, fetch_value, unit_of_work
from core.evidence.errors import EvidenceMissing
from core.funds import postings, rules, services
from core.funds.errors import (
    AskedTooMuch,
    ChecksMissing,
    FundNotOpenForRequests,
    NotYourOrganization,
    OwnRequest,
    ProjectUnknown,
    PurposeUnknown,
    RequestNotFound,
)
from core.funds.queries import funds, requests
from core.funds.rules import Ask, Line, states
from core.ledger import services as ledger
from core.ledger.errors import LotsTooLow
from core.people.errors import PermissionMissing
from core.people.services import grant_role
from core.projects.queries import project
from core.projects.services import open_project
from core.reference import Ref
from core.workflow import WrongState
from tests.core.funds.world import (
    ALL,
    AWARE,
    FundWorld,
    ask,
    held,
    state_of,
    transfers,
    vote,
)
from tests.factories import make_region


async def test_one_asks_for_the_own_organization_only(world: FundWorld, other: FundWorld) -> None:
    with pytest.raises(NotYourOrganization):
        await ask(world, actor=other.asker)


async def test_nobody_asks_for_more_than_the_purpose_has(world: FundWorld) -> None:
    assert await funds.available(world.fund, world.children) == 15000
    with pytest.raises(AskedTooMuch, match=r"150\.00"):
        await ask(world, 15001)
    with pytest.raises(AskedTooMuch, match=r"50\.00"):
        await ask(world, 5001, purpose="")
    await ask(world, 15000)


async def test_a_request_needs_an_open_fund_its_purpose_and_a_project_of_the_asker(
    world: FundWorld, other: FundWorld
) -> None:
    wanted = Ask(organization_id=world.community, title="课", purpose_id=None, lines=[Line("书", 100)])
    with pytest.raises(PurposeUnknown):
        await services.ask_for_money(
            world.fund, replace(wanted, purpose_id=other.children), actor=world.asker
        )
    with pytest.raises(ProjectUnknown):
        await services.ask_for_money(world.fund, replace(wanted, project_id=1), actor=world.asker)
    running = {"region_id": await make_region(), "actor_id": None}
    elsewhere, *own = [
        await open_project("样项目", "", organization_id=id_, source=Ref("sample", n), **running)
        for n, id_ in enumerate([world.foundation, *[world.community] * 51])
    ]
    with pytest.raises(ProjectUnknown):
        await services.ask_for_money(world.fund, replace(wanted, project_id=elsewhere), actor=world.asker)
    # The form offers the newest; an older one goes on all the same.
    await services.ask_for_money(world.fund, replace(wanted, project_id=own[0]), actor=world.asker)
    asked = await fetch_value("select count(*) from fund_request")
    new = await services.found_fund(
        "测样基金会新微基金", organization_id=world.foundation, summary="", actor=world.head
    )
    with pytest.raises(FundNotOpenForRequests):
        await services.ask_for_money(new, wanted, actor=world.asker)
    await fetch("update role_grant set revoked_at = now() where role = 'core.fund_committee'")
    with pytest.raises(TooFewVoters):
        await services.ask_for_money(world.fund, wanted, actor=world.asker)
    assert await fetch_value("select count(*) from fund_request") == asked == 1


async def test_a_recused_member_cannot_vote(world: FundWorld) -> None:
    approval_id = (await requests.request(await ask(world))).approval_id
    assert approval_id is not None
    with pytest.raises(VoterRecused):
        await cast_vote(approval_id, choice="approve", reason="", person_id=world.members[2].person_id)
    with pytest.raises(asyncpg.PostgresError):
        await fetch(
            "insert into approval_vote (approval, person, choice, reason, cast_at)"
            " values ($1, $2, 'approve', '', now())",
            approval_id,
            world.members[2].person_id,
        )


async def test_family_of_the_askers_staff_is_recused_too(world: FundWorld) -> None:
    member = world.members[0]
    await fetch(
        "update household_member set household = $1 where person = $2",
        world.members[2].household_id,
        member.person_id,
    )
    request_id = await ask(world)
    found = await funds.conflicts(request_id, [m.person_id for m in world.members])
    assert (member.person_id, "core.fund_household") in {(c.person_id, c.code) for c in found}
    assert world.members[1].person_id not in {c.person_id for c in found}


async def test_a_request_that_the_committee_does_not_want_ends(world: FundWorld) -> None:
    request_id = await ask(world)
    approval_id = (await requests.request(request_id)).approval_id
    assert approval_id is not None
    await cast_vote(approval_id, choice="reject", reason="太贵", person_id=world.members[0].person_id)
    async with unit_of_work():
        await services.settle_vote(request_id, "rejected")
    with pytest.raises(WrongState):
        await services.check_request(request_id, ALL, aware=AWARE, actor=world.checker)
    assert await state_of(request_id) == states.REFUSED


async def test_only_who_asked_withdraws_and_only_before_the_decision(world: FundWorld) -> None:
    request_id = await ask(world)
    with pytest.raises(RequestNotFound):
        await services.withdraw_request(request_id, actor=world.head)
    await services.withdraw_request(request_id, actor=world.asker)
    await services.withdraw_request(request_id, actor=world.asker)
    assert await state_of(request_id) == states.WITHDRAWN
    decided = await ask(world)
    await vote(world, decided)
    with pytest.raises(WrongState):
        await services.withdraw_request(decided, actor=world.asker)


async def test_who_checks_is_told_of_donors_who_work_where_the_money_goes(world: FundWorld) -> None:
    request = await requests.request(await ask(world))
    assert await requests.related_donors(request) == 0
    community = Ref("organization", world.community)
    await grant_role(world.donor.person_id, "core.treasurer", community, actor_id=None)
    assert await requests.related_donors(request) == 1
    for_elders = await requests.request(await ask(world, 3000, purpose="elders"))
    assert await requests.related_donors(for_elders) == 0


async def test_compliance_is_for_its_officer_and_all_four_points(world: FundWorld, other: FundWorld) -> None:
    request_id = await ask(world)
    with pytest.raises(WrongState):
        await services.check_request(request_id, ALL, aware=AWARE, actor=world.checker)
    await vote(world, request_id)
    with pytest.raises(ChecksMissing):
        await services.check_request(request_id, ALL[:3], aware=AWARE, actor=world.checker)
    for actor in (world.treasurer, world.asker, world.members[0]):
        with pytest.raises(PermissionMissing):
            await services.check_request(request_id, ALL, aware=AWARE, actor=actor)
    with pytest.raises(RequestNotFound):
        await services.check_request(request_id, ALL, aware=AWARE, actor=other.checker)
    own = replace(world.checker, person_id=world.asker.person_id)
    with pytest.raises(OwnRequest):
        await services.check_request(request_id, ALL, aware=AWARE, actor=own)
    assert await transfers() == 3
    await services.check_request(request_id, ALL, aware=AWARE, actor=world.checker)
    await services.check_request(request_id, ALL, aware=AWARE, actor=world.checker)
    assert await transfers() == 4


async def test_without_the_committees_vote_the_database_sets_nothing_aside(world: FundWorld) -> None:
    request_id = await ask(world)
    with pytest.raises(EvidenceMissing):
        async with unit_of_work():
            await post_hold(world, request_id, purpose_id=world.children, voted=None)


async def test_the_ledger_keeps_money_to_its_purpose(world: FundWorld) -> None:
    """Whatever the rules overlooked: 30.00 are bound to the elders, and 50.00 are free."""
    request_id = await ask(world)
    await vote(world, request_id)
    voted = await fetch_value("select id from evidence where kind = 'core.approval'")
    with pytest.raises(LotsTooLow):
        async with unit_of_work():
            await post_hold(world, request_id, purpose_id=world.elders, voted=voted, amount_fen=8001)


async def post_hold(
    world: FundWorld, request_id: int, *, purpose_id: int, voted: int | None, amount_fen: int = 6200
) -> None:
    account = {"unit": postings.UNIT}
    ledger.post(
        postings.hold(
            request_id,
            purpose_id=purpose_id,
            fund=await ledger.open_account(Ref(rules.FUND, world.fund), kind=postings.MONEY, **account),
            held=await ledger.open_account(Ref(rules.REQUEST, request_id), kind=postings.HELD, **account),
            amount_fen=amount_fen,
            voted=voted,
            at=clock.now(),
        )
    )


async def test_what_another_request_took_meanwhile_is_not_there_any_more(world: FundWorld) -> None:
    first, second = await ask(world, 15000), await ask(world, 15000)
    for request_id in (first, second):
        await vote(world, request_id)
    await services.check_request(first, ALL, aware=AWARE, actor=world.checker)
    with pytest.raises(AskedTooMuch, match=r" 0\.00"):
        await services.check_request(second, ALL, aware=AWARE, actor=world.checker)
    assert await state_of(second) == states.APPROVED
    await services.refuse_request(second, reason="钱已经用完", actor=world.checker)
    assert await state_of(second) == states.REFUSED


async def test_money_that_is_set_aside_has_a_project(world: FundWorld) -> None:
    request_id = await held(world)
    project_id = (await requests.request(request_id)).project_id
    assert project_id is not None
    found = await project(project_id)
    assert (found.title, found.summary, found.organization_id) == (
        "暑期四点半课堂",
        "绘本；水彩笔",
        world.community,
    )
    (part,) = await requests.project_part(project_id)
    assert [(line.amount_fen, line.path) for line in part.lines] == [(6200, f"/funds/requests/{request_id}")]
