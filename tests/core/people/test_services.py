"""Persons, households, roles."""

import asyncio

import asyncpg
import pytest

from core.database import fetch, fetch_value, unit_of_work
from core.people import queries
from core.people.errors import InAnotherHousehold, PhoneTaken
from core.people.services import (
    lock_household,
    register_household,
    register_person,
)
from tests.factories import make_region, new_phone


async def register(name: str = "张三", phone: str | None = None) -> int:
    return await register_person(name, phone=phone, password=None)


async def test_a_phone_belongs_to_one_person(db: str) -> None:
    phone = new_phone()
    results = await asyncio.gather(*(register(phone=phone) for _ in range(3)), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["PhoneTaken", "PhoneTaken", "int"]
    await register(phone=new_phone())
    await register(phone=None)
    await register(phone=None)


async def test_a_taken_phone_leaves_the_unit_around_it_usable(db: str) -> None:
    phone = new_phone()
    await register(phone=phone)
    async with unit_of_work():
        with pytest.raises(PhoneTaken):
            await register(phone=phone)
        await register("李四")
    assert [row["name"] for row in await fetch("select name from person order by id")] == ["张三", "李四"]


@pytest.mark.parametrize("phone", ["1390000000", "139000000000", "12900000000", "0280000000", "1390000000x"])
async def test_the_database_takes_mainland_mobiles_only(db: str, phone: str) -> None:
    with pytest.raises((asyncpg.CheckViolationError, asyncpg.StringDataRightTruncationError)):
        await register(phone=phone)


async def test_passwords_are_stored_as_hashes_with_their_own_salt(db: str) -> None:
    for _ in range(2):
        await register_person("张三", phone=None, password="correct horse")
    one, other = [row["password_hash"] for row in await fetch("select password_hash from person")]
    assert one.startswith("$argon2id$")
    assert one != other
    assert "correct horse" not in one


async def test_a_person_is_in_one_household_at_a_time(db: str) -> None:
    region = await make_region()
    husband, wife, child = [await register(name) for name in ("夫", "妻", "子")]
    first = await register_household(region, person_ids=[husband, wife])
    for members in ([child, wife], [child, child]):
        with pytest.raises(InAnotherHousehold):
            await register_household(region, person_ids=members)
    assert await fetch_value("select count(*) from household") == 1
    assert await fetch_value("select count(*) from household_member where household = $1", first) == 2

    await fetch("update household_member set left_on = current_date where person = $1", wife)
    second = await register_household(region, person_ids=[child, wife])
    assert await fetch_value("select count(*) from household_member where household = $1", second) == 2


async def test_who_counts_what_a_household_has_queues_up(db: str) -> None:
    household = await register_household(await make_region(), person_ids=[await register()])
    steps: list[str] = []

    async def count(name: str) -> None:
        async with unit_of_work():
            await lock_household(household)
            steps.append(f"{name} begins")
            await asyncio.sleep(0.02)
            steps.append(f"{name} ends")

    await asyncio.gather(count("a"), count("b"))
    assert [step[0] for step in steps] in (list("aabb"), list("bbaa"))


async def test_names_are_read_for_those_that_exist(db: str) -> None:
    one, other = await register("张三"), await register("李四")
    assert await queries.names([one, other, one, 10**9]) == {one: "张三", other: "李四"}
    assert await queries.names([]) == {}
