"""Funds: founded, opened, ended; refused to whom they are not."""

from dataclasses import replace
from functools import partial

import pytest

from core.funds import rules, services
from core.funds.errors import (
    AgreementMissing,
    FundNameTaken,
    FundNotEmpty,
    NoKeeperOfFunds,
)
from core.funds.errors.purposes import PurposeMissing, PurposeTaken, TooManyPurposes
from core.funds.errors.seats import SeatNotFound, SeatReasonMissing, VoteUnderWay
from core.funds.queries import funds, requests
from core.funds.rules import states
from core.organizations.services import register_organization
from core.people.errors import OwnRole, PermissionMissing, PersonNotFound
from core.people.rules import Grant
from core.reference import Ref
from core.workflow import WrongState
from tests.core.funds.agreed import agree
from tests.core.funds.world import FundWorld, ask, draft, holder, make_fund_world
from tests.factories import make_region


async def test_a_fund_is_founded_once_by_the_head_of_a_foundation(world: FundWorld, other: FundWorld) -> None:
    facts = {"organization_id": world.foundation, "summary": ""}
    with pytest.raises(FundNameTaken):
        await services.found_fund("测样基金会样里微基金", actor=world.head, **facts)
    with pytest.raises(PermissionMissing):
        await services.found_fund("测样基金会新微基金", actor=other.head, **facts)
    company = await register_organization("测样公司", kind="company", region_id=await make_region())
    actor = replace(world.asker, grants=(Grant("core.manager", Ref("organization", company)),))
    with pytest.raises(NoKeeperOfFunds):
        await services.found_fund("测样公司微基金", organization_id=company, summary="", actor=actor)


async def test_a_committee_keeps_a_fund_of_its_community(world: FundWorld) -> None:
    fund = await services.found_fund(
        "测样社区邻里微基金", organization_id=world.community, summary="", actor=world.asker
    )
    await services.add_purpose(fund, "邻里互助", actor=world.asker)
    await agree(fund, world.asker, founder_kind="person", founder="施大样")
    await services.open_fund(fund, actor=world.asker)
    keeper = replace(
        world.donor, grants=(Grant("core.fund_treasurer", Ref("organization", world.community)),)
    )
    await services.record_gift(fund, draft(5000, "S-1"), actor=keeper)
    assert await funds.holdings(fund) == (5000, 0)


async def test_a_fund_opens_with_purpose_and_agreement_and_ends_when_it_is_empty(world: FundWorld) -> None:
    new = await services.found_fund(
        "测样基金会新微基金", organization_id=world.foundation, summary="", actor=world.head
    )
    with pytest.raises(PurposeMissing):
        await services.open_fund(new, actor=world.head)
    await services.add_purpose(new, "助学", actor=world.head)
    with pytest.raises(PurposeTaken):
        await services.add_purpose(new, "助学", actor=world.head)
    with pytest.raises(WrongState):
        await services.end_fund(new, actor=world.head)
    with pytest.raises(AgreementMissing):
        await services.open_fund(new, actor=world.head)
    await agree(new, world.head)
    await services.open_fund(new, actor=world.head)
    await services.open_fund(new, actor=world.head)
    await services.stop_gifts(new, actor=world.head)
    await services.end_fund(new, actor=world.head)
    assert (await funds.fund(new)).state == states.CLOSED
    await services.stop_gifts(world.fund, actor=world.head)
    with pytest.raises(FundNotEmpty):
        await services.end_fund(world.fund, actor=world.head)


async def test_a_seat_goes_to_whom_phone_and_name_agree_on(world: FundWorld) -> None:
    with pytest.raises(PersonNotFound):
        await services.seat_member(world.fund, phone="13900000000", name="没有", actor=world.head)
    with pytest.raises(PermissionMissing):
        await services.seat_member(world.fund, phone="13900000000", name="没有", actor=world.treasurer)


async def test_nobody_takes_a_seat_by_himself(db: str) -> None:
    world = await make_fund_world({"head": "13800003821"})
    seat = {"phone": "13800003821", "name": world.head.name}
    with pytest.raises(OwnRole):
        await services.seat_member(world.fund, **seat, actor=world.head)
    at = Ref("organization", world.foundation)
    another = await holder("测另一位", "core.manager", at, await make_region())
    await services.seat_member(world.fund, **seat, actor=another)


async def test_a_seat_ends_with_a_reason_but_never_while_the_committee_votes(world: FundWorld) -> None:
    first, *others = await funds.seats(world.fund)
    assert len(others) == len(world.members) - 1
    end = partial(services.end_seat, world.fund, first.id, actor=world.head)
    with pytest.raises(SeatReasonMissing):
        await end(reason=" ")
    with pytest.raises(PermissionMissing):
        await services.end_seat(world.fund, first.id, reason="换届", actor=world.treasurer)
    request = await ask(world)
    with pytest.raises(VoteUnderWay):
        await end(reason="换届")
    await services.withdraw_request(request, actor=world.asker)
    await end(reason="换届")
    assert await funds.seats(world.fund) == others
    assert first.person_id not in await requests.members(world.fund)
    with pytest.raises(SeatNotFound):
        await end(reason="换届")


async def test_a_fund_has_as_many_purposes_as_are_looked_through(world: FundWorld) -> None:
    for number in range(2, rules.PURPOSES_MOST):
        last = await services.add_purpose(world.fund, f"用途{number}", actor=world.head)
    assert last in [one.id for one in await funds.purposes(world.fund)]
    with pytest.raises(TooManyPurposes):
        await services.add_purpose(world.fund, "再一个", actor=world.head)
