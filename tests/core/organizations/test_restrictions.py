"""A restriction is graded, ends, is told in public, appealed against, and decided by a second person."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch_value
from core.organizations.errors import OrganizationNotFound, ReasonMissing
from core.organizations.errors.records import (
    AppealMissing,
    GradeUnknown,
    OrganizationBarred,
    OrganizationLimited,
    OwnOrganization,
    OwnRestriction,
    RestrictionEndWrong,
    RestrictionNotFound,
    RestrictionOver,
)
from core.organizations.queries import restrictions
from core.organizations.queries.restrictions import require_eligible
from core.organizations.rules.restrictions import check_restriction
from core.organizations.services.restrictions import (
    appeal_restriction,
    decide_restriction,
    restrict_organization,
)
from core.people.errors import PermissionMissing
from core.people.rules import MANAGER
from core.people.services import grant_role
from core.reference import Ref
from core.workflow import WrongState
from tests.core.organizations.records import Place, make_place
from workers.drain import run_due_jobs

WHY = "未按约定提交末期报告"


async def restrict(place: Place, grade: str = "barred", *, days: int = 30) -> int:
    until_on = clock.today() + timedelta(days=days)
    return await restrict_organization(place.id, grade, reason=WHY, until_on=until_on, actor=place.staff)


def test_it_says_how_hard_why_and_until_when() -> None:
    today = clock.today()
    check_restriction("notice", WHY, today + timedelta(days=1), today)
    with pytest.raises(GradeUnknown):
        check_restriction("hanged", WHY, today + timedelta(days=1), today)
    for reason in ("", "长" * 201):
        with pytest.raises(ReasonMissing):
            check_restriction("notice", reason, today + timedelta(days=1), today)
    for days in (0, 5 * 366 + 1):
        with pytest.raises(RestrictionEndWrong):
            check_restriction("notice", WHY, today + timedelta(days=days), today)


@pytest.mark.parametrize(
    ("grade", "refused", "refused_to_begin"),
    [
        ("notice", None, None),
        ("limited", None, OrganizationLimited),
        ("barred", OrganizationBarred, OrganizationBarred),
    ],
)
async def test_what_each_grade_forbids(
    db: str, grade: str, refused: type[Exception] | None, refused_to_begin: type[Exception] | None
) -> None:
    place = await make_place()
    await require_eligible(place.id, begins=True)
    await restrict(place, grade)
    for expected, begins in ((refused, False), (refused_to_begin, True)):
        if expected is None:
            await require_eligible(place.id, begins=begins)
        else:
            with pytest.raises(expected) as said:
                await require_eligible(place.id, begins=begins)
            assert WHY in str(said.value)


async def test_its_end_needs_no_word(db: str) -> None:
    place = await make_place()
    one = await restrict(place, days=30)
    now = clock.now()
    with clock.frozen(now + timedelta(days=30)), pytest.raises(OrganizationBarred):
        await require_eligible(place.id)
    with clock.frozen(now + timedelta(days=31)):
        await require_eligible(place.id)
        assert await restrictions.in_force(place.id) == []
        with pytest.raises(RestrictionOver):
            await appeal_restriction(one, "我们交了", organization_id=place.id, actor=place.manager)


async def test_the_organization_appeals_and_another_person_decides(db: str) -> None:
    place = await make_place()
    one = await restrict(place)
    assert await restrict(place) == one  # the second click
    moved = "select count(*) from event where name = 'organization_restriction_moved'"
    assert await fetch_value(moved) == 1
    await run_due_jobs()
    told = "select count(*) from notification where person = $1"
    assert await fetch_value(told, place.manager.person_id) == 1
    for _ in range(2):
        await appeal_restriction(one, "我们交了", organization_id=place.id, actor=place.manager)
    with pytest.raises(WrongState):
        await appeal_restriction(one, "还有", organization_id=place.id, actor=place.manager)
    with pytest.raises(OrganizationBarred):  # an appeal suspends nothing
        await require_eligible(place.id)
    assert [todo.path for todo in await restrictions.todos(place.colleague)] == [
        f"/organizations/{place.id}/restrictions/{one}"
    ]
    assert await restrictions.todos(place.staff) == []
    assert await restrictions.todos(place.elsewhere) == []
    decided = {"answer": "核实属实", "organization_id": place.id}
    with pytest.raises(OwnRestriction):
        await decide_restriction(one, "lifted", actor=place.staff, **decided)
    for _ in range(2):
        await decide_restriction(one, "lifted", actor=place.colleague, **decided)
    await require_eligible(place.id, begins=True)
    with pytest.raises(WrongState):
        await decide_restriction(one, "upheld", actor=place.colleague, **decided)
    await run_due_jobs()
    assert await fetch_value(told, place.manager.person_id) == 3


async def test_strangers_do_nothing_about_it(db: str) -> None:
    place = await make_place()
    one, until_on = await restrict(place), clock.today() + timedelta(days=3)
    with pytest.raises(OrganizationNotFound):
        await restrict_organization(place.id, "notice", reason=WHY, until_on=until_on, actor=place.elsewhere)
    with pytest.raises(PermissionMissing):
        await appeal_restriction(one, "我们交了", organization_id=place.id, actor=place.staff)
    with pytest.raises(AppealMissing):
        await appeal_restriction(one, "", organization_id=place.id, actor=place.manager)
    with pytest.raises(OrganizationNotFound):
        await decide_restriction(one, "lifted", answer="好", organization_id=place.id, actor=place.elsewhere)
    with pytest.raises(RestrictionNotFound):
        await decide_restriction(
            one + 1, "lifted", answer="好", organization_id=place.id, actor=place.colleague
        )
    await grant_role(place.colleague.person_id, MANAGER, Ref("organization", place.id), actor_id=None)
    with pytest.raises(OwnOrganization):
        await decide_restriction(one, "lifted", answer="好", organization_id=place.id, actor=place.colleague)


async def test_two_who_decide_at_once_decide_once(db: str) -> None:
    place = await make_place()
    one = await restrict(place)
    await appeal_restriction(one, "我们交了", organization_id=place.id, actor=place.manager)
    answers = [
        decide_restriction(one, outcome, answer=outcome, organization_id=place.id, actor=place.colleague)
        for outcome in ("upheld", "lifted")
    ]
    await asyncio.gather(*answers, return_exceptions=True)
    # What was upheld may be lifted later; what was lifted is over.
    assert await fetch_value("select state from organization_restriction") == "lifted"
    assert await fetch_value("select count(*) from audit_event where action like '%.lifted'") == 1
