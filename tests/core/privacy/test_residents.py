"""Whom a worker finds: by names, pinyin, initials and phones, in the own places alone."""

import asyncio

import pytest

from core.audit.services import record_audit
from core.database import fetch, fetch_value, unit_of_work
from core.people.rules import Actor, Grant
from core.people.services import (
    make_all_findable,
    make_findable,
    make_findable_once,
    register_household,
    register_person,
)
from core.privacy.queries import profile, residents
from core.reference import PLATFORM, Ref
from core.regions.services import add_region
from core.registration.services import rename
from tests.core.registration.test_identities import make_worker
from tests.factories import make_region, make_resident, new_phone


async def found(words: str, worker: Actor, *, near: bool = False) -> list[str]:
    answer = await residents(words, worker=worker, limit=20)
    assert answer.is_near == (near and bool(answer.profiles))
    return [one.name for one in answer.profiles]


@pytest.mark.parametrize(
    "words",
    [
        "欧",
        "欧阳",
        "阳晓",
        "欧阳晓梅",
        "晓梅",
        "梅",
        "ouyangxiaomei",
        "Ou Yang",
        "xiaom",
        "oyxm",
        "xm",
        "欧 阳",
    ],
)
async def test_by_one_to_four_characters_pinyin_and_initials(db: str, words: str) -> None:
    region = await make_region()
    worker = await make_worker(region)
    await make_resident(region, name="欧阳晓梅")
    assert await found(words, worker) == ["欧阳晓梅"]


@pytest.mark.parametrize(
    "words", ["", "%", "_", "阳梅", "uyang", "王", "~", "?欧梅", "?ouymei", "9" * 40, "\U0010ffff"]
)
async def test_nobody_else_is_found(db: str, words: str) -> None:
    region = await make_region()
    worker = await make_worker(region)
    await make_resident(region, name="欧阳晓梅")
    assert await found(words, worker) == []


async def test_by_a_phone_its_end_and_a_households_number(db: str) -> None:
    region = await make_region()
    worker, phone = await make_worker(region), new_phone()
    person = await make_resident(region, name="林有地", phone=phone)
    assert await found(phone, worker) == await found(phone[-4:], worker) == ["林有地"]
    assert await found(str(person.household_id), worker) == ["林有地"]
    assert await found(phone[:10], worker) == await found(phone[-5:], worker) == []
    assert (await profile(person.person_id)).phone == phone


async def test_names_that_begin_with_it_come_first_the_shorter_before_the_longer(db: str) -> None:
    region = await make_region()
    worker = await make_worker(region)
    for name in ("安小林", "林小安", "林小"):
        await make_resident(region, name=name)
    assert await found("林", worker) == ["林小", "林小安", "安小林"]


async def test_surnames_are_read_as_surnames(db: str) -> None:
    region = await make_region()
    worker = await make_worker(region)
    await make_resident(region, name="曾小明")
    assert await found("zengxiao", worker) == await found("zxm", worker) == ["曾小明"]
    assert await found("cengxiao", worker) == ["曾小明"]


@pytest.mark.parametrize(
    "words",
    [
        "王晓明", "张小明", "王小名",  # another character of three
        "wanxiaomin", "wangsiaoming", "wangxaoming", "wangxiiaoming", "qangxiaoming", "angxiaoming",
    ],
)  # fmt: skip
async def test_what_sounds_or_looks_alike_is_found_if_nobody_is_called_so(db: str, words: str) -> None:
    region = await make_region()
    worker = await make_worker(region)
    await make_resident(region, name="王小明")
    await make_resident(region, name="赵大海")
    assert await found(words, worker, near=True) == ["王小明"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("宁静", "linjin"), ("李慧", "nifei"), ("张帅", "zangsuai"), ("吕程", "lucen"), ("付强", "huqian")],
)
async def test_sounds_that_are_mixed_up(db: str, name: str, words: str) -> None:
    region = await make_region()
    worker = await make_worker(region)
    await make_resident(region, name=name)
    assert await found(words, worker, near=True) == [name]


@pytest.mark.parametrize("words", ["王晓鸣", "王晓", "wnagxaomin", "zhaoxiaoming"])
async def test_more_than_one_slip_is_not_forgiven(db: str, words: str) -> None:
    region = await make_region()
    worker = await make_worker(region)
    await make_resident(region, name="王小明")
    assert await found(words, worker) == []


async def test_a_worker_finds_residents_of_the_own_places_alone(db: str) -> None:
    city = await add_region("测试市", level="city", parent_id=None)
    region = await add_region("青草社区", level="community", parent_id=city)
    worker, elsewhere = await make_worker(city), await make_region()
    person = await make_resident(region, name="林有地")
    far = await make_resident(elsewhere, name="林远方")
    await register_person("林无户", phone=None, password=None)
    assert await found("林", worker) == ["林有地"]
    assert await found(str(far.household_id), worker) == []
    assert await found("林", person) == await found(str(person.household_id), person) == []
    everywhere = Actor(worker.person_id, "总台", None, (Grant("core.community_worker", PLATFORM),))
    assert sorted(await found("林", everywhere)) == sorted(["林有地", "林远方", "林无户"])


async def test_whoever_moves_is_found_in_the_new_place(db: str) -> None:
    old, new = await make_region(), await make_region()
    here, there = await make_worker(old), await make_worker(new)
    person = await make_resident(old, name="林搬家")
    await fetch("update household set region = $1 where id = $2", new, person.household_id)
    assert (await found("林", here), await found("林", there)) == ([], ["林搬家"])
    await fetch("update household_member set left_on = current_date where person = $1", person.person_id)
    assert await found("林", there) == []
    await register_household(old, person_ids=[person.person_id])
    assert (await found("lbj", here), await found("林", there)) == (["林搬家"], [])


async def test_a_new_name_replaces_the_old_one(db: str) -> None:
    region = await make_region()
    worker, person = await make_worker(region), await make_resident(region, name="林旧名")
    await rename("林新名", actor=person)
    assert (await found("旧", worker), await found("新", worker)) == ([], ["林新名"])
    await fetch("update person set gone_at = now(), phone = null, password_hash = null")
    async with unit_of_work():
        await make_findable([person.person_id])
    assert await fetch_value("select count(*) from person_key where person = $1", person.person_id) == 0


async def test_who_is_renamed_while_moving_is_found_by_the_new_name_there(db: str) -> None:
    old, new = await make_region(), await make_region()
    there, person = await make_worker(new), await make_resident(old, name="林旧名")

    async def move() -> None:
        async with unit_of_work() as unit:
            await unit.connection.execute(
                "update household set region = $1 where id = $2", new, person.household_id
            )
            record_audit("household.moved", Ref("household", person.household_id or 0), actor_id=None)

    await asyncio.gather(move(), rename("林新名", actor=person))
    assert (await found("旧", there), await found("新", there)) == ([], ["林新名"])


async def test_everybody_can_be_made_findable_again(db: str) -> None:
    region = await make_region()
    worker = await make_worker(region)
    await make_resident(region, name="林有地")
    keys = await fetch("select * from person_key order by 1, 2, 3, 4")
    await fetch("delete from person_key")
    assert await found("林", worker) == []
    await make_findable_once()
    assert await fetch("select * from person_key order by 1, 2, 3, 4") == keys
    told: list[int] = []
    assert await make_all_findable(told.append) == told[-1] == 2
    assert await fetch("select * from person_key order by 1, 2, 3, 4") == keys
