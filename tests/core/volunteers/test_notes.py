"""A leader without a network: codes taken along, notes sent later, and nothing counted twice."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.errors import YijiError
from core.volunteers.errors import NoteMalformed, NotesMissing, OpportunityNotFound, TooManyNotes
from core.volunteers.queries import sign_ups
from core.volunteers.rules.notes import CAME, NOTES_MOST, WENT, Note, notes_of
from core.volunteers.rules.terms import Span
from core.volunteers.services.attendance import check_in
from core.volunteers.services.notes import codes_of_shift, take_notes
from core.volunteers.services.sign_ups import cancel_sign_up
from tests.core.volunteers.shifts import HOURS, Team, join, make_shift, make_team, states
from tests.factories import make_resident

EVENING = datetime(2026, 6, 1, 14, tzinfo=UTC)  # 22:00 in China
SHIFT = Span(EVENING, EVENING + timedelta(hours=3))


def test_lines_are_read_with_their_minute_also_beyond_midnight() -> None:
    found = notes_of("12 到 21:50\n\n 12走 0:40\n13 in ２２：０５", SHIFT)
    assert [(one.sign_up_id, one.what) for one in found] == [(12, CAME), (12, WENT), (13, CAME)]
    minutes = [(one.at - EVENING) // timedelta(minutes=1) for one in found]
    assert minutes == [-10, 160, 5]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", NotesMissing),
        (" \n ", NotesMissing),
        ("12 到", NoteMalformed),
        ("到 09:00", NoteMalformed),
        ("12 到 24:00", NoteMalformed),
        ("12 吃 09:00", NoteMalformed),
        ("1 到 09:00\n" * (NOTES_MOST + 1), TooManyNotes),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, refusal: type[YijiError]) -> None:
    with pytest.raises(refusal) as refused:
        notes_of(text, SHIFT)
    assert refused.value.field == "notes"  # type: ignore[attr-defined]
    assert len(notes_of("1 到 09:00\n" * NOTES_MOST, SHIFT)) == NOTES_MOST


@pytest.fixture
async def team(db: str) -> Team:
    return await make_team()


async def test_the_codes_that_are_taken_along_are_those_that_the_server_takes(team: Team) -> None:
    shift_id = await make_shift(team)
    person = await make_resident(team.organization.region_id)
    span = (await sign_ups.sign_up(await join(shift_id, person))).span
    found = await codes_of_shift(shift_id, actor=team.leader)
    opened = span.begins_at - timedelta(minutes=30)
    assert found.first_at == opened
    assert len(found.codes) in (421, 422)  # from half an hour before until an hour after two hours
    moment = span.begins_at + timedelta(minutes=7)
    slot = int(moment.timestamp()) // 30 - int(opened.timestamp()) // 30
    with clock.frozen(moment):
        await check_in(shift_id, found.codes[slot], actor=person)
    assert await states(shift_id) == ["present"]
    for stranger in (person, (await make_team()).leader):
        with pytest.raises(OpportunityNotFound):
            await codes_of_shift(shift_id, actor=stranger)


async def test_notes_count_at_their_minute_and_once_and_each_by_itself(team: Team) -> None:
    shift_id, elsewhere = await make_shift(team), await make_shift(team, begins_at=clock.now() + 9 * HOURS)
    first, second, third = [await make_resident(team.organization.region_id) for _ in range(3)]
    one, two, away = await join(shift_id, first), await join(shift_id, second), await join(elsewhere, third)
    await cancel_sign_up(two, actor=second)
    span = (await sign_ups.sign_up(one)).span
    came, went = span.begins_at + timedelta(minutes=3), span.begins_at + timedelta(minutes=63)
    notes = [
        Note("a", one, CAME, came),
        Note("b", one, WENT, went),
        Note("c", two, CAME, came),
        Note("d", away, CAME, came),
        Note("e", one + 99, CAME, came),
    ]
    with clock.frozen(span.ends_at + 20 * HOURS):
        for _ in range(2):
            refused = await take_notes(shift_id, notes, actor=team.leader)
            assert [one.note.line for one in refused] == ["c", "d", "e"]
        for stranger in (first, (await make_team()).leader):
            with pytest.raises(OpportunityNotFound):
                await take_notes(shift_id, notes, actor=stranger)
    found = await sign_ups.sign_up(one)
    assert (found.state, found.came_at, found.left_at) == ("left", came, went)
    assert await fetch_value("select state from volunteer_sign_up where id = $1", away) == "placed"
    marks = await fetch("select action from audit_event where action like 'sign_up.marked_%' order by id")
    assert len(marks) == 2


async def test_notes_from_the_future_from_before_the_door_and_days_later_are_refused(team: Team) -> None:
    shift_id = await make_shift(team)
    sign_up_id = await join(shift_id, await make_resident(team.organization.region_id))
    span = (await sign_ups.sign_up(sign_up_id)).span
    for sent_at, noted_at in (
        (span.begins_at, span.begins_at + timedelta(minutes=1)),
        (span.ends_at, span.begins_at - timedelta(minutes=31)),
        (span.ends_at + timedelta(hours=24, minutes=1), span.begins_at),
    ):
        with clock.frozen(sent_at):
            note = Note("a", sign_up_id, CAME, noted_at)
            assert len(await take_notes(shift_id, [note], actor=team.leader)) == 1
    with clock.frozen(span.ends_at + timedelta(hours=24)):
        note = Note("a", sign_up_id, CAME, span.begins_at)
        assert await take_notes(shift_id, [note], actor=team.leader) == []
