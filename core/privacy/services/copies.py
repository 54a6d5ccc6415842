"""The verb of a copy: everything that is known of a person, in one zip that only the person gets."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from core import clock, plugins
from core.database import fetch, unit_of_work
from core.documents.services import ask_for_paper, keep_file
from core.documents.sheets import neutral
from core.jobs import progress
from core.language import mark, show_time, translate
from core.manifest import PersonalData
from core.people.rules import Actor
from core.people.services import lock_person
from core.privacy import queries, rules

COPY = "core.copy_personal_data"
_FILES_MOST_BYTES = 40_000_000
_README = mark(
    "这是 %(at)s 时益集保存的关于您的资料。每一类有两个文件，内容相同：CSV 用表格软件打开，JSON 给程序读。"
    "“files”里是您上传的照片和文件。身份证号加密保存，不显示给任何人，所以不在里面。"
)


async def ask_for_copy(*, actor: Actor) -> int:
    """Ask for the copy of one's own data; returns the id of the job that makes it. Raises TooManyCopies."""
    async with unit_of_work():
        await lock_person(actor.person_id)
        rules.check_copies(await queries.copies_today(actor.person_id, COPY))
        return await ask_for_paper(COPY, {}, person_id=actor.person_id)


async def write_copy(person_id: int) -> int:
    """Make the zip in the unit of work of its job, in the language that is set; returns the file's id."""
    parts: list[PersonalData] = await plugins.collect("collect_personal_data", person_id=person_id)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", translate(_README, at=show_time(clock.now())))
        for number, part in enumerate(parts, 1):
            archive.writestr(
                f"{part.name}.json", msgspec.json.format(msgspec.json.encode(part.rows), indent=1)
            )
            archive.writestr(f"{part.name}.csv", "".join(_table(part)).encode("utf-8-sig"))
            await progress.report(number, len(parts) + 1)
        await _add_files(archive, person_id)
    await progress.report(len(parts) + 1, len(parts) + 1)
    name = f"{translate(mark('我的资料副本'))}.zip"
    return await keep_file(name, "application/zip", content.getvalue(), owner_id=person_id)


def _table(part: PersonalData) -> Iterator[str]:
    yield _line([translate(part.title)])
    yield _line([translate(title) for title in part.columns.values()])
    for row in part.rows:
        yield _line([_cell(row.get(key)) for key in part.columns])


def _line(cells: Sequence[str | int | Decimal | None]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow([neutral(cell) for cell in cells])
    return text.getvalue()


def _cell(value: object) -> str | int | Decimal | None:
    """As people read it."""
    if isinstance(value, bool):
        return translate(mark("是")) if value else translate(mark("否"))
    if isinstance(value, datetime):
        return show_time(value)
    if value is None or isinstance(value, str | int | Decimal):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


async def _add_files(archive: zipfile.ZipFile, person_id: int) -> None:
    """What the person has sent, the newest first, as much as fits into one file."""
    room = _FILES_MOST_BYTES
    rows = await fetch(
        "select f.id, f.name, length(c.content) as size from file f join file_content c on c.id = f.content"
        " where f.uploaded_by = $1 order by f.id desc limit 1000",
        person_id,
    )
    for row in rows:
        room -= row["size"]
        if room < 0:
            return
        found = await fetch(
            "select c.content from file f join file_content c on c.id = f.content where f.id = $1", row["id"]
        )
        archive.writestr(f"files/{row['id']}-{row['name'].replace('/', '_')}", found[0]["content"])
