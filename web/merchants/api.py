"""The accounts where organizations take money online, for programs. Keys go in, and never come out."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody

from core.payments import queries
from core.payments.rules import CONNECT
from core.payments.services import connect_merchant, disconnect_merchant, retest_merchant
from core.reference import Ref
from web.parameters import RowId
from web.visit import current_actor

_Key = Annotated[str, msgspec.Meta(max_length=250)]


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
    """The organization's own keys; an empty `secret_key`: the deployment's."""

    secret_key: _Key
    webhook_secret: _Key = ""


async def _out(organization_id: int) -> MerchantOut:
    current_actor().require(CONNECT, Ref("organization", organization_id))
    m = await queries.merchant(organization_id)
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


@get("/merchants/{organization_id:int}", summary="收款账户", tags=["payments"], access=CONNECT)
async def get_merchant(organization_id: RowId) -> MerchantOut:
    """The organization's account at Stripe."""
    return await _out(organization_id)


@put("/merchants/{organization_id:int}", summary="设置收款账户", tags=["payments"], access=CONNECT)
async def put_merchant(organization_id: RowId, data: JSONBody[KeysIn]) -> MerchantOut:
    """Let the money arrive in this account; its key is tested at once."""
    await connect_merchant(
        organization_id, key=data.secret_key, webhook_secret=data.webhook_secret, actor=current_actor()
    )
    return await _out(organization_id)


@post(
    "/merchants/{organization_id:int}/test",
    summary="测试收款账户",
    tags=["payments"],
    access=CONNECT,
    status_code=202,
)
async def retest(organization_id: RowId) -> MerchantOut:
    """Have the key tested once more; the answer is there shortly after."""
    await retest_merchant(organization_id, actor=current_actor())
    return await _out(organization_id)


@delete("/merchants/{organization_id:int}", summary="停用收款账户", tags=["payments"], access=CONNECT)
async def delete_merchant(organization_id: RowId) -> None:
    """Take no more money online, and forget the keys."""
    await disconnect_merchant(organization_id, actor=current_actor())


HANDLERS = [get_merchant, put_merchant, retest, delete_merchant]
