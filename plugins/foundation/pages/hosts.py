"""Host names that belong to one charity alone: asked for by it, confirmed by the region's staff."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get, post

from core.organizations.rules import REVIEW
from plugins.foundation.forms.campaigns import HostForm
from plugins.foundation.queries import campaigns, hosts
from plugins.foundation.rules import hosts as rules
from plugins.foundation.rules.campaigns import PLAN
from plugins.foundation.services import hosts as services
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

_Request = Request[Any, Any, Any]
_WAITING_MOST = 50


@get("/hosts", include_in_schema=False, access=SIGNED_IN)
async def show_hosts() -> Answer:
    """Names that wait to be checked, and the foundations for which one may ask."""
    return await _hosts_page(Form())


async def _hosts_page(form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    places = await campaigns.foundations_of(actor, PLAN)
    return page(
        "foundation/hosts.html",
        status=status,
        places=[(place, await hosts.hosts_of(place.id)) for place in places[:5]],
        waiting=await hosts.waiting(actor, limit=_WAITING_MOST) if actor.may(REVIEW) else [],
        me=actor.person_id,
        flow=rules.HOSTS,
        form=form,
    )


@post("/{organization_id:int}/hosts", include_in_schema=False, access=PLAN, status_code=303)
async def ask(request: _Request, organization_id: RowId) -> Answer:
    """Ask for a name."""

    async def act(form: HostForm) -> Answer:
        await services.ask_for_host(organization_id, form.name, actor=current_actor())
        return see_other("/foundation/hosts")

    return await submit(request, HostForm, act, _hosts_page)


def _button(path: str, access: str, verb: Callable[..., Awaitable[None]]) -> Any:
    """A route that is only a button."""

    async def press(request: _Request, host_id: RowId) -> Answer:
        async def act(_: ButtonForm) -> Answer:
            await verb(host_id, actor=current_actor())
            return see_other("/foundation/hosts")

        return await submit(request, ButtonForm, act, _hosts_page)

    press.__doc__ = verb.__doc__
    return post(f"/hosts/{{host_id:int}}/{path}", include_in_schema=False, access=access, status_code=303)(
        press
    )


HANDLERS = [
    show_hosts, ask,
    _button("confirm", REVIEW, services.confirm_host),
    _button("refuse", REVIEW, services.refuse_host),
    _button("give-up", PLAN, services.give_up_host),
]  # fmt: skip
