"""Stars of the demo world: one in publicity, one that waits for its yearly review; and a shift for children.

Invented, as a sample; so is the table of 龙凤新区, where two hours are the first star.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from core import clock
from core.database import fetch_value, unit_of_work
from core.demo import PASSWORD, WORKER, actor_of, build_region
from core.demo.volunteers import ASSOCIATIONS, LEADER_ACCOUNT
from core.language import mark
from core.manifest import DemoAccount, Tour, TourStep
from core.parameters.services import set_parameter
from core.people import rules as people
from core.people.rules import Actor, Grant
from core.people.services import grant_role, register_household, register_person
from core.reference import Ref
from core.volunteers.queries import sign_ups
from core.volunteers.rules import figures
from core.volunteers.rules.flows import LEADER
from core.volunteers.rules.terms import Span
from core.volunteers.services.attendance import mark_left, mark_present
from core.volunteers.services.opportunities import Plan, add_shift, create_opportunity, open_opportunity
from core.volunteers.services.records import confirm_service, propose_service
from core.volunteers.services.sign_ups import sign_up
from core.volunteers.services.star_reviews import review_stars
from core.volunteers.services.stars import apply_for_star, award_stars

HOLDER = DemoAccount(
    phone="13800003800",
    password=PASSWORD,
    name="丰样星",
    role=mark("星级志愿者：一年没有服务，等年度复核，可以申诉"),
)
APPLICANT = DemoAccount(
    phone="13800003801", password=PASSWORD, name="卓样光", role=mark("志愿者：申请的星级在公示")
)
SECOND_WORKER = DemoAccount(
    phone="13800003802", password=PASSWORD, name="祝样明", role=mark("另一位社区工作人员：答复星级申诉")
)
ACCOUNTS = (HOLDER, APPLICANT, SECOND_WORKER)
READING = Plan(
    title="陪老人读报 (样例)",
    task="大声读报，陪老人下棋。家长可以在旁边。",
    place="社区日间照料中心",
    requirements="认字",
    age_least=8,
)
_LONG_AGO = timedelta(days=400)
TOUR = Tour(
    code="stars",
    title=mark("评一颗星"),
    intro=mark("时长够了自己申请，公示后授星，每年复核；取消要写原因，可以申诉。"),
    order=45,
    steps=(
        TourStep(text=mark("看看谁在公示、谁有星级"), path="/volunteers/stars"),
        TourStep(
            text=mark("决定丰样星的年度复核：写下原因，保留或者取消"),
            path="/volunteers/stars/desk",
            phone=WORKER.phone,
        ),
        TourStep(
            text=mark("取消了就打开那颗星，写下申诉"),
            path="/volunteers/stars/apply",
            phone=HOLDER.phone,
        ),
        TourStep(
            text=mark("换另一位工作人员答复申诉"), path="/volunteers/stars/desk", phone=SECOND_WORKER.phone
        ),
    ),
)


async def build_stars(report: Callable[[int, int], None]) -> None:
    """First what was served; then, as the ledger tells it, the stars. Each whole or not at all."""
    if await fetch_value("select id from person where phone = $1", HOLDER.phone) is None:
        async with unit_of_work():
            await _build_services()
    report(1, 2)
    if await fetch_value("select count(*) from volunteer_star") == 0:
        async with unit_of_work():
            await _build_stars()
    report(2, 2)


async def _build_services() -> None:
    region_id, now = await build_region(), clock.now()
    worker = await _resident(SECOND_WORKER, region_id)
    await grant_role(worker.person_id, people.WORKER, Ref("region", region_id), actor_id=None)
    holder, applicant = [await _resident(account, region_id) for account in (HOLDER, APPLICANT)]
    with clock.frozen(now - _LONG_AGO):
        here = Ref("region", region_id)
        await set_parameter(figures.STARS[0], here, 2, effective_on=clock.today(), actor_id=None)
        opportunity_id, leader = await _offer()
    await _serve(opportunity_id, leader, holder, now - _LONG_AGO)
    await _serve(opportunity_id, leader, applicant, now - timedelta(days=9))
    for day in (3, 6, 10):
        await _add_shift(opportunity_id, leader, now + timedelta(days=day))


async def _build_stars() -> None:
    long_ago = clock.now() - _LONG_AGO
    with clock.frozen(long_ago + timedelta(days=3)):
        await apply_for_star(agreed=True, actor=await actor_of(HOLDER))
    with clock.frozen(long_ago + timedelta(days=30)):
        await award_stars()
    await apply_for_star(agreed=True, actor=await actor_of(APPLICANT))
    await review_stars()


async def _resident(account: DemoAccount, region_id: int) -> Actor:
    person_id = await register_person(account.name, phone=account.phone, password=account.password)
    await register_household(region_id, person_ids=[person_id])
    return await actor_of(account)


async def _offer() -> tuple[int, Actor]:
    """What children may do too, by an association of the demo world, and its leader."""
    name = next(iter(ASSOCIATIONS))
    organization_id = await fetch_value("select id from organization where name = $1", name)
    leader = await actor_of(LEADER_ACCOUNT, Grant(LEADER, Ref("organization", organization_id)))
    return await create_opportunity(READING, organization_id=organization_id, actor=leader), leader


async def _serve(opportunity_id: int, leader: Actor, person: Actor, at: datetime) -> None:
    """Two hours on the day after, confirmed from both sides."""
    with clock.frozen(at):
        shift_id, span = await _add_shift(opportunity_id, leader, at + timedelta(days=1))
        await open_opportunity(opportunity_id, actor=leader)
        await sign_up(shift_id, agreed=True, meets=True, actor=person)
    found = await sign_ups.sign_up_at(shift_id, person.person_id)
    with clock.frozen(span.begins_at):
        await mark_present(found.id, actor=leader)
    with clock.frozen(span.ends_at):
        await mark_left(found.id, actor=leader)
        service_id = await propose_service(found.id, span.minutes, actor=leader)
        await confirm_service(service_id, actor=person)


async def _add_shift(opportunity_id: int, leader: Actor, at: datetime) -> tuple[int, Span]:
    begins_at = clock.begin_of(clock.local(at).date()) + timedelta(hours=16)
    span = Span(begins_at, begins_at + timedelta(hours=2))
    return await add_shift(opportunity_id, span, capacity=6, actor=leader), span
