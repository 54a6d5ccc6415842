"""A star on the pages: asked for, published, awarded, reviewed by a worker, appealed; and its certificate."""

from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from core import clock
from core.database import fetch_value, unit_of_work
from core.parameters.services import set_parameter
from core.people.rules import WORKER, Actor
from core.people.services import grant_role
from core.reference import PLATFORM, Ref
from core.volunteers.queries.certificates import certificate, link_of
from core.volunteers.rules import figures
from core.volunteers.services.certificates import issue_certificate
from core.volunteers.services.star_reviews import review_stars
from core.volunteers.services.stars import apply_for_star, award_stars
from tests.core.volunteers.shifts import make_shift, make_team, serve
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form
from web.volunteers.pages import stars as pages

DAY = timedelta(days=1)


@dataclass
class World:
    """A volunteer with the hours of a star, two workers of the place, a certificate."""

    volunteer: str
    workers: list[str]
    link: str
    star: int = 0


@pytest.fixture
async def world(db: str) -> World:
    team = await make_team()
    region, phones = team.organization.region_id, [new_phone() for _ in range(3)]
    person = await make_resident(region, name="吴志愿", phone=phones[0], password=PASSWORD)
    for phone in phones[1:]:
        worker = await make_resident(region, name="何社工", phone=phone, password=PASSWORD)
        await grant_role(worker.person_id, WORKER, Ref("region", region), actor_id=None)
    long_ago = clock.now() - 400 * DAY
    with clock.frozen(long_ago - 10 * DAY):
        await set_parameter(figures.STARS[0], PLATFORM, 1, effective_on=clock.today(), actor_id=None)
        await serve(team, await make_shift(team), person)
        id_ = await issue_certificate(team.organization.id, shows_name=False, actor=person)
    made = World(phones[0], phones[1:], link_of(await certificate(id_)))
    with clock.frozen(long_ago):
        made.star = await apply_for_star(agreed=True, actor=person)
    with clock.frozen(long_ago + 16 * DAY):
        async with unit_of_work():
            await award_stars()
    return made


async def sign_in(client: httpx.AsyncClient, phone: str) -> None:
    client.cookies.clear()
    await log_in(client, phone)


async def test_a_star_is_reviewed_withdrawn_appealed_and_given_back(
    client: httpx.AsyncClient, world: World
) -> None:
    assert "1 星，" in (await client.get(world.link)).text
    everybody = (await client.get("/volunteers/stars")).text
    assert ("吴**" in everybody, "吴志愿" in everybody, "1 星" in everybody) == (True, False, True)
    await sign_in(client, world.volunteer)
    assert "1 星志愿者" in (await client.get("/volunteers/mine")).text
    async with unit_of_work():
        await review_stars()
    await sign_in(client, world.workers[0])
    here = f"/volunteers/stars/{world.star}"
    desk = (await client.get("/volunteers/stars/desk")).text
    assert (here in desk, "吴志愿" in desk) == (True, False)
    assert "/volunteers/stars/desk" in (await client.get("/todo")).text
    refused = await send_form(client, f"{here}/decide", seen_on=here, verdict="withdraw", reason="")
    assert (refused.status_code, "原因" in refused.text) == (422, True)
    sent = {"verdict": "withdraw", "reason": "一年没有服务"}
    assert (await send_form(client, f"{here}/decide", seen_on=here, **sent)).status_code == 303
    assert "没有有效的星级" in (await client.get(world.link)).text
    await sign_in(client, world.volunteer)
    said = await send_form(client, f"{here}/appeal", seen_on=here, reason="照顾病人")
    assert said.status_code == 303
    sent = {"verdict": "keep", "reason": "情况属实"}
    await sign_in(client, world.workers[0])
    again = await send_form(client, f"{here}/answer", seen_on=here, **sent)
    assert (again.status_code, "另一位工作人员" in again.text) == (403, True)
    await sign_in(client, world.workers[1])
    assert (await send_form(client, f"{here}/answer", seen_on=here, **sent)).status_code == 303
    assert "照顾病人" in (await client.get(here)).text
    assert "1 星，" in (await client.get(world.link)).text


async def test_the_same_for_programs_and_nothing_for_strangers(
    client: httpx.AsyncClient, world: World
) -> None:
    stranger = new_phone()
    team = await make_team()
    await make_resident(team.organization.region_id, name="王别人", phone=stranger, password=PASSWORD)
    path = f"/api/v1/volunteers/stars/{world.star}"
    client.cookies.clear()
    outside = await bearer(client, stranger)
    assert (await client.get(path, headers=outside)).status_code == 404
    body = {"keeps": False, "reason": "x"}
    assert (await client.post(f"{path}/decide", headers=outside, json=body)).status_code == 403
    refused = await client.post("/api/v1/volunteers/stars", headers=outside, json={"agreed": True})
    assert (refused.status_code, "不到下一颗星" in refused.text) == (409, True)
    own = await bearer(client, world.volunteer)
    found = (await client.get(path, headers=own)).json()
    assert (found["star"]["state"], found["star"]["name"], found["reviews"]) == ("held", "吴**", [])
    public = (await client.get("/api/v1/volunteers/stars")).json()
    assert [one["id"] for one in public["holders"]] == [world.star]
    worker = await bearer(client, world.workers[0])
    assert (await client.get("/api/v1/volunteers/stars/desk", headers=worker)).json() == []


async def test_all_who_are_published_are_there_page_by_page(
    world: World, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Publicity would be none if only the newest could be read."""
    monkeypatch.setattr(pages, "PAGE", 2)
    region = await make_region()
    ids = [await _published(await make_resident(region), region) for _ in range(3)]
    first = (await client.get("/volunteers/stars")).text
    assert f"/volunteers/stars?published_before={ids[1]}" in first
    shown = [one["id"] for one in (await client.get("/api/v1/volunteers/stars")).json()["published"]]
    assert shown == ids[::-1]
    rest = await client.get("/api/v1/volunteers/stars", params={"published_before": ids[1]})
    assert [one["id"] for one in rest.json()["published"]] == ids[:1]
    last = (await client.get(f"/volunteers/stars?published_before={ids[1]}")).text
    assert "公示到" in last
    assert 'rel="next"' not in last


async def _published(person: Actor, region_id: int) -> int:
    return int(
        await fetch_value(
            "insert into volunteer_star (person, region, stars, minutes, state, applied_at, published_until)"
            " values ($1, $2, 1, 60, 'published', $3, $4) returning id",
            person.person_id,
            region_id,
            clock.now(),
            clock.today(),
        )
    )
