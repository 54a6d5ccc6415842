"""What providers tell us: verified, written down and answered at once; looked into by the worker."""

from collections.abc import Mapping
from datetime import timedelta

from core import clock
from core.database import fetch, unit_of_work
from core.jobs.services import add_job, ring_after_commit
from core.payments import queries, rules
from core.payments.errors import EndpointClosed, MerchantNotFound, NotificationRefused
from core.payments.providers import BadSignature
from core.payments.services.merchants import credentials_of, known_provider
from core.payments.services.orders import SETTLE
from core.payments.services.refunds import sweep_refunds
from core.payments.services.taking import TAKE

SWEEP = "core.sweep_payments"
_OVERDUE, _ASK_EVERY, _AT_ONCE = timedelta(minutes=5), timedelta(minutes=5), 500
# The row and its job (as `taking.ask_to_take` asks for it), or neither: it is known.
_NOTE = """
with new as (
    insert into payment_notification (merchant, external_id, kind, reference, received_at)
    values ($1, left($2, 200), left($3, 80), left($4, 200), $5) on conflict do nothing returning id),
asked as (
    insert into job (name, args, due_at, priority, key)
    select $6, jsonb_build_object('notification_id', id), $5, -1, 'take:' || id from new)
select id from new"""


async def receive_notification(
    provider_id: str, organization_id: int, *, body: bytes, headers: Mapping[str, str]
) -> bool:
    """Write down what the provider of an organization's account tells; False: it is known or not about us.

    Raises EndpointClosed where there is no account or no secret, NotificationRefused.
    """
    try:
        adapter = known_provider(provider_id)
        merchant = await queries.merchant(organization_id, provider_id)
    except MerchantNotFound:
        raise EndpointClosed from None
    credentials = credentials_of(merchant) if merchant.is_active else None
    if credentials is None or not adapter.can_verify(credentials):
        raise EndpointClosed
    try:
        notice = adapter.parse_notification(body, headers, credentials)
    except BadSignature:
        raise NotificationRefused from None
    if not notice.reference or notice.is_live != merchant.is_live:
        return False
    async with unit_of_work() as unit:
        # The unit's one statement, which commits by itself: a provider that tells much is answered at once.
        notification_id = await unit.connection.plain.fetchval(
            _NOTE,
            merchant.id,
            notice.external_id,
            notice.kind,
            notice.reference,
            clock.now(),
            TAKE,
        )
        if notification_id is not None:
            ring_after_commit(unit)
    return notification_id is not None


async def sweep() -> None:
    """Ask for what got lost: notifications, open payments that nobody told of, refunds that nobody sent."""
    await sweep_refunds()
    now = clock.now()
    slot = int(now.timestamp()) // int(_OVERDUE.total_seconds())
    async with unit_of_work():
        for row in await fetch(
            "select min(id) as id from payment_notification where handled_at is null and received_at < $1"
            " group by merchant",
            now - _OVERDUE,
        ):
            add_job(TAKE, {"notification_id": row["id"]}, key=f"take:{row['id']}:{slot}")
        for row in await fetch(
            "select id from payment_attempt where state = any($1)"
            " and coalesce(checked_at, created_at) < $2 order by coalesce(checked_at, created_at) limit $3",
            list(rules.OPEN_STATES),
            now - _ASK_EVERY,
            _AT_ONCE,
        ):
            add_job(
                SETTLE, {"attempt_id": row["id"], "close": False}, key=f"settle-payment:{row['id']}:{slot}"
            )
