"""The garden's verbs on a real database: claim, pay, give up, expire, and two at once."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch_value
from core.errors import YijiError
from core.parameters.services import set_parameter
from core.payments import queries as orders
from core.payments.errors import OrderNotOpen
from core.payments.services import take_at_counter
from core.people.errors import HouseholdMissing
from core.people.rules import Actor
from core.reference import Ref
from plugins.garden import queries, rules, services
from plugins.garden.errors import (
    AgreementNotAccepted,
    HouseholdHasPlots,
    LeaseNotFound,
    LeaseNotReserved,
    MembershipUnpaid,
    PlotAlreadyLeased,
    PlotIsYours,
)
from tests.factories import Committee, make_committee, make_garden, make_resident
from workers.drain import run_due_jobs


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


async def pay(order_id: int, committee: Committee, *, receipt_no: str = "1") -> None:
    order = await orders.order(order_id)
    await take_at_counter(
        order_id, amount_fen=order.total_fen, receipt_no=receipt_no, actor=committee.treasurer
    )
    await run_due_jobs()


async def test_a_paid_claim_becomes_a_lease_with_membership_money_and_notice(committee: Committee) -> None:
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id)

    order_id = await services.claim_plot(plots[0], agreed=True, actor=resident)
    order = await orders.order(order_id)
    assert (order.state, order.total_fen) == ("open", 3500)

    await pay(order_id, committee)

    assert resident.household_id is not None
    (lease,) = await queries.leases(resident.household_id)
    assert lease.state == "active"
    assert lease.starts_on == clock.today()
    assert lease.ends_on == rules.last_day(clock.today(), 12)
    assert await fetch_value("select state from garden_membership") == "paid"
    assert await fetch_value("select balance from ledger_balance where kind = 'core.public'") == 3500
    assert await fetch_value("select count(*) from notification where person = $1", resident.person_id) == 1
    assert await queries.differences() == []


async def test_the_second_click_returns_the_first_order(committee: Committee) -> None:
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id)
    first = await services.claim_plot(plots[0], agreed=True, actor=resident)
    assert await services.claim_plot(plots[0], agreed=True, actor=resident) == first
    assert await fetch_value("select count(*) from payment_order") == 1


async def test_two_residents_claim_one_plot_at_once_and_one_gets_it(committee: Committee) -> None:
    _, plots = await make_garden(committee)
    residents = [await make_resident(committee.region_id) for _ in range(2)]
    results = await asyncio.gather(
        *(services.claim_plot(plots[0], agreed=True, actor=r) for r in residents), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["PlotAlreadyLeased", "int"]
    assert await fetch_value("select count(*) from garden_lease") == 1
    assert await fetch_value("select count(*) from payment_order") == 1
    assert await fetch_value("select count(*) from garden_membership") == 1


async def test_one_household_claims_two_plots_at_once_and_gets_one(committee: Committee) -> None:
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id)
    results = await asyncio.gather(
        *(services.claim_plot(p, agreed=True, actor=resident) for p in plots), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["HouseholdHasPlots"] * 5 + ["int"]


async def test_twenty_residents_and_six_plots(committee: Committee) -> None:
    """Everybody tries every plot: six leases, no household twice, nobody stuck."""
    garden_id, plots = await make_garden(committee, plots=6)
    residents = [await make_resident(committee.region_id) for _ in range(20)]

    async def try_all(resident: Actor) -> int:
        for plot_id in plots:
            try:
                return await services.claim_plot(plot_id, agreed=True, actor=resident)
            except PlotAlreadyLeased:
                continue
        return 0

    orders_made = [o for o in await asyncio.gather(*map(try_all, residents)) if o]
    assert len(set(orders_made)) == 6
    assert {p.state for p in await queries.plots(garden_id, household_id=None)} == {"reserved"}


async def test_refusals_name_their_reason(committee: Committee) -> None:
    _, plots = await make_garden(committee)
    one, other = [await make_resident(committee.region_id) for _ in range(2)]
    with pytest.raises(AgreementNotAccepted):
        await services.claim_plot(plots[0], agreed=False, actor=one)
    assert await fetch_value("select count(*) from garden_lease") == 0
    await services.claim_plot(plots[0], agreed=True, actor=one)
    with pytest.raises(PlotAlreadyLeased):
        await services.claim_plot(plots[0], agreed=True, actor=other)
    with pytest.raises(HouseholdHasPlots):
        await services.claim_plot(plots[1], agreed=True, actor=one)
    with pytest.raises(HouseholdMissing):
        await services.claim_plot(plots[1], agreed=True, actor=Actor(other.person_id, "无户", None))


async def test_membership_is_owed_once_a_year_and_never_twice_at_a_time(committee: Committee) -> None:
    garden_id, plots = await make_garden(committee)
    today = clock.today()
    await set_parameter(rules.PLOTS_MOST, Ref("garden", garden_id), 2, effective_on=today, actor_id=None)
    resident = await make_resident(committee.region_id)
    first = await services.claim_plot(plots[0], agreed=True, actor=resident)
    with pytest.raises(MembershipUnpaid):
        await services.claim_plot(plots[1], agreed=True, actor=resident)
    await pay(first, committee)
    second = await services.claim_plot(plots[1], agreed=True, actor=resident)
    assert (await orders.order(second)).total_fen == 3000


async def test_giving_up_frees_the_plot_and_the_membership(committee: Committee) -> None:
    garden_id, plots = await make_garden(committee)
    resident, stranger = [await make_resident(committee.region_id) for _ in range(2)]
    assert resident.household_id is not None
    await services.claim_plot(plots[0], agreed=True, actor=resident)
    (lease,) = await queries.leases(resident.household_id)
    with pytest.raises(LeaseNotFound):
        await services.cancel_claim(lease.id, actor=stranger)
    await services.cancel_claim(lease.id, actor=resident)
    with pytest.raises(LeaseNotReserved):
        await services.cancel_claim(lease.id, actor=resident)
    assert {p.state for p in await queries.plots(garden_id, household_id=None)} == {"free"}
    again = await services.claim_plot(plots[0], agreed=True, actor=resident)
    assert (await orders.order(again)).total_fen == 3500
    assert await queries.differences() == []


async def test_an_unpaid_reservation_ends_at_its_hour_and_not_before(committee: Committee) -> None:
    garden_id, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id)
    began = clock.now()
    with clock.frozen(began):
        order_id = await services.claim_plot(plots[0], agreed=True, actor=resident)
    with clock.frozen(began + timedelta(hours=48) - timedelta(microseconds=1)):
        assert await services.release_unpaid() == 0
    with clock.frozen(began + timedelta(hours=48)):
        with pytest.raises(OrderNotOpen):
            await pay(order_id, committee)
        assert await services.release_unpaid() == 1
        assert await services.release_unpaid() == 0
        await run_due_jobs()
    assert {p.state for p in await queries.plots(garden_id, household_id=None)} == {"free"}
    assert await fetch_value("select title from notification") == "认领已过期"
    assert await queries.differences() == []


async def test_the_counter_and_the_clock_at_once_leave_one_outcome(committee: Committee) -> None:
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id)
    order_id = await services.claim_plot(plots[0], agreed=True, actor=resident)
    assert resident.household_id is not None
    (lease,) = await queries.leases(resident.household_id)
    results = await asyncio.gather(
        pay(order_id, committee), services.cancel_claim(lease.id, actor=resident), return_exceptions=True
    )
    assert sum(isinstance(r, Exception) for r in results) == 1
    await run_due_jobs()
    assert await queries.differences() == []
    money = await fetch_value("select coalesce(sum(balance), 0) from ledger_balance where floor = 0")
    state = await fetch_value("select state from garden_lease")
    assert (state, money) in {("active", 3500), ("cancelled", 0)}


async def test_a_waived_fee_owes_nothing_and_is_confirmed_all_the_same(committee: Committee) -> None:
    garden_id, plots = await make_garden(committee)
    for code in (rules.PLOT_FEE, rules.MEMBERSHIP_FEE):
        await set_parameter(code, Ref("garden", garden_id), 0, effective_on=clock.today(), actor_id=None)
    resident = await make_resident(committee.region_id)
    await pay(await services.claim_plot(plots[0], agreed=True, actor=resident), committee)
    assert await fetch_value("select state from garden_lease") == "active"
    assert await fetch_value("select count(*) from ledger_transfer") == 0


async def test_a_late_reservation_stands_in_nobodys_way(committee: Committee) -> None:
    garden_id, plots = await make_garden(committee)
    resident, neighbour = [await make_resident(committee.region_id) for _ in range(2)]
    began = clock.now()
    with clock.frozen(began):
        first = await services.claim_plot(plots[0], agreed=True, actor=resident)
    with clock.frozen(began + timedelta(hours=48)):
        assert {p.state for p in await queries.plots(garden_id, household_id=None)} == {"free"}
        assert (await queries.garden(garden_id)).free == 6
        again = await services.claim_plot(plots[0], agreed=True, actor=resident)
        assert again != first
    with clock.frozen(began + timedelta(hours=96)):
        assert await services.claim_plot(plots[0], agreed=True, actor=neighbour)
        await run_due_jobs()
    told = await fetch_value("select count(*) from notification where person = $1", resident.person_id)
    assert told == 2
    assert await queries.differences() == []


async def test_a_plot_paid_late_in_the_queue_is_still_held(committee: Committee) -> None:
    """Paid in time, its event not yet delivered when the time to pay is over."""
    garden_id, plots = await make_garden(committee)
    resident, neighbour = [await make_resident(committee.region_id) for _ in range(2)]
    began = clock.now()
    with clock.frozen(began):
        order_id = await services.claim_plot(plots[0], agreed=True, actor=resident)
        await take_at_counter(order_id, amount_fen=3500, receipt_no="1", actor=committee.treasurer)
    with clock.frozen(began + timedelta(hours=48)):
        with pytest.raises(PlotAlreadyLeased):
            await services.claim_plot(plots[0], agreed=True, actor=neighbour)
        assert (await queries.garden(garden_id)).free == 5


async def test_claiming_ones_own_plot_again_says_whose_it_is(committee: Committee) -> None:
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id)
    await pay(await services.claim_plot(plots[0], agreed=True, actor=resident), committee)
    with pytest.raises(PlotIsYours):
        await services.claim_plot(plots[0], agreed=True, actor=resident)


async def test_repeated_claims_during_a_cancel_never_fail_for_another_reason(committee: Committee) -> None:
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id)
    assert resident.household_id is not None
    for _ in range(25):
        await services.claim_plot(plots[0], agreed=True, actor=resident)
        lease = (await queries.leases(resident.household_id))[0]
        results = await asyncio.gather(
            services.cancel_claim(lease.id, actor=resident),
            *(services.claim_plot(plots[0], agreed=True, actor=resident) for _ in range(5)),
            return_exceptions=True,
        )
        faults = [r for r in results if isinstance(r, Exception) and not isinstance(r, YijiError)]
        assert faults == []
        if open_lease := [x for x in await queries.leases(resident.household_id) if x.state == "reserved"]:
            await services.cancel_claim(open_lease[0].id, actor=resident)
    assert await queries.differences() == []


async def test_a_lease_is_to_be_thought_of_for_its_last_thirty_days(committee: Committee) -> None:
    _, plots = await make_garden(committee)
    resident = await make_resident(committee.region_id)
    await pay(await services.claim_plot(plots[1], agreed=True, actor=resident), committee)
    [lease] = await queries.leases(resident.require_household())
    assert lease.ends_on is not None
    for days, told in ((31, 0), (30, 1), (0, 1), (-1, 0)):
        found = await queries.ending_leases(
            resident.require_household(), lease.ends_on - timedelta(days=days)
        )
        assert len(found) == told, days
    [todo] = await queries.ending_leases(resident.require_household(), lease.ends_on)
    assert (todo.params, todo.due_at) == ({"garden": "测试菜园", "plot": 2}, clock.end_of(lease.ends_on))
