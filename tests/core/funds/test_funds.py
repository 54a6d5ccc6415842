"""Funds: founded, opened, ended; refused to whom they are not."""

import pytest

from core.funds import services
from core.funds.errors import (
    FundNameTaken,
    FundNotEmpty,
    NotAFoundation,
    PurposeMissing,
    PurposeTaken,
)
from core.funds.queries import funds
from core.funds.rules import states
from core.people.errors import PermissionMissing, PersonNotFound
from core.workflow import WrongState
from tests.core.funds.world import (
    FundWorld,
)


async def test_a_fund_is_founded_once_by_the_head_of_a_foundation(world: FundWorld, other: FundWorld) -> None:
    facts = {"organization_id": world.foundation, "summary": ""}
    with pytest.raises(FundNameTaken):
        await services.found_fund("测样基金会样里微基金", actor=world.head, **facts)
    with pytest.raises(PermissionMissing):
        await services.found_fund("测样基金会新微基金", actor=other.head, **facts)
    with pytest.raises(NotAFoundation):
        await services.found_fund(
            "测样社区微基金", organization_id=world.community, summary="", actor=world.asker
        )


async def test_a_fund_opens_with_a_purpose_and_ends_when_it_is_empty(world: FundWorld) -> None:
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
