"""The garden's part of the demo world, through the same services as real life.

From the source articles: 171 plots, 30 yuan a plot, 5 yuan membership. Invented: the days, the
neighbours, and the second garden.
"""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.database import fetch, fetch_value
from core.demo import RESIDENT, TREASURER, actor_of, build_committee, build_region
from core.language import mark
from core.manifest import Tour, TourStep
from core.payments import queries as orders
from core.payments.services import take_at_counter
from core.people.rules import Actor, Grant
from core.people.services import register_household, register_person
from core.reference import Ref
from plugins.garden.services import claim_plot, found_garden
from workers.drain import run_due_jobs

FULL, FREE = "龙凤新区共享菜园", "龙凤新区二号园"
FULL_PLOTS, FREE_PLOTS = 171, 24
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤"
_VEGETABLES = "茄瓜豆葱姜蒜椒菜笋"

Report = Callable[[int, int], None]

TOUR = Tour(
    code="garden",
    title=mark("一块小菜园"),
    intro=mark("居民认领一块地，出纳在柜台收费，人人看到钱进了公共账户"),
    order=50,
    steps=(
        TourStep(
            text=mark("在二号园的地图上点一块空地，看它要交多少钱，同意协议并认领"),
            path="/garden/2",
            phone=RESIDENT.phone,
        ),
        TourStep(
            text=mark("看看自己的地块，和还没交的缴费单"),
            path="/garden/mine",
            phone=RESIDENT.phone,
        ),
        TourStep(
            text=mark("换成出纳：在柜台找到这张缴费单，确认收到现金"), path="/counter", phone=TREASURER.phone
        ),
        TourStep(
            text=mark("不登录也能看：每一笔收入都在管委会的公共账户里"),
            path="/accounts/1",
        ),
    ),
)


async def build_full_garden(report: Report) -> None:
    """龙凤's garden: every plot leased, both fees paid at the counter over some spring weeks."""
    garden_id, region_id, treasurer = await _garden(FULL, FULL_PLOTS, area_m2=3333, columns=19)
    await _lease_plots(garden_id, region_id, treasurer, most=FULL_PLOTS, report=report)


async def build_free_garden(report: Report) -> None:
    """The second garden, with free plots for a newcomer to try."""
    await _garden(FREE, FREE_PLOTS, area_m2=480, columns=6)
    report(1, 1)


async def _garden(name: str, plots: int, *, area_m2: int, columns: int) -> tuple[int, int, Actor]:
    region_id = await build_region()
    committee_id = await build_committee(region_id)
    garden_id = await fetch_value(
        "select id from garden where name = $1 and organization = $2", name, committee_id
    )
    if garden_id is None:
        garden_id = await found_garden(
            name, organization_id=committee_id, area_m2=area_m2, plots=plots, columns=columns
        )
    grant = Grant("core.treasurer", Ref("organization", committee_id))
    return garden_id, region_id, await actor_of(TREASURER, grant)


async def _lease_plots(
    garden_id: int, region_id: int, treasurer: Actor, *, most: int, report: Report
) -> None:
    """Lease the plots that are still free, one a household; goes on where a stopped run ended."""
    free = await fetch(
        "select p.id, p.number from garden_plot p where p.garden = $1 and p.number <= $2 and"
        " not exists (select from garden_lease l where l.plot = p.id and l.state = 'active')"
        " order by p.number",
        garden_id,
        most,
    )
    first_day = clock.now() - timedelta(days=230)
    for plot in free:
        with clock.frozen(first_day + timedelta(hours=5 * plot["number"])):
            resident = await _neighbour(region_id, plot["number"])
            order_id = await claim_plot(plot["id"], agreed=True, actor=resident)
            order = await orders.order(order_id)
            await take_at_counter(
                order_id,
                amount_fen=order.total_fen,
                receipt_no=f"LF-{plot['number']:04}",
                actor=treasurer,
            )
            await run_due_jobs()
        report(plot["number"], most)


async def _neighbour(region_id: int, number: int) -> Actor:
    """An invented neighbour named after vegetables, without a phone: nobody can log in as one."""
    name = (
        _SURNAMES[number % len(_SURNAMES)]
        + _VEGETABLES[number // 19 % len(_VEGETABLES)]
        + _VEGETABLES[number % len(_VEGETABLES)]
    )
    person_id = await register_person(name, phone=None, password=None)
    household_id = await register_household(region_id, person_ids=[person_id])
    return Actor(person_id, name, household_id)
