"""Reads of the garden: the list, the map, one plot, a household's leases."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import Difference, DossierPart, ParameterScope, PersonalData, Thing, Todo
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.reference import Ref
from plugins.garden import rules
from plugins.garden.errors import GardenNotFound, LeaseHeld, LeaseNotActive, LeaseNotFound, PlotNotFound
from plugins.garden.rules import HeldPlot, Terms

GARDEN = "garden"


@dataclass(frozen=True)
class GardenView:
    """A garden with its numbers."""

    id: int
    name: str
    organization_id: int
    organization: str
    area_m2: int
    columns: int
    plots: int
    free: int


class PlotView(NamedTuple):
    """A plot on the map. `state`: free, reserved, active, closed. `mine`: of the asker's household."""

    id: int
    number: int
    state: str
    mine: bool


@dataclass(frozen=True)
class PlotDetail:
    """A plot with its garden."""

    id: int
    number: int
    garden_id: int
    in_service: bool


@dataclass(frozen=True)
class LeaseView:
    """A household's lease, with the order that pays it."""

    id: int
    plot_id: int
    number: int
    garden_id: int
    garden: str
    state: str
    order_id: int
    pay_until: datetime
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class AgreementView:
    """What a household and the organization have agreed on."""

    lease_id: int
    garden: str
    organization: str
    number: int
    person: str
    version: int
    signed_at: datetime
    starts_on: date
    ends_on: date
    total_fen: int


# A lease that holds its plot: not a reservation whose time to pay is over, which the next claim or the
# timetable ends. $1 is the present moment.
_HOLDING = """(l.state = 'active'
    or l.state = 'reserved' and (owed.state = 'paid' or owed.expires_at > $1))"""

_GARDENS = f"""
select g.id, g.name, g.organization as organization_id, o.name as organization, g.area_m2, g.columns,
    count(p.id) as plots, count(p.id) filter (where p.in_service and l.id is null) as free
from garden g
join organization o on o.id = g.organization
left join garden_plot p on p.garden = g.id
left join (garden_lease l join payment_order owed on owed.id = l."order") on l.plot = p.id and {_HOLDING}
where $2::bigint is null or g.id = $2
group by g.id, o.id order by g.id limit 200"""


async def gardens() -> list[GardenView]:
    """All gardens, in the order in which they were founded."""
    return [GardenView(**dict(row)) for row in await fetch(_GARDENS, clock.now(), None)]


async def garden(garden_id: int) -> GardenView:
    """One garden; raises GardenNotFound."""
    rows = await fetch(_GARDENS, clock.now(), garden_id)
    if not rows:
        raise GardenNotFound
    return GardenView(**dict(rows[0]))


async def plots(garden_id: int, *, household_id: int | None) -> list[PlotView]:
    """The plots of a garden by number: a garden is a few hundred plots at most."""
    rows = await fetch(
        f"""
        select p.id, p.number,
            case when not p.in_service then 'closed' else coalesce(l.state, 'free') end as state,
            coalesce(l.household = $3, false) as mine
        from garden_plot p
        left join (garden_lease l join payment_order owed on owed.id = l."order")
            on l.plot = p.id and {_HOLDING}
        where p.garden = $2 order by p.number limit 2000""",
        clock.now(),
        garden_id,
        household_id,
    )
    return [PlotView(*row) for row in rows]


async def plot(plot_id: int, *, lock: bool = False) -> PlotDetail:
    """One plot, its row locked until COMMIT if asked; raises PlotNotFound."""
    row = await fetch_row(
        "select id, number, garden as garden_id, in_service from garden_plot where id = $1"
        + (" for no key update" if lock else ""),
        plot_id,
    )
    if row is None:
        raise PlotNotFound
    return PlotDetail(**dict(row))


async def open_leases(garden_id: int, *, plot_id: int, household_id: int | None) -> list[HeldPlot]:
    """The open lease of the plot, if any, and those of the household in the garden; late ones too.

    In the order of their orders' ids, in which whoever ends several of them must lock.
    """
    rows = await fetch(
        f"""
        select l.id as lease_id, l.plot as plot_id, l.household as household_id, l.state,
            owed.id as order_id, not {_HOLDING} as is_late
        from garden_lease l
        join garden_plot p on p.id = l.plot
        join payment_order owed on owed.id = l."order"
        where l.state in ('reserved', 'active') and p.garden = $2
            and (l.plot = $3 or l.household = $4)
        order by owed.id""",
        clock.now(),
        garden_id,
        plot_id,
        household_id,
    )
    return [HeldPlot(**dict(row)) for row in rows]


async def terms(garden_id: int, organization_id: int, on: date) -> Terms:
    """The rules as they hold for a garden on a civil date."""
    scopes = [Ref(GARDEN, garden_id), *await organizations.parameter_scopes(organization_id)]
    codes = [parameter.code for parameter in rules.PARAMETERS]
    return Terms.from_parameters(await parameters.effective(codes, scopes, on))


async def largest_garden(scope: Ref) -> int | None:
    """Plots of the garden, or of the organization's largest one; None where there is none of either."""
    plots: int | None = await fetch_value(
        "select max(n) from (select count(p.id) as n from garden g join garden_plot p on p.garden = g.id"
        " where $1 = 'garden' and g.id = $2 or $1 = 'organization' and g.organization = $2 group by g.id) x",
        *scope,
    )
    return plots


async def organization_of(garden_id: int) -> int | None:
    """Who runs the garden; None when there is no such garden."""
    organization_id: int | None = await fetch_value(
        "select organization from garden where id = $1", garden_id
    )
    return organization_id


async def parameter_scopes(organization_id: int) -> list[ParameterScope]:
    """The organization's gardens."""
    rows = await fetch(
        "select id, name from garden where organization = $1 order by id limit 200", organization_id
    )
    return [ParameterScope(scope=Ref("garden", row["id"]), title=row["name"]) for row in rows]


async def plots_held(household_id: int) -> int:
    """How many plots the household has or has reserved, in all gardens."""
    return int(
        await fetch_value(
            "select count(*) from garden_lease where household = $1 and state in ('reserved', 'active')",
            household_id,
        )
    )


async def membership_is_paid(garden_id: int, household_id: int, year: int) -> bool:
    """Has the household paid this year's membership of this garden?"""
    row = await fetch_row(
        "select from garden_membership where garden = $1 and household = $2 and year = $3 and state = 'paid'",
        garden_id,
        household_id,
        year,
    )
    return row is not None


_LEASES = """
select l.id, l.plot as plot_id, p.number, g.id as garden_id, g.name as garden, l.state,
    l."order" as order_id, o.expires_at as pay_until, l.starts_on, l.ends_on
from garden_lease l
join garden_plot p on p.id = l.plot
join garden g on g.id = p.garden
join payment_order o on o.id = l."order"
where l.household = $1 and ($2::bigint is null or l.id = $2)
order by l.id desc limit 100"""


async def leases(household_id: int, *, lease_id: int | None = None) -> list[LeaseView]:
    """The household's leases, newest first; only `lease_id` if given."""
    return [LeaseView(**dict(row)) for row in await fetch(_LEASES, household_id, lease_id)]


async def agreement(lease_id: int, *, household_id: int) -> AgreementView:
    """The agreement of a household's own lease; raises LeaseNotFound, or LeaseNotActive."""
    row = await fetch_row(
        """
        select l.id as lease_id, g.name as garden, o.name as organization, p.number, who.name as person,
            l.agreement_version as version, l.signed_at, l.starts_on, l.ends_on, owed.total_fen
        from garden_lease l join garden_plot p on p.id = l.plot join garden g on g.id = p.garden
        join organization o on o.id = g.organization join person who on who.id = l.person
        left join payment_order owed on owed.id = l."order"
        where l.id = $1 and l.household = $2""",
        lease_id,
        household_id,
    )
    if row is None:
        raise LeaseNotFound
    if row["starts_on"] is None:
        raise LeaseNotActive
    return AgreementView(**dict(row))


_DIFFERENCES = """
select l.id, l.state, coalesce(o.state, 'none') as order_state,
    case l.state when 'active' then 'paid' when 'reserved' then 'open or paid' else 'cancelled' end
        as expected
from garden_lease l left join payment_order o on o.id = l."order"
where coalesce(o.state, 'none') <> all (
    case l.state when 'active' then array['paid'] when 'reserved' then array['open', 'paid']
    else array['cancelled'] end)
order by l.id limit 100"""


async def differences() -> list[Difference]:
    """Leases whose order does not say what their state says."""
    return [
        Difference(
            subject=f"garden lease {row['id']} ({row['state']}): order",
            expected=row["expected"],
            found=row["order_state"],
        )
        for row in await fetch(_DIFFERENCES)
    ]


async def things(after_id: int, limit: int) -> list[Thing]:
    """Gardens as search finds them. Plots are numbers, not names: they are found on the map."""
    rows = await fetch("select id, name from garden where id > $1 order by id limit $2", after_id, limit)
    return [Thing(id=row["id"], name=row["name"], path=f"/garden/{row['id']}") for row in rows]


async def ending_leases(household_id: int, today: date) -> list[Todo]:
    """The household's leases that end soon, the first to end first."""
    rows = await fetch(
        """
        select g.name as garden, p.number, l.ends_on
        from garden_lease l join garden_plot p on p.id = l.plot join garden g on g.id = p.garden
        where l.household = $1 and l.state = 'active' and l.ends_on between $2 and $3
        order by l.ends_on, l.id limit 20""",
        household_id,
        today,
        today + rules.ENDING,
    )
    return [
        Todo(
            title=mark("%(garden)s %(plot)s 号的认领快到期了"),
            params={"garden": row["garden"], "plot": row["number"]},
            path="/garden/mine",
            due_at=clock.end_of(row["ends_on"]),
        )
        for row in rows
    ]


async def check_no_lease(person_id: int) -> None:
    """Raise LeaseHeld if the person has signed for a plot that is still held."""
    held = await fetch(
        "select from garden_lease where person = $1 and state in ('reserved', 'active')"
        " and (ends_on is null or ends_on >= $2) limit 1",
        person_id,
        clock.today(),
    )
    if held:
        raise LeaseHeld


async def personal_data(person_id: int) -> list[PersonalData]:
    """The plots that the person has claimed."""
    rows = await fetch(
        """
        select l.id, g.name as garden, p.number as plot, l.state, l.signed_at, l.starts_on, l.ends_on
        from garden_lease l join garden_plot p on p.id = l.plot join garden g on g.id = p.garden
        where l.person = $1 order by l.id desc limit 10000""",
        person_id,
    )
    columns = {
        "id": mark("编号"),
        "garden": mark("菜园"),
        "plot": mark("地块"),
        "state": mark("状态"),
        "signed_at": mark("签约时间"),
        "starts_on": mark("开始日期"),
        "ends_on": mark("到期日期"),
    }
    told = [dict(row) for row in rows]
    return (
        [PersonalData(name="garden.leases", title=mark("菜园认领"), columns=columns, rows=told)]
        if told
        else []
    )


async def dossier(subject: Ref) -> list[DossierPart]:
    """A garden, or all those of an organization: gardens, plots, memberships, leases."""
    gardens = await fetch(
        "select id, organization, name, area_m2, columns from garden where ($1 = 'organization'"
        " and organization = $2) or ($1 = 'garden' and id = $2) order by id",
        *subject,
    )
    ids = [row["id"] for row in gardens]
    plots = await fetch(
        "select id, garden, number, in_service from garden_plot where garden = any($1) order by id", ids
    )
    memberships = await fetch(
        "select id, garden, household, year, state from garden_membership where garden = any($1) order by id",
        ids,
    )
    leases = await fetch(
        'select l.id, l.plot, l.person, l.household, l.membership, l."order", l.state, l.agreement_version,'
        " l.signed_at, l.term_months, l.starts_on, l.ends_on from garden_lease l"
        " join garden_plot p on p.id = l.plot where p.garden = any($1) order by l.id",
        ids,
    )
    found = (
        ("gardens", GARDEN, gardens),
        ("plots", "garden.plot", plots),
        ("memberships", "garden.membership", memberships),
        ("leases", rules.LEASES.code, leases),
    )
    return [
        DossierPart(
            name=f"garden.{name}",
            rows=[dict(row) for row in rows],
            subjects=[Ref(kind, row["id"]) for row in rows],
        )
        for name, kind, rows in found
        if rows
    ]
