"""A copy of one's own data: all of it, of nobody else, without the number of the card."""

import asyncio
import csv
import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value, unit_of_work
from core.documents import queries as documents
from core.households.services import register_child
from core.language import in_language
from core.manifest import PersonalData
from core.people.queries import actor
from core.people.rules import Actor
from core.piccolo_app import APP_CONFIG
from core.privacy import parts
from core.privacy.errors import TooManyCopies
from core.privacy.services import ask_for_copy, record_access, write_copy
from core.registration.services import verify_identity
from plugins.garden.services import claim_plot
from tests.core.registration.test_identities import NUMBER, make_worker
from tests.factories import PASSWORD, make_committee, make_garden, make_resident, new_phone


async def unzipped(person_id: int, language: str = "zh") -> zipfile.ZipFile:
    """The copy as its owner gets it."""
    async with unit_of_work():
        with in_language(language):
            file_id = await write_copy(person_id)
    _, content = await documents.content(file_id, person_id)
    return zipfile.ZipFile(io.BytesIO(content))


async def test_the_copy_holds_what_is_known_and_neither_numbers_nor_others(db: str) -> None:
    committee, phone = await make_committee(), new_phone()
    worker = await make_worker(committee.region_id)
    person = await make_resident(committee.region_id, name="林样", phone=phone, password=PASSWORD)
    other = await make_resident(committee.region_id, name="苏隔壁", phone=new_phone())
    _, plots = await make_garden(committee)
    order = await claim_plot(plots[0], agreed=True, actor=person)
    await claim_plot(plots[1], agreed=True, actor=other)
    await verify_identity(person.person_id, name="林真名", number=NUMBER, agreed=True, actor=worker)
    async with unit_of_work():
        await record_access(person.person_id, "看了您的资料页", viewer=worker)
    archive = await unzipped(person.person_id)
    told = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    profile = json.loads(told["core.profile.json"])[0]
    assert (profile["name"], profile["phone"], profile["born_on"]) == ("林真名", phone, "1949-12-31")
    assert [row["id"] for row in json.loads(told["core.orders.json"])] == [order]
    assert [row["plot"] for row in json.loads(told["garden.leases.json"])] == [1]
    assert json.loads(told["core.accesses.json"])[0]["what"] == "看了您的资料页"
    rows = list(csv.reader(io.StringIO(told["core.orders.csv"])))
    assert rows[0] == ["缴费单"]
    assert rows[1][:2] == ["编号", "组织"]
    assert (rows[2][0], rows[2][1]) == (str(order), "测试自管会")
    everything = "".join(told.values())
    for secret in (NUMBER, "苏隔壁", "argon2", worker.name):
        assert secret not in everything


async def test_the_copy_speaks_the_persons_language(db: str) -> None:
    person = await make_resident((await make_committee()).region_id)
    archive = await unzipped(person.person_id, "en")
    assert "This is what Yiji" in archive.read("README.txt").decode()
    assert archive.read("core.profile.csv").decode("utf-8-sig").startswith("My account")


async def test_the_copy_is_asked_for_as_a_job_whose_file_nobody_else_gets(db: str) -> None:
    committee = await make_committee()
    person = await make_resident(committee.region_id)
    job_id = await ask_for_copy(actor=person)
    assert await fetch_value("select name from job where id = $1", job_id) == "core.copy_personal_data"
    assert await fetch_value("select asked_by from job where id = $1", job_id) == person.person_id


async def test_five_copies_a_day_are_enough(db: str) -> None:
    person = await make_resident((await make_committee()).region_id)
    clicks = await asyncio.gather(*(ask_for_copy(actor=person) for _ in range(7)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in clicks) == ["TooManyCopies"] * 2 + ["int"] * 5
    with clock.frozen(clock.now() + timedelta(hours=23)), pytest.raises(TooManyCopies):
        await ask_for_copy(actor=person)
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert await ask_for_copy(actor=person)


async def test_without_one_plugin_there_is_no_half_copy(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the word "everything": who answers `collect_personal_data` with an error spoils the job."""
    person = await make_resident((await make_committee()).region_id)

    async def broken(person_id: int) -> list[PersonalData]:
        raise RuntimeError(f"nothing about {person_id}")

    monkeypatch.setattr(parts, "of_core", broken)
    with pytest.raises(RuntimeError):
        await unzipped(person.person_id)
    assert await fetch_value("select count(*) from stored_file") == 0


async def test_every_part_can_be_read_and_every_column_has_a_title(db: str) -> None:
    """Protects the copy against a column that was renamed: each read runs, also where nothing is found."""
    person = await make_resident((await make_committee()).region_id)
    for part in parts._PARTS:
        assert await fetch_value(f"select count(*) from ({part.sql}) x", person.person_id) is not None
    found = await plugins.collect("collect_personal_data", person_id=person.person_id)
    assert {part.name for part in found} >= {"core.profile", "core.households"}


# Tables that name a person, and are not in the copy.
NOT_TOLD = {
    "login_try": "a hash, for minutes",
    "notification_setting": "three switches that the settings show",
    "given_answer": "what was told already, for a day",
    "phone_code": "a code of minutes",
    "person_identity": "only when it was verified: the number is shown to nobody",
    "person_deletion": "the page shows it",
    "role_proposal": "not decided; then it is a role",
}
_THEIRS = {"person", "payer", "donor", "registrant", "guardian"}


def test_whatever_belongs_to_a_person_is_in_the_copy() -> None:
    """Protects the copy's promise against the next table: its part, or a reason here."""
    told = " ".join(part.sql for part in parts._PARTS)
    for table in APP_CONFIG.table_classes:
        keys = {key._meta.name for key in table._meta.foreign_key_columns} & _THEIRS
        name = table._meta.tablename
        if keys and name not in NOT_TOLD and name != "person":
            assert f" {name} " in told, f"{name} names a person and is not in the copy"


async def actor_of(person_id: int) -> Actor:
    found = await actor(person_id)
    assert found is not None
    return found


async def test_of_a_child_who_is_of_age_and_has_an_account_the_guardian_gets_nothing(db: str) -> None:
    guardian = await make_resident((await make_committee()).region_id)
    ids = [
        await register_child(name, born_on=date(2013, 6, 1), agreed=True, purposes=(), actor=guardian)
        for name in ("林有号", "林没号")
    ]
    await fetch("update person set phone = $2 where id = $1", ids[0], new_phone())
    for day, told in ((date(2031, 5, 31), [("林有号", "2013-06-01"), ("林没号", "2013-06-01")]),
                      (date(2031, 6, 1), [("林没号", None)])):  # fmt: skip
        with clock.frozen(clock.begin_of(day)):
            rows = json.loads((await unzipped(guardian.person_id)).read("core.children.json"))
        assert [(row["name"], row["born_on"]) for row in rows] == told
