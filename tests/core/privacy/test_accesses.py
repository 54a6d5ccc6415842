"""Whoever looks at a resident's data on duty can be read of by the resident."""

from datetime import timedelta

import pytest

from core import clock
from core.database import unit_of_work
from core.people.services import register_person
from core.privacy.queries import accesses
from core.privacy.rules import SEEN_COUNTER, SEEN_FOUND
from core.privacy.services import note_seen, see_resident, sweep_accesses
from core.registration.errors import ResidentNotFound
from tests.core.registration.test_identities import make_worker
from tests.factories import make_region, make_resident


async def seen(person_id: int) -> list[tuple[str, str]]:
    return [(one.viewer, one.what) for one in await accesses(person_id, before_id=None, limit=10)]


async def test_a_look_is_on_record_once_within_minutes(db: str) -> None:
    region = await make_region()
    worker, person = await make_worker(region), await make_resident(region)
    now = clock.now()
    for minutes in (0, 9, 11):
        with clock.frozen(now + timedelta(minutes=minutes)):
            assert (await see_resident(person.person_id, actor=worker)).name == "张测试"
    assert await seen(person.person_id) == [("何社工", "看了您的资料页")] * 2
    await see_resident(worker.person_id, actor=worker)
    assert await seen(worker.person_id) == []


async def test_a_list_is_on_record_for_each_who_stands_on_it_once_a_day(db: str) -> None:
    region = await make_region()
    worker, first, second = (
        await make_worker(region),
        await make_resident(region),
        await make_resident(region),
    )
    now, everybody = clock.now(), [first.person_id, worker.person_id, None, first.person_id]
    for hours in (0, 23.9, 24.1):
        with clock.frozen(now + timedelta(hours=hours)):
            await note_seen(everybody, SEEN_COUNTER, viewer=worker)
            await note_seen([], SEEN_COUNTER, viewer=worker)
    await note_seen([second.person_id], SEEN_FOUND, viewer=worker)
    assert await seen(first.person_id) == [("何社工", SEEN_COUNTER)] * 2
    assert await seen(second.person_id) == [("何社工", SEEN_FOUND)]
    assert await seen(worker.person_id) == []


async def test_who_may_not_look_leaves_no_record(db: str) -> None:
    worker, person = await make_worker(await make_region()), await make_resident(await make_region())
    for actor in (worker, person):
        with pytest.raises(ResidentNotFound):
            await see_resident(person.person_id, actor=actor)
    homeless = await register_person("游无户", phone=None, password=None)
    with pytest.raises(ResidentNotFound):
        await see_resident(homeless, actor=worker)
    assert await seen(person.person_id) == []


async def test_records_are_kept_for_a_year(db: str) -> None:
    region = await make_region()
    worker, person = await make_worker(region), await make_resident(region)
    await see_resident(person.person_id, actor=worker)
    for days, left in ((365, 1), (367, 0)):
        with clock.frozen(clock.now() + timedelta(days=days)):
            async with unit_of_work():
                await sweep_accesses()
            assert len(await seen(person.person_id)) == left
