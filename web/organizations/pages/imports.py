"""Lists of organizations that the staff imports: uploaded, looked through, taken over."""

from typing import Any

from litestar import Request, get, post

from core.documents.services import ask_for_sheet
from core.jobs import queries as jobs
from core.language import translate
from core.organizations import rules
from core.organizations.queries import imports
from core.organizations.queries.imports import ERRORS
from core.organizations.rules.imports import COLUMNS, IMPORTING, ROWS_MOST, WAITING
from core.organizations.services.imports import ask_for_import, confirm_import
from web.forms import WITH_FILE_MOST, Answer, Form, see_other, submit
from web.organizations.forms import ConfirmForm, FormatForm, ListForm
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

_ALL, _ONE = "/organizations/imports", "/organizations/imports/{import_id:int}"
_OWN_MOST, _BAD_MOST = 20, 20


@get(_ALL, include_in_schema=False, access=rules.REVIEW)
async def show_imports() -> Answer:
    """One's own, and the form for another one."""
    return await _imports_page(Form())


async def _imports_page(form: Form, status: int = 200) -> Answer:
    return page(
        "web/organization_imports.html",
        status=status,
        own=await imports.imports_of(current_actor().person_id, limit=_OWN_MOST),
        columns=list(COLUMNS.values()),
        kinds=[kind.title for kind in rules.KINDS.values()],
        rows_most=ROWS_MOST,
        form=form,
    )


@post(
    _ALL,
    include_in_schema=False,
    access=rules.REVIEW,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def upload(request: Request[Any, Any, Any]) -> Answer:
    """Send a list; nothing is taken over yet."""

    async def act(form: ListForm) -> Answer:
        import_id = await ask_for_import(form.file, actor=current_actor())
        return see_other(f"/organizations/imports/{import_id}")

    return await submit(request, ListForm, act, _imports_page)


@get(_ONE, include_in_schema=False, access=rules.REVIEW)
async def show_import(import_id: RowId) -> Answer:
    """How far it is, which rows cannot be taken and why, and the button."""
    return await _import_page(import_id, Form())


async def _import_page(import_id: int, form: Form, status: int = 200) -> Answer:
    person_id = current_actor().person_id
    one = await imports.import_of(import_id, person_id)
    is_under_way = one.state in (WAITING, IMPORTING)
    job = await jobs.job_on(one.job if is_under_way else None)
    return page(
        "web/organization_import.html",
        status=status,
        one=one,
        job=job,
        columns=[(translate(title), False) for title in COLUMNS.values()],
        bad=await imports.bad_rows(import_id, after=0, limit=_BAD_MOST),
        form=form,
    )


@post(_ONE, include_in_schema=False, access=rules.REVIEW, status_code=303)
async def confirm(request: Request[Any, Any, Any], import_id: RowId) -> Answer:
    """Take the good rows over, having seen how many they are."""

    async def act(form: ConfirmForm) -> Answer:
        await confirm_import(import_id, good=form.good, actor=current_actor())
        return see_other(f"/organizations/imports/{import_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _import_page(import_id, form, status)

    return await submit(request, ConfirmForm, act, again)


@post(f"{_ONE}/errors", include_in_schema=False, access=rules.REVIEW, status_code=303)
async def export_errors(request: Request[Any, Any, Any], import_id: RowId) -> Answer:
    """Ask for the rows that cannot be taken, as the same list with a column that says why."""

    async def act(form: FormatForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_errors(import_id, form.format)}")

    async def again(form: Form, status: int) -> Answer:
        return await _import_page(import_id, form, status)

    return await submit(request, FormatForm, act, again)


async def ask_for_errors(import_id: int, format: str) -> int:
    """The id of the job that writes them into a file of the asker."""
    person_id = current_actor().person_id
    one = await imports.import_of(import_id, person_id)
    return await ask_for_sheet(ERRORS, {"import_id": one.id}, format=format, person_id=person_id)


HANDLERS = [show_imports, upload, show_import, confirm, export_errors]
