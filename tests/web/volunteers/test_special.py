"""Absences, witnesses, codes sent later, certificates as PDF and records as files: pages and API."""

import re
from datetime import timedelta

import httpx
import pytest

from core import clock, settings
from core.people.rules import Actor
from core.volunteers.queries import opportunities, records, sign_ups
from core.volunteers.rules import codes
from core.volunteers.services.attendance import mark_absent
from core.volunteers.services.certificates import issue_certificate
from core.volunteers.services.witnesses import backfill
from tests.core.volunteers.shifts import HOURS, Team, attend, join, make_shift, make_team, serve
from tests.factories import PASSWORD, make_committee, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs

API = "/api/v1/volunteers"


@pytest.fixture
async def leader_phone() -> str:
    return new_phone()


@pytest.fixture
async def team(client: httpx.AsyncClient, leader_phone: str) -> Team:
    return await make_team(phone=leader_phone, organization=await make_committee())


@pytest.fixture
async def phone() -> str:
    return new_phone()


@pytest.fixture
async def person(client: httpx.AsyncClient, team: Team, phone: str) -> Actor:
    return await make_resident(team.organization.region_id, name="吴志愿", phone=phone, password=PASSWORD)


def reason(html: str, name: str) -> str:
    found = re.search(rf'id="{name}-reason"[^>]*>([^<]*)<', html)
    return found[1] if found else ""


async def _log_in(client: httpx.AsyncClient, phone: str) -> None:
    client.cookies.clear()
    await log_in(client, phone)


async def test_an_absence_is_announced_pleaded_against_and_excused(
    client: httpx.AsyncClient, team: Team, person: Actor, phone: str, leader_phone: str
) -> None:
    with clock.frozen(clock.now() - 6 * HOURS):
        shift_id = await make_shift(team)
        sign_up_id = await join(shift_id, person)
    await mark_absent(sign_up_id, actor=team.leader)
    await _log_in(client, phone)
    free = await make_shift(team)
    assert "365 天内缺席 5 次" in (await client.get(f"/volunteers/shifts/{free}")).text
    path = f"/volunteers/shifts/{shift_id}"
    assert path in (await client.get("/volunteers/mine")).text
    refused = await send_form(client, f"{path}/plead", seen_on=path, reason=" ")
    assert refused.status_code == 422
    await send_form(client, f"{path}/plead", seen_on=path, reason="孩子发烧")
    assert "您的申诉：孩子发烧" in (await client.get(path)).text

    await _log_in(client, leader_phone)
    absence = f"/volunteers/lead/sign-ups/{sign_up_id}/absence"
    assert "答复申诉" in (await client.get(f"/volunteers/lead/shifts/{shift_id}")).text
    refused = await send_form(client, absence, seen_on=absence, reason="可以理解")
    assert (refused.status_code, reason(refused.text, "verdict")) == (422, "请填写这一项")
    assert "可以理解</textarea>" in refused.text
    await send_form(client, absence, seen_on=absence, reason="可以理解", verdict="excused")
    assert (await sign_ups.sign_up(sign_up_id)).state == "excused"
    late = await send_form(client, absence, seen_on=absence, reason="算了", verdict="declined")
    assert late.status_code == 409
    assert "没有等待答复的申诉" in late.text


async def _past_with_witnesses(team: Team, person: Actor) -> tuple[int, list[Actor]]:
    seen_by = [person, await make_resident(team.organization.region_id, name="乙证人")]
    with clock.frozen(clock.now() - 6 * HOURS):
        shift_id = await make_shift(team)
        for one in seen_by:
            await join(shift_id, one)
            await attend(shift_id, one)
    return shift_id, seen_by


async def test_a_leader_records_with_witnesses_and_is_told_what_is_wrong(
    client: httpx.AsyncClient, team: Team, person: Actor, phone: str, leader_phone: str
) -> None:
    shift_id, seen_by = await _past_with_witnesses(team, person)
    forgotten_phone = new_phone()
    await make_resident(team.organization.region_id, name="忘报名", phone=forgotten_phone, password=PASSWORD)
    await _log_in(client, leader_phone)
    path = f"/volunteers/lead/shifts/{shift_id}/backfill"
    assert path in (await client.get(f"/volunteers/lead/shifts/{shift_id}")).text
    first, second = (str(one.person_id) for one in seen_by)
    said = {"phone": forgotten_phone, "minutes": "60", "reason": "路过帮忙", "first_id": first}
    unknown = await send_form(client, path, seen_on=path, **said, name="别人", second_id=second)
    assert unknown.status_code == 422
    assert forgotten_phone in unknown.text
    twice = await send_form(client, path, seen_on=path, **said, name="忘报名", second_id=first)
    assert twice.status_code == 422
    assert reason(twice.text, "second_id").startswith("请选择两位不同的证人")
    made = await send_form(client, path, seen_on=path, **said, name="忘报名", second_id=second)
    service = made.headers["location"]
    again = await send_form(client, path, seen_on=path, **said, name="忘报名", second_id=second)
    assert (again.status_code, "请在名单里直接记录" in again.text) == (409, True)

    await _log_in(client, phone)
    seen = (await client.get(service)).text
    assert "忘报名" in seen
    assert "乙证人" not in seen
    refused = await send_form(client, f"{service}/witness", seen_on=service)
    assert refused.status_code == 422
    await send_form(client, f"{service}/witness", seen_on=service, agrees="yes")
    assert "是，我看到了" in (await client.get(service)).text
    await _log_in(client, forgotten_phone)
    assert "先由两位证人作证" in (await client.get(service)).text
    assert (await send_form(client, f"{service}/witness", seen_on=service, agrees="yes")).status_code == 404


async def test_programs_do_the_same(
    client: httpx.AsyncClient, team: Team, person: Actor, phone: str, leader_phone: str
) -> None:
    shift_id, seen_by = await _past_with_witnesses(team, person)
    leader, own = await bearer(client, leader_phone), await bearer(client, phone)
    present = (await client.get(f"{API}/lead/shifts/{shift_id}/present", headers=leader)).json()
    assert {one["name"] for one in present} == {"吴志愿", "乙证人"}
    forgotten_phone = new_phone()
    await make_resident(team.organization.region_id, name="忘报名", phone=forgotten_phone)
    asked = {"phone": forgotten_phone, "name": "忘报名", "minutes": 60, "reason": "路过帮忙"}
    ids = [one.person_id for one in seen_by]
    door = f"{API}/lead/shifts/{shift_id}/backfill"
    assert (await client.post(door, json=asked | {"witness_ids": ids[:1]}, headers=leader)).status_code == 422
    made = await client.post(door, json=asked | {"witness_ids": ids}, headers=leader)
    service = f"{API}/services/{made.json()['id']}"
    assert (await client.get(service, headers=own)).json()["state"] == "witnessing"
    answered = await client.post(f"{service}/witness", json={"agrees": False}, headers=own)
    assert answered.status_code == 204
    assert (await client.get(service, headers=leader)).json()["state"] == "disputed"

    with clock.frozen(clock.now() - 12 * HOURS):
        missed = await join(await make_shift(team), person)
    await mark_absent(missed, actor=team.leader)
    pleaded = await client.post(f"{API}/sign-ups/{missed}/plead", json={"reason": "病了"}, headers=own)
    assert pleaded.status_code == 204
    (absence,) = (await client.get(f"{API}/mine", headers=own)).json()["absences"]
    assert (absence["state"], absence["plea"]) == ("absent", "病了")
    answer = {"reason": "没有提前说", "is_excused": False}
    for status in (204, 409):
        told = await client.post(f"{API}/lead/sign-ups/{missed}/absence", json=answer, headers=leader)
        assert told.status_code == status


async def test_codes_seen_without_a_network_are_sent_later(
    client: httpx.AsyncClient, team: Team, person: Actor, phone: str
) -> None:
    with clock.frozen(clock.now() - 6 * HOURS):
        shift_id = await make_shift(team)
        await join(shift_id, person)
    span = (await opportunities.shift(shift_id)).span
    at = (span.begins_at + 5 * timedelta(minutes=1)).replace(second=0, microsecond=0)
    code = codes.code_of(settings.load().secret, shift_id, at)
    await _log_in(client, phone)
    path = f"/volunteers/shifts/{shift_id}"
    told = {"code": code, "seen_at": "25:00"}
    refused = await send_form(client, f"{path}/check-in", seen_on=path, **told)
    assert (refused.status_code, reason(refused.text, "seen_at")) == (422, "时间写成 09:00 这样")
    told["seen_at"] = f"{clock.local(at):%H:%M}"
    await send_form(client, f"{path}/check-in", seen_on=path, **told)
    assert (await sign_ups.sign_up_at(shift_id, person.person_id)).came_at == at
    later = at + timedelta(minutes=30)
    sent = {"code": codes.code_of(settings.load().secret, shift_id, later), "seen_at": later.isoformat()}
    own = await bearer(client, phone)
    assert (await client.post(f"{API}/shifts/{shift_id}/check-out", json=sent, headers=own)).is_success
    assert (await sign_ups.sign_up_at(shift_id, person.person_id)).left_at == later


async def test_a_certificate_as_pdf_its_key_and_the_record_as_a_file(
    client: httpx.AsyncClient, team: Team, person: Actor, phone: str
) -> None:
    with clock.frozen(clock.now() - 6 * HOURS):
        await serve(team, await make_shift(team), person)
    id_ = await issue_certificate(team.organization.id, shows_name=False, actor=person)
    await _log_in(client, phone)
    path = f"/volunteers/certificates/{id_}"
    asked = await send_form(client, f"{path}/paper", seen_on=path)
    await run_due_jobs()
    assert ".pdf" in (await client.get(asked.headers["location"])).text
    key = await client.get("/certificates/key.pem")
    assert key.text.startswith("-----BEGIN PUBLIC KEY-----")
    (jwk,) = (await client.get("/api/v1/certificates/keys")).json()["keys"]
    assert (jwk["crv"], len(jwk["x"])) == ("Ed25519", 43)
    mine = "/volunteers/mine"
    wrong = await send_form(client, "/volunteers/exports", seen_on=mine, format="docx")
    assert (wrong.status_code, reason(wrong.text, "format")) == (422, "请选择一种格式：CSV / XLSX / JSON")
    asked = await send_form(client, "/volunteers/exports", seen_on=mine, format="json")
    await run_due_jobs()
    assert ".json" in (await client.get(asked.headers["location"])).text
    own = await bearer(client, phone)
    for door, body in ((f"{API}/exports", {"format": "csv"}), (f"{API}/certificates/{id_}/paper", None)):
        assert (await client.post(door, json=body, headers=own)).status_code == 202


async def test_a_witness_reads_only_that_record(
    client: httpx.AsyncClient, team: Team, person: Actor, phone: str
) -> None:
    shift_id, seen_by = await _past_with_witnesses(team, person)
    forgotten_phone = new_phone()
    await make_resident(team.organization.region_id, name="忘报名", phone=forgotten_phone)
    service_id = await backfill(
        shift_id,
        phone=forgotten_phone,
        name="忘报名",
        minutes=60,
        reason="路过帮忙",
        witness_ids=(seen_by[0].person_id, seen_by[1].person_id),
        actor=team.leader,
    )
    await _log_in(client, phone)
    assert (await client.get(f"/volunteers/services/{service_id}")).status_code == 200
    stranger = new_phone()
    await make_resident(team.organization.region_id, phone=stranger, password=PASSWORD)
    await _log_in(client, stranger)
    assert (await client.get(f"/volunteers/services/{service_id}")).status_code == 404
    assert (await records.service(service_id)).state == "witnessing"
