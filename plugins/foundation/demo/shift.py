"""Volunteers for what the money is for: a shift of the project goes on now, others are to come."""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.database import fetch_row, fetch_value, unit_of_work
from core.demo.volunteers import HELPERS
from core.people import queries as people
from core.people.rules import Actor
from core.volunteers.rules.terms import SHIFT_MOST, Span
from core.volunteers.services.opportunities import Plan, add_shift, create_opportunity, open_opportunity
from core.volunteers.services.sign_ups import sign_up
from plugins.foundation import demo

Report = Callable[[int, int], None]
PROJECT, OPPORTUNITY = "重阳助老餐", "给老人送餐 (样例)"


async def build_shift(report: Report) -> None:
    """Built whole or not at all; the helpers have signed up for what goes on now."""
    request = await fetch_row("select project, organization from fund_request where title = $1", PROJECT)
    assert request is not None, "it was built before"
    if not await fetch_value(
        "select exists (select from volunteer_opportunity where title = $1)", OPPORTUNITY
    ):
        async with unit_of_work():
            await _build(request["project"], request["organization"])
    report(1, 1)


async def _build(project_id: int, organization_id: int) -> None:
    plan = Plan(
        title=OPPORTUNITY,
        task="按名单把午餐送到老人家里，问一声好。",
        place="样里社区食堂",
        project_id=project_id,
    )
    leader, begins_at = await demo.actor_at(demo.ASKER), clock.now() - timedelta(hours=1)
    with clock.frozen(begins_at - timedelta(hours=1)):
        opportunity_id = await create_opportunity(plan, organization_id=organization_id, actor=leader)
        present = Span(begins_at, begins_at + SHIFT_MOST)
        shift_id = await add_shift(opportunity_id, present, capacity=5, actor=leader)
        await open_opportunity(opportunity_id, actor=leader)
        for helper in HELPERS:
            await sign_up(shift_id, agreed=True, meets=True, actor=await _actor(helper.phone))
    for day in (2, 4):
        noon = clock.begin_of(clock.today() + timedelta(days=day)) + timedelta(hours=11)
        await add_shift(opportunity_id, Span(noon, noon + timedelta(hours=2)), capacity=6, actor=leader)


async def _actor(phone: str) -> Actor:
    found = await people.actor(await fetch_value("select id from person where phone = $1", phone))
    assert found is not None
    return found
