"""A volunteer's own record as a file."""

import csv
import io
import json

import pytest

from core.documents.errors import FormatUnknown
from core.documents.queries import content, file_of_job
from core.people.rules import Actor
from core.volunteers.services.exports import ask_for_record
from core.volunteers.services.records import confirm_service
from tests.core.volunteers.shifts import make_shift, make_team, propose, serve
from tests.factories import make_resident
from workers.drain import run_due_jobs


async def _file(person: Actor, format: str) -> bytes:
    job_id = await ask_for_record(format, actor=person)
    await run_due_jobs()
    file = await file_of_job(job_id, person.person_id)
    assert file is not None
    return (await content(file.id, person.person_id))[1]


async def test_a_volunteer_takes_along_what_was_confirmed_and_nothing_of_others(db: str) -> None:
    team = await make_team()
    person, other = [await make_resident(team.organization.region_id, name=n) for n in ("吴志愿", "别人")]
    first = await serve(team, await make_shift(team), person)
    second = await propose(team, await make_shift(team, begins_at=None), other, minutes=90)
    await confirm_service(second, actor=other)
    (line,) = json.loads(await _file(person, "json"))
    assert (line["记录编号"], line["志愿者姓名"], line["服务时长 (分钟)"]) == (first, "吴志愿", 120)
    assert line["志愿者编号"] == f"ZYZ{person.person_id:08}"
    assert line["记录方式"] == "签到签退"
    rows = list(csv.reader(io.StringIO((await _file(other, "csv")).decode("utf-8-sig"), newline="")))
    assert len(rows) == 2
    assert "负责人记录，志愿者确认" in rows[1]
    assert (await _file(person, "xlsx")).startswith(b"PK")
    assert json.loads(await _file(team.leader, "json")) == []


async def test_an_unknown_format_is_refused_in_words(db: str) -> None:
    with pytest.raises(FormatUnknown, match="CSV / XLSX / JSON"):
        await ask_for_record("docx", actor=(await make_team()).leader)
