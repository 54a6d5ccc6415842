"""A public account's statement as a file: asked for on its page or by a program, written by a job."""

import io
import zipfile
from dataclasses import dataclass

import httpx
import pytest

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.documents.services import ask_for_paper
from core.ledger.rules import Entry, Transfer
from core.ledger.services import PAPER, post
from core.reference import Ref
from tests.core.documents.test_printing import pages
from tests.factories import PASSWORD, make_accounts, make_committee, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@dataclass(frozen=True)
class Place:
    organization_id: int
    phone: str

    @property
    def path(self) -> str:
        return f"/accounts/{self.organization_id}"


@pytest.fixture
async def place(db: str) -> Place:
    """A committee that has received 35 yuan and spent 5, and a resident who can sign in."""
    committee = await make_committee()
    outside, public = await make_accounts(committee)
    async with unit_of_work():
        for n, (source, target, amount) in enumerate(((outside, public, 3500), (public, outside, 500))):
            post(
                Transfer(
                    key=f"export:{n}",
                    unit="CNY",
                    reason="garden.plot_fee",
                    cause=Ref("test", n),
                    occurred_at=clock.now(),
                    note="=1+1" if n else "3 号",
                    entries=(Entry(source, -amount), Entry(target, amount)),
                )
            )
    phone = new_phone()
    await make_resident(committee.region_id, phone=phone, password=PASSWORD)
    return Place(committee.id, phone)


async def written(name: str) -> bytes:
    await run_due_jobs()
    content: bytes = await fetch_value("select content from stored_file where name like $1", f"%{name}")
    return content


async def test_a_resident_gets_the_whole_statement_as_a_file(client: httpx.AsyncClient, place: Place) -> None:
    await log_in(client, place.phone)
    answer = await send_form(client, f"{place.path}/exports", seen_on=place.path, format="csv")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/jobs/")
    rows = (await written(".csv")).decode("utf-8-sig").splitlines()
    assert rows[0] == "编号,日期,事由,说明,收支 (元),余额 (元)"
    assert [row.split(",")[2:] for row in rows[1:]] == [
        ["地块认领费", "3 号", "35.00", "35.00"],
        ["地块认领费", "'=1+1", "-5.00", "30.00"],
    ]
    shown = await client.get("/files")
    assert "公共账户.csv" in shown.text


async def test_a_program_gets_it_as_a_workbook_in_its_language(
    client: httpx.AsyncClient, place: Place
) -> None:
    headers = await bearer(client, place.phone) | {"accept-language": "en"}
    answer = await client.post(f"/api/v1{place.path}/exports", json={"format": "xlsx"}, headers=headers)
    assert answer.status_code == 202
    book = zipfile.ZipFile(io.BytesIO(await written(".xlsx")))
    assert b"Plot fee" in book.read("xl/worksheets/sheet1.xml")
    (job,) = await fetch("select state from job where id = $1", answer.json()["job_id"])
    assert job["state"] == "done"


async def test_a_statement_can_be_printed(client: httpx.AsyncClient, place: Place) -> None:
    await log_in(client, place.phone)
    answer = await send_form(client, f"{place.path}/exports", seen_on=place.path, format="pdf")
    assert answer.headers["location"].startswith("/jobs/")
    (text,) = pages(await written("公共账户.pdf"))
    for words in (
        "公共账户收支明细",
        "余额 (元) 30.00",
        "笔数 2",
        "地块认领费 3 号 35.00 35.00",
        "-5.00 30.00",
    ):
        assert words in text, words
    assert text.index("35.00 35.00") < text.index("-5.00 30.00")


async def test_a_paper_that_is_cut_says_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.papers.PAPER_ROWS_MOST", 1)
    account = {"organization_id": place.organization_id, "kind": "core.public", "unit": "CNY"}
    await ask_for_paper(PAPER, account, person_id=7)
    (text,) = pages(await written(".pdf"))
    assert "这里只列最新的 1 笔" in text
    assert "-5.00 30.00" in text
    assert "35.00 35.00" not in text


@pytest.mark.parametrize("format", ["doc", ""])
async def test_another_format_is_refused_in_words(
    client: httpx.AsyncClient, place: Place, format: str
) -> None:
    await log_in(client, place.phone)
    answer = await send_form(client, f"{place.path}/exports", seen_on=place.path, format=format)
    assert answer.status_code == 422
    assert "请选择一种格式：CSV / XLSX / JSON / PDF" in answer.text
    assert await fetch_value("select count(*) from job where name = 'core.export_statement'") == 0


async def test_an_organization_that_is_not_there_has_no_file(client: httpx.AsyncClient, place: Place) -> None:
    headers = await bearer(client, place.phone)
    answer = await client.post("/api/v1/accounts/999999/exports", json={"format": "csv"}, headers=headers)
    assert answer.status_code == 404
