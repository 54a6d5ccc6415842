"""Projects: opened once for each source, told by their organization, ended once."""

import pytest

from core.database import unit_of_work
from core.files.rules import Upload
from core.manifest import ProjectLine, ProjectPart
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.projects import queries
from core.projects.errors import ProjectEnded, ProjectNotFound, ReportEmpty
from core.projects.rules import REPORT_LENGTH_MOST
from core.projects.services import end_project, open_project, tell_story
from core.reference import Ref
from core.workflow import WrongState
from tests.core.files.pictures import photo
from tests.factories import Committee, make_committee, make_manager


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


@pytest.fixture
async def manager(committee: Committee) -> Actor:
    return await make_manager(committee)


async def open_one(committee: Committee, *, source: int = 1, title: str = "河边的长椅") -> int:
    async with unit_of_work():
        return await open_project(
            title,
            "让老人有地方坐",
            organization_id=committee.id,
            region_id=committee.region_id,
            source=Ref("test.contract", source),
            actor_id=None,
        )


async def test_one_source_opens_one_project(committee: Committee) -> None:
    first, again = await open_one(committee), await open_one(committee)
    other = await open_one(committee, source=2)
    assert first == again != other
    assert await queries.project_of(Ref("test.contract", 2)) == other
    assert await queries.project_of(Ref("test.contract", 3)) is None
    project = await queries.project(first)
    assert (project.title, project.state, project.organization) == ("河边的长椅", "running", "测试自管会")
    with pytest.raises(ProjectNotFound):
        await queries.project(10**6)


async def test_the_list_is_searched_filtered_and_paged(committee: Committee) -> None:
    ids = [await open_one(committee, source=n, title=f"长椅{n}号") for n in (1, 2, 3)]
    async with unit_of_work():
        await end_project(ids[0], "completed", actor_id=None)
    everything = await queries.projects(limit=2)
    assert [p.id for p in everything] == [ids[2], ids[1]]
    assert [p.id for p in await queries.projects(before_id=ids[1], limit=2)] == [ids[0]]
    assert [p.id for p in await queries.projects("2号", limit=9)] == [ids[1]]
    assert [p.id for p in await queries.projects(state="completed", limit=9)] == [ids[0]]
    assert await queries.projects(organization_ids=[10**6], limit=9) == []


async def test_its_organization_tells_the_story_with_a_photo(committee: Committee, manager: Actor) -> None:
    project = await open_one(committee)
    await tell_story(project, "  装好了第一张 ", Upload("椅.jpg", photo()), actor=manager)
    await tell_story(project, "第二张", actor=manager)
    second, first = await queries.reports(project, before_id=None, limit=9)
    assert (first.text, [file.name for file in first.files]) == ("装好了第一张", ["椅.jpg"])
    assert (second.text, second.files) == ("第二张", [])
    assert [r.id for r in await queries.reports(project, before_id=second.id, limit=9)] == [first.id]


async def test_nobody_else_tells_it(committee: Committee, manager: Actor) -> None:
    theirs = await open_one(await make_committee(), source=9)
    for actor in (manager, committee.treasurer):
        with pytest.raises(PermissionMissing):
            await tell_story(theirs, "不是我的", actor=actor)


@pytest.mark.parametrize("text", ["", "  ", "字" * (REPORT_LENGTH_MOST + 1)])
async def test_a_report_says_something(committee: Committee, manager: Actor, text: str) -> None:
    with pytest.raises(ReportEmpty):
        await tell_story(await open_one(committee), text, actor=manager)


async def test_an_ended_project_stays_as_it_is(committee: Committee, manager: Actor) -> None:
    project = await open_one(committee)
    async with unit_of_work():
        await end_project(project, "stopped", actor_id=None)
    with pytest.raises(WrongState):
        async with unit_of_work():
            await end_project(project, "completed", actor_id=None)
    with pytest.raises(ProjectEnded):
        await tell_story(project, "晚了", Upload("椅.jpg", photo()), actor=manager)
    assert await queries.reports(project, before_id=None, limit=9) == []


async def test_plugins_add_what_they_know(committee: Committee, monkeypatch: pytest.MonkeyPatch) -> None:
    late = ProjectPart(title="志愿者", order=2, lines=[])
    early = ProjectPart(title="资金", order=1, lines=[ProjectLine(text="已拨付", amount_fen=100)])

    async def collect(hook: str, **facts: int) -> list[ProjectPart]:
        assert (hook, facts) == ("collect_project_parts", {"project_id": 7})
        return [late, early]

    monkeypatch.setattr("core.plugins.collect", collect)
    assert await queries.parts(7) == [early, late]
