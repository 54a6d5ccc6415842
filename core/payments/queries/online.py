"""Reads of attempts to pay online, and of the accounts that take the money."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database import fetch, fetch_row
from core.organizations.queries.payees import payee_of
from core.payments.errors import MerchantNotFound
from core.payments.rules import OPEN_STATES, Attempt

_ATTEMPT = (
    'id, "order" as order_id, merchant as merchant_id, reference, state, problem, amount_fen, external_id,'
    " url, flow, device, payer_hint, created_at, expires_at"
)
_MERCHANT = (
    "id, organization as organization_id, provider, uses_deployment, is_active, is_live,"
    " has_webhook, secrets, former_secrets, checked_at, check_failed"
)
_REFUNDS_MOST = 100


@dataclass(frozen=True)
class MerchantView:
    """An organization's account at a provider. `check_failed`: the last test did.

    `secrets` are encrypted, and so are `former_secrets`, which served before them.
    """

    id: int
    organization_id: int
    provider: str
    uses_deployment: bool
    is_active: bool
    is_live: bool
    has_webhook: bool
    secrets: bytes | None
    former_secrets: bytes | None
    checked_at: datetime | None
    check_failed: bool

    @property
    def takes_money(self) -> bool:
        """It is switched on, and the provider has accepted its key."""
        return self.is_active and self.checked_at is not None and not self.check_failed


@dataclass(frozen=True)
class OnlinePayment:
    """An online payment as a treasurer sees it."""

    id: int
    order_id: int
    payee: str
    payer: str
    state: str
    problem: str
    amount_fen: int
    captured_fen: int
    refunded_fen: int
    external_id: str | None
    created_at: datetime


def _merchant(row: Any) -> MerchantView:
    return MerchantView(**dict(row))


async def merchant(organization_id: int, provider: str) -> MerchantView:
    """The organization's account at the provider; raises MerchantNotFound."""
    row = await fetch_row(
        f"select {_MERCHANT} from payment_merchant where organization = $1 and provider = $2",
        organization_id,
        provider,
    )
    if row is None:
        raise MerchantNotFound
    return _merchant(row)


async def merchants(*, ids: Sequence[int] = (), organization_ids: Sequence[int] = ()) -> list[MerchantView]:
    """The accounts of these ids or organizations, in the order in which they were connected."""
    rows = await fetch(
        f"select {_MERCHANT} from payment_merchant where id = any($1) or organization = any($2) order by id",
        list(ids),
        list(organization_ids),
    )
    return [_merchant(row) for row in rows]


async def takes_from_afar(organization_id: int) -> bool:
    """Can money reach it other than over its counter: online, or at its confirmed account at a bank?"""
    return bool(await taking_merchants(organization_id)) or await payee_of(organization_id) is not None


async def taking_merchants(organization_id: int) -> list[MerchantView]:
    """The accounts at which the organization takes money online; none: at the counter alone."""
    found = await merchants(organization_ids=[organization_id])
    return [one for one in found if one.takes_money]


async def attempt(attempt_id: int, *, lock: bool = False) -> Attempt:
    """The attempt, its row locked until COMMIT if asked. It must exist."""
    (row,) = await fetch(
        f"select {_ATTEMPT} from payment_attempt where id = $1" + (" for no key update" if lock else ""),
        attempt_id,
    )
    return Attempt(**dict(row))


async def orders_of_attempts(attempt_ids: Sequence[int]) -> list[int]:
    """The orders that they pay, each once."""
    rows = await fetch('select distinct "order" from payment_attempt where id = any($1)', list(attempt_ids))
    return [row["order"] for row in rows]


async def locked_attempts(attempt_ids: Sequence[int]) -> list[Attempt]:
    """Several attempts, their rows locked in id order until COMMIT."""
    rows = await fetch(
        f"select {_ATTEMPT} from payment_attempt where id = any($1) order by id for no key update",
        list(attempt_ids),
    )
    return [Attempt(**dict(row)) for row in rows]


async def attempts_by_reference(references: Collection[str]) -> dict[str, Attempt]:
    """The attempts that a provider speaks of, by our own name of one or by its own of the money that came."""
    rows = await fetch(
        f"""
        with named as (
            select r.reference as name, a.id from unnest($1::text[]) as r (reference)
            join payment_attempt a on a.reference = r.reference
            union all
            select f.external_id, min(f.attempt) from payment_fact f
            where f.external_id = any($1) and f.kind = 'captured' group by f.external_id)
        select named.name, a.* from named join lateral (
            select {_ATTEMPT} from payment_attempt where id = named.id) a on true""",
        list(references),
    )
    found: dict[str, Attempt] = {}
    for row in rows:
        values = dict(row)
        found.setdefault(values.pop("name"), Attempt(**values))
    return found


async def attempts(order_id: int) -> list[Attempt]:
    """The attempts to pay the order, the newest first; the last twenty."""
    rows = await fetch(
        f'select {_ATTEMPT} from payment_attempt where "order" = $1 order by id desc limit 20', order_id
    )
    return [Attempt(**dict(row)) for row in rows]


async def latest_attempt(order_id: int) -> Attempt | None:
    """The newest attempt to pay the order."""
    found = await attempts(order_id)
    return found[0] if found else None


async def open_attempts(order_id: int) -> list[Attempt]:
    """Those for which the provider may still take money."""
    return [one for one in await attempts(order_id) if one.state in OPEN_STATES]


async def refund_names(attempt_ids: Sequence[int]) -> dict[int, list[str]]:
    """What refunds of each attempt are called, ours and those that the provider's own books tell of."""
    rows = await fetch(
        """
        select attempt, array_agg(name order by name) as names from (
            select attempt, reference as name from payment_refund
            where attempt = any($1) and state in ('sending', 'sent', 'failed')
            union select a.id, l.source from payment_settlement_line l
            join payment_attempt a on l.merchant = a.merchant and l.reference = a.reference
            where a.id = any($1) and l.kind = 'refunded'
            union select attempt, external_id from payment_fact
            where attempt = any($1) and kind = 'refunded') n
        group by attempt""",
        list(attempt_ids),
    )
    return {row["attempt"]: row["names"][:_REFUNDS_MOST] for row in rows}


async def open_attempts_of(order_ids: Sequence[int]) -> list[Attempt]:
    """The same of many orders."""
    rows = await fetch(
        f'select {_ATTEMPT} from payment_attempt where "order" = any($1) and state = any($2) order by id',
        list(order_ids),
        list(OPEN_STATES),
    )
    return [Attempt(**dict(row)) for row in rows]


async def online_payments(
    payee_ids: Sequence[int], *, only_problems: bool, before_id: int | None, limit: int
) -> list[OnlinePayment]:
    """Online payments to these organizations, newest first; those that somebody must look at, if asked."""
    rows = await fetch(
        """
        select a.id, a."order" as order_id, org.name as payee, coalesce(p.name, '') as payer,
            a.state, a.problem, a.amount_fen, a.captured_fen, a.refunded_fen, a.external_id, a.created_at
        from payment_attempt a
        join payment_order o on o.id = a."order"
        join organization org on org.id = o.payee
        left join person p on p.id = o.payer
        join payment_merchant m on m.id = a.merchant
        where m.organization = any($1) and ($2::bigint is null or a.id < $2)
            and (not $3 or a.problem in ('currency', 'amount', 'second', 'order_over')
                and a.refunded_fen < greatest(a.captured_fen, 1))
        order by a.id desc limit $4""",
        list(payee_ids),
        before_id,
        only_problems,
        limit,
    )
    return [OnlinePayment(**dict(row)) for row in rows]
