"""Reads of changes of the accounts where money is taken; their keys are for who applies them alone."""

from typing import Any

from core.database import fetch, fetch_row, fetch_value
from core.payments.errors import MerchantNotFound
from core.payments.rules.merchants import CHANGE_ASKED, MERCHANT_CHANGES, MerchantChange

_CHANGE = (
    "id, organization as organization_id, provider, ends, uses_deployment, state, problem, asked_by,"
    " asked_at, checked_at, check_failed"
)


async def merchant_change(change_id: int, *, lock: bool = False) -> MerchantChange:
    """Its row locked until COMMIT if asked; raises MerchantNotFound."""
    row = await fetch_row(
        f"select {_CHANGE} from payment_merchant_change where id = $1"
        + (" for no key update" if lock else ""),
        change_id,
    )
    if row is None:
        raise MerchantNotFound
    return MerchantChange(**dict(row))


async def latest_change(organization_id: int, provider: str) -> MerchantChange | None:
    """The newest change of the account, whatever became of it."""
    rows = await fetch(
        f"select {_CHANGE} from payment_merchant_change where organization = $1 and provider = $2"
        " order by id desc limit 1",
        organization_id,
        provider,
    )
    return MerchantChange(**dict(rows[0])) if rows else None


async def waiting_change(organization_id: int, provider: str) -> MerchantChange | None:
    """The change that a second person is asked about."""
    found = await latest_change(organization_id, provider)
    return found if found is not None and found.state == CHANGE_ASKED else None


async def sealed_keys(change_id: int) -> bytes | None:
    """The keys as they are stored, encrypted."""
    found: Any = await fetch_value("select secrets from payment_merchant_change where id = $1", change_id)
    return None if found is None else bytes(found)


async def change_approval(change_id: int) -> int | None:
    """The approval that the second person was asked by."""
    found: int | None = await fetch_value(
        "select id from approval where subject_kind = $1 and subject_id = $2 order by id desc limit 1",
        MERCHANT_CHANGES.code,
        change_id,
    )
    return found
