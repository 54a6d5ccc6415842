"""A restricted organization does not apply, and learns why."""

from datetime import timedelta

import pytest

from core import clock
from core.organizations.errors.records import OrganizationBarred, OrganizationLimited
from core.organizations.rules import STAFF
from core.organizations.services.restrictions import restrict_organization
from core.people.queries import actor as actor_of
from core.people.rules import Actor
from core.people.services import grant_role
from core.reference import Ref
from plugins.venture.rules.money import BudgetLine
from plugins.venture.services.applications import add_line, draft_application, submit_application
from tests.factories import make_resident
from tests.plugins.venture.making import make_applicant, make_call, make_funder, words_of


async def make_staff(region_id: int) -> Actor:
    person = await make_resident(region_id, name="区工作")
    await grant_role(person.person_id, STAFF, Ref("region", region_id), actor_id=None)
    found = await actor_of(person.person_id)
    assert found is not None
    return found


async def test_who_is_limited_begins_nothing_and_who_is_barred_hands_nothing_in(db: str) -> None:
    applicant, made = await make_applicant(), await make_call(await make_funder())
    staff = await make_staff(applicant.committee.region_id)
    manager, own_id, until_on = applicant.manager, applicant.committee.id, clock.today() + timedelta(days=9)
    restricted = {"reason": "未交报告", "until_on": until_on, "actor": staff}
    await restrict_organization(own_id, "notice", **restricted)
    own = await draft_application(made.call, own_id, words_of(100_00), actor=manager)
    await add_line(own, BudgetLine("labour", "社工", 1, 100_00), actor=manager)

    other = await make_call(await make_funder())
    await restrict_organization(own_id, "limited", **restricted)
    with pytest.raises(OrganizationLimited, match="未交报告"):
        await draft_application(other.call, own_id, words_of(), actor=manager)

    await restrict_organization(own_id, "barred", **restricted)
    for refused in (
        submit_application(own, actor=manager),
        draft_application(other.call, own_id, words_of(), actor=manager),
    ):
        with pytest.raises(OrganizationBarred, match=f"到 {until_on} 为止：未交报告"):
            await refused


async def test_who_is_limited_may_hand_in_what_was_begun(db: str) -> None:
    applicant, made = await make_applicant(), await make_call(await make_funder())
    staff = await make_staff(applicant.committee.region_id)
    own = await draft_application(
        made.call, applicant.committee.id, words_of(100_00), actor=applicant.manager
    )
    await add_line(own, BudgetLine("labour", "社工", 1, 100_00), actor=applicant.manager)
    until_on = clock.today() + timedelta(days=9)
    await restrict_organization(
        applicant.committee.id, "limited", reason="迟交", until_on=until_on, actor=staff
    )
    await submit_application(own, actor=applicant.manager)
