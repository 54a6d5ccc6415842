"""Reads of changes of the accounts where money is taken; their keys are for who applies them alone."""

from dataclasses import dataclass
from typing import Any

from core.database import fetch, fetch_row, fetch_value
from core.organizations import queries as organizations
from core.payments.errors import MerchantNotFound
from core.payments.rules import CONNECT
from core.payments.rules.merchants import CHANGE_ASKED, MERCHANT_CHANGES, MerchantChange
from core.people import queries as people
from core.reference import Ref

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


@dataclass(frozen=True)
class Seconds:
    """Who is asked about a change of one's: the organization's others, or else its region's staff."""

    person_ids: list[int]
    are_staff: bool


async def second_persons(organization_id: int, maker_id: int) -> Seconds:
    """Besides the maker; none at all where there is nobody else."""
    others = set(await people.holders(CONNECT, Ref("organization", organization_id))) - {maker_id}
    if others:
        return Seconds(sorted(others), are_staff=False)
    staff = set(await organizations.reviewers(organization_id)) - {maker_id}
    return Seconds(sorted(staff), are_staff=True)


async def is_asked_about(change_id: int, person_id: int) -> bool:
    """Is, or was, the person asked to agree to it?"""
    return bool(
        await fetch_value(
            "select exists (select from approval a join approval_voter v on v.approval = a.id"
            " where a.subject_kind = $1 and a.subject_id = $2 and v.person = $3)",
            MERCHANT_CHANGES.code,
            change_id,
            person_id,
        )
    )


async def change_approval(change_id: int) -> int | None:
    """The approval that the second person was asked by."""
    found: int | None = await fetch_value(
        "select id from approval where subject_kind = $1 and subject_id = $2 order by id desc limit 1",
        MERCHANT_CHANGES.code,
        change_id,
    )
    return found
