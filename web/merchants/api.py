"""The accounts where organizations take money online, for programs. Keys go in, and never come out."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody

from core.payments import queries
from core.payments.errors import MerchantNotFound
from core.payments.rules import CONNECT
from core.payments.services import ask_to_connect, ask_to_disconnect, retest_merchant
from core.reference import Ref
from web.access import SIGNED_IN
from web.merchants.pages import VALUE_MOST, visible_change
from web.parameters import PathCode, RowId
from web.visit import current_actor

_ORGANIZATION = "/merchants/{organization_id:int}"
_PATH = f"{_ORGANIZATION}/{{provider_id:str}}"
_FIELDS_MOST = 20


class MerchantOut(msgspec.Struct):
    """An account at a provider. `checked_at` is when its key was last tested; null: not yet."""

    organization_id: int
    provider: str
    takes_money: bool
    is_active: bool
    is_live: bool
    has_webhook: bool
    checked_at: datetime | None
    check_failed: bool


class KeysIn(msgspec.Struct):
    """The organization's own keys, by the names of the provider's fields; none: the deployment's.

    Stripe has `secret_key` and `webhook_secret`; WeChat Pay `mchid`, `appid`, `serial`, `private_secret`,
    `v3_secret`, `public_key_id` and `public_key`.
    """

    keys: Annotated[
        dict[str, Annotated[str, msgspec.Meta(max_length=VALUE_MOST)]], msgspec.Meta(max_length=_FIELDS_MOST)
    ]


class ChangeOut(msgspec.Struct):
    """Other keys for an account, or (`ends`) none. `state`: asked, made, or refused because of `problem`.

    `check_failed`: the provider did not accept the keys when they were tested, at `checked_at`.
    """

    id: int
    approval_id: int | None
    ends: bool
    state: str
    problem: str
    asked_at: datetime
    checked_at: datetime | None
    check_failed: bool


async def _change(organization_id: int, provider_id: str) -> ChangeOut:
    x = await visible_change(organization_id, provider_id)
    if x is None:
        raise MerchantNotFound
    return ChangeOut(
        x.id,
        await queries.change_approval(x.id),
        x.ends,
        x.state,
        x.problem,
        x.asked_at,
        x.checked_at,
        x.check_failed,
    )


def _out(m: queries.MerchantView) -> MerchantOut:
    return MerchantOut(
        m.organization_id,
        m.provider,
        m.takes_money,
        m.is_active,
        m.is_live,
        m.has_webhook,
        m.checked_at,
        m.check_failed,
    )


async def _found(organization_id: int, provider_id: str) -> MerchantOut:
    current_actor().require(CONNECT, Ref("organization", organization_id))
    return _out(await queries.merchant(organization_id, provider_id))


@get(_ORGANIZATION, summary="组织的收款账户", tags=["payments"], access=CONNECT)
async def list_merchants(organization_id: RowId) -> list[MerchantOut]:
    """The organization's accounts, one at most for each provider."""
    current_actor().require(CONNECT, Ref("organization", organization_id))
    return [_out(one) for one in await queries.merchants(organization_ids=[organization_id])]


@get(_PATH, summary="收款账户", tags=["payments"], access=CONNECT)
async def get_merchant(organization_id: RowId, provider_id: PathCode) -> MerchantOut:
    """The organization's account at this provider."""
    return await _found(organization_id, provider_id)


@put(_PATH, summary="申请更换收款账户的密钥", tags=["payments"], access=CONNECT, status_code=202)
async def put_merchant(organization_id: RowId, provider_id: PathCode, data: JSONBody[KeysIn]) -> ChangeOut:
    """Ask that the money arrive in this account: a second person agrees. The key is tested meanwhile."""
    await ask_to_connect(organization_id, provider_id, data.keys, actor=current_actor())
    return await _change(organization_id, provider_id)


@get(f"{_PATH}/change", summary="收款账户变更", tags=["payments"], access=SIGNED_IN)
async def get_change(organization_id: RowId, provider_id: PathCode) -> ChangeOut:
    """The newest change of the account, and what became of it; for who is asked about it too."""
    return await _change(organization_id, provider_id)


@post(f"{_PATH}/test", summary="测试收款账户", tags=["payments"], access=CONNECT, status_code=202)
async def retest(organization_id: RowId, provider_id: PathCode) -> MerchantOut:
    """Have the key tested once more; the answer is there shortly after."""
    await retest_merchant(organization_id, provider_id, actor=current_actor())
    return await _found(organization_id, provider_id)


@delete(_PATH, summary="申请停用收款账户", tags=["payments"], access=CONNECT, status_code=202)
async def delete_merchant(organization_id: RowId, provider_id: PathCode) -> ChangeOut:
    """Ask that no more money be taken there: a second person agrees, then the keys are forgotten."""
    await ask_to_disconnect(organization_id, provider_id, actor=current_actor())
    return await _change(organization_id, provider_id)


HANDLERS = [list_merchants, get_merchant, put_merchant, get_change, retest, delete_merchant]
