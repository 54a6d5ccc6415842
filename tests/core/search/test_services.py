"""Things are found from the verb that names them on, by an index alone, and no longer than they are."""

import asyncio
import contextvars
import json
from collections.abc import Sequence

import pytest

from core.database import DB, fetch, fetch_value, unit_of_work
from core.manifest import Searchable, Thing
from core.organizations.services import register_organization
from core.reference import Ref
from core.search import queries, rules, services
from core.search.rules import HITS_MOST
from tests.factories import make_committee, make_garden, make_region


async def index(number: int, name: str, kind: str = "test") -> None:
    async with unit_of_work():
        await services.index_thing(Ref(kind, number), name=name, path=f"/test/{number}")


async def found(query: str, *kinds: str) -> list[str]:
    return [hit.name for hit in await queries.hits(kinds or ("test",), rules.words(query))]


async def test_names_that_begin_with_it_come_first_then_the_shorter(db: str) -> None:
    for number, name in enumerate(["小菜园", "菜园子弟小学", "菜园", "花园"]):
        await index(number, name)
    assert await found("菜园") == ["菜园", "菜园子弟小学", "小菜园"]
    assert await found("园") == ["菜园", "花园", "小菜园", "菜园子弟小学"]


@pytest.mark.parametrize(
    "query", ["龙", "凤新", "longfeng", "lf", "lfxq", "LongFengXin", "新区 龙", "cai lf"]
)
async def test_a_thing_is_found_by_characters_pinyin_and_initials(db: str, query: str) -> None:
    await index(1, "龙凤新区共享菜园")
    await index(2, "青竹街道办事处")
    assert await found(query) == ["龙凤新区共享菜园"]


@pytest.mark.parametrize(
    "query", ["凤龙", "uanfeng", "fl", "龙凤新城共享果园", "longfengxinquguoyuan", "菜 果"]
)
async def test_all_of_the_query_must_be_there(db: str, query: str) -> None:
    await index(1, "龙凤新区共享菜园")
    assert await found(query) == []


@pytest.mark.parametrize(
    "query",
    [
        "龙凤新区共享果园",  # another character
        "龙凤新共享菜园",  # one left out
        "龙凤新区小共享菜园",  # one too many
        "龙凤新 菜园",  # nothing wrong at all
        "龙风新",
        "龙凤心区 gx",
        "区共想",
    ],
)
async def test_one_character_of_three_or_more_may_be_wrong(db: str, query: str) -> None:
    await index(1, "龙凤新区共享菜园")
    await index(2, "青竹街道办事处")
    assert await found(query) == ["龙凤新区共享菜园"]


@pytest.mark.parametrize("query", ["龙风", "龙风心", "龙新凤区", "青竹新区", "龙凤心区 yx"])
async def test_shorter_words_and_two_slips_are_not_forgiven(db: str, query: str) -> None:
    await index(1, "龙凤新区共享菜园")
    assert await found(query) == []


@pytest.mark.parametrize(
    "query",
    [
        "lonfen", "nongfengxinqu", "longhuengxin", "longfengxinquu", "lngfengxin", "fenxinqug",
        "gonxianc", "caiyuang", "龙凤 gonxianc", "龙凤心区 gongxang",
    ],
)  # fmt: skip
async def test_pinyin_may_be_as_it_is_heard_and_have_one_slip(db: str, query: str) -> None:
    await index(1, "龙凤新区共享菜园")
    await index(2, "青竹街道办事处")
    assert await found(query) == ["龙凤新区共享菜园"]


@pytest.mark.parametrize("query", ["lonf", "lemgfemg", "xinlongfeng", "青竹 gonxianc"])
async def test_pinyin_with_two_slips_or_too_short_is_not_forgiven(db: str, query: str) -> None:
    await index(1, "龙凤新区共享菜园")
    await index(2, "青竹街道办事处")
    assert await found(query) == []


async def test_a_near_name_is_found_among_very_many_that_share_its_halves(db: str) -> None:
    """No half of the word is rare, only both sides of the slip are."""
    names = [f"望江{n}" for n in range(1100)] + [f"{n}社区" for n in range(1100)] + ["望江新社区"]
    async with unit_of_work():
        await services._write("test", [Thing(id=n, name=name, path="/") for n, name in enumerate(names, 1)])
    assert await found("望江心社区") == await found("望江社区") == ["望江新社区"]


async def test_what_is_right_hides_what_is_only_near(db: str) -> None:
    await index(1, "龙凤新区")
    await index(2, "龙风新区")
    assert await found("龙凤新区") == ["龙凤新区"]
    assert await queries.matches("test", rules.words("龙凤新区"), most=5) == ([1], False)
    assert await queries.matches("test", rules.words("龙奉新区"), most=5) == ([1, 2], True)


@pytest.mark.parametrize("query", ["%", "_", "'", "\\", ".*", "a.*", "(", "[a"])
async def test_signs_of_patterns_mean_nothing(db: str, query: str) -> None:
    await index(1, "龙凤新区共享菜园")
    assert await found(query) == []


async def test_a_new_name_replaces_the_old_one_and_what_is_forgotten_is_gone(db: str) -> None:
    await index(1, "旧名")
    await index(1, "新名")
    assert (await found("旧"), await found("新")) == ([], ["新名"])
    async with unit_of_work():
        await services.forget_thing(Ref("test", 1))
    assert await found("新") == []
    assert await fetch_value("select count(*) from search_gram") == 0


async def test_a_name_is_found_only_if_its_verb_commits(db: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            await services.index_thing(Ref("test", 1), name="龙凤", path="/")
            raise ZeroDivisionError
    assert await found("龙凤") == []


async def test_kinds_that_are_not_asked_for_stay_hidden(db: str) -> None:
    await index(1, "龙凤菜园", kind="secret")
    assert await found("龙凤", "test") == []
    assert await found("龙凤", "test", "secret") == ["龙凤菜园"]


async def test_one_more_than_a_hundred_says_that_there_are_more(db: str) -> None:
    async with unit_of_work():
        await services._write("test", [Thing(id=n, name=f"菜园{n}", path="/") for n in range(HITS_MOST + 2)])
    assert len(await found("菜园")) == HITS_MOST + 1


async def test_organizations_and_gardens_are_found_where_their_pages_are(db: str) -> None:
    committee = await make_committee()
    garden_id, _ = await make_garden(committee)
    hits = await queries.hits(["organization", "garden"], rules.words("测试"))
    assert {(hit.kind, hit.path) for hit in hits} == {
        ("organization", f"/organizations/{committee.id}"),
        ("garden", f"/garden/{garden_id}"),
    }


def some(*names: str) -> Searchable:
    """A kind with these names, ids from 1."""

    async def things(after_id: int, limit: int) -> Sequence[Thing]:
        all_ = [Thing(id=n, name=name, path=f"/test/{n}") for n, name in enumerate(names, 1) if name]
        return [thing for thing in all_ if thing.id > after_id][:limit]

    return Searchable(kind="test", title="测试", order=1, things=things)


async def test_indexing_anew_brings_what_is_missing_and_drops_what_is_gone(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_BATCH", 2)
    for number in (1, 4, 9):
        await index(number, "旧名")
    await index(4, "旧名", kind="other")
    progress: list[int] = []
    assert await services.index_anew(some("甲园", "乙园", "", "丁园", "戊园"), progress.append) == 4
    assert progress == [2, 4, 4]
    assert sorted(await found("园")) == sorted(["甲园", "乙园", "丁园", "戊园"])
    assert (await found("旧"), await found("旧", "other")) == ([], ["旧名"])


async def test_indexing_anew_of_nothing_forgets_everything(db: str) -> None:
    await index(1, "旧名")
    assert await services.index_anew(some()) == 0
    assert await found("旧") == []


async def test_a_name_changed_while_indexing_anew_is_not_overwritten(db: str) -> None:
    await index(1, "旧名")
    names = ["旧名"]

    async def things(after_id: int, limit: int) -> Sequence[Thing]:
        read = [Thing(id=1, name=names[0], path="/test/1")] if after_id < 1 else []
        await fetch("select 1")
        if names[0] == "旧名":  # renamed by somebody else after the batch's snapshot
            names[0] = "新名"
            await _elsewhere("新名")
        return read

    kind = Searchable(kind="test", title="测试", order=1, things=things)
    assert await services.index_anew(kind) == 1
    assert (await found("旧"), await found("新")) == ([], ["新名"])


async def _elsewhere(name: str) -> None:
    """Rename on another connection, as another request would."""
    context = contextvars.copy_context()
    context.run(DB.current_transaction.set, None)
    await asyncio.get_running_loop().create_task(index(1, name), context=context)


async def test_kinds_of_which_nothing_is_indexed_are_filled_after_an_update(db: str) -> None:
    committee = await make_committee()
    await make_garden(committee)
    await fetch("truncate search_thing, search_gram")
    await services.index_new_kinds()
    kinds = await fetch("select kind, count(*) from search_thing group by kind order by kind")
    assert [tuple(row) for row in kinds] == [("garden", 1), ("organization", 1)]
    await fetch("delete from search_thing where kind = 'garden'")
    await register_organization("新组织", kind="company", region_id=await make_region())
    await services.index_new_kinds()
    assert await found("测试菜园", "garden") == ["测试菜园"]


async def test_a_hundred_thousand_things_are_looked_up_and_never_scanned(db: str) -> None:
    """A word that every name has, one that a few have, one that none has: pages read stay few."""
    await fetch(
        "insert into search_thing (kind, subject_id, name, path, folded, spelt)"
        " select 'test', n, '社区' || n, '/', '社区' || n, 'she qu ' || n from generate_series(1, 100000) n"
    )
    await fetch(
        "insert into search_gram (gram, kind, rank, thing) select gram, 'test', 2 + length(id::text), id"
        " from search_thing cross join lateral unnest(array['社', '社区', 'sq', right(id::text, 3)]) gram"
        " group by gram, id"
    )
    await fetch("analyze search_thing, search_gram")
    for query in ("社区", "sq", "社区99", "社区 777", "社区龙凤", "社区 龙凤社区", "777", "无"):
        wanted = rules.words(query)
        keys = rules.promising_keys(wanted)
        kinds = ["test", "garden"]
        said = [word.text for word in wanted], [word.spelt for word in wanted]
        best = await _explained(query, queries.RAREST, kinds, keys) or keys[0]
        await _explained(query, queries.FOUND, kinds, best, *said, 101)
        if options := rules.near_keys(wanted):
            slips, keys = [list(column) for column in zip(*options, strict=True)]
            near = [rules.near_pattern(word) for word in wanted]
            await _explained(query, queries.NEAR, kinds, slips, keys, *said, near, 101)
    assert len(await found("社区 777")) == 100


async def _explained(query: str, sql: str, *arguments: object) -> str | None:
    """What the query answers first; AssertionError if it read much."""
    plan = await fetch_value(f"explain (analyze, buffers, format json) {sql}", *arguments)
    assert "Seq Scan" not in plan, query
    top = json.loads(plan)[0]["Plan"]
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 10_000, query
    answer = await fetch_value(sql, *arguments)
    return None if answer is None else str(answer)
