"""A guardian signs a child without an account up; the leader checks it in; the guardian confirms."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.database import fetch
from core.errors import YijiError
from core.households.services import register_child
from core.people.queries import actor
from core.people.rules import Actor
from core.people.services import grant_role
from core.reference import Ref
from core.registration.errors import GuardianConsentMissing, NotGuardian
from core.registration.services import decide_for_child
from core.volunteers.errors import (
    CertificateNotFound,
    NotForMinors,
    OwnService,
    ServiceNotFound,
    SignUpNotFound,
    TooYoung,
)
from core.volunteers.queries import opportunities, records, sign_ups
from core.volunteers.queries.opportunities import Wanted
from core.volunteers.queries.todos import todos
from core.volunteers.rules.flows import HIGH, LEADER, LOW
from core.volunteers.rules.terms import volunteer_number
from core.volunteers.services.absences import plead
from core.volunteers.services.attendance import mark_absent, mark_left, mark_present
from core.volunteers.services.certificates import issue_certificate, readable_certificate
from core.volunteers.services.records import confirm_service, dispute_service, propose_service
from core.volunteers.services.sign_ups import cancel_sign_up, sign_up
from core.volunteers.services.witnesses import backfill
from tests.core.volunteers.shifts import (
    HOURS,
    PLAN,
    Team,
    assert_proven,
    make_shift,
    make_team,
    notices,
    states,
)
from tests.core.volunteers.shifts import attend as come_and_go
from tests.factories import make_resident, new_phone

VOLUNTEERING = "minor_volunteering"
FOR_CHILDREN = replace(PLAN, age_least=8)


@pytest.fixture
async def team(db: str) -> Team:
    return await make_team()


@pytest.fixture
async def guardian(team: Team) -> Actor:
    return await make_resident(team.organization.region_id, name="林家长")


def morning(days: int = 2) -> datetime:
    """Ten o'clock in China, some days from now."""
    return datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=days)


async def make_child(guardian: Actor, *, years: int = 10, agreed: bool = True) -> int:
    today = clock.today()
    return await register_child(
        f"林小{years}",
        born_on=date(today.year - years, 1, 1),
        agreed=True,
        purposes=[VOLUNTEERING] if agreed else [],
        actor=guardian,
    )


async def join(shift_id: int, child_id: int, guardian: Actor) -> int:
    return await sign_up(shift_id, agreed=True, meets=True, actor=guardian, child_id=child_id)


async def attend(sign_up_id: int, team: Team) -> int:
    """On the list, from begin to end; the record's id."""
    span = (await sign_ups.sign_up(sign_up_id)).span
    with clock.frozen(span.begins_at):
        await mark_present(sign_up_id, actor=team.leader)
    with clock.frozen(span.ends_at):
        await mark_left(sign_up_id, actor=team.leader)
        return await propose_service(sign_up_id, span.minutes, actor=team.leader)


async def test_a_childs_whole_service_runs_through_its_guardian(team: Team, guardian: Actor) -> None:
    child = await make_child(guardian)
    shift = await make_shift(team, begins_at=morning(), plan=FOR_CHILDREN)
    made = await join(shift, child, guardian)
    assert await join(shift, child, guardian) == made  # the second click
    (listed,) = await sign_ups.attendees(shift, after_id=0, limit=9)
    assert (listed.name, listed.by_guardian) == ("林小10", bool(listed.phone))
    service = await attend(made, team)
    assert "请确认服务时长" in await notices(guardian)
    (told,) = await fetch(
        "select path, params->>'what' as what from notification where title = '请确认服务时长'"
    )
    assert (told["path"], told["what"]) == (
        f"/volunteers/children/{child}",
        f"陪老人聊天 · {volunteer_number(child)}",
    )
    (todo,) = await todos(guardian, clock.now())
    assert todo.path == f"/volunteers/services/{service}"
    assert await todos(guardian, clock.begin_of(date(clock.today().year + 9, 1, 1))) == []  # of age by then
    await confirm_service(service, actor=guardian)
    await confirm_service(service, actor=guardian)
    assert await todos(guardian, clock.now()) == []
    assert (await records.minutes_of(child), await records.minutes_of(guardian.person_id)) == (120, 0)
    await assert_proven()
    certificate = await issue_certificate(
        team.organization.id, shows_name=False, actor=guardian, child_id=child
    )
    found = await readable_certificate(certificate, guardian)
    assert (found.person_id, found.minutes, found.shown_name) == (child, 120, "某同学")
    with clock.frozen(clock.begin_of(date(clock.today().year + 9, 1, 1))):
        assert found.shown_name == "林***"  # of age by then
    with pytest.raises(CertificateNotFound):
        await readable_certificate(certificate, await make_resident(team.organization.region_id))


async def test_without_the_guardians_consent_or_too_young_nobody_signs_up(
    team: Team, guardian: Actor
) -> None:
    shift = await make_shift(team, begins_at=morning(), plan=FOR_CHILDREN)
    child = await make_child(guardian, agreed=False)
    with pytest.raises(GuardianConsentMissing):
        await join(shift, child, guardian)
    await decide_for_child(child, VOLUNTEERING, is_given=True, actor=guardian)
    await join(shift, child, guardian)
    small = await make_child(guardian, years=7)
    refusals: list[tuple[int, int, type[YijiError]]] = [(shift, small, TooYoung)]
    risky = replace(FOR_CHILDREN, risk=HIGH, insurance="平安 1")
    refusals += [(await make_shift(team, begins_at=morning(3), plan=risky), child, NotForMinors)]
    night = morning(4).replace(hour=13)  # nine in the evening, until eleven
    refusals += [(await make_shift(team, begins_at=night, plan=FOR_CHILDREN), child, NotForMinors)]
    refusals += [(await make_shift(team, begins_at=morning(5)), child, TooYoung)]  # from 18 on
    for where, whom, refusal in refusals:
        with pytest.raises(refusal):
            await join(where, whom, guardian)
    assert await states(shift) == ["placed"]


async def test_nobody_but_the_guardian_acts_for_a_child(team: Team, guardian: Actor) -> None:
    stranger = await make_resident(team.organization.region_id, name="王别人")
    child = await make_child(guardian)
    shift = await make_shift(team, begins_at=morning(), plan=FOR_CHILDREN)
    for whom in (child, guardian.person_id):
        with pytest.raises(NotGuardian):
            await join(shift, whom, stranger)
    made = await join(shift, child, guardian)
    with pytest.raises(SignUpNotFound):
        await cancel_sign_up(made, actor=stranger)
    service = await attend(made, team)
    with pytest.raises(ServiceNotFound):
        await confirm_service(service, actor=stranger)
    with pytest.raises(ServiceNotFound):
        await dispute_service(service, answer="不对", actor=stranger)
    with pytest.raises(NotGuardian):
        await issue_certificate(team.organization.id, shows_name=False, actor=stranger, child_id=child)


async def test_a_guardian_who_leads_records_nothing_for_the_own_child(team: Team) -> None:
    child = await make_child(team.leader)
    shift = await make_shift(team, begins_at=morning(), plan=FOR_CHILDREN)
    made = await join(shift, child, team.leader)
    with clock.frozen(morning()):
        with pytest.raises(OwnService):
            await mark_present(made, actor=team.leader)
        other = await make_resident(team.organization.region_id, name="另负责")
        await grant_role(other.person_id, LEADER, team.organization.ref, actor_id=None)
        leader = await actor(other.person_id)
        assert leader is not None
        await mark_present(made, actor=leader)


async def test_a_guardian_cancels_and_pleads_for_a_child(team: Team, guardian: Actor) -> None:
    child = await make_child(guardian)
    shift = await make_shift(team, begins_at=morning(), plan=FOR_CHILDREN)
    first = await join(shift, child, guardian)
    await cancel_sign_up(first, actor=guardian)
    await cancel_sign_up(first, actor=guardian)
    missed = await join(shift, child, guardian)
    with clock.frozen(morning() + HOURS):
        await mark_absent(missed, actor=team.leader)
        await plead(missed, "孩子发烧了", actor=guardian)
    assert (await sign_ups.sign_up(missed)).plea == "孩子发烧了"


async def test_whoever_is_of_age_speaks_alone(team: Team, guardian: Actor) -> None:
    child = await make_child(guardian, years=17)
    shift = await make_shift(team, begins_at=morning(), plan=FOR_CHILDREN)
    service = await attend(await join(shift, child, guardian), team)
    with clock.frozen(clock.begin_of(date(clock.today().year + 1, 1, 1))), pytest.raises(ServiceNotFound):
        await confirm_service(service, actor=guardian)
    await confirm_service(service, actor=guardian)


async def test_what_is_offered_for_an_age_is_open_to_it(team: Team) -> None:
    offered = (("八岁", 8, LOW), ("十四岁", 14, LOW), ("有风险", 8, HIGH), ("成年", 18, LOW))
    for title, least, risk in offered:
        plan = replace(PLAN, title=title, age_least=least, risk=risk, insurance="平安 1")
        await make_shift(team, begins_at=morning(), plan=plan)

    async def titles(age: int | None) -> set[str]:
        return {one.title for one in await opportunities.offers(Wanted(age=age), offset=0, limit=9)}

    assert await titles(8) == {"八岁"}
    assert await titles(14) == {"八岁", "十四岁"}
    assert len(await titles(None)) == 4


async def test_a_child_that_served_unlisted_is_recorded_by_others_and_as_the_guardian_agrees(
    team: Team, guardian: Actor
) -> None:
    """A leader backfills no child of his own, and nobody one for whom nobody has agreed."""
    seen_by = [await make_resident(team.organization.region_id) for _ in range(2)]
    shift_id, phone = await make_shift(team, plan=FOR_CHILDREN, begins_at=morning(), capacity=2), new_phone()
    for one in seen_by:
        await sign_up(shift_id, agreed=True, meets=True, actor=one)
        await come_and_go(shift_id, one)
    child_id = await make_child(guardian, agreed=False)
    await fetch("update person set phone = $2 where id = $1", child_id, phone)
    scope = Ref("organization", team.organization.id)
    await grant_role(guardian.person_id, LEADER, scope, actor_id=None)
    leading = await actor(guardian.person_id)
    assert leading is not None
    said = {"phone": phone, "name": "林小10", "minutes": 60, "reason": "临时来帮忙"}
    witness_ids = (seen_by[0].person_id, seen_by[1].person_id)
    with clock.frozen((await opportunities.shift(shift_id)).ends_at + HOURS):
        with pytest.raises(GuardianConsentMissing):
            await backfill(shift_id, **said, witness_ids=witness_ids, actor=team.leader)
        await decide_for_child(child_id, VOLUNTEERING, is_given=True, actor=guardian)
        with pytest.raises(OwnService):
            await backfill(shift_id, **said, witness_ids=witness_ids, actor=leading)
        assert await backfill(shift_id, **said, witness_ids=witness_ids, actor=team.leader)
