"""An organization's own account at Stripe: its key is entered here, tested, and never shown again."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core.language import mark
from core.organizations import queries as organizations
from core.payments import queries
from core.payments.errors import MerchantNotFound
from core.payments.rules import CONNECT
from core.payments.services import connect_merchant, disconnect_merchant, retest_merchant
from core.people.errors import PermissionMissing
from core.reference import Ref
from core.settings import load
from web.forms import Answer, ButtonForm, Form, said, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

_KEY = said(mark("密钥太长了，请原样复制"), max_length=250)


class KeyForm(msgspec.Struct):
    """The keys as they stand in Stripe's dashboard; none: the deployment's own."""

    secret_key: Annotated[str, _KEY] = ""
    webhook_secret: Annotated[str, _KEY] = ""


@get("/merchants", include_in_schema=False, access=CONNECT)
async def show_merchants() -> Answer:
    """The organizations whose accounts this person may set."""
    ids = [scope.id for scope in current_actor().scopes(CONNECT)]
    known = {one.organization_id: one for one in await queries.merchants(organization_ids=ids)}
    places = [(place, known.get(place.id)) for place in await organizations.organizations(ids)]
    return page("web/merchants.html", places=places)


@get("/merchants/{organization_id:int}", include_in_schema=False, access=CONNECT)
async def show_merchant(organization_id: RowId) -> Answer:
    """One account, and the form that sets it."""
    return await _merchant_page(organization_id, Form())


async def _merchant_page(organization_id: int, form: Form, status: int = 200) -> Answer:
    await _check(organization_id)
    try:
        merchant = await queries.merchant(organization_id)
    except MerchantNotFound:
        merchant = None
    form.values.pop("secret_key", None)  # a page that is sent back must not hold it
    form.values.pop("webhook_secret", None)
    return page(
        "web/merchant.html",
        status=status,
        place=await organizations.organization(organization_id),
        merchant=merchant,
        form=form,
        has_deployment=load().stripe_key is not None,
        notify_url=f"{load().public_url}/api/v1/payments/notify/stripe/{organization_id}",
    )


async def _check(organization_id: int) -> None:
    if not current_actor().may(CONNECT, Ref("organization", organization_id)):
        raise PermissionMissing


@post("/merchants/{organization_id:int}", include_in_schema=False, access=CONNECT, status_code=303)
async def set_merchant(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Take the keys and have them tested."""

    async def act(form: KeyForm) -> Answer:
        await connect_merchant(
            organization_id, key=form.secret_key, webhook_secret=form.webhook_secret, actor=current_actor()
        )
        return see_other(f"/merchants/{organization_id}")

    return await submit(
        request, KeyForm, act, lambda form, status: _merchant_page(organization_id, form, status)
    )


@post("/merchants/{organization_id:int}/test", include_in_schema=False, access=CONNECT, status_code=303)
async def test_merchant(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Have the key tested once more."""

    async def act(_: ButtonForm) -> Answer:
        await retest_merchant(organization_id, actor=current_actor())
        return see_other(f"/merchants/{organization_id}")

    return await submit(
        request, ButtonForm, act, lambda form, status: _merchant_page(organization_id, form, status)
    )


@post("/merchants/{organization_id:int}/disconnect", include_in_schema=False, access=CONNECT, status_code=303)
async def end_merchant(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Take no more money online, and forget the keys."""

    async def act(_: ButtonForm) -> Answer:
        await disconnect_merchant(organization_id, actor=current_actor())
        return see_other(f"/merchants/{organization_id}")

    return await submit(
        request, ButtonForm, act, lambda form, status: _merchant_page(organization_id, form, status)
    )


HANDLERS = [show_merchants, show_merchant, set_merchant, test_merchant, end_merchant]
