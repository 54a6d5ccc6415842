"""The whole journey by programs: from an opportunity to a certificate that a stranger checks."""

from datetime import timedelta

import httpx
import pytest

from core import clock
from tests.core.volunteers.shifts import make_team
from tests.factories import PASSWORD, make_committee, make_resident, new_phone
from tests.web.visitors import bearer

API = "/api/v1/volunteers"


@pytest.fixture
async def people(client: httpx.AsyncClient) -> tuple[int, dict[str, str], dict[str, str]]:
    """(the organization, the leader's header, the volunteer's)."""
    leader_phone, phone = new_phone(), new_phone()
    team = await make_team(phone=leader_phone, organization=await make_committee())
    await make_resident(team.organization.region_id, name="吴志愿", phone=phone, password=PASSWORD)
    return team.organization.id, await bearer(client, leader_phone), await bearer(client, phone)


async def test_the_whole_journey(
    client: httpx.AsyncClient, people: tuple[int, dict[str, str], dict[str, str]]
) -> None:
    organization_id, leader, volunteer = people
    plan = {"title": "送餐", "task": "送午饭", "place": "食堂", "organization_id": organization_id}
    made = await client.post(f"{API}/lead/opportunities", json=plan, headers=leader)
    path = f"{API}/lead/opportunities/{made.json()['id']}"
    begins_at = clock.now() + timedelta(minutes=10)
    hours = {"begins_at": begins_at.isoformat(), "ends_at": (begins_at + timedelta(hours=1)).isoformat()}
    shift = await client.post(f"{path}/shifts", json={**hours, "capacity": 1}, headers=leader)
    shift_id = shift.json()["id"]
    assert (await client.get(f"{API}/opportunities")).json() == []
    assert (await client.post(f"{path}/open", headers=leader)).status_code == 204
    offer = (await client.get(f"{API}/opportunities")).json()[0]
    assert (offer["title"], offer["free"]) == ("送餐", 1)

    refused = await client.post(
        f"{API}/shifts/{shift_id}/sign-up", json={"agreed": True, "meets": False}, headers=volunteer
    )
    assert (refused.status_code, refused.json()["detail"]) == (422, "请确认您符合这个岗位的条件")
    signed = await client.post(
        f"{API}/shifts/{shift_id}/sign-up", json={"agreed": True, "meets": True}, headers=volunteer
    )
    sign_up = signed.json()
    assert (sign_up["state"], sign_up["ahead"]) == ("placed", 0)

    code = (await client.get(f"{API}/lead/shifts/{shift_id}/code", headers=leader)).json()["code"]
    for door in ("check-in", "check-out"):
        passed = await client.post(f"{API}/shifts/{shift_id}/{door}", json={"code": code}, headers=volunteer)
        assert passed.status_code == 204
    (attendee,) = (await client.get(f"{API}/lead/shifts/{shift_id}/attendees", headers=leader)).json()
    assert (attendee["name"], attendee["state"]) == ("吴志愿", "left")
    recorded = await client.post(
        f"{API}/lead/sign-ups/{sign_up['id']}/record",
        json={"minutes": 50, "reason": "提前布置"},
        headers=leader,
    )
    service_id = recorded.json()["id"]
    assert (await client.post(f"{API}/services/{service_id}/confirm", headers=leader)).status_code == 404
    assert (await client.post(f"{API}/services/{service_id}/confirm", headers=volunteer)).status_code == 204
    mine = (await client.get(f"{API}/mine", headers=volunteer)).json()
    assert (mine["minutes"], mine["stars"], mine["services"][0]["state"]) == (50, 0, "confirmed")

    issued = await client.post(
        f"{API}/certificates", json={"organization_id": organization_id}, headers=volunteer
    )
    paper = issued.json()
    assert (await client.get(f"{API}/certificates", headers=volunteer)).json() == [paper]
    seen = await client.get(f"/api/v1{paper['path']}")
    assert (seen.json()["is_valid"], seen.json()["name"], seen.json()["minutes"]) == (True, "吴**", 50)
    assert (await client.get(f"/api/v1{paper['path'][:-1]}")).status_code == 404
    revoked = await client.post(
        f"{API}/lead/certificates/{paper['id']}/revoke", json={"reason": "冒名"}, headers=leader
    )
    assert revoked.status_code == 204
    assert (await client.get(f"/api/v1{paper['path']}")).json()["is_valid"] is False
