"""Volunteers of the demo world: an association in 罗江区, one in 旌德县, what was done and what comes.

Invented, as a sample: associations, persons, tasks, figures.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from core import clock
from core.database import fetch_value, unit_of_work
from core.language import mark
from core.manifest import DemoAccount, Tour, TourStep
from core.organizations.services import register_organization
from core.people.rules import Actor, Grant
from core.people.services import grant_role, register_household, register_person
from core.reference import Ref
from core.regions.services import add_region
from core.volunteers.queries import sign_ups
from core.volunteers.rules.flows import LEADER
from core.volunteers.rules.terms import SHIFT_MOST, Span
from core.volunteers.services.absences import plead
from core.volunteers.services.attendance import mark_absent, mark_left, mark_present
from core.volunteers.services.opportunities import Plan, add_shift, create_opportunity, open_opportunity
from core.volunteers.services.records import confirm_service, dispute_service, propose_service
from core.volunteers.services.sign_ups import sign_up
from core.volunteers.services.witnesses import backfill

PASSWORD = "yiji-demo"
VOLUNTEER = DemoAccount(
    phone="13800004000", password=PASSWORD, name="苗样愿", role=mark("志愿者：报名、签到、确认时长、开证明")
)
SECOND = DemoAccount(phone="13800004001", password=PASSWORD, name="连样乐", role=mark("另一位志愿者"))
LEADER_ACCOUNT = DemoAccount(
    phone="13800004002",
    password=PASSWORD,
    name="黎样队",
    role=mark("志愿服务负责人：发布岗位、签到、记录时长"),
)
WITNESS = DemoAccount(
    phone="13800004003", password=PASSWORD, name="施样证", role=mark("志愿者：为忘了报名的人作证")
)
# They live where hours earn points, and help elsewhere: plugins find them by their phones.
HELPERS = tuple(
    DemoAccount(
        phone=phone, password=PASSWORD, name=name, role=mark("绿样村的志愿者：在别处服务，时长换成绿币")
    )
    for phone, name in (("13800004004", "岳样途"), ("13800004005", "席样远"))
)
ACCOUNTS = (VOLUNTEER, SECOND, LEADER_ACCOUNT, WITNESS, *HELPERS)
Place = tuple[tuple[str, str, str | None], ...]
LUOJIANG: Place = (
    ("四川省", "province", "510000"),
    ("德阳市", "city", "510600"),
    ("罗江区", "county", "510604"),
)
JINGDE: Place = (
    ("安徽省", "province", "340000"),
    ("宣城市", "city", "341800"),
    ("旌德县", "county", "341825"),
)
VILLAGE: Place = (*JINGDE, ("绿样村", "community", None))
_HOURS = {LUOJIANG: 9, JINGDE: 13}
ASSOCIATIONS = {"罗江样例志愿者协会": LUOJIANG, "旌德样例志愿者协会": JINGDE}
DONE = Plan(
    title="陪老人聊天 (样例)",
    task="读报、聊天、量血压，听老人讲从前的事。\n每次两人一组，不单独进门。",
    place="社区日间照料中心",
    requirements="会说本地话",
)
NOW = Plan(
    title="便民服务站值守 (样例)",
    task="帮来办事的人取号、填表、找窗口。",
    place="便民服务中心一楼",
    position="31.303000, 104.510000",
)
SOON = Plan(
    title="河边捡垃圾 (样例)",
    task="沿河两公里捡拾垃圾并分类。\n岸边湿滑，请穿防滑鞋。",
    place="滨河公园北门",
    risk="high",
    insurance="样例保险 志愿者意外险 SAMPLE-0001",
)
_SURNAMES, _GIVEN = "鲁邓萧傅曾彭", "梅兰竹菊松荷"
_PEOPLE, _PAST_SHIFTS, _COMING_DAYS = 6, 3, 10

TOUR = Tour(
    code="volunteer",
    title=mark("做一次志愿者"),
    intro=mark("报名、凭码签到、两边确认时长，最后拿到谁都能核对的证明。"),
    order=40,
    steps=(
        TourStep(
            text=mark("看看哪里要志愿者，给“河边捡垃圾”报一个班次"), path="/volunteers", phone=VOLUNTEER.phone
        ),
        TourStep(
            text=mark("打开“便民服务站值守”的名单，显示签到码"),
            path="/volunteers/lead",
            phone=LEADER_ACCOUNT.phone,
        ),
        TourStep(
            text=mark("打开今天的班次，填 6 位数字签到，再签退"),
            path="/volunteers/mine",
            phone=VOLUNTEER.phone,
        ),
        TourStep(text=mark("在名单里记录服务时长"), path="/volunteers/lead", phone=LEADER_ACCOUNT.phone),
        TourStep(
            text=mark("确认时长，开一份证明，用手机扫上面的码"),
            path="/volunteers/mine",
            phone=VOLUNTEER.phone,
        ),
        TourStep(
            text=mark("换成绿样村的志愿者：打开“重阳助老餐”，到它的班次签到；确认以后，时长和绿币一起记下"),
            path="/projects",
            phone=HELPERS[0].phone,
        ),
    ),
)


async def build_volunteers(report: Callable[[int, int], None]) -> None:
    """Both associations, each whole or not at all; and who helps elsewhere."""
    for done, (name, place) in enumerate(ASSOCIATIONS.items(), 1):
        if await fetch_value("select id from organization where name = $1", name) is None:
            async with unit_of_work():
                await _build(name, place)
        report(done, len(ASSOCIATIONS) + 1)
    async with unit_of_work():
        village_id = await _region(VILLAGE)
        for helper in HELPERS:
            await _account(helper, village_id)
    report(len(ASSOCIATIONS) + 1, len(ASSOCIATIONS) + 1)


async def _build(name: str, place: Place) -> None:
    region_id = await _region(place)
    organization_id = await register_organization(name, kind="association", region_id=region_id)
    scope = Ref("organization", organization_id)
    person = await _account(LEADER_ACCOUNT, region_id)
    await grant_role(person.person_id, LEADER, scope, actor_id=None)
    leader = Actor(person.person_id, person.name, person.household_id, (Grant(LEADER, scope),))
    volunteers = [await _account(account, region_id) for account in (VOLUNTEER, SECOND)]
    neighbours = [await _neighbour(region_id, number) for number in range(_PEOPLE)]
    # They meet at different hours, so that one account can serve both.
    past = await _build_past(organization_id, leader, [volunteers[0], *neighbours], _HOURS[place])
    if place == LUOJIANG:
        witness = await _account(WITNESS, region_id)
        await _build_unfinished(past, leader, [volunteers[1], witness], neighbours[0], neighbours[1])
        await _build_present(organization_id, leader, [*volunteers, witness])
    await _build_future(organization_id, leader, neighbours)


async def _region(place: Place) -> int:
    parent_id: int | None = None
    for name, level, code in place:
        parent_id = await add_region(name, level=level, parent_id=parent_id, code=code)
    assert parent_id is not None
    return parent_id


async def _account(account: DemoAccount, region_id: int) -> Actor:
    person_id = await fetch_value("select id from person where phone = $1", account.phone)
    if person_id is None:
        person_id = await register_person(account.name, phone=account.phone, password=account.password)
        await register_household(region_id, person_ids=[person_id])
    household_id = await fetch_value("select household from household_member where person = $1", person_id)
    return Actor(person_id, account.name, household_id)


async def _neighbour(region_id: int, number: int) -> Actor:
    """An invented volunteer named after flowers, without a phone: nobody can log in as one."""
    name = f"{_SURNAMES[number % 6]}样{_GIVEN[number // 6 + number % 6]}"
    person_id = await register_person(name, phone=None, password=None)
    return Actor(person_id, name, await register_household(region_id, person_ids=[person_id]))


async def _build_past(organization_id: int, leader: Actor, people: list[Actor], hour: int) -> int:
    """Some weeks, served and confirmed from both sides; the same opportunity, whose id it is, goes on."""
    first = _hour(clock.now() - timedelta(days=7 * _PAST_SHIFTS), hour)
    with clock.frozen(first - timedelta(days=3)):
        opportunity_id = await create_opportunity(DONE, organization_id=organization_id, actor=leader)
    for week in range(_PAST_SHIFTS):
        begins_at = first + timedelta(days=7 * week)
        span = Span(begins_at, begins_at + timedelta(hours=2))
        with clock.frozen(begins_at - timedelta(days=2)):
            shift_id = await add_shift(opportunity_id, span, capacity=10, actor=leader)
            await open_opportunity(opportunity_id, actor=leader)
            for person in people:
                await sign_up(shift_id, agreed=True, meets=True, actor=person)
        for person in people:
            await _serve(shift_id, span, person, leader)
    await _add_coming(opportunity_id, leader, hour=15)
    return opportunity_id


async def _build_unfinished(
    opportunity_id: int, leader: Actor, seen_by: list[Actor], disputing: Actor, missed: Actor
) -> None:
    """Three days ago: records that wait for volunteers or witnesses, a disputed one, a plea."""
    begins_at = _hour(clock.now() - timedelta(days=3), 14)
    span = Span(begins_at, begins_at + timedelta(hours=2))
    with clock.frozen(begins_at - timedelta(days=1)):
        shift_id = await add_shift(opportunity_id, span, capacity=10, actor=leader)
        for person in (*seen_by, disputing, missed):
            await sign_up(shift_id, agreed=True, meets=True, actor=person)
    for person in seen_by:
        await _propose(shift_id, span, person, leader)
    service_id = await _propose(shift_id, span, disputing, leader, minutes=90, reason="看到他提前走了")
    await dispute_service(service_id, answer="我在后院收拾，一直到四点", actor=disputing)
    absent = await sign_ups.sign_up_at(shift_id, missed.person_id)
    with clock.frozen(span.ends_at):
        await mark_absent(absent.id, actor=leader)
    await plead(absent.id, "那天孩子发烧，来不及取消", actor=missed)
    await backfill(
        shift_id,
        phone=VOLUNTEER.phone,
        name=VOLUNTEER.name,
        minutes=60,
        reason="路过帮忙，没有报名",
        witness_ids=(seen_by[0].person_id, seen_by[1].person_id),
        actor=leader,
    )


async def _serve(shift_id: int, span: Span, person: Actor, leader: Actor) -> None:
    service_id = await _propose(shift_id, span, person, leader)
    with clock.frozen(span.ends_at):
        await confirm_service(service_id, actor=person)


async def _propose(
    shift_id: int, span: Span, person: Actor, leader: Actor, *, minutes: int = 120, reason: str = ""
) -> int:
    found = await sign_ups.sign_up_at(shift_id, person.person_id)
    with clock.frozen(span.begins_at):
        await mark_present(found.id, actor=leader)
    with clock.frozen(span.ends_at):
        await mark_left(found.id, actor=leader)
        return await propose_service(found.id, minutes, reason=reason, actor=leader)


async def _build_present(organization_id: int, leader: Actor, volunteers: list[Actor]) -> None:
    """A shift that began an hour ago and goes on for as long as one may, so that a visitor can check in."""
    begins_at = clock.now() - timedelta(hours=1)
    with clock.frozen(begins_at - timedelta(hours=1)):
        opportunity_id = await create_opportunity(NOW, organization_id=organization_id, actor=leader)
        shift_id = await add_shift(
            opportunity_id, Span(begins_at, begins_at + SHIFT_MOST), capacity=5, actor=leader
        )
        await open_opportunity(opportunity_id, actor=leader)
        for person in volunteers:
            await sign_up(shift_id, agreed=True, meets=True, actor=person)


async def _build_future(organization_id: int, leader: Actor, neighbours: list[Actor]) -> None:
    """Mornings to sign up for; one of them is full, with a queue."""
    opportunity_id = await create_opportunity(SOON, organization_id=organization_id, actor=leader)
    shifts = await _add_coming(opportunity_id, leader, hour=8)
    await open_opportunity(opportunity_id, actor=leader)
    for person in neighbours:
        await sign_up(shifts[0], agreed=True, meets=True, actor=person)


async def _add_coming(opportunity_id: int, leader: Actor, *, hour: int) -> list[int]:
    shifts = []
    for day in range(2, _COMING_DAYS, 3):
        begins_at = _hour(clock.now() + timedelta(days=day), hour)
        span = Span(begins_at, begins_at + timedelta(hours=2))
        shifts.append(await add_shift(opportunity_id, span, capacity=4, actor=leader))
    return shifts


def _hour(moment: datetime, hour: int) -> datetime:
    return clock.begin_of(clock.local(moment).date()) + timedelta(hours=hour)
