"""What was forgotten: two who were there say so, then the volunteer."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.people.errors import PersonNotFound
from core.people.rules import Actor
from core.reference import Ref
from core.volunteers import errors
from core.volunteers.queries import opportunities, records, todos
from core.volunteers.queries.dossiers import dossier
from core.volunteers.services.records import confirm_service, correct_service, propose_service
from core.volunteers.services.witnesses import backfill, bear_witness
from core.workflow import WrongState
from tests.core.volunteers.shifts import (
    HOURS,
    Team,
    assert_proven,
    attend,
    join,
    make_shift,
    make_team,
    notices,
    states,
)
from tests.factories import make_resident, new_phone


@dataclass
class Past:
    """A shift that is over, with two who came to it, and one who came without signing up."""

    team: Team
    shift_id: int
    seen_by: tuple[Actor, Actor]
    person: Actor
    phone: str

    async def backfill(self, **changes: Any) -> int:
        asked: dict[str, Any] = {
            "phone": self.phone,
            "name": self.person.name,
            "minutes": 60,
            "reason": "临时来帮忙",
            "witness_ids": tuple(one.person_id for one in self.seen_by),
            "actor": self.team.leader,
        }
        return await backfill(self.shift_id, **{**asked, **changes})


@pytest.fixture
async def past(team: Team) -> Past:
    shift_id, phone = await make_shift(team, capacity=2), new_phone()
    seen_by = [await make_resident(team.organization.region_id, name=name) for name in ("甲证人", "乙证人")]
    for one in seen_by:
        await join(shift_id, one)
        await attend(shift_id, one)
    person = await make_resident(team.organization.region_id, name="忘报名", phone=phone)
    return Past(team, shift_id, (seen_by[0], seen_by[1]), person, phone)


async def _over(past: Past) -> Any:
    return clock.frozen((await opportunities.shift(past.shift_id)).ends_at + HOURS)


async def test_two_witnesses_then_the_volunteer_then_minutes(past: Past) -> None:
    first, second = past.seen_by
    with await _over(past):
        service_id = await past.backfill()
        assert await notices(first) == ["请您作证"]
        with pytest.raises(WrongState):
            await confirm_service(service_id, actor=past.person)
        (todo,) = await todos.todos(first, clock.now())
        assert todo.path == f"/volunteers/services/{service_id}"
        for stranger in (past.person, past.team.leader, (await make_team()).leader):
            with pytest.raises(errors.ServiceNotFound):
                await bear_witness(service_id, agrees=True, actor=stranger)
        await bear_witness(service_id, agrees=True, actor=first)
        await bear_witness(service_id, agrees=True, actor=first)
        with pytest.raises(errors.TestifiedAlready):
            await bear_witness(service_id, agrees=False, actor=first)
        assert (await records.service(service_id)).state == "witnessing"
        await bear_witness(service_id, agrees=True, actor=second)
        assert await todos.todos(first, clock.now()) == []
        await confirm_service(service_id, actor=past.person)
    assert await records.minutes_of(past.person.person_id) == 60
    parts = {part.name: part.rows for part in await dossier(Ref("volunteer", past.person.person_id))}
    said = [(row["person"], row["agrees"]) for row in parts["volunteer_witnesses"]]
    assert said == [(first.person_id, True), (second.person_id, True)]
    assert "请确认服务时长" not in await notices(past.person)  # it was confirmed before the job ran
    await assert_proven()


async def test_one_witness_who_saw_nothing_stops_it_and_only_taking_it_back_is_left(past: Past) -> None:
    with await _over(past):
        service_id = await past.backfill()
        await bear_witness(service_id, agrees=False, actor=past.seen_by[1])
        assert (await records.service(service_id)).state == "disputed"
        with pytest.raises(errors.TestifiedAlready):
            await bear_witness(service_id, agrees=True, actor=past.seen_by[0])
        with pytest.raises(errors.WitnessesNeeded):
            await correct_service(service_id, 60, reason="我说有就有", actor=past.team.leader)
        assert await correct_service(service_id, 0, reason="没有来", actor=past.team.leader) is None
        sign_up_id = (await records.service(service_id)).sign_up_id
        with pytest.raises(errors.WitnessesNeeded):
            await propose_service(sign_up_id, 60, reason="我说有就有", actor=past.team.leader)
        again = await past.backfill()
        assert (await records.service(again)).sign_up_id == sign_up_id
    assert await notices(past.team.leader) == ["志愿者对时长有异议"]
    await assert_proven()


async def test_what_stands_against_it(past: Past, person: Actor) -> None:
    first, second = (one.person_id for one in past.seen_by)
    with pytest.raises(errors.NotOver):
        await past.backfill()
    ends_at = (await opportunities.shift(past.shift_id)).ends_at
    with clock.frozen(ends_at + timedelta(days=30, minutes=1)), pytest.raises(errors.TooLateToBackfill):
        await past.backfill()
    with await _over(past):
        for changes, refusal in (
            ({"actor": (await make_team()).leader}, errors.OpportunityNotFound),
            ({"actor": past.person}, errors.OpportunityNotFound),
            ({"name": "别人"}, PersonNotFound),
            ({"minutes": 121}, errors.MinutesOutOfRange),
            ({"reason": ""}, errors.ReasonMissing),
            ({"witness_ids": (first, first)}, errors.TwoWitnessesNeeded),
            ({"witness_ids": (first, person.person_id)}, errors.TwoWitnessesNeeded),
            ({"witness_ids": (first, past.person.person_id)}, errors.TwoWitnessesNeeded),
            ({"witness_ids": (first, past.team.leader.person_id)}, errors.TwoWitnessesNeeded),
        ):
            with pytest.raises(refusal):
                await past.backfill(**changes)
        service_id = await past.backfill(witness_ids=(second, first))
        with pytest.raises(errors.SignedUpAlready):
            await past.backfill()
    with clock.frozen(ends_at + timedelta(days=31)), pytest.raises(errors.TooLateToTestify):
        await bear_witness(service_id, agrees=True, actor=past.seen_by[0])


async def test_who_has_a_place_is_recorded_on_the_list(past: Past) -> None:
    phone = new_phone()
    leader_like = await make_resident(past.team.organization.region_id, name="有名额", phone=phone)
    shift_id = await make_shift(past.team, begins_at=clock.now() + 9 * HOURS)
    await join(shift_id, leader_like)
    with clock.frozen(clock.now() + 12 * HOURS), pytest.raises(errors.SignedUpAlready):
        for one in past.seen_by:
            await join_and_attend(past.team, shift_id, one)
        await backfill(
            shift_id,
            phone=phone,
            name="有名额",
            minutes=60,
            reason="来了",
            witness_ids=(past.seen_by[0].person_id, past.seen_by[1].person_id),
            actor=past.team.leader,
        )


async def join_and_attend(team: Team, shift_id: int, person: Actor) -> None:
    with clock.frozen((await opportunities.shift(shift_id)).begins_at - HOURS):
        await join(shift_id, person)
    await attend(shift_id, person)


async def test_who_waited_in_vain_but_came_is_backfilled_too(past: Past) -> None:
    waiting_phone = new_phone()
    waiting = await make_resident(past.team.organization.region_id, name="候补人", phone=waiting_phone)
    await join(past.shift_id, waiting)
    assert (await states(past.shift_id))[-1] == "waiting"
    with await _over(past):
        service_id = await past.backfill(phone=waiting_phone, name="候补人")
    assert (await states(past.shift_id))[-1] == "left"
    assert (await records.service(service_id)).state == "witnessing"


async def test_both_witnesses_at_once_make_one_proposal(past: Past) -> None:
    with await _over(past):
        service_id = await past.backfill()
        await asyncio.gather(*(bear_witness(service_id, agrees=True, actor=one) for one in past.seen_by))
        assert (await records.service(service_id)).state == "proposed"
