"""Points that hours of volunteers earn, that are taken back, and that end."""

import asyncio
import json
from datetime import timedelta

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value, unit_of_work
from core.evidence.services import record_evidence
from core.people.rules import Actor
from core.reference import Ref
from core.volunteers.services.records import confirm_service, correct_service
from core.workflow import WrongState
from plugins.greencoin.errors import (
    ClaimNotFound,
    CreditRefused,
    NothingToReverse,
    OwnHousehold,
    ReasonMissing,
)
from plugins.greencoin.queries import claims as claims_read
from plugins.greencoin.queries import points, schemes, todos
from plugins.greencoin.queries.points import Holding
from plugins.greencoin.rules import months_later
from plugins.greencoin.services import awards, claims, shop
from tests.core.volunteers.shifts import make_shift, make_team, propose
from tests.factories import make_region, make_resident
from tests.plugins.greencoin.village import (
    PUBLIC_DAYS,
    Village,
    credit,
    make_item,
    make_village,
    make_villager,
    publicise,
    state_of,
    submit,
)
from workers.drain import run_due_jobs


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def holding(village: Village, actor: Actor) -> Holding:
    return await points.holding(await schemes.scheme(village.id), actor.household_id or 0, clock.today())


async def serve(person_id: int, minutes: int, *, service_id: int = 1, evidence_id: int | None = None) -> int:
    """What the event does when a service was confirmed; returns its evidence."""
    async with unit_of_work():
        if evidence_id is None:
            service = Ref("volunteer_service", service_id)
            evidence_id = await record_evidence("core.service", service, actor_id=None)
        await awards.award_service(person_id, minutes, evidence_id)
    return evidence_id


async def test_hours_of_volunteers_earn_points_by_themselves(village: Village) -> None:
    resident = await make_villager(village)
    await serve(resident.person_id, 90)
    assert (await holding(village, resident)).usable == 150
    page = await points.lines(await schemes.scheme(village.id), resident.household_id or 0, 1)
    ((line, why),) = page.lines
    assert why is not None
    assert (line.amount, why.behaviour, why.quantity) == (150, "志愿服务", 90)
    assert await plugins.collect("collect_differences") == []


async def test_a_confirmed_service_earns_by_its_event_and_loses_by_its_correction(village: Village) -> None:
    """The hooks service_confirmed and service_revoked, from the volunteer's click to the passbook."""
    resident, team = await make_villager(village), await make_team()
    with clock.frozen(clock.now() - timedelta(days=2)):
        service_id = await propose(team, await make_shift(team, hours=2), resident)
        await confirm_service(service_id, actor=resident)
        await run_due_jobs()
    assert (await holding(village, resident)).usable == 200
    await correct_service(service_id, 90, reason="早走了半小时", actor=team.leader)
    await run_due_jobs()
    assert (await holding(village, resident)).usable == 0
    assert await fetch_value("select reason from greencoin_claim") == "志愿服务的时长被更正"
    await awards_again(service_id)
    assert await plugins.collect("collect_differences") == []


async def awards_again(service_id: int) -> None:
    """The same word a second time changes nothing."""
    async with unit_of_work():
        await awards.take_service_back(service_id)


async def test_the_same_service_earns_once(village: Village) -> None:
    resident = await make_villager(village)
    evidence_id = await serve(resident.person_id, 60)
    with pytest.raises(Exception, match=r"greencoin_claim_evidence_key"):
        await serve(resident.person_id, 60, evidence_id=evidence_id)
    assert (await holding(village, resident)).usable == 100


async def test_hours_earn_as_far_as_the_cap_of_the_month_leaves_room(village: Village) -> None:
    resident = await make_villager(village)
    await serve(resident.person_id, 60 * 150, service_id=1)
    await serve(resident.person_id, 60 * 100, service_id=2)
    await serve(resident.person_id, 60, service_id=3)
    assert (await holding(village, resident)).usable == 200 * 100
    assert await fetch_value("select count(*) from greencoin_claim") == 2
    await run_due_jobs()
    told = await fetch(
        "select params from notification where person = $1 and title = '志愿服务的绿币到了上限' order by id",
        resident.person_id,
    )
    assert [json.loads(row["params"]) for row in told] == [
        {"worth": "100", "earned": "50"},
        {"worth": "1", "earned": "0"},
    ]


async def use_evidence(claim_ids: list[int], *, used: bool) -> None:
    """As if something else had used up what approved these claims, or not."""
    if used:
        await fetch(
            "insert into evidence_use (evidence, purpose, user_kind, user_id)"
            " select evidence, 'greencoin.award', 'test', 1 from greencoin_claim where id = any($1)",
            claim_ids,
        )
    else:
        await fetch("alter table evidence_use disable trigger user")
        await fetch("delete from evidence_use where user_kind = 'test'")
        await fetch("alter table evidence_use enable trigger user")


async def test_what_the_ledger_refuses_is_seen_and_credited_again_or_rejected(village: Village) -> None:
    resident, other = await make_villager(village), await make_villager(village)
    claim_id, wrong = await submit(village.yard, resident), await submit(village.yard, other)
    await publicise(village, claim_id, wrong)
    await use_evidence([claim_id, wrong], used=True)
    with clock.frozen(clock.now() + PUBLIC_DAYS):
        await run_due_jobs()
    assert (await state_of(claim_id), await state_of(wrong)) == ("uncredited", "uncredited")
    assert (await claims_read.claim(claim_id)).reason == "这份凭证已经用过了，不能再用一次"
    titles = await fetch("select title from notification where person = $1", resident.person_id)
    assert "一笔绿币没能入账" in {row["title"] for row in titles}
    waits = {todo.path: todo.count for todo in await todos.todos(village.manager)}
    assert waits == {f"/greencoin/{village.id}/desk?stage=uncredited": 2}
    assert await plugins.collect("collect_differences") == []

    with pytest.raises(CreditRefused, match="还是没能入账：这份凭证已经用过了"):
        await awards.credit_again(claim_id, actor=village.manager)
    for stranger in (resident, village.keeper, (await make_village()).manager):
        with pytest.raises(ClaimNotFound):
            await awards.credit_again(claim_id, actor=stranger)
    await use_evidence([claim_id], used=False)
    for _ in range(2):  # the second click
        await awards.credit_again(claim_id, actor=village.manager)
    assert (await state_of(claim_id), (await holding(village, resident)).usable) == ("credited", 200)
    await claims.reject_claim(wrong, reason="重复了", actor=village.manager)
    with pytest.raises(WrongState, match="现在是“未通过”，不能“重新入账”"):
        await awards.credit_again(wrong, actor=village.manager)
    assert await plugins.collect("collect_differences") == []


async def test_hours_earn_nothing_where_there_is_no_rule(village: Village) -> None:
    elsewhere = await make_resident(await make_region())
    await serve(elsewhere.person_id, 60)
    assert await fetch_value("select count(*) from greencoin_claim") == 0


async def test_a_wrong_award_is_taken_back_exactly(village: Village) -> None:
    resident = await make_villager(village)
    claim_id = await submit(village.yard, resident)
    await credit(village, claim_id)
    with pytest.raises(ReasonMissing):
        await awards.reverse_award(claim_id, reason="", actor=village.manager)
    for stranger in (resident, village.keeper, (await make_village()).manager):
        with pytest.raises(ClaimNotFound):
            await awards.reverse_award(claim_id, reason="错", actor=stranger)
    await awards.reverse_award(claim_id, reason="不是这一户", actor=village.manager)
    assert (await state_of(claim_id), (await holding(village, resident)).usable) == ("reversed", 0)
    assert await fetch_value("select count(*) from ledger_transfer where reverses is not null") == 1
    with pytest.raises(WrongState, match="已更正"):
        await awards.reverse_award(claim_id, reason="错", actor=village.manager)
    assert await plugins.collect("collect_differences") == []


async def test_what_is_spent_of_a_wrong_award_is_a_debt_that_the_next_awards_pay(village: Village) -> None:
    resident, item = await make_villager(village), await make_item(village, cost=150)
    wrong = await submit(village.yard, resident)
    await credit(village, wrong)
    redemption_id = await shop.reserve(item, quantity=1, actor=resident)
    code = await fetch_value("select code from greencoin_redemption where id = $1", redemption_id)
    await shop.hand_over(village.id, code, actor=village.keeper)
    await awards.reverse_award(wrong, reason="不是这一户", actor=village.manager)
    has = await holding(village, resident)
    assert (has.usable, has.debt) == (0, 150)
    await credit(village, await submit(village.bags, resident, quantity=50))
    assert (await holding(village, resident)).debt == 50
    await credit(village, await submit(village.bags, resident, quantity=60))
    has = await holding(village, resident)
    assert (has.usable, has.debt) == (70, 0)
    assert await plugins.collect("collect_differences") == []


async def test_two_managers_take_the_same_award_back_once(village: Village) -> None:
    claim_id = await submit(village.yard, await make_villager(village))
    await credit(village, claim_id)
    both = await asyncio.gather(
        *(awards.reverse_award(claim_id, reason="错", actor=village.manager) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in both) == ["AlreadyThere", "NoneType"]


async def test_nobody_takes_back_an_award_of_the_own_household(village: Village) -> None:
    async with unit_of_work():
        await record_evidence("core.service", Ref("volunteer_service", 1), actor_id=None)
    await serve(village.manager.person_id, 60, service_id=2)
    claim_id = await fetch_value("select max(id) from greencoin_claim")
    with pytest.raises(OwnHousehold):
        await awards.reverse_award(claim_id, reason="错", actor=village.manager)


async def test_points_end_after_their_last_day_and_are_warned_of_once(village: Village) -> None:
    resident = await make_villager(village)
    claim_id = await submit(village.yard, resident)
    await credit(village, claim_id)
    ((last_day, _),) = (await holding(village, resident)).expires
    credited_on = clock.local(
        await fetch_value("select credited_at from greencoin_claim where id = $1", claim_id)
    ).date()
    assert last_day == months_later(credited_on, 24)

    async def titles() -> list[str]:
        rows = await fetch("select title from notification where person = $1", resident.person_id)
        return [row["title"] for row in rows]

    for days, warned in ((31, 0), (30, 1), (29, 1)):
        with clock.frozen(clock.begin_of(last_day - timedelta(days=days))):
            async with unit_of_work():
                await awards.lapse_points()
            await run_due_jobs()
            assert (await titles()).count("有绿币快过期了") == warned
    with clock.frozen(clock.end_of(last_day) - timedelta(seconds=1)):
        async with unit_of_work():
            await awards.lapse_points()
        assert (await holding(village, resident)).usable == 200
    with clock.frozen(clock.end_of(last_day)):
        async with unit_of_work():
            await awards.lapse_points()
        assert (await holding(village, resident)).usable == 0
        found = await points.figures(await schemes.scheme(village.id))
        assert (found.lapsed, found.outstanding) == (200, 0)
        with pytest.raises(NothingToReverse):
            await awards.reverse_award(claim_id, reason="错", actor=village.manager)
    assert await plugins.collect("collect_differences") == []
