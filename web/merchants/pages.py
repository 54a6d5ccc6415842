"""An organization's accounts at payment providers: keys are entered here, tested, never shown again."""

from functools import cache
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core.language import mark
from core.organizations import queries as organizations
from core.payments import queries
from core.payments.errors import MerchantNotFound
from core.payments.providers import providers
from core.payments.rules import CHANGE_PROBLEMS, CONNECT, MerchantChange
from core.payments.services import (
    ask_to_connect,
    ask_to_disconnect,
    deployment_credentials,
    known_provider,
    notify_url,
    retest_merchant,
)
from core.people.errors import PermissionMissing
from core.people.queries import names
from core.reference import Ref
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, said, see_other, submit
from web.parameters import PathCode, RowId
from web.templates import page
from web.visit import current_actor

VALUE_MOST = 4_000
_VALUE = Annotated[str, said(mark("密钥太长了，请原样复制"), max_length=VALUE_MOST)]
_PATH = "/merchants/{organization_id:int}/{provider_id:str}"


@cache
def _form_of(provider_id: str) -> type[msgspec.Struct]:
    """What the provider's form sends; what is missing or malformed, the verb says."""
    fields = [(field.name, _VALUE, "") for field in known_provider(provider_id).fields]
    return msgspec.defstruct("KeyForm", fields)


@get("/merchants", include_in_schema=False, access=CONNECT)
async def show_merchants() -> Answer:
    """The organizations whose accounts this person may set."""
    ids = [scope.id for scope in current_actor().scopes(CONNECT)]
    known: dict[int, list[queries.MerchantView]] = {}
    for one in await queries.merchants(organization_ids=ids):
        known.setdefault(one.organization_id, []).append(one)
    places = [(place, known.get(place.id, [])) for place in await organizations.organizations(ids)]
    return page("web/merchants.html", places=places)


@get("/merchants/{organization_id:int}", include_in_schema=False, access=CONNECT)
async def show_organization(organization_id: RowId) -> Answer:
    """The providers at which the organization can take money, and at which it does."""
    _check(organization_id)
    known = {one.provider: one for one in await queries.merchants(organization_ids=[organization_id])}
    return page(
        "web/merchant_choice.html",
        place=await organizations.organization(organization_id),
        choices=[(one, known.get(one.id)) for one in providers()],
    )


@get(_PATH, include_in_schema=False, access=SIGNED_IN)
async def show_merchant(organization_id: RowId, provider_id: PathCode) -> Answer:
    """One account, and the form that sets it; only its change for the region's staff who are asked."""
    return await _merchant_page(organization_id, provider_id, Form())


async def _merchant_page(organization_id: int, provider_id: str, form: Form, status: int = 200) -> Answer:
    change = await visible_change(organization_id, provider_id)
    acts = _may_set(organization_id)
    provider = known_provider(provider_id)
    try:
        merchant = await queries.merchant(organization_id, provider_id)
    except MerchantNotFound:
        merchant = None
    for field in provider.fields:
        if field.is_secret:  # a page that is sent back must not hold it
            form.values.pop(field.name, None)
    return page(
        "web/merchant.html",
        status=status,
        place=await organizations.organization(organization_id),
        provider=provider,
        merchant=merchant,
        change=change,
        change_problems=CHANGE_PROBLEMS,
        approval_id=await queries.change_approval(change.id) if change else None,
        asked_by=(await names([change.asked_by]))[change.asked_by] if change else "",
        acts=acts,
        seconds=await queries.second_persons(organization_id, current_actor().person_id) if acts else None,
        form=form,
        has_deployment=deployment_credentials(provider_id) is not None,
        notify_url=notify_url(provider_id, organization_id),
    )


async def visible_change(organization_id: int, provider_id: str) -> MerchantChange | None:
    """The account's newest change, for who may set it or is asked about it; raises PermissionMissing."""
    change = await queries.latest_change(organization_id, provider_id)
    if not _may_set(organization_id) and not (
        change and await queries.is_asked_about(change.id, current_actor().person_id)
    ):
        raise PermissionMissing
    return change


def _may_set(organization_id: int) -> bool:
    return current_actor().may(CONNECT, Ref("organization", organization_id))


def _check(organization_id: int) -> None:
    if not _may_set(organization_id):
        raise PermissionMissing


@post(_PATH, include_in_schema=False, access=CONNECT, status_code=303)
async def set_merchant(
    request: Request[Any, Any, Any], organization_id: RowId, provider_id: PathCode
) -> Answer:
    """Ask that these keys be used; they are tested meanwhile."""

    async def act(form: msgspec.Struct) -> Answer:
        values = msgspec.structs.asdict(form)
        await ask_to_connect(organization_id, provider_id, values, actor=current_actor())
        return see_other(f"/merchants/{organization_id}/{provider_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _merchant_page(organization_id, provider_id, form, status)

    return await submit(request, _form_of(provider_id), act, again)


@post(f"{_PATH}/test", include_in_schema=False, access=CONNECT, status_code=303)
async def test_merchant(
    request: Request[Any, Any, Any], organization_id: RowId, provider_id: PathCode
) -> Answer:
    """Have the key tested once more."""

    async def act(_: ButtonForm) -> Answer:
        await retest_merchant(organization_id, provider_id, actor=current_actor())
        return see_other(f"/merchants/{organization_id}/{provider_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _merchant_page(organization_id, provider_id, form, status)

    return await submit(request, ButtonForm, act, again)


@post(f"{_PATH}/disconnect", include_in_schema=False, access=CONNECT, status_code=303)
async def end_merchant(
    request: Request[Any, Any, Any], organization_id: RowId, provider_id: PathCode
) -> Answer:
    """Ask that no more money be taken there."""

    async def act(_: ButtonForm) -> Answer:
        await ask_to_disconnect(organization_id, provider_id, actor=current_actor())
        return see_other(f"/merchants/{organization_id}/{provider_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _merchant_page(organization_id, provider_id, form, status)

    return await submit(request, ButtonForm, act, again)


HANDLERS = [show_merchants, show_organization, show_merchant, set_merchant, test_merchant, end_merchant]
