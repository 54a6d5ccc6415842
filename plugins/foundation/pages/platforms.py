"""Lists of gifts from designated platforms, for those who keep the foundation's books."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from litestar import Request, get, post

from core import clock
from core.files.queries import files_of
from core.funds import rules as fund_rules
from core.funds.queries import funds
from core.funds.rules import states as fund_states
from core.jobs import queries as jobs
from core.reference import Ref
from plugins.foundation.errors.campaigns import CampaignNotFound
from plugins.foundation.errors.platforms import ColumnTwice, ColumnUnknown, ListColumnsMissing
from plugins.foundation.forms.platforms import PayoutForm, PlatformForm, SheetForm, UndoForm
from plugins.foundation.queries import campaigns
from plugins.foundation.queries import platforms as queries
from plugins.foundation.rules import PAGE_SIZE
from plugins.foundation.rules import campaigns as campaign_rules
from plugins.foundation.rules import platforms as rules
from plugins.foundation.services import platforms as services
from web.access import SIGNED_IN
from web.forms import WITH_FILE_MOST, Answer, ButtonForm, Form, clean, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import current_actor

_OF_CAMPAIGN, _ONE = "/campaigns/{campaign_id:int}/platform", "/platforms/{list_id:int}"
_Request = Request[Any, Any, Any]
_SHOWN_MOST = 20


@get(_OF_CAMPAIGN, include_in_schema=False, access=SIGNED_IN)
async def show_lists(campaign_id: RowId, before: Before = None) -> Answer:
    """A campaign's lists, and the form for another one."""
    return await _lists_page(campaign_id, Form(), before=before)


async def _lists_page(
    campaign_id: int,
    form: Form,
    status: int = 200,
    *,
    before: int | None = None,
    first_rows: Sequence[Sequence[str]] = (),
) -> Answer:
    actor = current_actor()
    campaign = await campaigns.visible_campaign(campaign_id, actor)
    if not queries.keeps_books(campaign.foundation, actor):
        raise CampaignNotFound
    found = await queries.lists_of(campaign_id, before_id=before, limit=PAGE_SIZE + 1)
    is_open = campaign.mode == campaign_rules.LINK and campaign.state in campaign_rules.SHOWN
    return page(
        "foundation/platforms.html",
        status=status,
        campaign=campaign,
        lists=found[:PAGE_SIZE],
        older_than=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        choices=await campaigns.purposes_of(campaign_id),
        columns=rules.COLUMNS,
        found=rules.titles_shown(first_rows),
        known=await queries.chosen_columns(campaign.organization_id, services.platform_of(campaign)),
        needed=rules.NEEDED,
        rows_most=rules.ROWS_MOST,
        flow=rules.LISTS,
        may_send=is_open and actor.may(fund_states.RECORD, campaign.foundation),
        form=form,
    )


@post(
    _OF_CAMPAIGN,
    include_in_schema=False,
    access=fund_states.RECORD,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def send_list(request: _Request, campaign_id: RowId) -> Answer:
    """Send a list; nothing is booked yet. Where columns are not found, they are chosen on the page."""
    first_rows: list[list[str]] = []

    async def act(form: PlatformForm) -> Answer:
        try:
            list_id = await services.upload_list(
                campaign_id, form.target, form.file, columns=form.columns(), actor=current_actor()
            )
        except (ListColumnsMissing, ColumnUnknown, ColumnTwice):
            first_rows.extend(await services.first_rows(form.file))
            raise
        return see_other(f"/foundation/platforms/{list_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _lists_page(campaign_id, form, status, first_rows=first_rows)

    return await submit(request, PlatformForm, act, again)


@get(_ONE, include_in_schema=False, access=SIGNED_IN)
async def show_list(list_id: RowId, after: Before = None) -> Answer:
    """The sums, the rows, what is wrong with some, and the next step."""
    return await _list_page(list_id, Form(), after=after or 0)


async def _list_page(list_id: int, form: Form, status: int = 200, *, after: int = 0) -> Answer:
    actor = current_actor()
    one = await queries.list_for(list_id, actor)
    found = await queries.rows_of(list_id, after=after, limit=_SHOWN_MOST + 1)
    is_second = actor.may(fund_states.CONFIRM, one.foundation) and actor.person_id != one.settled_by
    return page(
        "foundation/platform.html",
        status=status,
        one=one,
        rows=found[:_SHOWN_MOST],
        more_after=found[_SHOWN_MOST - 1].line if len(found) > _SHOWN_MOST else None,
        bad=await queries.rows_of(list_id, after=0, limit=_SHOWN_MOST, only_bad=True),
        shown_name=rules.shown_name,
        files=await files_of(Ref(rules.LIST, list_id)),
        job=await jobs.job_on(one.job),
        flow=rules.LISTS,
        today=clock.today(),
        alone_fen=(await funds.terms(one.organization_id))[fund_rules.ALONE],
        may_record=actor.may(fund_states.RECORD, one.foundation),
        is_second=is_second,
        form=form,
    )


@post(
    f"{_ONE}/payout",
    include_in_schema=False,
    access=fund_states.RECORD,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def settle(request: _Request, list_id: RowId) -> Answer:
    """The payout has come."""

    async def act(form: PayoutForm) -> None:
        await services.settle_list(list_id, form.meant(), form.file, actor=current_actor())

    return await _submit(request, list_id, PayoutForm, act)


@post(f"{_ONE}/confirm", include_in_schema=False, access=fund_states.CONFIRM, status_code=303)
async def confirm(request: _Request, list_id: RowId) -> Answer:
    """The second person has seen it."""

    async def act(_: ButtonForm) -> None:
        await services.confirm_list(list_id, actor=current_actor())

    return await _submit(request, list_id, ButtonForm, act)


@post(f"{_ONE}/drop", include_in_schema=False, access=fund_states.RECORD, status_code=303)
async def drop(request: _Request, list_id: RowId) -> Answer:
    """It is not to be booked."""

    async def act(_: ButtonForm) -> None:
        await services.drop_list(list_id, actor=current_actor())

    return await _submit(request, list_id, ButtonForm, act)


@post(f"{_ONE}/undo", include_in_schema=False, access=fund_states.CONFIRM, status_code=303)
async def undo(request: _Request, list_id: RowId) -> Answer:
    """What was booked was wrong."""

    async def act(form: UndoForm) -> None:
        await services.undo_list(list_id, reason=clean(form.reason), actor=current_actor())

    return await _submit(request, list_id, UndoForm, act)


async def _submit(
    request: _Request, list_id: int, form_type: type[Any], verb: Callable[[Any], Awaitable[None]]
) -> Answer:
    async def act(form: Any) -> Answer:
        await verb(form)
        return see_other(f"/foundation/platforms/{list_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _list_page(list_id, form, status)

    return await submit(request, form_type, act, again)


@post(f"{_ONE}/sheet", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def export(request: _Request, list_id: RowId) -> Answer:
    """Ask for it as a sheet: with the reasons, or, once it is booked, with the trace codes."""

    async def act(form: SheetForm) -> Answer:
        job_id = await services.ask_for_list(list_id, format=form.format, actor=current_actor())
        return see_other(f"/jobs/{job_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _list_page(list_id, form, status)

    return await submit(request, SheetForm, act, again)


HANDLERS = [show_lists, send_list, show_list, settle, confirm, drop, undo, export]
