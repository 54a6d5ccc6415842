"""An application: begun, budgeted line by line, with its attachments, handed in, read."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get, post

from core.files.queries import files_of
from core.organizations import queries as organizations
from core.people.rules import REPRESENT
from plugins.venture import rules
from plugins.venture.forms import ApplicationForm, FileForm, LineForm
from plugins.venture.queries import applications as queries
from plugins.venture.queries import calls
from plugins.venture.rules import flows
from plugins.venture.services import applications as services
from plugins.venture.services.attachments import attach
from web.access import SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

_Request = Request[Any, Any, Any]


@get("/calls/{call_id:int}/apply", include_in_schema=False, access=SIGNED_IN)
async def show_form(call_id: RowId) -> Answer:
    """The words of an application and the sum that it asks for."""
    return await _form_page(call_id, Form())


async def _form_page(call_id: int, form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    call = await calls.visible_call(call_id, actor)
    ids = [scope.id for scope in actor.scopes(REPRESENT) if scope != call.funder]
    return page(
        "venture/apply.html",
        status=status,
        call=call,
        applicants=[(one.id, one.name) for one in await organizations.organizations(ids)],
        form=form,
    )


@post("/calls/{call_id:int}/apply", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def begin(request: _Request, call_id: RowId) -> Answer:
    """Begin the application and go on to its budget."""

    async def act(form: ApplicationForm) -> Answer:
        application_id = await services.draft_application(
            call_id, form.organization_id, form.words(), actor=current_actor()
        )
        return see_other(f"/venture/applications/{application_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _form_page(call_id, form, status)

    return await submit(request, ApplicationForm, act, again)


@get("/applications/{application_id:int}", include_in_schema=False, access=SIGNED_IN)
async def show_application(application_id: RowId) -> Answer:
    """The application; as a draft for its applicant with all that is still to be done."""
    return await _page(application_id, Form())


async def _page(application_id: int, form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    application = await queries.visible_application(application_id, actor)
    call = await calls.call(application.call_id)
    lines = await queries.budget(application_id)
    is_own = application.is_of(actor)
    if not form.values:
        form.values = _as_written(application)
    return page(
        "venture/application.html",
        status=status,
        application=application,
        call=call,
        lines=lines,
        total=sum(one.line.amount_fen for one in lines),
        files=await files_of(application.ref),
        flow=flows.APPLICATIONS,
        categories=rules.CATEGORIES,
        is_own=is_own,
        may_edit=is_own and application.state == flows.DRAFT and call.is_open,
        may_withdraw=is_own and application.state in (flows.DRAFT, flows.SUBMITTED) and call.is_open,
        form=form,
    )


def _as_written(application: queries.ApplicationView) -> dict[str, str]:
    yuan, rest = divmod(application.asked_fen, 100)
    return {
        "title": application.title,
        "need": application.need,
        "plan": application.plan,
        "beneficiaries": str(application.beneficiaries),
        "asked": f"{yuan}.{rest:02}",
    }


def _again(application_id: int) -> Callable[[Form, int], Awaitable[Answer]]:
    async def again(form: Form, status: int) -> Answer:
        return await _page(application_id, form, status)

    return again


def _back(application_id: int) -> Answer:
    return see_other(f"/venture/applications/{application_id}")


@post("/applications/{application_id:int}", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def change(request: _Request, application_id: RowId) -> Answer:
    """Write other words."""

    async def act(form: ApplicationForm) -> Answer:
        await services.change_application(application_id, form.words(), actor=current_actor())
        return _back(application_id)

    return await submit(request, ApplicationForm, act, _again(application_id))


@post("/applications/{application_id:int}/lines", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def add_line(request: _Request, application_id: RowId) -> Answer:
    """One more line of the budget."""

    async def act(form: LineForm) -> Answer:
        await services.add_line(application_id, form.line(), actor=current_actor())
        return _back(application_id)

    return await submit(request, LineForm, act, _again(application_id))


@post(
    "/applications/{application_id:int}/lines/{line_id:int}/remove",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def remove_line(request: _Request, application_id: RowId, line_id: RowId) -> Answer:
    """One line less."""

    async def act(_: ButtonForm) -> Answer:
        await services.remove_line(application_id, line_id, actor=current_actor())
        return _back(application_id)

    return await submit(request, ButtonForm, act, _again(application_id))


@post(
    "/applications/{application_id:int}/files",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def add_file(request: _Request, application_id: RowId) -> Answer:
    """One more attachment."""

    async def act(form: FileForm) -> Answer:
        await attach(application_id, form.file, actor=current_actor())
        return _back(application_id)

    return await submit(request, FileForm, act, _again(application_id))


@post("/applications/{application_id:int}/submit", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def hand_in(request: _Request, application_id: RowId) -> Answer:
    """Hand it in."""

    async def act(_: ButtonForm) -> Answer:
        await services.submit_application(application_id, actor=current_actor())
        return _back(application_id)

    return await submit(request, ButtonForm, act, _again(application_id))


@post(
    "/applications/{application_id:int}/withdraw", include_in_schema=False, access=SIGNED_IN, status_code=303
)
async def withdraw(request: _Request, application_id: RowId) -> Answer:
    """Take it back."""

    async def act(_: ButtonForm) -> Answer:
        await services.withdraw_application(application_id, actor=current_actor())
        return see_other("/venture")

    return await submit(request, ButtonForm, act, _again(application_id))


HANDLERS = [
    show_form,
    begin,
    show_application,
    change,
    add_line,
    remove_line,
    add_file,
    hand_in,
    withdraw,
]
