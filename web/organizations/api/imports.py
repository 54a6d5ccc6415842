"""Importing lists of organizations, for programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.rules import Upload
from core.organizations import rules
from core.organizations.queries import imports
from core.organizations.rules.imports import ROWS_MOST
from core.organizations.services.imports import ask_for_import, confirm_import
from web.forms import WITH_FILE_MOST, clean
from web.organizations.pages.imports import ask_for_errors
from web.parameters import Before, RowId
from web.visit import current_actor

_ALL, _ONE = "/organizations/imports", "/organizations/imports/{import_id:int}"
_BAD_MOST = 100


class ListIn(msgspec.Struct):
    """A CSV or XLSX file, base64; 5 MB and 10,000 rows at most."""

    file: Upload


class BadRowOut(msgspec.Struct):
    """A row as it was written, and why it cannot be taken."""

    line: int
    name: str
    kind: str
    uscc: str
    place: str
    reason: str


class ImportOut(msgspec.Struct):
    """`state`: waiting, judged, importing, imported, or refused with a `reason`."""

    id: int
    name: str
    state: str
    reason: str
    good: int
    bad: int
    asked_at: datetime
    bad_rows: list[BadRowOut]


class ConfirmIn(msgspec.Struct):
    """How many rows one has seen to be good."""

    good: Annotated[int, msgspec.Meta(ge=1, le=ROWS_MOST)]


class FormatIn(msgspec.Struct):
    """Such as `csv` or `xlsx`."""

    format: Annotated[str, msgspec.Meta(max_length=10)]


class Asked(msgspec.Struct):
    """The import."""

    import_id: int


class JobOut(msgspec.Struct):
    """The job that writes the file; `/api/v1/jobs/{id}` tells how far it is."""

    job_id: int


@post(
    _ALL,
    summary="上传组织清单",
    tags=["organizations"],
    access=rules.REVIEW,
    request_max_body_size=WITH_FILE_MOST,
)
async def upload(data: JSONBody[ListIn]) -> Asked:
    """Send a list whose rows are to be judged; takes nothing over. Repeating it returns the same one."""
    file = Upload(clean(data.file.name), data.file.content)
    return Asked(await ask_for_import(file, actor=current_actor()))


@get(_ONE, summary="组织清单", tags=["organizations"], access=rules.REVIEW)
async def get_import(import_id: RowId, after: Before = None) -> ImportOut:
    """How far it is, and a hundred of the rows that cannot be taken: those after the line `after`."""
    one = await imports.import_of(import_id, current_actor().person_id)
    bad = await imports.bad_rows(import_id, after=after or 0, limit=_BAD_MOST)
    return ImportOut(
        one.id, one.name, one.state, one.reason, one.good, one.bad, one.asked_at,
        [BadRowOut(b.line, b.name, b.kind, b.uscc, b.place, b.reason) for b in bad],
    )  # fmt: skip


@post(
    f"{_ONE}/confirmation",
    summary="导入组织清单",
    tags=["organizations"],
    access=rules.REVIEW,
    status_code=204,
)
async def confirm(import_id: RowId, data: JSONBody[ConfirmIn]) -> None:
    """Take the good rows over, all of them or, if the world has changed, none."""
    await confirm_import(import_id, good=data.good, actor=current_actor())


@post(
    f"{_ONE}/errors", summary="导出有问题的行", tags=["organizations"], access=rules.REVIEW, status_code=202
)
async def export_errors(import_id: RowId, data: JSONBody[FormatIn]) -> JobOut:
    """Ask for the rows that cannot be taken, as the same list with a column that says why."""
    return JobOut(await ask_for_errors(import_id, data.format))


HANDLERS = [upload, get_import, confirm, export_errors]
