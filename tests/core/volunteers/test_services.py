"""From an opportunity to confirmed minutes: places, codes, records, corrections, certificates, the proof."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from core import clock, plugins
from core.database import fetch, fetch_row, fetch_value
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.volunteers import errors
from core.volunteers.queries import certificates, opportunities, records, sign_ups
from core.volunteers.queries.opportunities import Wanted
from core.volunteers.rules import codes, flows
from core.volunteers.rules.terms import Span
from core.volunteers.services import opportunities as offering
from core.volunteers.services.attendance import (
    check_in,
    check_out,
    mark_absent,
    mark_left,
    mark_present,
)
from core.volunteers.services.certificates import (
    issue_certificate,
    key_of,
    readable_certificate,
    revoke_certificate,
)
from core.volunteers.services.records import (
    confirm_service,
    correct_service,
    dispute_service,
    propose_service,
)
from core.volunteers.services.sign_ups import cancel_sign_up, remind, sign_up
from core.workflow import WrongState
from tests.core.volunteers.shifts import (
    HOURS,
    PLAN,
    Team,
    attend,
    code_now,
    join,
    make_shift,
    make_team,
    propose,
    serve,
)
from tests.factories import make_resident
from workers.drain import run_due_jobs


@pytest.fixture
async def team(db: str) -> Team:
    return await make_team()


@pytest.fixture
async def person(team: Team) -> Actor:
    return await make_resident(team.organization.region_id, name="吴志愿")


async def states(shift_id: int) -> list[str]:
    rows = await fetch("select state from volunteer_sign_up where shift = $1 order by id", shift_id)
    return [row["state"] for row in rows]


async def notices(person: Actor) -> list[str]:
    await run_due_jobs()
    rows = await fetch("select title from notification where person = $1 order by id", person.person_id)
    return [row["title"] for row in rows]


async def assert_proven() -> None:
    assert await plugins.collect("collect_differences") == []


# --- opportunities -----------------------------------------------------------------------------


async def test_only_a_leader_of_the_organization_prepares_something(team: Team, person: Actor) -> None:
    other = await make_team()
    for stranger in (person, other.leader):
        with pytest.raises(PermissionMissing):
            await offering.create_opportunity(PLAN, organization_id=team.organization.id, actor=stranger)
    mine = await offering.create_opportunity(PLAN, organization_id=team.organization.id, actor=team.leader)
    with pytest.raises(errors.OpportunityNotFound):
        await offering.change_opportunity(mine, PLAN, actor=other.leader)
    with pytest.raises(errors.OpportunityNotFound):
        await offering.open_opportunity(mine, actor=other.leader)


async def test_dangerous_work_opens_only_with_an_insurance(team: Team) -> None:
    risky = replace(PLAN, risk=flows.HIGH)
    mine = await offering.create_opportunity(risky, organization_id=team.organization.id, actor=team.leader)
    with pytest.raises(errors.InsuranceMissing):
        await offering.open_opportunity(mine, actor=team.leader)
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch("update volunteer_opportunity set state = 'open' where id = $1", mine)
    insured = replace(risky, insurance="平安意外险 12345")
    await offering.change_opportunity(mine, insured, actor=team.leader)
    with pytest.raises(errors.NoShifts):
        await offering.open_opportunity(mine, actor=team.leader)
    begins = clock.now() + HOURS
    await offering.add_shift(mine, Span(begins, begins + HOURS), capacity=1, actor=team.leader)
    await offering.open_opportunity(mine, actor=team.leader)
    await offering.open_opportunity(mine, actor=team.leader)
    with pytest.raises(errors.OpportunityNotOpen):
        await offering.change_opportunity(mine, PLAN, actor=team.leader)


async def test_what_is_offered_is_found_by_words_place_and_day(team: Team) -> None:
    shift_id = await make_shift(team)
    await make_shift(await make_team(), plan=replace(PLAN, title="捡垃圾"))
    found = await opportunities.offers(Wanted(), offset=0, limit=10)
    assert [offer.title for offer in found] == ["陪老人聊天", "捡垃圾"]
    by_region = Wanted(region_id=team.organization.region_id)
    assert [o.title for o in await opportunities.offers(by_region, offset=0, limit=10)] == ["陪老人聊天"]
    assert [o.title for o in await opportunities.offers(Wanted("垃圾"), offset=0, limit=10)] == ["捡垃圾"]
    day = clock.local(clock.now() + 2 * HOURS).date()
    assert len(await opportunities.offers(Wanted(day=day), offset=0, limit=10)) == 2
    assert await opportunities.offers(Wanted(day=day + timedelta(days=1)), offset=0, limit=10) == []
    opportunity_id = (await opportunities.shift(shift_id)).opportunity_id
    await offering.close_opportunity(opportunity_id, actor=team.leader)
    await offering.close_opportunity(opportunity_id, actor=team.leader)
    assert await opportunities.offers(by_region, offset=0, limit=10) == []


# --- places ------------------------------------------------------------------------------------


async def test_a_place_a_queue_and_who_moves_up(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team, capacity=1)
    first = await join(shift_id, person)
    others = [await make_resident(team.organization.region_id) for _ in range(2)]
    waiting = [await join(shift_id, other) for other in others]
    assert await join(shift_id, person) == first
    assert await states(shift_id) == ["placed", "waiting", "waiting"]
    assert [(await sign_ups.sign_up(id_)).ahead for id_ in waiting] == [0, 1]
    with pytest.raises(errors.SignUpNotFound):
        await cancel_sign_up(first, actor=others[0])
    await cancel_sign_up(first, actor=person)
    await cancel_sign_up(first, actor=person)
    assert await states(shift_id) == ["cancelled", "placed", "waiting"]
    assert await notices(others[0]) == ["候补到了名额"]
    await cancel_sign_up(waiting[1], actor=others[1])
    assert await notices(others[1]) == []
    assert (await opportunities.shift(shift_id)).taken == 1


async def test_what_stands_against_a_sign_up(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    with pytest.raises(errors.AgreementNotAccepted):
        await sign_up(shift_id, agreed=False, meets=True, actor=person)
    with pytest.raises(errors.RequirementsNotMet):
        await sign_up(shift_id, agreed=True, meets=False, actor=person)
    with pytest.raises(errors.ShiftNotFound):
        await join(10**6, person)
    shift = await opportunities.shift(shift_id)
    with clock.frozen(shift.begins_at), pytest.raises(errors.ShiftBegun):
        await join(shift_id, person)
    sign_up_id = await join(shift_id, person)
    same_time = await make_shift(await make_team(), begins_at=shift.begins_at + HOURS)
    with pytest.raises(errors.BusyThen):
        await join(same_time, person)
    right_after = await make_shift(await make_team(), begins_at=shift.ends_at)
    await join(right_after, person)
    with clock.frozen(shift.begins_at), pytest.raises(errors.ShiftBegun):
        await cancel_sign_up(sign_up_id, actor=person)
    await offering.close_opportunity(shift.opportunity_id, actor=team.leader)
    with pytest.raises(errors.OpportunityNotOpen):
        await join(shift_id, await make_resident(team.organization.region_id))


async def test_two_hundred_at_once_for_twenty_places(team: Team) -> None:
    """Protects the promise of a place: exactly as many as there are, and a queue in one order."""
    shift_id = await make_shift(team, capacity=20)
    rows = await fetch(
        "insert into person (name, language, registered_at) select '抢名额', 'zh', now()"
        " from generate_series(1, 200) returning id"
    )
    people = [Actor(row["id"], "抢名额", None) for row in rows]
    made = await asyncio.gather(*(join(shift_id, person) for person in people))
    assert len(set(made)) == 200
    found = await states(shift_id)
    assert found == ["placed"] * 20 + ["waiting"] * 180
    assert (await opportunities.shift(shift_id)).taken == 20
    ahead = [(await sign_ups.sign_up(id_)).ahead for id_ in sorted(made)[20:]]
    assert ahead == list(range(180))


async def test_all_who_cancel_at_once_make_room_for_as_many(team: Team) -> None:
    shift_id = await make_shift(team, capacity=5)
    people = [await make_resident(team.organization.region_id) for _ in range(12)]
    made = [await join(shift_id, person) for person in people]
    await asyncio.gather(*(cancel_sign_up(made[n], actor=people[n]) for n in range(4)))
    assert await states(shift_id) == ["cancelled"] * 4 + ["placed"] * 5 + ["waiting"] * 3
    assert (await opportunities.shift(shift_id)).taken == 5


async def test_a_shift_called_off_frees_all_and_tells_them(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team, capacity=1)
    other = await make_resident(team.organization.region_id)
    await join(shift_id, person)
    await join(shift_id, other)
    with pytest.raises(errors.ReasonMissing):
        await offering.cancel_shift(shift_id, reason=" ", actor=team.leader)
    with pytest.raises(errors.OpportunityNotFound):
        await offering.cancel_shift(shift_id, reason="下雨", actor=(await make_team()).leader)
    begins_at = (await opportunities.shift(shift_id)).begins_at
    with clock.frozen(begins_at), pytest.raises(errors.ShiftBegun):
        await offering.cancel_shift(shift_id, reason="下雨", actor=team.leader)
    await offering.cancel_shift(shift_id, reason="下雨", actor=team.leader)
    await offering.cancel_shift(shift_id, reason="下雨", actor=team.leader)
    assert await states(shift_id) == ["cancelled", "cancelled"]
    assert await notices(person) == await notices(other) == ["志愿服务班次取消了"]
    with pytest.raises(errors.ShiftCancelled):
        await join(shift_id, person)


async def test_who_has_a_place_is_reminded_once_the_day_before(team: Team, person: Actor) -> None:
    from core.database import unit_of_work

    shift_id = await make_shift(team, begins_at=clock.now() + timedelta(hours=30), capacity=1)
    waiting = await make_resident(team.organization.region_id)
    await join(shift_id, person)
    await join(shift_id, waiting)
    begins_at = (await opportunities.shift(shift_id)).begins_at
    for hours_before, told in ((25, []), (24, ["明天有志愿服务"]), (23, ["明天有志愿服务"])):
        with clock.frozen(begins_at - hours_before * HOURS):
            async with unit_of_work():
                await remind()
            assert await notices(person) == told
    assert await notices(waiting) == []


# --- at the door -------------------------------------------------------------------------------


async def test_in_and_out_by_code(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    with pytest.raises(errors.SignUpNotFound):
        await check_in(shift_id, code_now(shift_id), actor=person)
    sign_up_id = await join(shift_id, person)
    span = (await sign_ups.sign_up(sign_up_id)).span
    with clock.frozen(span.begins_at - 31 * timedelta(minutes=1)), pytest.raises(errors.TooEarlyToCheckIn):
        await check_in(shift_id, code_now(shift_id), actor=person)
    with clock.frozen(span.begins_at):
        with pytest.raises(errors.NoPlace):
            await check_out(shift_id, code_now(shift_id), actor=person)
        await check_in(shift_id, code_now(shift_id), actor=person)
        await check_in(shift_id, code_now(shift_id), actor=person)
    with clock.frozen(span.ends_at + 2 * HOURS), pytest.raises(errors.TooLateToCheckOut):
        await check_out(shift_id, code_now(shift_id), actor=person)
    with clock.frozen(span.ends_at):
        await check_out(shift_id, code_now(shift_id), actor=person)
        await check_out(shift_id, code_now(shift_id), actor=person)
    found = await sign_ups.sign_up(sign_up_id)
    assert (found.state, found.came_at, found.left_at) == ("left", span.begins_at, span.ends_at)


async def test_who_guesses_codes_is_stopped_and_helped_by_the_leader(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team, begins_at=clock.now() + timedelta(minutes=10))
    sign_up_id = await join(shift_id, person)
    right = code_now(shift_id)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(codes.TRIES_MOST):
        with pytest.raises(errors.CodeWrong):
            await check_in(shift_id, wrong, actor=person)
    with pytest.raises(errors.TooManyCodes):
        await check_in(shift_id, code_now(shift_id), actor=person)
    await mark_present(sign_up_id, actor=team.leader)
    assert await states(shift_id) == ["present"]


async def test_the_leaders_list(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    sign_up_id = await join(shift_id, person)
    own = await join(shift_id, team.leader)
    span = (await sign_ups.sign_up(sign_up_id)).span
    other = await make_team()
    with clock.frozen(span.begins_at):
        with pytest.raises(errors.OpportunityNotFound):
            await mark_present(sign_up_id, actor=other.leader)
        with pytest.raises(errors.OwnService):
            await mark_present(own, actor=team.leader)
        await mark_present(sign_up_id, actor=team.leader)
        await mark_present(sign_up_id, actor=team.leader)
        with pytest.raises(WrongState):
            await mark_absent(sign_up_id, actor=team.leader)
    with clock.frozen(span.ends_at):
        await mark_left(sign_up_id, actor=team.leader)
        await mark_left(sign_up_id, actor=team.leader)
    absent = await join(
        await make_shift(team, begins_at=span.ends_at),
        absentee := await make_resident(team.organization.region_id),
    )
    with pytest.raises(errors.NotYet):
        await mark_absent(absent, actor=team.leader)
    with clock.frozen(span.ends_at):
        await mark_absent(absent, actor=team.leader)
        await mark_absent(absent, actor=team.leader)
    assert (await sign_ups.sign_up(absent)).state == "absent"
    assert absentee.person_id


# --- records -----------------------------------------------------------------------------------


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
    with pytest.raises(asyncpg.ExclusionViolationError):
        await fetch(
            "insert into volunteer_service (sign_up, person, organization, begins_at, ends_at, minutes, state,"
            " proposed_by, proposed_at, reason, answer, confirmed_at, evidence)"
            " select sign_up, person, organization, begins_at + interval '119 minutes',"
            " ends_at + interval '119 minutes', minutes, 'confirmed', proposed_by, proposed_at, '', '',"
            " confirmed_at, evidence from volunteer_service where id = $1",
            service_id,
        )


async def test_a_day_is_never_longer_than_its_limit(team: Team, person: Actor) -> None:
    midnight = clock.end_of(clock.today())
    first = await make_shift(team, begins_at=midnight + HOURS, hours=7)
    second = await make_shift(await make_team(), begins_at=midnight + 9 * HOURS, hours=2)
    await serve(team, first, person)
    sign_up_id = await join(second, person)
    await attend(second, person)
    leader = (await fetch_row("select id from person order by id desc offset 0 limit 1")) and None
    assert leader is None
    assert await records.confirmed_on(person.person_id, clock.local(midnight).date()) == 420
    assert sign_up_id


# --- certificates ------------------------------------------------------------------------------


async def test_a_certificate_is_the_sum_and_a_stranger_can_check_it(team: Team, person: Actor) -> None:
    with pytest.raises(errors.NothingToCertify):
        await issue_certificate(team.organization.id, shows_name=False, actor=person)
    await serve(team, await make_shift(team), person)
    certificate_id = await issue_certificate(team.organization.id, shows_name=False, actor=person)
    assert await issue_certificate(team.organization.id, shows_name=False, actor=person) == certificate_id
    in_full = await issue_certificate(team.organization.id, shows_name=True, actor=person)
    assert in_full != certificate_id
    found = await certificates.certificate(certificate_id)
    assert (found.minutes, found.services, found.shown_name) == (120, 1, "吴**")
    assert (await certificates.certificate(in_full)).shown_name == "吴志愿"
    key = key_of(found)
    from core import settings

    secret = settings.load().secret
    assert (await certificates.verified(found.number, key, secret)).id == certificate_id
    for number, k in ((found.number, "f" * 24), ("ZY000000000000", key)):
        with pytest.raises(errors.CertificateNotFound):
            await certificates.verified(number, k, secret)
    await fetch("update volunteer_certificate set minutes = 9999 where id = $1", certificate_id)
    with pytest.raises(errors.CertificateNotFound):
        await certificates.verified(found.number, key, secret)


async def test_a_certificate_is_revoked_once_with_a_reason_by_its_organization(
    team: Team, person: Actor
) -> None:
    await serve(team, await make_shift(team), person)
    id_ = await issue_certificate(team.organization.id, shows_name=False, actor=person)
    other = await make_team()
    with pytest.raises(errors.CertificateNotFound):
        await readable_certificate(id_, other.leader)
    with pytest.raises(errors.CertificateNotFound):
        await revoke_certificate(id_, reason="冒名", actor=other.leader)
    with pytest.raises(errors.CertificateNotFound):
        await revoke_certificate(id_, reason="冒名", actor=person)
    with pytest.raises(errors.ReasonMissing):
        await revoke_certificate(id_, reason="", actor=team.leader)
    await revoke_certificate(id_, reason="冒名", actor=team.leader)
    with pytest.raises(errors.CertificateRevoked):
        await revoke_certificate(id_, reason="冒名", actor=team.leader)
    assert (await readable_certificate(id_, person)).reason == "冒名"


async def test_what_waits_is_said_to_the_volunteer_and_to_the_leader(team: Team, person: Actor) -> None:
    shift_id = await make_shift(team)
    sign_up_id = await join(shift_id, person)
    await attend(shift_id, person)
    later = (await sign_ups.sign_up(sign_up_id)).ends_at + HOURS
    (todo,) = await records.todos(team.leader, later)
    assert (todo.path, todo.count) == (f"/volunteers/lead/shifts/{shift_id}", 1)
    with clock.frozen(later):
        service_id = await propose_service(sign_up_id, 120, actor=team.leader)
    assert await records.todos(team.leader, later) == []
    (todo,) = await records.todos(person, later)
    assert todo.path == f"/volunteers/services/{service_id}"
    await dispute_service(service_id, answer="不对", actor=person)
    assert await records.todos(person, later) == []
    (todo,) = await records.todos(team.leader, later)
    assert todo.path == f"/volunteers/services/{service_id}"


async def test_the_first_hundred_hours_are_a_star_worth_telling(team: Team, person: Actor) -> None:
    """Events `service_confirmed` and `service_revoked` reach core like anybody."""
    from core.organizations.services import set_rule
    from core.people.rules import ADMINISTRATOR, Grant
    from core.reference import PLATFORM

    administrator = replace(team.leader, grants=(Grant(ADMINISTRATOR, PLATFORM),))
    await set_rule(
        "core.volunteers.star_1_hours", PLATFORM, 2, effective_on=clock.today(), actor=administrator
    )
    await serve(team, await make_shift(team), person)
    assert "恭喜您升星了" in await notices(person)
    star = await records.star_of(120, person.household_id, clock.today())
    assert (star.stars, star.next_hours) == (1, 300)
