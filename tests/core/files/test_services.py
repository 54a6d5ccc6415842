"""Files kept with their verbs, and who may see them."""

import asyncpg
import pytest

from core.database import fetch, fetch_value, unit_of_work
from core.files import queries
from core.files.errors import FileKindUnknown, UploadNotFound
from core.files.rules import Upload
from core.files.services import keep_file
from core.people.rules import Actor
from core.reference import Ref
from tests.core.files.pictures import photo

CLAIM, OTHER = Ref("test.claim", 1), Ref("test.claim", 2)
SENDER, STRANGER = Actor(1, "林有地", None), Actor(2, "苏隔壁", None)


async def keep(
    content: bytes, subject: Ref = CLAIM, *, name: str = "河边.jpg", is_public: bool = False
) -> int:
    async with unit_of_work():
        return await keep_file(
            Upload(name, content), subject=subject, actor_id=SENDER.person_id, is_public=is_public
        )


async def test_a_file_is_kept_about_its_subject(db: str) -> None:
    picture, paper = await keep(photo()), await keep(b"%PDF-1.7 x", name="收据.pdf")
    first, second = await queries.files_of(CLAIM)
    assert (first.id, first.name, first.is_picture) == (picture, "河边.jpg", True)
    assert (second.id, second.name, second.is_picture, second.size_bytes) == (paper, "收据.pdf", False, 10)
    assert await queries.files_of_many("test.claim", [1, 2], each=1) == {1: [first]}


async def test_one_content_is_stored_once_and_its_uses_are_known(db: str) -> None:
    first, again = await keep(photo()), await keep(photo(), OTHER)
    assert await fetch_value("select count(*) from file_content") == 1
    assert await queries.same_content(first) == [OTHER]
    assert await queries.same_content(again) == [CLAIM]


async def test_what_is_refused_leaves_nothing(db: str) -> None:
    with pytest.raises(FileKindUnknown):
        await keep(b"hello")
    assert await fetch_value("select count(*) from file") == 0


async def test_the_sender_sees_it_and_a_stranger_does_not(db: str) -> None:
    file_id = await keep(photo())
    name, media_type, content = await queries.content(file_id, SENDER)
    assert (name, media_type, content[:2]) == ("河边.jpg", "image/jpeg", b"\xff\xd8")
    assert (await queries.content(file_id, SENDER, size="small"))[2] != b""
    for actor in (STRANGER, None):
        with pytest.raises(UploadNotFound):
            await queries.content(file_id, actor)


async def test_whom_the_plugin_names_sees_it_too(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    async def decide(hook: str, **facts: object) -> bool:
        asked.append((hook, facts["subject_kind"], facts["subject_id"]))
        return facts["actor"] is STRANGER

    monkeypatch.setattr("core.plugins.decide", decide)
    file_id = await keep(photo())
    assert (await queries.content(file_id, STRANGER))[0] == "河边.jpg"
    with pytest.raises(UploadNotFound):
        await queries.content(file_id, Actor(3, "何新来", None))
    assert set(asked) == {("decide_file_access", "test.claim", 1)}


async def test_everybody_sees_what_is_public(db: str) -> None:
    file_id = await keep(photo(), is_public=True)
    assert (await queries.content(file_id, None))[0] == "河边.jpg"


async def test_a_paper_has_no_thumbnail(db: str) -> None:
    paper = await keep(b"%PDF-1.7")
    with pytest.raises(UploadNotFound):
        await queries.content(paper, SENDER, size="small")


async def test_the_database_knows_a_changed_content(db: str) -> None:
    await keep(b"%PDF-1.7")
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch("update file_content set content = '%PDF-1.8'")
