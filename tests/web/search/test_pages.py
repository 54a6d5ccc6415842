"""Search as people and programs use it: one box on every page, results by kind."""

from collections.abc import Sequence

import httpx
import pytest

from core import plugins
from core.database import unit_of_work
from core.manifest import Searchable, Thing
from core.people.services import grant_role
from core.reference import Ref
from core.search import services
from tests.factories import PASSWORD, Committee, make_committee, make_garden, make_resident, new_phone
from tests.web.visitors import log_in


async def nothing(after_id: int, limit: int) -> Sequence[Thing]:
    return []


@pytest.fixture
async def committee(db: str) -> Committee:
    committee = await make_committee()
    await make_garden(committee)
    return committee


async def index(kind: str, *names: str) -> None:
    async with unit_of_work():
        await services._write(kind, [Thing(id=n, name=x, path="/garden") for n, x in enumerate(names, 100)])


async def test_every_page_has_the_box_and_the_search_page_only_one(client: httpx.AsyncClient) -> None:
    for path in ("/", "/garden", "/nothing-here", "/login", "/search"):
        assert (await client.get(path)).text.count('type="search"') == 1, path
    await client.get("/care/on")
    assert 'href="/search"' in (await client.get("/")).text


async def test_results_are_grouped_and_what_was_asked_for_is_marked(
    client: httpx.AsyncClient, committee: Committee
) -> None:
    page = (await client.get("/search", params={"q": "ceshi"})).text
    assert page.index(">共享菜园 ") < page.index(">组织 ")
    assert f'href="/organizations/{committee.id}"' in page
    assert page.count("<mark>测试</mark>") == 2
    assert 'value="ceshi"' in page


@pytest.mark.parametrize(
    ("q", "words"), [("", "写下名称里的几个字"), ("…", "没有找到"), ("没有", "没有找到“没有”")]
)
async def test_blank_and_unknown_words_get_a_hint(client: httpx.AsyncClient, q: str, words: str) -> None:
    page = await client.get("/search", params={"q": q})
    assert (page.status_code, words in page.text) == (200, True)


async def test_forty_characters_are_asked_and_one_more_is_refused_in_words(client: httpx.AsyncClient) -> None:
    assert (await client.get("/search", params={"q": "园" * 40})).status_code == 200
    page = await client.get("/search", params={"q": "园" * 41})
    assert (page.status_code, "最多 40 个字，请写短一些" in page.text) == (422, True)
    assert "园" * 41 in page.text
    answer = await client.get("/api/v1/search", params={"q": "园" * 41})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "q")


async def test_what_is_typed_is_shown_as_text(client: httpx.AsyncClient, db: str) -> None:
    await index("garden", "<b>菜园</b>")
    page = (await client.get("/search", params={"q": "菜园"})).text
    assert "&lt;b&gt;<mark>菜园</mark>&lt;/b&gt;" in page
    assert "<script" not in (await client.get("/search", params={"q": "<script>"})).text


async def test_a_kind_is_read_page_by_page_to_its_end(client: httpx.AsyncClient, db: str) -> None:
    await index("garden", *(f"菜园{n:03}" for n in range(130)))
    first = (await client.get("/search", params={"q": "菜园"})).text
    assert first.count("<mark>") == 5
    assert "100+" in first
    assert "/search?q=%E8%8F%9C%E5%9B%AD&amp;kind=garden" in first
    for number, more in ((1, False), (5, True), (99, True)):
        page = (
            await client.get("/search", params={"q": "菜园", "kind": "garden", "page_number": number})
        ).text
        assert page.count("<mark>") == 20
        assert ("还有更多，请写得更具体一些" in page) == more
    assert "没有找到" in (await client.get("/search", params={"q": "菜园", "kind": "nonsense"})).text


async def test_a_private_kind_is_found_by_holders_of_its_permission_only(
    client: httpx.AsyncClient, committee: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    await index("secret", "机密菜园")
    kind = Searchable(
        kind="secret", title="机密", order=1, things=nothing, permission="core.payments.confirm"
    )
    monkeypatch.setattr(plugins, "contributions", lambda hook, real=plugins.contributions: (
        [kind] if hook == "register_searchables" else real(hook)
    ))  # fmt: skip
    phone = new_phone()
    person = await make_resident(committee.region_id, phone=phone, password=PASSWORD)
    await log_in(client, phone)
    assert "机密" not in (await client.get("/search", params={"q": "菜园"})).text
    assert (await client.get("/api/v1/search", params={"q": "菜园"})).json() == []
    await grant_role(person.person_id, "core.treasurer", Ref("organization", committee.id), actor_id=None)
    assert "机密" in (await client.get("/search", params={"q": "菜园"})).text


async def test_programs_search_too(client: httpx.AsyncClient, committee: Committee) -> None:
    groups = (await client.get("/api/v1/search", params={"q": "测试菜园"})).json()
    assert [(g["kind"], g["more"], [t["name"] for t in g["things"]]) for g in groups] == [
        ("garden", False, ["测试菜园"])
    ]
    assert (await client.get("/api/v1/search", params={"q": ""})).json() == []
