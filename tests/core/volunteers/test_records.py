"""Minutes confirmed from both sides, disputed, corrected, never twice; the ledger and the proof."""

import asyncio

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value, unit_of_work
from core.ledger import services as ledger
from core.ledger.rules import Entry, Transfer
from core.people.rules import Actor
from core.reference import Ref
from core.volunteers import errors
from core.volunteers.queries import certificates, records, sign_ups
from core.volunteers.services.attendance import (
    check_in,
)
from core.volunteers.services.certificates import (
    issue_certificate,
)
from core.volunteers.services.records import (
    confirm_service,
    correct_service,
    dispute_service,
    propose_clocked,
    propose_service,
)
from core.workflow import WrongState
from tests.core.ledger.books import POINTS, declared
from tests.core.volunteers.shifts import (
    HOURS,
    Team,
    assert_proven,
    attend,
    code_now,
    join,
    make_shift,
    make_team,
    notices,
    propose,
    serve,
)
from tests.factories import make_resident


async def test_confirmed_from_both_sides_minutes_stand_in_the_ledger(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    service_id = await propose(team, shift_id, person)
    assert await notices(person) == ["请确认服务时长"]
    assert await records.minutes_of(person.person_id) == 0
    for stranger in (team.leader, await make_resident(team.organization.region_id)):
        with pytest.raises(errors.ServiceNotFound):
            await confirm_service(service_id, actor=stranger)
    await confirm_service(service_id, actor=person)
    await confirm_service(service_id, actor=person)
    assert await records.minutes_of(person.person_id) == 120
    event = await fetch_row("select name, subject_kind, subject_id, facts from event")
    assert event is not None
    assert (event["name"], event["subject_kind"], event["subject_id"]) == (
        "service_confirmed",
        "volunteer_service",
        service_id,
    )
    evidence = await fetch_row(
        "select e.kind, u.purpose from evidence e join evidence_use u on u.evidence = e.id"
    )
    assert evidence is not None
    assert tuple(evidence) == ("core.service", "core.service_confirmed")
    with pytest.raises(WrongState):
        await dispute_service(service_id, answer="不对", actor=person)
    await assert_proven()


async def test_two_clicks_at_once_confirm_once(team: Team, person: Actor) -> None:
    service_id = await propose(team, await make_shift(team), person)
    await asyncio.gather(*(confirm_service(service_id, actor=person) for _ in range(5)))
    assert await records.minutes_of(person.person_id) == 120
    assert await fetch_value("select count(*) from event") == 1
    await assert_proven()


async def test_nobody_records_twice_for_oneself_or_for_others_volunteers(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    service_id = await propose(team, shift_id, person)
    sign_up_id = (await records.service(service_id)).sign_up_id
    own = await join(shift_id, team.leader)
    other = await make_team()
    with clock.frozen((await sign_ups.sign_up(own)).ends_at):
        with pytest.raises(errors.RecordedAlready):
            await propose_service(sign_up_id, 120, actor=team.leader)
        with pytest.raises(errors.OwnService):
            await propose_service(own, 120, reason="忘了签到", actor=team.leader)
        with pytest.raises(errors.OpportunityNotFound):
            await propose_service(own, 120, reason="忘了签到", actor=other.leader)


async def test_a_forgotten_check_out_is_mended_with_a_reason(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    sign_up_id = await join(shift_id, person)
    span = (await sign_ups.sign_up(sign_up_id)).span
    with clock.frozen(span.begins_at):
        await check_in(shift_id, code_now(shift_id), actor=person)
    with clock.frozen(span.ends_at + 2 * HOURS):
        with pytest.raises(errors.ReasonMissing):
            await propose_service(sign_up_id, 120, actor=team.leader)
        service_id = await propose_service(sign_up_id, 120, reason="忘记签退，全程在场", actor=team.leader)
    await confirm_service(service_id, actor=person)
    found = await records.service(service_id)
    assert (found.state, found.reason) == ("confirmed", "忘记签退，全程在场")
    assert (await sign_ups.sign_up(sign_up_id)).state == "left"


async def test_what_is_disputed_is_corrected_and_confirmed_anew(team: Team, person: Actor) -> None:
    with clock.frozen(clock.now() - 24 * HOURS):
        service_id = await propose(team, await make_shift(team), person, minutes=60)
    with pytest.raises(errors.ReasonMissing):
        await dispute_service(service_id, answer="", actor=person)
    with pytest.raises(errors.ServiceNotFound):
        await dispute_service(service_id, answer="不是我", actor=team.leader)
    await dispute_service(service_id, answer="我做满了两个小时", actor=person)
    await dispute_service(service_id, answer="我做满了两个小时", actor=person)
    with pytest.raises(WrongState):
        await confirm_service(service_id, actor=person)
    assert await notices(team.leader) == ["志愿者对时长有异议"]
    with pytest.raises(errors.ServiceNotFound):
        await correct_service(service_id, 120, reason="核对过了", actor=(await make_team()).leader)
    with pytest.raises(errors.MinutesOutOfRange):
        await correct_service(service_id, 121, reason="核对过了", actor=team.leader)
    corrected = await correct_service(service_id, 120, reason="核对过了", actor=team.leader)
    assert corrected is not None
    await confirm_service(corrected, actor=person)
    assert await records.minutes_of(person.person_id) == 120
    assert (await records.service(corrected)).corrects_id == service_id
    await assert_proven()


async def test_a_confirmed_record_is_reversed_and_its_certificate_void(team: Team, person: Actor) -> None:
    with clock.frozen(clock.now() - 24 * HOURS):
        service_id = await serve(team, await make_shift(team), person)
    certificate_id = await issue_certificate(team.organization.id, shows_name=False, actor=person)
    with pytest.raises(errors.ReasonMissing):
        await correct_service(service_id, 90, reason="", actor=team.leader)
    corrected = await correct_service(service_id, 90, reason="提前半小时走了", actor=team.leader)
    assert await records.minutes_of(person.person_id) == 0
    assert (await certificates.certificate(certificate_id)).revoked_at is not None
    with pytest.raises(WrongState):
        await correct_service(service_id, 80, reason="再改", actor=team.leader)
    assert corrected is not None
    await confirm_service(corrected, actor=person)
    assert await records.minutes_of(person.person_id) == 90
    assert "已确认的服务时长被更正" in await notices(person)
    names = [row["name"] for row in await fetch("select name from event order by id")]
    assert names == ["service_confirmed", "service_revoked", "service_confirmed"]
    assert await correct_service(corrected, 0, reason="整场取消", actor=team.leader) is None
    assert await records.minutes_of(person.person_id) == 0
    await assert_proven()


async def test_confirmed_times_never_overlap_across_organizations(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    service_id = await propose(team, shift_id, person)
    span = (await records.service(service_id)).shift_span
    other = await make_team()
    same_time = await make_shift(other, begins_at=span.begins_at + HOURS)
    await fetch("update volunteer_sign_up set state = 'absent', left_at = null")
    second = await propose(other, same_time, person)
    await confirm_service(service_id, actor=person)
    with pytest.raises(errors.ServiceOverlaps):
        await confirm_service(second, actor=person)
    assert await records.minutes_of(person.person_id) == 120
    await assert_proven()


async def test_the_database_itself_refuses_an_overlap(team: Team, person: Actor) -> None:
    service_id = await serve(team, await make_shift(team), person)
    span = (await records.service(service_id)).shift_span
    another = await join(await make_shift(team, begins_at=span.ends_at), person)
    shifted = (
        "insert into volunteer_service (sign_up, person, organization, begins_at, ends_at, minutes, state,"
        " proposed_by, proposed_at, confirmed_at, evidence)"
        " select $2, person, organization, begins_at + $3 * interval '1 minute',"
        " ends_at + $3 * interval '1 minute', minutes, 'confirmed', proposed_by, proposed_at, confirmed_at,"
        " evidence from volunteer_service where id = $1"
    )
    with pytest.raises(asyncpg.ExclusionViolationError):
        await fetch(shifted, service_id, another, 119)
    await fetch(shifted, service_id, another, 120)


async def test_a_day_is_never_longer_than_its_limit(team: Team, person: Actor) -> None:
    """Each record is within the limit when it is proposed: the last confirmation would be beyond."""
    midnight = clock.end_of(clock.today())
    other = await make_team()
    seven_hours = await make_shift(team, begins_at=midnight, hours=7)
    two_hours = await make_shift(other, begins_at=midnight + 9 * HOURS, hours=2)
    one_hour = await make_shift(other, begins_at=midnight + 12 * HOURS, hours=1)
    first = await propose(team, seven_hours, person)
    second = await propose(other, two_hours, person)
    third = await propose(other, one_hour, person)
    await confirm_service(first, actor=person)
    with pytest.raises(errors.DailyMinutesReached):
        await confirm_service(second, actor=person)
    await confirm_service(third, actor=person)
    assert await records.confirmed_on(person.person_id, clock.local(midnight).date()) == 480
    with pytest.raises(errors.DailyMinutesReached):
        await propose(team, await make_shift(team, begins_at=midnight + 15 * HOURS), person)


async def test_all_who_are_clocked_are_recorded_at_once_but_for_oneself(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team, capacity=4)
    for one in (person, team.leader):
        await join(shift_id, one)
        await attend(shift_id, one)
    forgetful = await make_resident(team.organization.region_id)
    await join(shift_id, forgetful)
    ends_at = (await sign_ups.sign_up_at(shift_id, person.person_id)).ends_at
    with pytest.raises(errors.OpportunityNotFound):
        await propose_clocked(shift_id, actor=(await make_team()).leader)
    with clock.frozen(ends_at):
        assert await propose_clocked(shift_id, actor=team.leader) == 1
        assert await propose_clocked(shift_id, actor=team.leader) == 0
    (found,) = await records.services_of(person.person_id, before_id=None, limit=10)
    assert (found.minutes, found.state) == (120, "proposed")


async def test_of_two_overlapping_records_confirmed_at_once_one_counts(team: Team, person: Actor) -> None:
    """Two organizations, two connections, one moment."""
    first = await propose(team, await make_shift(team), person)
    span = (await records.service(first)).shift_span
    await fetch("update volunteer_sign_up set state = 'absent', left_at = null")
    other = await make_team()
    second = await propose(other, await make_shift(other, begins_at=span.begins_at + HOURS), person)
    outcomes = await asyncio.gather(
        *(confirm_service(id_, actor=person) for id_ in (first, second)), return_exceptions=True
    )
    assert {type(outcome) for outcome in outcomes} == {type(None), errors.ServiceOverlaps}
    assert await records.minutes_of(person.person_id) == 120
    await assert_proven()


async def test_what_was_given_for_a_service_stands_beside_it(team: Team, person: Actor) -> None:
    """Points of any plugin that consumes its evidence, on the person's account or the household's."""
    async with declared():
        service_id = await serve(team, await make_shift(team), person)
        evidence_id = await fetch_value("select evidence from volunteer_service where id = $1", service_id)
        household = Ref("household", person.household_id or 0)
        async with unit_of_work():
            outside = await ledger.open_account(team.organization.ref, kind="books.outside", unit=POINTS)
            points = await ledger.open_account(household, kind="books.public", unit=POINTS)
            ledger.post(
                Transfer(
                    key="points",
                    unit=POINTS,
                    reason="books.service",
                    cause=Ref(records.KIND, service_id),
                    occurred_at=clock.now(),
                    entries=(Entry(outside, -20), Entry(points, 20)),
                    evidence_id=evidence_id,
                )
            )
        found = await records.service(service_id)
        assert await records.earned([found]) == {service_id: [records.Earned("20", "积分")]}
        await correct_service(service_id, 0, reason="整场取消", actor=team.leader)
        assert await records.earned([found]) == {service_id: []}
