"""A leader finds every shift of an opportunity, however many there are."""

import re
from datetime import date, timedelta

import httpx
import pytest

from core import clock
from core.database import fetch, fetch_value
from tests.core.volunteers.shifts import make_shift, make_team
from tests.factories import PASSWORD, make_committee, make_resident, new_phone
from tests.web.visitors import bearer, log_in

_FILL = """
insert into volunteer_shift (opportunity, begins_at, ends_at, capacity, taken, state, reason)
select $1, $2::timestamptz + n * interval '1 day',
    $2::timestamptz + n * interval '1 day' + interval '1 hour', 5, 0, 'planned', ''
from generate_series($3::int, $4::int) n where n <> 0"""


@pytest.fixture
async def led(client: httpx.AsyncClient) -> tuple[str, str]:
    """The path of an opportunity with 30 shifts behind and 25 before it, and its leader's phone."""
    phone = new_phone()
    team = await make_team(phone=phone, organization=await make_committee())
    shift_id = await make_shift(team)
    opportunity_id = await fetch_value("select opportunity from volunteer_shift where id = $1", shift_id)
    await fetch(_FILL, opportunity_id, clock.now() + timedelta(hours=2), -30, 24)
    await log_in(client, phone)
    return f"/volunteers/lead/{opportunity_id}", phone


def shifts(html: str) -> list[str]:
    return re.findall(r'href="/volunteers/lead/shifts/(\d+)"', html)


async def test_shifts_to_come_and_past_ones_are_paged(
    client: httpx.AsyncClient, led: tuple[str, str]
) -> None:
    path, _ = led
    first, second = [shifts((await client.get(f"{path}?page_number={n}")).text) for n in (1, 2)]
    assert (len(first), len(second), len({*first, *second})) == (20, 5, 25)
    past = [shifts((await client.get(f"{path}?over=1&page_number={n}")).text) for n in (1, 2)]
    assert (len(past[0]), len(past[1]), len({*past[0], *past[1]})) == (20, 10, 30)
    begins = await fetch_value("select max(begins_at) from volunteer_shift where ends_at <= $1", clock.now())
    assert past[0][0] == str(await fetch_value("select id from volunteer_shift where begins_at = $1", begins))
    assert 'rel="next"' not in (await client.get(f"{path}?over=1&page_number=2")).text


async def test_a_day_finds_what_begins_from_then_on(client: httpx.AsyncClient, led: tuple[str, str]) -> None:
    path, _ = led
    day = clock.today() - timedelta(days=25)
    found = shifts((await client.get(f"{path}?since={day}")).text)
    begins = await fetch_value("select begins_at from volunteer_shift where id = $1", int(found[0]))
    assert (len(found), clock.local(begins).date()) == (20, day)
    refused = await client.get(f"{path}?since=昨天")
    assert (refused.status_code, "日期写成 2026-12-31 这样" in refused.text) == (422, True)
    assert (await client.get(f"{path}?page_number=0")).status_code == 422


async def test_programs_page_them_too_and_strangers_do_not(
    client: httpx.AsyncClient, led: tuple[str, str]
) -> None:
    path, phone = led
    api = "/api/v1/volunteers/lead/opportunities/" + path.rsplit("/", 1)[1] + "/shifts"
    leader = await bearer(client, phone)
    assert len((await client.get(api, headers=leader)).json()) == 25
    over = (await client.get(f"{api}?over=true", headers=leader)).json()
    assert [one["begins_at"] for one in over] == sorted((one["begins_at"] for one in over), reverse=True)
    since = (await client.get(f"{api}?since={date.max}", headers=leader)).json()
    assert (len(over), since) == (30, [])
    own = new_phone()
    await make_team(phone=own)
    stranger = await bearer(client, own)
    assert (await client.get(api, headers=stranger)).status_code == 404
    resident = new_phone()
    await make_resident((await make_committee()).region_id, phone=resident, password=PASSWORD)
    assert (await client.get(api, headers=await bearer(client, resident))).status_code == 403
