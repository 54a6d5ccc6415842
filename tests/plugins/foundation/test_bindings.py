"""A pledge that belongs to an agreement: its gifts count once, it binds, and auditors see both."""

import asyncio

import asyncpg
import pytest

from core import clock, plugins
from core.database import fetch
from core.errors import YijiError
from core.people.errors import PermissionMissing
from core.workflow import WrongState
from plugins.foundation.errors.agreements import (
    AgreementNotFound,
    GiftOfOther,
    NothingCame,
    PledgeBound,
    PledgeOfOther,
    SettledReasonMissing,
)
from plugins.foundation.errors.pledges import PledgeBinds, PledgeNotFound
from plugins.foundation.queries import agreements as queries
from plugins.foundation.rules.agreements import GOODS
from plugins.foundation.rules.pledges import HARDSHIP, NOT_BOUND
from plugins.foundation.services import agreements as services
from plugins.foundation.services import bindings, pledges
from tests.core.funds.world import VOUCHER, FundWorld, give, make_fund_world
from tests.plugins.foundation.test_agreement_pages import instalments
from tests.plugins.foundation.test_agreements import drafted, sign, signed, state


@pytest.fixture
async def world(db: str) -> FundWorld:
    return await make_fund_world()


async def promised(world: FundWorld, *amounts_fen: int, **changes: object) -> int:
    known: dict[str, object] = {"donor_name": "样样公司"}
    draft = instalments(*(amounts_fen or (10_000,)), **(known | changes))
    return await pledges.record_pledge(world.fund, draft, actor=world.treasurer)


async def bind(world: FundWorld, agreement: int, pledge: int) -> None:
    await bindings.bind_pledge(agreement, pledge, actor=world.treasurer)


async def test_who_has_no_business_with_it_binds_nothing(world: FundWorld) -> None:
    other = await make_fund_world(name="旁样基金会")
    made, pledge = await signed(world), await promised(world)
    for actor, refusal in (
        (world.asker, AgreementNotFound), (other.treasurer, AgreementNotFound),
        (world.checker, PermissionMissing), (world.head, PermissionMissing),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await bindings.bind_pledge(made, pledge, actor=actor)
    with pytest.raises(PledgeNotFound):
        await bind(world, made, 2**40)
    for strange in (await promised(other), await promised(world, donor_name="别家公司")):
        with pytest.raises(PledgeOfOther):
            await bind(world, made, strange)
    goods = await drafted(world, kind=GOODS, quantity="3 本", quality="全新")
    with pytest.raises(PledgeOfOther):
        await bind(world, goods, pledge)
    await services.end_agreement(made, reason="不捐了", actor=world.head)
    with pytest.raises(WrongState):
        await bind(world, made, pledge)


async def test_a_gift_counts_once_and_in_one_agreement(world: FundWorld) -> None:
    made, other, pledge = await signed(world), await signed(world), await promised(world, 6_000, 4_000)
    await give(world, 6_000, "A-1")
    await services.fulfil_agreement(made, "A-1", actor=world.treasurer)
    await pledges.link_gift(pledge, "A-1", actor=world.treasurer)
    with pytest.raises(GiftOfOther):
        await bind(world, other, pledge)
    await asyncio.gather(*(bind(world, made, pledge) for _ in range(3)))
    assert (await queries.agreement(made)).received_fen == 6_000
    with pytest.raises(PledgeBound):
        await bindings.bind_pledge(other, await _bound_elsewhere(world, other), actor=world.treasurer)
    await give(world, 4_000, "A-2")
    await pledges.link_gift(pledge, "A-2", actor=world.treasurer)
    assert await state(made) == "fulfilled"
    with pytest.raises(GiftOfOther):
        await services.fulfil_agreement(other, "A-2", actor=world.treasurer)


async def _bound_elsewhere(world: FundWorld, agreement: int) -> int:
    """A pledge without gifts that a third agreement names."""
    pledge, third = await promised(world), await signed(world)
    await bind(world, third, pledge)
    return pledge


async def test_one_gift_for_two_agreements_at_once_is_counted_in_one(world: FundWorld) -> None:
    direct, bound, pledge = await signed(world), await signed(world), await promised(world)
    await bind(world, bound, pledge)
    await give(world, 10_000, "A-1")
    answers = await asyncio.gather(
        services.fulfil_agreement(direct, "A-1", actor=world.treasurer),
        pledges.link_gift(pledge, "A-1", actor=world.treasurer),
        return_exceptions=True,
    )
    assert [type(one) for one in answers if one is not None] == [GiftOfOther]
    received = [(await queries.agreement(one)).received_fen for one in (direct, bound)]
    assert sorted(received) == [0, 10_000]


async def test_what_came_before_it_was_signed_fulfils_it_then(world: FundWorld) -> None:
    made, pledge = await drafted(world), await promised(world)
    await give(world, 10_000, "A-1")
    await pledges.link_gift(pledge, "A-1", actor=world.treasurer)
    await bind(world, made, pledge)
    assert await state(made) == "draft"
    await sign(world, made)
    assert await state(made) == "fulfilled"


async def test_a_pledge_that_was_agreed_on_binds(world: FundWorld) -> None:
    made, pledge = await signed(world), await promised(world)
    await bind(world, made, pledge)
    with pytest.raises(PledgeBinds):
        await pledges.withdraw_pledge(pledge, ground=NOT_BOUND, reason="改主意了", actor=world.head)
    await pledges.withdraw_pledge(pledge, ground=HARDSHIP, reason="经营困难", actor=world.head)


async def test_the_database_fulfils_nothing_that_has_not_come(world: FundWorld) -> None:
    made = await signed(world)
    with pytest.raises(asyncpg.PostgresError, match="less came than was agreed"):
        await fetch(
            "update foundation_agreement set state = 'fulfilled', ended_at = $2 where id = $1",
            made,
            clock.now(),
        )
    other = await make_fund_world(name="旁样基金会")
    with pytest.raises(asyncpg.PostgresError, match="a pledge to another fund"):
        await fetch(
            "insert into foundation_agreement_pledge (agreement, pledge, linked_by, linked_at)"
            " values ($1, $2, $3, $4)",
            made,
            await promised(other),
            world.treasurer.person_id,
            clock.now(),
        )


async def test_auditors_and_the_donor_have_both(world: FundWorld) -> None:
    donor = {"donor_id": world.donor.person_id, "donor_name": "施捐赠"}
    made, pledge = await signed(world, **donor), await promised(world, 6_000, **donor)
    await bind(world, made, pledge)
    await give(world, 6_000, "A-1", **donor)
    await pledges.link_gift(pledge, "A-1", actor=world.treasurer)
    await services.settle_agreement(made, reason="商定减少", actor=world.head)
    for kind, id_ in (("fund", world.fund), ("organization", world.foundation)):
        found = await plugins.collect("collect_dossier", subject_kind=kind, subject_id=id_)
        parts = {part.name: part.rows for part in found}
        (agreed,) = parts["foundation.agreements"]
        assert (agreed["received_fen"], agreed["settled_reason"]) == (6_000, "商定减少")
        assert [row["pledge"] for row in parts["foundation.agreement_pledges"]] == [pledge]
        assert len(parts["foundation.pledge_gifts"]) == 1
        assert "施捐赠" not in str(parts)
    own = {
        part.name: part.rows
        for part in await plugins.collect("collect_personal_data", person_id=world.donor.person_id)
    }
    (row,) = own["foundation.agreements"]
    assert (row["received_fen"], row["reason"], row["state"]) == (6_000, "商定减少", "fulfilled")
    assert [one["id"] for one in own["foundation.pledges"]] == [pledge]


async def test_it_is_not_settled_without_a_reason_or_before_anything_came(world: FundWorld) -> None:
    made = await signed(world)
    for reason, refusal in (("", SettledReasonMissing), ("商定减少", NothingCame)):
        with pytest.raises(refusal):
            await services.settle_agreement(made, reason=reason, actor=world.head)
    goods = await signed(world, kind=GOODS, quantity="3 本", quality="全新")
    await services.settle_agreement(goods, reason="只交付了 2 本", actor=world.head)
    assert await state(goods) == "fulfilled"


@pytest.mark.parametrize("who", ["treasurer", "checker", "asker", "donor"])
async def test_only_the_head_settles(world: FundWorld, who: str) -> None:
    made = await signed(world)
    with pytest.raises(YijiError):
        await services.settle_agreement(made, reason="商定减少", actor=getattr(world, who))
    assert await state(made) == "signed"


async def test_a_neighbouring_foundations_officers_find_no_agreement(world: FundWorld) -> None:
    """They hold the same roles, there."""
    other, made = await make_fund_world(name="旁样基金会"), await drafted(world)
    for verb in (
        services.sign_agreement(made, signed_on=clock.today(), upload=VOUCHER, actor=other.checker),
        services.fulfil_agreement(made, "A-1", actor=other.treasurer),
        services.end_agreement(made, reason="不捐了", actor=other.head),
        services.ask_for_agreement(made, actor=other.treasurer),
    ):
        with pytest.raises(AgreementNotFound):
            await verb
    assert await state(made) == "draft"
