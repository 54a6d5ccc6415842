"""A foundation's year for everybody, its books for those who keep them, and the table of ratios."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get, post

from core import clock
from core.files.queries import files_of_many
from core.funds.queries.sums import year_of_funds
from core.funds.rules import states
from core.language import translate
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.forms.years import EntryForm, OpeningForm, ReverseForm, Year
from plugins.foundation.pictures.flows import bounded, columns, draw_year
from plugins.foundation.pictures.years import WIDTH, management_bar, spending_bar
from plugins.foundation.queries import entries as records
from plugins.foundation.queries import years as queries
from plugins.foundation.queries.beside import year_beside
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.rules import calendar as calendar_rules
from plugins.foundation.rules import ratios
from plugins.foundation.rules import years as rules
from plugins.foundation.services import entries, openings
from plugins.foundation.services import years as services
from web.access import PUBLIC, SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import VISIT, current_actor

_Request = Request[Any, Any, Any]


@get("/ratios", include_in_schema=False, access=PUBLIC)
async def show_ratios() -> Answer:
    """The table as it holds today, and how sure each row is."""
    found = await queries.table(clock.today())
    return page("foundation/ratios.html", rows=ratios.ROWS, found=found, ratios=ratios)


@get("/{organization_id:int}/years/{year:int}", include_in_schema=False, access=PUBLIC)
async def show_year(organization_id: RowId, year: Year) -> Answer:
    """A year: what came, what was spent, and whether that is enough."""
    return await _year_page(organization_id, year, Form())


async def _year_page(organization_id: int, year: int, form: Form, status: int = 200) -> Answer:
    found, actor, today = await queries.year_of(organization_id, year), VISIT.get().actor, clock.today()
    judged = found.judged
    terms = await queries.terms_on(organization_id, today)
    flows = bounded(await year_of_funds(organization_id, year), found.name)
    may_close = bool(actor and actor.may(calendar_rules.PUBLISH, Ref("organization", organization_id)))
    return page(
        "foundation/year.html",
        status=status,
        found=found,
        terms=terms,
        ratios=ratios,
        spending=spending_bar(judged) if judged else None,
        management=management_bar(judged) if judged else None,
        width=WIDTH,
        flows=flows,
        flow_picture=draw_year(flows),
        flow_columns=columns(flows),
        beside=await year_beside(organization_id, year),
        is_present=year == today.year,
        keeps_books=records.keeps_books(actor, organization_id),
        may_close=may_close and year < today.year,
        form=form,
    )


@post(
    "/{organization_id:int}/years/{year:int}/close",
    include_in_schema=False,
    access=calendar_rules.PUBLISH,
    status_code=303,
)
async def close_year(request: _Request, organization_id: RowId, year: Year) -> Answer:
    """Keep the year's figures for good."""

    async def act(_: ButtonForm) -> Answer:
        await services.close_year(organization_id, year, actor=current_actor())
        return see_other(f"/foundation/{organization_id}/years/{year}")

    async def again(form: Form, status: int) -> Answer:
        return await _year_page(organization_id, year, form, status)

    return await submit(request, ButtonForm, act, again)


@get("/{organization_id:int}/years/{year:int}/books", include_in_schema=False, access=SIGNED_IN)
async def show_books(organization_id: RowId, year: Year) -> Answer:
    """Single entries and the figures of the year's beginning, for those who keep the books."""
    return await _books_page(organization_id, year, Form())


async def _books_page(
    organization_id: int, year: int, form: Form, status: int = 200, *, refused_id: int | None = None
) -> Answer:
    actor, found, today = current_actor(), await foundation(organization_id), clock.today()
    rules.check_year(year, today)
    if not records.keeps_books(actor, organization_id):
        raise PermissionMissing
    listed = await records.entries(organization_id, year)
    opened = await records.openings(organization_id, year)
    at = Ref("organization", organization_id)
    return page(
        "foundation/year_books.html",
        status=status,
        foundation=found,
        year=year,
        entries=listed,
        openings=opened,
        files=await files_of_many(rules.ENTRY, [one.id for one in listed]),
        reports=await files_of_many(rules.OPENING, [one.id for one in opened]),
        kinds=rules.ENTRY_KINDS,
        sizes=ratios.KINDS,
        kinds_told=[(code, translate(title)) for code, title in rules.ENTRY_KINDS.items()],
        sizes_told=[(code, translate(title)) for code, title in ratios.KINDS.items()],
        flow=rules.ENTRIES,
        opening_flow=rules.OPENINGS,
        alone_fen=(await queries.terms_on(organization_id, today))[rules.ALONE],
        may={code for code in (states.RECORD, states.CONFIRM, states.CHECK) if actor.may(code, at)},
        is_closed=bool(await queries.closing(organization_id, year)),
        refused_id=refused_id,
        form=form,
    )


@post(
    "/{organization_id:int}/years/{year:int}/entries",
    include_in_schema=False,
    access=states.RECORD,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_entry(request: _Request, organization_id: RowId, year: Year) -> Answer:
    """Write down income or cost."""

    async def act(form: EntryForm) -> Answer:
        draft = form.draft()
        await entries.record_entry(organization_id, year, draft, form.file, actor=current_actor())
        return see_other(f"/foundation/{organization_id}/years/{year}/books")

    async def again(form: Form, status: int) -> Answer:
        return await _books_page(organization_id, year, form, status)

    return await submit(request, EntryForm, act, again)


@post(
    "/{organization_id:int}/years/{year:int}/openings",
    include_in_schema=False,
    access=states.RECORD,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_opening(request: _Request, organization_id: RowId, year: Year) -> Answer:
    """Write down the figures of the year's beginning."""

    async def act(form: OpeningForm) -> Answer:
        draft = form.draft()
        await openings.record_opening(organization_id, year, draft, form.report, actor=current_actor())
        return see_other(f"/foundation/{organization_id}/years/{year}/books")

    async def again(form: Form, status: int) -> Answer:
        return await _books_page(organization_id, year, form, status)

    return await submit(request, OpeningForm, act, again)


@post("/entries/{entry_id:int}/confirm", include_in_schema=False, access=states.CONFIRM, status_code=303)
async def confirm_entry(request: _Request, entry_id: RowId) -> Answer:
    """The second person has seen the voucher."""

    async def act(_: ButtonForm, actor: Actor) -> None:
        await entries.confirm_entry(entry_id, actor=actor)

    return await _entry_step(request, entry_id, ButtonForm, act)


@post("/entries/{entry_id:int}/drop", include_in_schema=False, access=states.RECORD, status_code=303)
async def drop_entry(request: _Request, entry_id: RowId) -> Answer:
    """It was written down by mistake."""

    async def act(_: ButtonForm, actor: Actor) -> None:
        await entries.drop_entry(entry_id, actor=actor)

    return await _entry_step(request, entry_id, ButtonForm, act)


@post("/entries/{entry_id:int}/reverse", include_in_schema=False, access=states.CONFIRM, status_code=303)
async def reverse_entry(request: _Request, entry_id: RowId) -> Answer:
    """What was counted was wrong."""

    async def act(form: ReverseForm, actor: Actor) -> None:
        await entries.reverse_entry(entry_id, reason=form.reason, actor=actor)

    return await _entry_step(request, entry_id, ReverseForm, act)


@post("/openings/{opening_id:int}/review", include_in_schema=False, access=states.CHECK, status_code=303)
async def review_opening(request: _Request, opening_id: RowId) -> Answer:
    """The second person has compared the figures with the report."""
    return await _opening_step(request, opening_id, openings.review_opening)


@post("/openings/{opening_id:int}/drop", include_in_schema=False, access=states.RECORD, status_code=303)
async def drop_opening(request: _Request, opening_id: RowId) -> Answer:
    """They were written down by mistake."""
    return await _opening_step(request, opening_id, openings.drop_opening)


async def _entry_step(
    request: _Request, entry_id: int, shape: type[Any], verb: Callable[[Any, Actor], Awaitable[None]]
) -> Answer:
    entry = await records.entry(entry_id)
    place = entry.organization_id, entry.occurred_on.year

    async def act(form: Any) -> Answer:
        await verb(form, current_actor())
        return see_other(f"/foundation/{place[0]}/years/{place[1]}/books")

    async def again(form: Form, status: int) -> Answer:
        return await _books_page(*place, form, status, refused_id=entry_id)

    return await submit(request, shape, act, again)


async def _opening_step(request: _Request, opening_id: int, verb: Any) -> Answer:
    opening = await records.opening(opening_id)
    place = opening.organization_id, opening.year

    async def act(_: ButtonForm) -> Answer:
        await verb(opening_id, actor=current_actor())
        return see_other(f"/foundation/{place[0]}/years/{place[1]}/books")

    async def again(form: Form, status: int) -> Answer:
        return await _books_page(*place, form, status)

    return await submit(request, ButtonForm, act, again)


HANDLERS = [
    show_ratios, show_year, close_year, show_books, record_entry, record_opening, confirm_entry, drop_entry,
    reverse_entry, review_opening, drop_opening,
]  # fmt: skip
