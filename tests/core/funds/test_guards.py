"""Whatever code runs: what the database itself refuses of money, purposes, makers and voters."""

from dataclasses import replace

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.evidence.errors import EvidenceMissing, EvidenceUsed
from core.funds import postings, rules
from core.funds.queries import funds
from core.ledger import services as ledger
from core.ledger.errors import BalanceTooLow, LotsTooLow
from core.people.services import grant_role
from core.reference import Ref
from tests.core.funds.world import FundWorld, ask, held, paid, vote


async def account(owner: Ref, kind: str) -> int:
    return await ledger.open_account(owner, kind=kind, unit=postings.UNIT)


async def set_aside(
    world: FundWorld, request_id: int, amount_fen: int, *, purpose_id: int | None, key: str = "first"
) -> None:
    """The posting alone, with the evidence of the committee's vote and no rule asked."""
    ref = Ref(rules.REQUEST, request_id)
    voted = await fetch_value(
        "select id from evidence where kind = 'core.approval' and subject_kind = $1 and subject_id = $2", *ref
    )
    async with unit_of_work():
        transfer = postings.hold(
            request_id,
            purpose_id=purpose_id,
            fund=await account(Ref(rules.FUND, world.fund), postings.MONEY),
            held=await account(ref, postings.HELD),
            amount_fen=amount_fen,
            voted=voted,
            at=clock.now(),
        )
        ledger.post(replace(transfer, key=key))


async def pay_out(world: FundWorld, request_id: int, amount_fen: int, *, checked: int | None) -> None:
    """The posting alone."""
    async with unit_of_work():
        ledger.post(
            postings.payment(
                request_id,
                held=await account(Ref(rules.REQUEST, request_id), postings.HELD),
                recipients=await account(Ref("organization", world.community), postings.RECIPIENTS),
                amount_fen=amount_fen,
                checked=checked,
                at=clock.now(),
            )
        )


async def test_a_purpose_reaches_its_own_and_the_free_money_and_not_a_fen_further(world: FundWorld) -> None:
    """100.00 are bound to the children, 30.00 to the elders, 50.00 are free."""
    request_id = await ask(world)
    await vote(world, request_id)
    for purpose_id, most in ((world.children, 15000), (world.elders, 8000), (None, 5000)):
        with pytest.raises(LotsTooLow):
            await set_aside(world, request_id, most + 1, purpose_id=purpose_id)
    with pytest.raises((BalanceTooLow, LotsTooLow)):
        await set_aside(world, request_id, 18001, purpose_id=world.children)
    assert await funds.holdings(world.fund) == (18000, 0)
    await set_aside(world, request_id, 15000, purpose_id=world.children)
    assert await funds.holdings(world.fund) == (3000, 15000)


async def test_without_its_own_check_nothing_is_paid_and_each_check_pays_once(world: FundWorld) -> None:
    first, second = await held(world, 2000), await held(world, 2000)
    found = await fetch("select id, subject_id from evidence where kind = $1", postings.CHECKED)
    checked = {row["subject_id"]: row["id"] for row in found}
    for evidence in (None, checked[first]):
        with pytest.raises(EvidenceMissing):
            await pay_out(world, second, 2000, checked=evidence)
    for too_much in (2001, 4000):
        with pytest.raises((BalanceTooLow, LotsTooLow)):
            await pay_out(world, first, too_much, checked=checked[first])
    await pay_out(world, first, 2000, checked=checked[first])
    assert await funds.holdings(world.fund) == (14000, 2000)


async def test_a_vote_sets_money_aside_once(world: FundWorld) -> None:
    request_id = await held(world, 2000)
    with pytest.raises(EvidenceUsed):
        await set_aside(world, request_id, 2000, purpose_id=world.children, key="again")
    assert await funds.holdings(world.fund) == (16000, 2000)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("checked_by = asked_by", "fund_request_checker"),
        ("prepared_by = asked_by", "fund_request_payers"),
        ("paid_by = asked_by", "fund_request_payers"),
        ("paid_by = prepared_by", "fund_request_payers"),
        ("state = 'held', checked_by = null, prepared_by = null, paid_by = null", "fund_request_"),
    ],
)
async def test_nobody_checks_or_pays_the_own_request(world: FundWorld, change: str, constraint: str) -> None:
    request_id = await paid(world)
    with pytest.raises(asyncpg.CheckViolationError, match=constraint):
        await fetch(f"update fund_request set {change} where id = $1", request_id)


async def test_a_request_is_for_a_purpose_of_its_own_fund(world: FundWorld, other: FundWorld) -> None:
    request_id = await ask(world)
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fund_request_own_purpose"):
        await fetch("update fund_request set purpose = $2 where id = $1", request_id, other.children)


async def test_who_asks_has_no_vote_though_the_asker_sits_on_the_committee(world: FundWorld) -> None:
    """By rule not asked, by database no voter and no vote."""
    asker = world.asker
    seat = Ref(rules.FUND, world.fund)
    await grant_role(asker.person_id, "core.fund_committee", seat, actor_id=None)
    request_id = await ask(world)
    approval_id = await fetch_value("select approval from fund_request where id = $1", request_id)
    voters = await fetch("select person from approval_voter where approval = $1", approval_id)
    assert {row["person"] for row in voters} == {member.person_id for member in world.members}
    with pytest.raises(asyncpg.PostgresError):
        await fetch(
            "insert into approval_vote (approval, person, choice, reason, cast_at)"
            " values ($1, $2, 'approve', '', now())",
            approval_id,
            asker.person_id,
        )
