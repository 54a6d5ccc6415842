"""Builds a place with its people, then its calls as far as they have come; goes on after a stop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock
from core.database import fetch_value, unit_of_work
from core.manifest import DemoAccount
from core.organizations.rules import STAFF
from core.organizations.services import register_organization
from core.parameters.services import set_parameter
from core.people import queries as people
from core.people.rules import MANAGER, Actor
from core.people.services import grant_role, register_person
from core.reference import PLATFORM, Ref
from core.regions.services import add_region
from plugins.venture import rules
from plugins.venture.demo import plans
from plugins.venture.demo.carrying import carry_out
from plugins.venture.demo.places import EXPERTS, Place
from plugins.venture.demo.plans import CallPlan
from plugins.venture.queries import applications, calls
from plugins.venture.rules import days, flows
from plugins.venture.services.applications import Words, add_line, draft_application, submit_application
from plugins.venture.services.calls import Terms, appoint_expert, draft_call, fund_call, publish_call
from plugins.venture.services.decisions import decide_call, publish_ranking
from plugins.venture.services.reviews import begin_scoring, score_application, take_stance
from workers.drain import run_due_jobs

Report = Callable[[int, int], None]
_GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"


@dataclass
class _Built:
    """A place with its ids and the people who act in it."""

    place: Place
    region_id: int
    centre_id: int
    officer: Actor
    payer: Actor

    async def organization(self, number: int) -> int:
        """The id of an invented organization of the place, by the number of its project."""
        name, _ = self.place.projects[number]
        kind, uscc = self.place.registration(name, number + 1)
        return await _organization(name, kind, self.region_id, uscc)

    async def applicant(self, number: int) -> Actor:
        """Who acts for that organization."""
        role = MANAGER, Ref("organization", await self.organization(number))
        if number == 0 and self.place.applicant is not None:
            return await _person(self.place.applicant.name, *role, account=self.place.applicant)
        name = self.place.projects[number][0]
        return await _person(f"{_GIVEN[number]}样{'甲乙丙丁'[number % 4]}{name[1]}", *role)


async def build_people(place: Place, report: Report) -> None:
    """The place, its centre, and its accounts with their roles."""
    for expert in EXPERTS:
        await _person(expert.name, account=expert)
    built = await _built(place)
    if place.applicant is not None:
        await built.applicant(0)
    if place.staff is not None:
        region = Ref("region", await _region(place, levels=place.staff_level))
        await _person(place.staff.name, STAFF, region, account=place.staff)
    report(1, 1)


async def build_calls(place: Place, planned: Sequence[CallPlan], report: Report) -> None:
    """Each call, with what has become of it."""
    built = await _built(place)
    for done, plan in enumerate(planned, 1):
        begins = clock.now() - timedelta(days=plan.days_ago)
        await list_years(begins)
        await _build_call(built, plan, begins)
        await run_due_jobs()
        report(done, len(planned))


async def _built(place: Place) -> _Built:
    region_id = await _region(place)
    centre_id = await _organization(place.centre, "service_agency", region_id, place.centre_uscc)
    centre = Ref("organization", centre_id)
    return _Built(
        place,
        region_id,
        centre_id,
        officer=await _person(place.officer.name, rules.OFFICER, centre, account=place.officer),
        payer=await _person(place.payer.name, rules.PAYER, centre, account=place.payer),
    )


async def list_years(begins: datetime) -> None:
    """Where nobody has listed a year yet, the demo world knows its New Year's Day."""
    calendar = await calls.work_calendar()
    for year in range(clock.local(begins).year, (clock.today() + timedelta(days=30)).year + 1):
        if not calendar.is_listed(year):
            first = date(year, 1, 1)
            with clock.frozen(min(clock.now(), clock.begin_of(first))):
                for day, kind in ((first, days.OFF), (first + timedelta(days=1), days.BY_WEEKDAY)):
                    await set_parameter(rules.WORKDAYS, PLATFORM, kind, effective_on=day, actor_id=None)


async def _region(place: Place, levels: int | None = None) -> int:
    """The id of the last of the first so many of its regions."""
    parent_id: int | None = None
    for name, level, code in place.regions[:levels]:
        parent_id = await add_region(name, level=level, parent_id=parent_id, code=code)
    assert parent_id is not None
    return parent_id


async def _organization(name: str, kind: str, region_id: int, uscc: str | None) -> int:
    found = await fetch_value("select id from organization where name = $1", name)
    if found is None:
        found = await register_organization(name, kind=kind, region_id=region_id, uscc=uscc)
    return int(found)


async def _person(
    name: str, role: str = "", scope: Ref = PLATFORM, *, account: DemoAccount | None = None
) -> Actor:
    """Somebody with a role, the same one when asked again; only who has an account can log in."""
    phone, password = (account.phone, account.password) if account else (None, None)
    person_id = await fetch_value(
        "select id from person where name = $1 and phone is not distinct from $2", name, phone
    )
    if person_id is None:
        person_id = await register_person(name, phone=phone, password=password)
    if role:
        await grant_role(person_id, role, scope, actor_id=None)
    found = await people.actor(person_id)
    assert found is not None
    return found


async def _build_call(built: _Built, plan: CallPlan, begins: datetime) -> None:
    """As far as the plan says, each step on its day."""
    with clock.frozen(begins):
        call_id = await _publish(built, plan)
    if (await calls.call(call_id)).state == flows.PUBLISHED:
        for place, number in enumerate(plan.applicants):
            with clock.frozen(begins + timedelta(days=2, hours=place)):
                await _apply(built, plan, call_id, place, number)
    if plan.state == flows.PUBLISHED:
        return
    with clock.frozen(begins + timedelta(days=plan.scored_after)):
        await _score(built, plan, call_id)
    if plan.state != flows.DECIDED:
        return
    with clock.frozen(begins + timedelta(days=plan.scored_after + 29)):
        if (await calls.call(call_id)).state == flows.PUBLICITY:
            await decide_call(call_id, actor=built.officer)
    await _carry_out(built, plan, call_id, begins + timedelta(days=plan.scored_after + 31))


async def _publish(built: _Built, plan: CallPlan) -> int:
    """The call with its money and its panel."""
    call_id = await fetch_value("select id from venture_call where title = $1", plan.title)
    if call_id is None:
        terms = Terms(
            organization_id=built.centre_id,
            title=plan.title,
            summary=plan.summary,
            budget_fen=plan.budget_yuan * 100,
            cap_fen=plan.cap_yuan * 100,
            plan=(5000, 3000, 2000),
            closes_on=clock.today() + timedelta(days=plan.open_days),
            criteria=plans.CRITERIA,
        )
        call_id = await draft_call(terms, actor=built.officer)
    if (await calls.call(call_id)).state == flows.DRAFT:
        await fund_call(
            call_id, amount_fen=plan.budget_yuan * 100, slip=f"样-{call_id:04}", actor=built.payer
        )
        for account in EXPERTS:
            expert = await _person(account.name, account=account)
            if not await calls.is_expert(call_id, expert.person_id):
                await appoint_expert(call_id, expert.person_id, actor=built.officer)
        await publish_call(call_id, actor=built.officer)
    return int(call_id)


async def _apply(built: _Built, plan: CallPlan, call_id: int, place: int, number: int) -> None:
    actor, project = await built.applicant(number), built.place.projects[number][1]
    asked_yuan = plan.asks_yuan[0] + place * plan.asks_yuan[1]
    words = Words(
        title=project,
        need=plans.NEED.format(project=project, n=30 + 7 * number),
        plan=plans.PLAN,
        beneficiaries=60 + 15 * number,
        asked_fen=asked_yuan * 100,
    )
    async with unit_of_work():
        application_id = await draft_application(
            call_id, await built.organization(number), words, actor=actor
        )
        if (await applications.application(application_id)).state != flows.DRAFT:
            return
        there = len(await applications.budget(application_id))
        for line in plans.budget(asked_yuan)[there:]:
            await add_line(application_id, line, actor=actor)
        await submit_application(application_id, actor=actor)


async def _score(built: _Built, plan: CallPlan, call_id: int) -> None:
    """All experts but those who are to be played, then the ranking."""
    if (await calls.call(call_id)).state in (flows.PUBLISHED, flows.CLOSED):
        await begin_scoring(call_id, actor=built.officer)
    if (await calls.call(call_id)).state != flows.SCORING:
        return
    found = await applications.applications_of(call_id)
    for seat, account in enumerate(EXPERTS):
        if plan.state == flows.SCORING and seat == 0:
            continue
        expert = await _person(account.name, account=account)
        async with unit_of_work():
            for number, one in enumerate(found):
                await take_stance(one.id, has_conflict=False, actor=expert)
                await score_application(one.id, _marks(number, seat, plan.above_line), actor=expert)
    if plan.state != flows.SCORING:
        await publish_ranking(call_id, actor=built.officer)


def _marks(number: int, seat: int, above_line: int) -> list[int]:
    """Invented: the first are the best, those that come after so many stay below the line."""
    base = 94 - number if number < above_line else 55 - number % 5
    return [base, base - (number + seat) % 4, base - seat, base - (number * 3 + seat) % 5]


async def _carry_out(built: _Built, plan: CallPlan, call_id: int, begins: datetime) -> None:
    for place, one in enumerate(await applications.applications_of(call_id)):
        if one.contract_id is not None:
            grantee = await built.applicant(plan.applicants[place])
            await carry_out(
                one.contract_id,
                place + 1,
                plan.paid[place],
                officer=built.officer,
                payer=built.payer,
                grantee=grantee,
                begins=begins,
            )
