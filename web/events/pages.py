"""Deliveries of events: which are stuck, and the two ways out."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core.events import queries, services
from core.events.queries import BEHIND_MOST, KINDS, STUCK
from core.jobs.rules import OPERATE
from core.language import mark
from web.forms import Answer, ButtonForm, Form, said, searched, see_other, submit
from web.jobs.pages import PAGE, ReasonForm
from web.parameters import RowId
from web.templates import page
from web.visit import platform_actor


class DeliverySearch(msgspec.Struct):
    """What the list's form asks for."""

    kind: Annotated[str, said(mark("没有这种状态"), pattern=f"^({'|'.join(KINDS)})$")] = STUCK
    before: Annotated[int, said(mark("没有这一页"), ge=1, le=2**63 - 1)] | None = None


@get("/operations/deliveries", include_in_schema=False, access=OPERATE)
async def show_deliveries(request: Request[Any, Any, Any]) -> Answer:
    """Deliveries of a kind, newest first; the stuck ones unless asked otherwise."""
    platform_actor(OPERATE)
    asked, form = searched(request, DeliverySearch)
    asked = asked or DeliverySearch()
    found = await queries.deliveries(asked.kind, before_id=asked.before, limit=PAGE + 1)
    return page(
        "web/deliveries.html",
        status=422 if form.reasons else 200,
        form=form,
        kind=asked.kind,
        kinds=KINDS,
        deliveries=found[:PAGE],
        older_than=found[PAGE - 1].id if len(found) > PAGE else None,
        behind_most=BEHIND_MOST,
    )


@get("/operations/deliveries/{delivery_id:int}", include_in_schema=False, access=OPERATE)
async def show_delivery(delivery_id: RowId) -> Answer:
    """One delivery, with what an operator may do about it."""
    platform_actor(OPERATE)
    return await _delivery_page(delivery_id, Form())


async def _delivery_page(delivery_id: int, form: Form, status: int = 200) -> Answer:
    return page(
        "web/delivery.html",
        status=status,
        delivery=await queries.delivery(delivery_id),
        behind_most=BEHIND_MOST,
        form=form,
    )


@post(
    "/operations/deliveries/{delivery_id:int}/repeat",
    include_in_schema=False,
    access=OPERATE,
    status_code=303,
)
async def repeat(request: Request[Any, Any, Any], delivery_id: RowId) -> Answer:
    """Ask for a stuck delivery anew."""
    actor = platform_actor(OPERATE)

    async def act(_: ButtonForm) -> Answer:
        await services.repeat_delivery(delivery_id, actor_id=actor.person_id)
        return see_other(f"/operations/deliveries/{delivery_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _delivery_page(delivery_id, form, status)

    return await submit(request, ButtonForm, act, again)


@post(
    "/operations/deliveries/{delivery_id:int}/skip", include_in_schema=False, access=OPERATE, status_code=303
)
async def skip(request: Request[Any, Any, Any], delivery_id: RowId) -> Answer:
    """Go on with the next event of the subject."""
    actor = platform_actor(OPERATE)

    async def act(form: ReasonForm) -> Answer:
        await services.skip_delivery(delivery_id, reason=form.reason, actor_id=actor.person_id)
        return see_other(f"/operations/deliveries/{delivery_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _delivery_page(delivery_id, form, status)

    return await submit(request, ReasonForm, act, again)


HANDLERS = [show_deliveries, show_delivery, repeat, skip]
