"""Projects on their pages, and the form with a photo."""

from base64 import b64encode

import httpx
import pytest

from core.database import fetch, fetch_value, unit_of_work
from core.files.rules import BYTES_MOST
from core.projects.services import open_project
from core.reference import Ref
from tests.core.files.pictures import photo
from tests.factories import Committee, make_committee, make_manager, new_phone
from tests.web.test_kept import hidden, log_in_again
from tests.web.visitors import bearer, log_in, send_file, send_form

PHOTO = ("椅.jpg", photo())


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


@pytest.fixture
async def project(committee: Committee) -> str:
    async with unit_of_work():
        made = await open_project(
            "河边的长椅",
            "",
            organization_id=committee.id,
            region_id=committee.region_id,
            source=Ref("test.contract", 1),
            actor_id=None,
        )
    return f"/projects/{made}"


@pytest.fixture
async def phone(committee: Committee) -> str:
    phone = new_phone()
    await make_manager(committee, phone=phone)
    return phone


async def test_a_visitor_reads_and_has_no_form(client: httpx.AsyncClient, project: str) -> None:
    listed = (await client.get("/projects?words=长椅&state=running")).text
    assert f'href="{project}"' in listed
    assert "没有符合条件的项目" in (await client.get("/projects?words=短椅")).text
    assert (await client.get("/projects?state=x")).status_code == 422
    shown = (await client.get(project)).text
    assert "还没有进展" in shown
    assert "<form" not in shown.split("<main", 1)[1]


async def test_the_manager_tells_and_everybody_sees_the_photo(
    client: httpx.AsyncClient, project: str, phone: str
) -> None:
    await log_in(client, phone)
    sent = await send_file(client, f"{project}/reports", "file", PHOTO, seen_on=project, text="装好了")
    assert sent.status_code == 303
    client.cookies.clear()
    shown = (await client.get(project)).text
    assert "装好了" in shown
    file_id = await fetch_value("select id from file")
    assert f'src="/uploads/{file_id}/small"' in shown
    small = await client.get(f"/uploads/{file_id}/small")
    assert small.headers["content-type"] == "image/jpeg"
    assert small.headers["x-content-type-options"] == "nosniff"
    listed = (await client.get(f"/api/v1{project}")).json()
    assert listed["reports"][0]["files"] == [file_id]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"hello", "只能上传照片"),
        (b"\xff\xd8\xff" + bytes(50), "打不开"),
        (b"%PDF-" + bytes(BYTES_MOST), "太大了"),
    ],
)
async def test_a_wrong_file_is_refused_beside_its_field_and_the_text_stays(
    client: httpx.AsyncClient, project: str, phone: str, content: bytes, reason: str
) -> None:
    await log_in(client, phone)
    sent = await send_file(
        client, f"{project}/reports", "file", ("椅.jpg", content), seen_on=project, text="装好了"
    )
    assert sent.status_code == 422
    assert reason in sent.text.split('id="file-reason"', 1)[1][:200]
    assert "\n装好了</textarea>" in sent.text
    assert await fetch("select from project_report") == []


async def test_a_text_in_place_of_a_file_is_refused(
    client: httpx.AsyncClient, project: str, phone: str
) -> None:
    await log_in(client, phone)
    sent = await send_form(client, f"{project}/reports", seen_on=project, text="装好了", file="a.jpg")
    assert sent.status_code == 422


async def test_another_tenants_manager_may_not(client: httpx.AsyncClient, project: str) -> None:
    stranger = new_phone()
    await make_manager(await make_committee(), phone=stranger)
    await log_in(client, stranger)
    assert (await send_form(client, f"{project}/reports", seen_on="/me", text="不是我的")).status_code == 403


async def test_a_form_with_a_photo_survives_the_end_of_its_session(
    client: httpx.AsyncClient, project: str, phone: str
) -> None:
    await log_in(client, phone)
    page = await client.get(project)
    await fetch("delete from session")
    token = page.text.split('name="form_token" value="', 1)[1].split('"', 1)[0]
    data = {"form_token": token, "text": "装好了"}
    late = await client.post(f"{project}/reports", data=data, files={"file": PHOTO})
    assert late.status_code == 401
    way_back = await log_in_again(client, late, phone)
    again = await client.post(f"{project}/reports", data=hidden(way_back.text))
    assert again.status_code == 422
    assert "装好了</textarea>" in again.text
    assert "请再选一次文件" in again.text


async def test_a_program_sends_its_photo_in_the_same_call(
    client: httpx.AsyncClient, project: str, phone: str
) -> None:
    head = await bearer(client, phone)
    file = {"name": "椅.jpg", "content": b64encode(photo()).decode()}
    made = await client.post(f"/api/v1{project}/reports", json={"text": "好", "file": file}, headers=head)
    assert made.status_code == 201
    wrong = {"text": "好", "file": file | {"content": "aGVsbG8="}}
    refused = await client.post(f"/api/v1{project}/reports", json=wrong, headers=head)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "file"


async def test_only_a_route_that_takes_files_takes_a_large_body(
    client: httpx.AsyncClient, project: str, phone: str
) -> None:
    large = b"%PDF-" + bytes(1_000_000)
    assert (await client.post("/login", files={"file": ("a.pdf", large)})).status_code == 413
    visitor = await client.post(f"{project}/reports", files={"file": ("a.pdf", large)})
    assert visitor.status_code == 413
    await log_in(client, phone)
    assert (await client.post("/inbox/read", files={"file": ("a.pdf", large)})).status_code == 413
    huge = b"%PDF-" + bytes(8_000_000)
    sent = await client.post(f"{project}/reports", files={"file": ("a.pdf", huge)})
    assert sent.status_code == 413
