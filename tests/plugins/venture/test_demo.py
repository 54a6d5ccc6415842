"""The calls of the demo world: each stage is there to be played, and building again changes nothing."""

from core import plugins
from core.database import fetch, fetch_value
from plugins.venture.demo import building, places, plans
from plugins.venture.queries import waiting


async def build() -> None:
    for place, planned in (
        (places.LUOJIANG, plans.LUOJIANG_CALLS),
        (places.LUOCHENG, plans.LUOCHENG_CALLS),
    ):
        await building.build_people(place, lambda done, of: None)
        await building.build_calls(place, planned, lambda done, of: None)


async def _counts() -> list[tuple[str, str, int]]:
    rows = await fetch("""
        select c.title, c.state, count(k.id) filter (where k.state <> 'offered') as signed
        from venture_call c left join venture_application a on a.call = c.id
        left join venture_contract k on k.application = a.id group by c.id order by c.id""")
    return [(row["title"].removesuffix(" (样例)"), row["state"], row["signed"]) for row in rows]


async def test_the_places_are_built_once_with_a_call_at_every_stage(db: str) -> None:
    for _ in range(2):
        await build()
    assert await _counts() == [
        ("罗江区社区公益创投", "decided", 21),
        ("罗江区绿色社区微创投", "publicity", 0),
        ("罗江区儿童友好微创投", "publicity", 0),
        ("罗江区助老微创投", "scoring", 0),
        ("罗江区邻里互助微创投", "published", 0),
        ("雒城街道首批微项目", "decided", 12),
    ]
    assert await plugins.collect("collect_differences") == []


async def test_whoever_is_played_finds_something_to_do(db: str) -> None:
    await build()

    async def waits(phone: str) -> list[str]:
        person_id = await fetch_value("select id from person where phone = $1", phone)
        actor = await building.people.actor(person_id)
        assert actor is not None
        return [todo.title % (todo.params or {}) for todo in await waiting.todos(actor)]

    assert await waits(places.EXPERTS[0].phone) == ["为项目评分：独居老人一键敲门", "为项目评分：老年助餐点"]
    assert "罗江区绿色社区微创投 (样例)：可以进行下一步" in await waits(places.OFFICER.phone)
    assert "银龄日间照料站：付中期款" in await waits(places.PAYER.phone)
    assert await waits(places.APPLICANT.phone) == ["银龄日间照料站：提交节点报告"]
