"""Keys are taken, answers kept for a day."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.answers.errors import KeyUsedDifferently, RequestUnderWay
from core.answers.rules import KEPT_FOR
from core.answers.services import SWEEP, Answer, keep_answer, sweep_answers, take_key
from core.database import borrowed_connection, fetch_value, unit_of_work, units_joined
from core.people.services import register_person
from workers.schedule import timetable
from workers.tasks import all_tasks

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
GIVEN = Answer(201, "application/json", b'{"order_id":7}')


@pytest.fixture
async def person(db: str) -> int:
    return await register_person("张三", phone=None, password=None)


async def test_an_answer_comes_back_to_the_same_request_only(person: int) -> None:
    other = await register_person("李四", phone=None, password=None)
    await keep_answer(person, "k", b"digest", GIVEN)
    async with unit_of_work():
        assert await take_key(person, "k", b"digest") == GIVEN
        assert await take_key(other, "k", b"digest") is None
        assert await take_key(person, "l", b"digest") is None
        with pytest.raises(KeyUsedDifferently):
            await take_key(person, "k", b"other digest")


async def test_a_key_is_held_until_the_commit(person: int) -> None:
    async def take(under_way: asyncio.Event, may_end: asyncio.Event) -> None:
        async with borrowed_connection(), units_joined():
            assert await take_key(person, "k", b"d") is None
            under_way.set()
            await may_end.wait()

    under_way, may_end = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(take(under_way, may_end))
    await under_way.wait()
    async with unit_of_work():
        with pytest.raises(RequestUnderWay):
            await take_key(person, "k", b"d")
        assert await take_key(person, "another", b"d") is None
    may_end.set()
    await first
    async with unit_of_work():
        assert await take_key(person, "k", b"d") is None


async def test_an_answer_is_kept_for_a_day_and_then_swept(person: int) -> None:
    with clock.frozen(NOON):
        await keep_answer(person, "k", b"d", GIVEN)
    for late, expected in ((-timedelta(seconds=1), GIVEN), (timedelta(), None)):
        with clock.frozen(NOON + KEPT_FOR + late):
            async with unit_of_work():
                assert await take_key(person, "k", b"d") == expected
            await sweep_answers()
            assert await fetch_value("select count(*) from given_answer") == int(expected is not None)


async def test_a_key_that_is_a_day_old_begins_anew_before_it_is_swept(person: int) -> None:
    with clock.frozen(NOON):
        await keep_answer(person, "k", b"d", GIVEN)
    with clock.frozen(NOON + KEPT_FOR):
        await keep_answer(person, "k", b"other", GIVEN)
        async with unit_of_work():
            assert await take_key(person, "k", b"other") == GIVEN


def test_the_sweep_is_on_the_timetable() -> None:
    assert SWEEP in timetable()
    assert all_tasks()[SWEEP].run is sweep_answers
