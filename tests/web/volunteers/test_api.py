"""The whole journey by programs: from an opportunity to a certificate that a stranger checks."""

from datetime import timedelta

import httpx
import pytest

from core import clock
from core.people.rules import Actor
from tests.core.volunteers.shifts import Team, join, make_shift, make_team, serve
from tests.factories import PASSWORD, make_committee, make_resident, new_phone
from tests.web.visitors import bearer

API = "/api/v1/volunteers"


LEADER_PHONE, PHONE = new_phone(), new_phone()


@pytest.fixture
async def team(client: httpx.AsyncClient) -> Team:
    return await make_team(phone=LEADER_PHONE, organization=await make_committee())


@pytest.fixture
async def person(team: Team) -> Actor:
    return await make_resident(team.organization.region_id, name="吴志愿", phone=PHONE, password=PASSWORD)


@pytest.fixture
async def people(
    client: httpx.AsyncClient, team: Team, person: Actor
) -> tuple[int, dict[str, str], dict[str, str]]:
    """(the organization, the leader's header, the volunteer's)."""
    return team.organization.id, await bearer(client, LEADER_PHONE), await bearer(client, PHONE)


async def test_a_shift_is_published_and_signed_up_for(
    client: httpx.AsyncClient, people: tuple[int, dict[str, str], dict[str, str]]
) -> None:
    organization_id, leader, volunteer = people
    plan = {"title": "送餐", "task": "送午饭", "place": "食堂", "organization_id": organization_id}
    made = await client.post(f"{API}/lead/opportunities", json=plan, headers=leader)
    path = f"{API}/lead/opportunities/{made.json()['id']}"
    begins_at = clock.now() + timedelta(minutes=10)
    hours = {"begins_at": begins_at.isoformat(), "ends_at": (begins_at + timedelta(hours=1)).isoformat()}
    shift = await client.post(f"{path}/shifts", json={**hours, "capacity": 1}, headers=leader)
    assert (await client.get(f"{API}/opportunities")).json() == []
    assert (await client.post(f"{path}/open", headers=leader)).status_code == 204
    offer = (await client.get(f"{API}/opportunities")).json()[0]
    assert (offer["title"], offer["free"]) == ("送餐", 1)

    door = f"{API}/shifts/{shift.json()['id']}/sign-up"
    refused = await client.post(door, json={"agreed": True, "meets": False}, headers=volunteer)
    assert (refused.status_code, refused.json()["detail"]) == (422, "请确认您符合这个岗位的条件")
    signed = await client.post(door, json={"agreed": True, "meets": True}, headers=volunteer)
    assert (signed.json()["state"], signed.json()["ahead"]) == ("placed", 0)
    own = (await client.get(path.replace("/lead", ""), headers=volunteer)).json()["shifts"][0]
    assert (own["own_state"], own["taken"]) == ("placed", 1)


async def test_who_came_is_recorded_and_agrees(
    client: httpx.AsyncClient, people: tuple[int, dict[str, str], dict[str, str]], team: Team, person: Actor
) -> None:
    _, leader, volunteer = people
    with clock.frozen(clock.now() - timedelta(hours=3)):
        shift_id = await make_shift(team)
        sign_up_id = await join(shift_id, person)
    code = (await client.get(f"{API}/lead/shifts/{shift_id}/code", headers=leader)).json()["code"]
    for door in ("check-in", "check-out"):
        passed = await client.post(f"{API}/shifts/{shift_id}/{door}", json={"code": code}, headers=volunteer)
        assert passed.status_code == 204
    (attendee,) = (await client.get(f"{API}/lead/shifts/{shift_id}/attendees", headers=leader)).json()
    assert (attendee["name"], attendee["state"]) == ("吴志愿", "left")
    recorded = await client.post(
        f"{API}/lead/sign-ups/{sign_up_id}/record",
        json={"minutes": 50, "reason": "提前布置"},
        headers=leader,
    )
    path = f"{API}/services/{recorded.json()['id']}"
    assert (await client.post(f"{path}/confirm", headers=leader)).status_code == 404
    assert (await client.post(f"{path}/confirm", headers=volunteer)).status_code == 204
    mine = (await client.get(f"{API}/mine", headers=volunteer)).json()
    assert (mine["minutes"], mine["stars"], mine["services"][0]["state"]) == (50, 0, "confirmed")


async def test_a_certificate_is_issued_checked_and_revoked(
    client: httpx.AsyncClient, people: tuple[int, dict[str, str], dict[str, str]], team: Team, person: Actor
) -> None:
    organization_id, leader, volunteer = people
    await serve(team, await make_shift(team), person)
    issued = await client.post(
        f"{API}/certificates", json={"organization_id": organization_id}, headers=volunteer
    )
    paper = issued.json()
    assert (await client.get(f"{API}/certificates", headers=volunteer)).json() == [paper]
    seen = (await client.get(f"/api/v1{paper['path']}")).json()
    assert (seen["is_valid"], seen["name"], seen["minutes"]) == (True, "吴**", 120)
    assert (await client.get(f"/api/v1{paper['path'][:-1]}")).status_code == 404
    revoked = await client.post(
        f"{API}/lead/certificates/{paper['id']}/revoke", json={"reason": "冒名"}, headers=leader
    )
    assert revoked.status_code == 204
    assert (await client.get(f"/api/v1{paper['path']}")).json()["is_valid"] is False
