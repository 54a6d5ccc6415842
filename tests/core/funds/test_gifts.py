"""Gifts: recorded once, by whom it is for, above the limit by two; seen by few."""

from dataclasses import replace

import asyncpg
import pytest

from core import plugins
from core.database import fetch
from core.funds import services
from core.funds.errors import (
    FundNotFound,
    FundNotOpenForGifts,
    GiftNotFound,
    OwnGift,
    PurposeUnknown,
    ReceiptUsed,
    SlipMissing,
)
from core.funds.queries import gifts
from core.funds.rules import states
from core.people.errors import PermissionMissing
from core.people.rules import Grant
from core.reference import Ref
from core.workflow import WrongState
from tests.core.funds.world import (
    FundWorld,
    ask,
    draft,
    give,
    state_of,
    transfers,
)


async def test_a_gift_is_recorded_once_under_its_receipt(world: FundWorld) -> None:
    first = await give(world, 700, "S-9")
    assert await give(world, 700, "S-9") == first
    with pytest.raises(ReceiptUsed):
        await give(world, 701, "S-9")
    assert await transfers() == 4


async def test_only_the_foundations_treasurer_records_a_gift(world: FundWorld, other: FundWorld) -> None:
    for actor in (world.head, world.payer, world.asker, other.treasurer):
        with pytest.raises(PermissionMissing):
            await services.record_gift(world.fund, draft(100, "S-9"), actor=actor)


async def test_a_gift_is_for_a_purpose_of_its_own_fund(world: FundWorld, other: FundWorld) -> None:
    with pytest.raises(PurposeUnknown):
        await give(world, 100, "S-9", purpose_id=other.children)
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fund_gift_own_purpose"):
        await fetch("update fund_gift set purpose = $1 where fund = $2", other.children, world.fund)
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fund_gift_own_foundation"):
        await fetch("update fund_gift set organization = $1 where fund = $2", other.foundation, world.fund)


async def test_a_fund_that_closes_takes_no_gift_but_still_pays(world: FundWorld) -> None:
    await services.stop_gifts(world.fund, actor=world.head)
    with pytest.raises(FundNotOpenForGifts):
        await give(world, 100, "S-9")
    assert await state_of(await ask(world)) == states.VOTING


async def test_a_large_gift_counts_when_somebody_else_has_seen_it(world: FundWorld) -> None:
    both = replace(
        world.treasurer,
        grants=(*world.treasurer.grants, Grant("core.fund_payer", Ref("organization", world.foundation))),
    )
    with pytest.raises(SlipMissing):
        await services.record_gift(world.fund, draft(500001, "S-9"), actor=world.treasurer)
    exactly = await services.record_gift(world.fund, draft(500000, "S-8"), actor=world.treasurer)
    assert (await gifts.gift(exactly)).state == states.COUNTED
    gift = await give(world, 500001, "S-9")
    assert (await gifts.gift(gift)).state == states.WAITING
    with pytest.raises(OwnGift):
        await services.confirm_gift(gift, actor=both)
    with pytest.raises(asyncpg.CheckViolationError, match="fund_gift_second"):
        await fetch("update fund_gift set confirmed_by = recorded_by where id = $1", gift)
    await services.confirm_gift(gift, actor=world.payer)
    await services.confirm_gift(gift, actor=world.payer)
    assert (await gifts.gift(gift)).state == states.COUNTED
    with pytest.raises(WrongState):
        await services.drop_gift(gift, actor=world.treasurer)
    assert await transfers() == 5


async def test_a_gift_recorded_by_mistake_is_dropped_and_never_counts(world: FundWorld) -> None:
    gift = await give(world, 900000, "S-9")
    await services.drop_gift(gift, actor=world.treasurer)
    with pytest.raises(WrongState):
        await services.confirm_gift(gift, actor=world.payer)
    assert await transfers() == 3


async def test_a_gift_is_nobody_elses_business(world: FundWorld, other: FundWorld) -> None:
    gift = (await gifts.gifts_of_person(world.donor.person_id, before_id=None, limit=1))[0].id
    for actor in (world.donor, world.treasurer, world.payer):
        assert (await gifts.gift_for(gift, actor)).id == gift
    for actor in (other.donor, other.treasurer, world.asker, world.members[0]):
        with pytest.raises(GiftNotFound):
            await gifts.gift_for(gift, actor)
        assert await gifts.may_see_gift(gift, actor) is False
    for code in ("", "no-such-code"):
        with pytest.raises(GiftNotFound):
            await gifts.gift_by_code(code)


async def test_a_book_of_gifts_is_recorded_whole_or_not_at_all(world: FundWorld, other: FundWorld) -> None:
    async def record(*numbers: str, fund: int = world.fund, amount_fen: int = 100) -> list[int]:
        drafts = [(fund, draft(amount_fen, number, purpose_id=world.children)) for number in numbers]
        return await services.import_gifts(world.foundation, drafts, actor=world.treasurer)

    assert len(await record("B-1", "B-2")) == 2
    with pytest.raises(asyncpg.UniqueViolationError):
        await record("B-3", "B-1")
    with pytest.raises(ValueError, match="above the limit"):
        await record("B-3", amount_fen=500001)
    with pytest.raises(FundNotFound):
        await record("B-3", fund=other.fund)
    with pytest.raises(PermissionMissing):
        await services.import_gifts(world.foundation, [], actor=other.treasurer)
    assert await transfers() == 5
    assert await plugins.collect("collect_differences") == []
