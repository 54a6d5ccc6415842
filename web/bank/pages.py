"""The treasurer's desk for the bank: statements sent, columns chosen, rows taken over, lines decided."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import QueryParameter

from core import clock
from core.documents.services import ask_for_sheet
from core.jobs import queries as jobs
from core.organizations import queries as organizations
from core.organizations.errors import OrganizationNotFound
from core.payments import queries, rules, services
from core.payments.errors.bank import BankLineNotFound, HeaderUnclear, StatementNotFound
from core.payments.providers import providers
from core.payments.queries import StatementView
from core.payments.rules import statements
from core.payments.rules.statements import HEAD_MOST, ROLES, STATEMENT_ROWS_MOST, Columns, Read
from core.people.rules import Actor
from core.privacy.rules import SEEN_COUNTER
from core.privacy.services import note_seen
from core.reference import Ref
from web.access import SIGNED_IN
from web.bank.forms import (
    AssignForm,
    ColumnsForm,
    ExportForm,
    PayoutForm,
    ReturnedForm,
    StatementForm,
    TakeForm,
    UndoForm,
)
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, see_other, submit
from web.parameters import Before, RowId, Words
from web.templates import page
from web.visit import current_actor

_DESK, _STATEMENT = "/counter/bank", "/counter/bank/statements/{statement_id:int}"
_LINE = "/counter/bank/lines/{line_id:int}"
_MOST, _STATEMENTS_MOST, _CANDIDATES_MOST = 50, 10, 20
_PREVIEW_MOST, _RAW_ROWS, _RAW_COLUMNS = 5, 4, 9


def takers(actor: Actor) -> list[int]:
    """The organizations whose statements this person sends."""
    return sorted(scope.id for scope in actor.scopes(rules.CONFIRM))


@get(_DESK, include_in_schema=False, access=rules.CONFIRM)
async def show_bank(before: Before = None, show: Words = "") -> Answer:
    """What waits among the lines, statements, and the form for another one."""
    return await _bank_page(Form(), before=before, shows_all=show == "all")


async def _bank_page(
    form: Form, status: int = 200, *, before: int | None = None, shows_all: bool = False
) -> Answer:
    mine = takers(current_actor())
    found = await queries.bank_lines_of(mine, only_waiting=not shows_all, before_id=before, limit=_MOST + 1)
    places = await organizations.organizations(mine)
    return page(
        "web/bank.html",
        status=status,
        lines=found[:_MOST],
        older_than=found[_MOST - 1].id if len(found) > _MOST else None,
        shows_all=shows_all,
        statements=await queries.statements_of(mine, limit=_STATEMENTS_MOST),
        places=places,
        choices=[(place.id, place.name) for place in places],
        rows_most=STATEMENT_ROWS_MOST,
        workflow=rules.LINES,
        reasons=rules.LINE_REASONS,
        form=form,
    )


@post(
    _DESK,
    include_in_schema=False,
    access=rules.CONFIRM,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def send_statement(request: Request[Any, Any, Any]) -> Answer:
    """Send a statement; nothing is taken over yet."""

    async def act(form: StatementForm) -> Answer:
        statement_id = await services.ask_for_statement(
            form.organization_id, form.file, actor=current_actor()
        )
        return see_other(f"/counter/bank/statements/{statement_id}")

    return await submit(request, StatementForm, act, _bank_page)


@post(f"{_DESK}/export", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def export_lines(request: Request[Any, Any, Any]) -> Answer:
    """Ask for all lines of an organization as a file."""

    async def act(form: ExportForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_lines(form.organization_id, form.format)}")

    return await submit(request, ExportForm, act, _bank_page)


async def ask_for_lines(organization_id: int, format: str) -> int:
    """The id of the job that writes them into a file of the asker; raises OrganizationNotFound."""
    actor = current_actor()
    if not actor.may(rules.CONFIRM, Ref("organization", organization_id)):
        raise OrganizationNotFound
    asked = {"organization_id": organization_id}
    return await ask_for_sheet(services.EXPORT_LINES, asked, format=format, person_id=actor.person_id)


@get(_STATEMENT, include_in_schema=False, access=rules.CONFIRM)
async def show_statement(
    statement_id: RowId, header: Annotated[int | None, QueryParameter(ge=1, le=HEAD_MOST)] = None
) -> Answer:
    """Its columns, how far it is, which rows cannot be taken, and the button. `header`: of its titles."""
    return await _statement_page(statement_id, Form(), header=header)


async def visible_statement(statement_id: int) -> StatementView:
    """For the payee's treasurers; StatementNotFound for others."""
    one = await queries.statement(statement_id)
    if not current_actor().may(rules.CONFIRM, Ref("organization", one.organization_id)):
        raise StatementNotFound
    return one


async def _statement_page(
    statement_id: int, form: Form, status: int = 200, *, header: int | None = None
) -> Answer:
    one = await visible_statement(statement_id)
    typed = form.value("header_line")
    columns = _columns(one, header or (int(typed) if typed.isdecimal() and len(typed) < 4 else None))
    titles = statements.titles_of(one.head[columns.header_line - 1]) if one.head else []
    is_under_way = one.state in (statements.JUDGING, statements.IMPORTING)
    return page(
        "web/bank_statement.html",
        status=status,
        one=one,
        job=await jobs.job_on(one.job if is_under_way else None),
        place=await organizations.organization(one.organization_id),
        columns=columns,
        options=[(title, title) for title in titles if title],
        columns_shown=[(title or "—", False) for title in titles[:_RAW_COLUMNS]],
        raw=_raw(one, columns, width=min(len(titles), _RAW_COLUMNS)),
        preview=_preview(one, columns),
        shown_most=_PREVIEW_MOST,
        roles={role: title for role, (title, _) in ROLES.items()},
        form=form,
    )


def _columns(one: StatementView, header: int | None) -> Columns:
    """Those that were chosen; else what the titles of that row, or of the likeliest, seem to mean."""
    if header is not None:
        try:
            return statements.guess_at(one.head, header)
        except HeaderUnclear:
            pass
    return one.columns or statements.guess_columns(one.head)


def _raw(one: StatementView, columns: Columns, *, width: int) -> list[list[str]]:
    """The first rows as they are written, none wider than its header."""
    rows = one.head[columns.header_line :][:_RAW_ROWS]
    return [[*row, *[""] * width][:width] for row in rows]


def _preview(one: StatementView, columns: Columns) -> Read | None:
    """How the first rows would be read."""
    if not one.head or not columns.day or not columns.income:
        return None
    header, rows = one.head[columns.header_line - 1], one.head[columns.header_line :]
    return statements.read_rows(header, rows, columns, today=clock.today())


@post(f"{_STATEMENT}/columns", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def choose_columns(request: Request[Any, Any, Any], statement_id: RowId) -> Answer:
    """Say which column says what, and have the rows judged."""

    async def act(form: ColumnsForm) -> Answer:
        await services.choose_columns(statement_id, form.columns(), actor=current_actor())
        return see_other(f"/counter/bank/statements/{statement_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _statement_page(statement_id, form, status)

    return await submit(request, ColumnsForm, act, again)


@post(_STATEMENT, include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def take_over(request: Request[Any, Any, Any], statement_id: RowId) -> Answer:
    """Take the new rows over, having seen how many they are."""

    async def act(form: TakeForm) -> Answer:
        await services.confirm_statement(statement_id, credits=form.credits, actor=current_actor())
        return see_other(f"/counter/bank/statements/{statement_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _statement_page(statement_id, form, status)

    return await submit(request, TakeForm, act, again)


@post(f"{_STATEMENT}/drop", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def drop_statement(request: Request[Any, Any, Any], statement_id: RowId) -> Answer:
    """It was the wrong file."""

    async def act(_: ButtonForm) -> Answer:
        await services.drop_statement(statement_id, actor=current_actor())
        return see_other(_DESK)

    async def again(form: Form, status: int) -> Answer:
        return await _statement_page(statement_id, form, status)

    return await submit(request, ButtonForm, act, again)


@get(_LINE, include_in_schema=False, access=SIGNED_IN)
async def show_line(line_id: RowId) -> Answer:
    """Money that came in, what it may be for, and what can be done about it."""
    return await _line_page(line_id, Form())


async def visible_line(line_id: int) -> rules.Line:
    """For the payee's treasurers and whoever agrees; BankLineNotFound for others."""
    line = await queries.bank_line(line_id)
    if not rules.may_see_line(line, current_actor()):
        raise BankLineNotFound
    return line


async def _line_page(line_id: int, form: Form, status: int = 200) -> Answer:
    line = await visible_line(line_id)
    is_open = line.state == "waiting"
    candidates = await queries.candidates(line, limit=_CANDIDATES_MOST) if is_open else []
    await note_seen([one.payer_id for one in candidates], SEEN_COUNTER, viewer=current_actor())
    return page(
        "web/bank_line.html",
        status=status,
        line=await queries.bank_line_view(line_id),
        candidates=candidates,
        payouts=await queries.payouts_like(line_id) if is_open else [],
        titles={one.id: one.title for one in providers()},
        approval_id=await queries.line_approval(line_id) if line.state == "asked" else None,
        acts=current_actor().may(rules.CONFIRM, Ref("organization", line.organization_id)),
        limit_fen=await queries.refund_limit(line.organization_id),
        workflow=rules.LINES,
        reasons=rules.LINE_REASONS,
        form=form,
    )


async def _decide(
    request: Request[Any, Any, Any],
    line_id: int,
    shape: type[msgspec.Struct],
    verb: Callable[[Any], Awaitable[None]],
) -> Answer:
    """A form about one line."""

    async def act(form: Any) -> Answer:
        await verb(form)
        return see_other(f"/counter/bank/lines/{line_id}")

    return await submit(request, shape, act, lambda form, status: _line_page(line_id, form, status))


@post(f"{_LINE}/order", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def assign(request: Request[Any, Any, Any], line_id: RowId) -> Answer:
    """The money pays this order."""

    async def verb(form: AssignForm) -> None:
        await services.assign_line(line_id, form.order_id, actor=current_actor())

    return await _decide(request, line_id, AssignForm, verb)


@post(f"{_LINE}/not-ours", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def not_ours(request: Request[Any, Any, Any], line_id: RowId) -> Answer:
    """The money has nothing to do with orders."""

    async def verb(_: ButtonForm) -> None:
        await services.mark_not_ours(line_id, actor=current_actor())

    return await _decide(request, line_id, ButtonForm, verb)


@post(f"{_LINE}/payout", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def arrived(request: Request[Any, Any, Any], line_id: RowId) -> Answer:
    """The money is a payout of a provider."""

    async def verb(form: PayoutForm) -> None:
        await services.take_as_payout(line_id, form.payout_id, actor=current_actor())

    return await _decide(request, line_id, PayoutForm, verb)


@post(f"{_LINE}/return", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def send_back(request: Request[Any, Any, Any], line_id: RowId) -> Answer:
    """The money is to be sent back, at the bank."""

    async def verb(_: ButtonForm) -> None:
        await services.decide_return(line_id, actor=current_actor())

    return await _decide(request, line_id, ButtonForm, verb)


@post(f"{_LINE}/returned", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def sent_back(request: Request[Any, Any, Any], line_id: RowId) -> Answer:
    """The bank has sent it back."""

    async def verb(form: ReturnedForm) -> None:
        await services.confirm_return(line_id, sent_back_no=form.sent_back_no, actor=current_actor())

    return await _decide(request, line_id, ReturnedForm, verb)


@post(f"{_LINE}/undo", include_in_schema=False, access=rules.CONFIRM, status_code=303)
async def undo(request: Request[Any, Any, Any], line_id: RowId) -> Answer:
    """What was decided was wrong."""

    async def verb(form: UndoForm) -> None:
        await services.undo_line(line_id, reason=form.reason, actor=current_actor())

    return await _decide(request, line_id, UndoForm, verb)


HANDLERS = [
    show_bank,
    send_statement,
    export_lines,
    show_statement,
    choose_columns,
    take_over,
    drop_statement,
    show_line,
    assign,
    not_ours,
    arrived,
    send_back,
    sent_back,
    undo,
]
