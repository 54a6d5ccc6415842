"""The verbs of the garden."""

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.documents.services import ask_for_paper
from core.language import mark
from core.ledger import services as ledger
from core.notifications.services import notify
from core.payments import queries as orders
from core.payments import services as payments
from core.people.rules import Actor
from core.people.services import lock_household
from core.reference import Ref
from core.search.services import index_thing
from plugins.garden import postings, queries, rules
from plugins.garden.errors import (
    LeaseNotFound,
    LeaseNotReserved,
    MembershipUnpaid,
    PlotAlreadyLeased,
)
from plugins.garden.queries import GardenView, PlotDetail
from plugins.garden.tables import Garden, Lease, Membership, Plot

LEASE = rules.LEASES.code
AGREEMENT = "garden.print_agreement"


async def found_garden(name: str, *, organization_id: int, area_m2: int, plots: int, columns: int) -> int:
    """Found a garden with `plots` numbered plots and return its id."""
    async with unit_of_work():
        garden = Garden(name=name, organization=organization_id, area_m2=area_m2, columns=columns)
        await garden.save()
        await Plot.insert(*(Plot(garden=garden.id, number=n) for n in range(1, plots + 1)))
        ref = Ref(queries.GARDEN, garden.id)
        await index_thing(ref, name=name, path=f"/garden/{garden.id}")
        record_audit("garden.founded", ref, actor_id=None, plots=plots)
        return int(garden.id)


async def claim_plot(plot_id: int, *, agreed: bool, actor: Actor) -> int:
    """Reserve a plot for the actor's household and return the order that pays for it.

    The second click of the same household returns the first order. Raises PlotAlreadyLeased,
    PlotIsYours, HouseholdHasPlots, AgreementNotAccepted, PlotOutOfService, HouseholdMissing.
    """
    household_id = actor.require_household()
    try:
        async with unit_of_work():
            plot = await queries.plot(plot_id, lock=True)
            await lock_household(household_id)
            held = await _open_leases(plot, household_id)
            if repeated := rules.repeated_claim(held, plot_id, household_id):
                return repeated.order_id
            garden = await queries.garden(plot.garden_id)
            terms = await queries.terms(garden.id, garden.organization_id, clock.today())
            rules.check_claim(
                plot_id=plot_id,
                number=plot.number,
                in_service=plot.in_service,
                agreed=agreed,
                household_id=household_id,
                held=held,
                terms=terms,
            )
            return await _reserve(plot, garden, terms, household_id, actor)
    except asyncpg.UniqueViolationError:
        raise PlotAlreadyLeased(plot=plot.number) from None


async def _open_leases(plot: PlotDetail, household_id: int) -> list[rules.HeldPlot]:
    """What stands against a claim. Late reservations are ended here rather than at the next tick."""
    held = await queries.open_leases(plot.garden_id, plot_id=plot.id, household_id=household_id)
    return [h for h in held if not h.is_late or not await _expire(h.order_id, h.lease_id)]


async def _reserve(
    plot: PlotDetail, garden: GardenView, terms: rules.Terms, household_id: int, actor: Actor
) -> int:
    now = clock.now()
    membership_id, is_paid = await _membership(garden.id, household_id)
    lease = Lease(
        plot=plot.id,
        person=actor.person_id,
        household=household_id,
        membership=membership_id,
        agreement_version=rules.AGREEMENT_VERSION,
        signed_at=now,
        term_months=terms.term_months,
    )
    await lease.save()
    account_id = await ledger.open_account(
        Ref("organization", garden.organization_id), kind=postings.PUBLIC_ACCOUNT, unit="CNY"
    )
    order_id = await payments.create_order(
        payee_id=garden.organization_id,
        payer=actor,
        cause=Ref(LEASE, lease.id),
        lines=postings.claim_lines(
            terms,
            account_id=account_id,
            garden=garden.name,
            plot_number=plot.number,
            with_membership=not is_paid,
        ),
        expires_at=now + terms.hold,
    )
    await Lease.update({Lease.order: order_id}).where(Lease.id == lease.id)
    record_audit("garden.plot_claimed", Ref(LEASE, lease.id), actor_id=actor.person_id)
    return order_id


async def _membership(garden_id: int, household_id: int) -> tuple[int, bool]:
    """The household's membership of this year (id, is it paid), made now if there is none."""
    year = rules.garden_year(clock.today())
    there = await Membership.select(Membership.id, Membership.state).where(
        Membership.garden == garden_id,
        Membership.household == household_id,
        Membership.year == year,
        Membership.state != "cancelled",
    )
    if there and there[0]["state"] == "due":
        raise MembershipUnpaid
    if there:
        return there[0]["id"], True
    membership = Membership(garden=garden_id, household=household_id, year=year)
    await membership.save()
    return int(membership.id), False


async def activate_lease(lease_id: int) -> None:
    """Its order is paid: the lease begins today. Runs in the unit of work of the event's receipt."""
    row = await current_unit().connection.fetchrow(
        "select l.person, l.membership, l.term_months, p.number, g.name as garden from garden_lease l"
        " join garden_plot p on p.id = l.plot join garden g on g.id = p.garden"
        " where l.id = $1 and l.state = 'reserved' for no key update of l",
        lease_id,
    )
    if row is None:
        return
    starts_on = clock.today()
    ends_on = rules.last_day(starts_on, row["term_months"])
    await advance(
        rules.LEASES,
        "garden.lease_activated",
        lease_id,
        actor_id=None,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    await Membership.update({Membership.state: "paid"}).where(Membership.id == row["membership"])
    notify(
        row["person"],
        title=mark("认领成功"),
        body=mark("%(garden)s的 %(plot)s 号地块已经是您家的了，到 %(ends_on)s 为止。祝您丰收！"),
        path="/garden/mine",
        garden=row["garden"],
        plot=row["number"],
        ends_on=ends_on.isoformat(),
    )


async def ask_for_agreement(lease_id: int, *, actor: Actor) -> int:
    """Ask for the agreement of a lease of one's household as a file; returns the job's id.

    Raises LeaseNotFound, LeaseNotActive, HouseholdMissing.
    """
    household_id = actor.require_household()
    await queries.agreement(lease_id, household_id=household_id)
    facts = {"lease_id": lease_id, "household_id": household_id}
    return await ask_for_paper(AGREEMENT, facts, person_id=actor.person_id)


async def cancel_claim(lease_id: int, *, actor: Actor) -> None:
    """Give up a reservation that is not paid; raises LeaseNotFound, LeaseNotReserved, PayingOnline."""
    async with unit_of_work():
        found = await queries.leases(actor.require_household(), lease_id=lease_id)
        if not found:
            raise LeaseNotFound
        is_ended = await _end_unpaid(found[0].order_id, lease_id, rules.CANCELLED, actor.person_id)
    if not is_ended:  # after COMMIT: the provider is asked to close what stands in the way
        await payments.check_not_paying(found[0].order_id)
        raise LeaseNotReserved


async def release_unpaid() -> int:
    """End reservations whose time to pay is over and tell their households; returns how many."""
    released = 0
    async with unit_of_work():
        for order in await orders.expired_orders(LEASE, now=clock.now(), limit=500):
            released += await _expire(order.id, order.cause.id)
    return released


async def _expire(order_id: int, lease_id: int) -> bool:
    """End a late reservation and tell who made it; False: it was paid or ended meanwhile."""
    if not await _end_unpaid(order_id, lease_id, rules.EXPIRED, None):
        return False
    order = await orders.order(order_id)
    assert order.payer_id is not None, "a place is reserved by somebody with an account"
    notify(
        order.payer_id,
        title=mark("认领已过期"),
        body=mark("缴费时间已过，保留的地块已经放开。您可以重新认领。"),
        path="/garden",
    )
    return True


async def _end_unpaid(order_id: int, lease_id: int, state: str, actor_id: int | None) -> bool:
    """Cancel the order first: whoever gets its row, the counter or this, decides."""
    if not await payments.cancel_order(order_id, actor_id=actor_id):
        return False
    await advance(rules.LEASES, f"garden.lease_{state}", lease_id, actor_id=actor_id)
    await current_unit().connection.execute(
        """
        update garden_membership m set state = 'cancelled'
        from garden_lease l
        where l.id = $1 and m.id = l.membership and m.state = 'due' and not exists (
            select from garden_lease x where x.membership = m.id and x.state in ('reserved', 'active'))""",
        lease_id,
    )
    return True
