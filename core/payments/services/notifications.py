"""What providers tell us: verified, written down and answered at once; looked into by the worker."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from core import clock
from core.database import fetch, unit_of_work
from core.gathering import Gathering
from core.jobs.services import add_job, ring_after_commit
from core.payments import queries, rules
from core.payments.errors import EndpointClosed, MerchantNotFound, NotificationRefused
from core.payments.providers import BadSignature, Notice
from core.payments.rules.refunds import SENDING
from core.payments.services.merchants import credentials_of, known_provider
from core.payments.services.orders import SETTLE
from core.payments.services.refunds import SEND_REFUND
from core.payments.services.taking import TAKE

SWEEP = "core.sweep_payments"
_OVERDUE, _AT_ONCE = timedelta(minutes=5), 500
_TOGETHER = 200
# The rows and their jobs (as `taking.ask_to_take` asks for them), or neither for what is known already.
_NOTE = """
with new as (
    insert into payment_notification (merchant, external_id, kind, reference, received_at)
    select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
    on conflict do nothing returning id, merchant, external_id, received_at),
asked as (
    insert into job (name, args, due_at, priority, key)
    select $6, jsonb_build_object('notification_id', id), received_at, -1, 'take:' || id from new)
select merchant, external_id from new"""


class _Note(NamedTuple):
    """A row of the inbox."""

    merchant: int
    external_id: str
    kind: str
    reference: str
    received_at: datetime


async def receive_notification(
    provider_id: str, organization_id: int, *, body: bytes, headers: Mapping[str, str]
) -> bool:
    """Write down what the provider of an organization's account tells; False: it is known or not about us.

    It is committed before this answers, and never in a unit of work of the caller: a provider that tells much
    is answered at once. Raises EndpointClosed where there is no account or no secret, NotificationRefused.
    """
    try:
        adapter = known_provider(provider_id)
    except MerchantNotFound:
        raise EndpointClosed from None
    merchant = await _ACCOUNTS.ask((organization_id, provider_id))
    credentials = credentials_of(merchant) if merchant is not None and merchant.is_active else None
    if merchant is None or credentials is None or not adapter.can_verify(credentials):
        raise EndpointClosed
    try:
        notice = adapter.parse_notification(body, headers, credentials)
    except BadSignature:
        raise NotificationRefused from None
    if not _is_ours(notice) or notice.is_live != merchant.is_live:
        return False
    return await _INBOX.ask(
        _Note(merchant.id, notice.external_id[:200], notice.kind[:80], notice.reference[:200], clock.now())
    )


def _is_ours(notice: Notice) -> bool:
    """May it be about something of ours? Our references are plain; the rest could not even be stored."""
    words = notice.reference + notice.external_id + notice.kind
    return notice.reference != "" and words.isascii() and words.isprintable()


async def _find_accounts(asked: Sequence[tuple[int, str]]) -> list[queries.MerchantView | None]:
    found = await queries.merchants(organization_ids=list({organization_id for organization_id, _ in asked}))
    accounts = {(one.organization_id, one.provider): one for one in found}
    return [accounts.get(one) for one in asked]


async def _write_down(notes: Sequence[_Note]) -> list[bool]:
    """Which of them are new."""
    async with unit_of_work() as unit:
        # The unit's one statement, which commits by itself.
        rows = await unit.connection.plain.fetch(_NOTE, *map(list, zip(*notes, strict=True)), TAKE)
        if rows:
            ring_after_commit(unit)
    new = {(row["merchant"], row["external_id"]) for row in rows}
    is_new = []
    for note in notes:
        is_new.append((note.merchant, note.external_id) in new)
        new.discard((note.merchant, note.external_id))
    return is_new


_ACCOUNTS = Gathering(_find_accounts, most=_TOGETHER)
_INBOX = Gathering(_write_down, most=_TOGETHER)


# What nobody has looked into since $1, one of each account in turn: a crowd at one keeps no other waiting.
_UNASKED = f"""
    select id, row_number() over (partition by merchant order by coalesce(checked_at, created_at), id) as turn
    from payment_attempt where state in {tuple(rules.OPEN_STATES)}
        and coalesce(checked_at, created_at) < $1"""
_UNSENT = f"""
    select id, row_number() over (partition by payee order by asked_at, id) as turn
    from payment_refund where state = '{SENDING}' and attempt is not null and asked_at < $1"""


async def sweep() -> None:
    """Ask for what got lost: notifications, open payments that nobody told of, refunds that nobody sent."""
    slot = int(clock.now().timestamp()) // int(_OVERDUE.total_seconds())
    async with unit_of_work():
        async for refund_id, due_at in _overdue(_UNSENT):
            key = f"send-refund:{refund_id}:{slot}"
            add_job(SEND_REFUND, {"refund_id": refund_id}, due_at=due_at, priority=1, key=key)
        for row in await fetch(  # one of each account: whoever takes it takes the others along
            "select min(id) as id from payment_notification where handled_at is null and received_at < $1"
            " group by merchant",
            clock.now() - _OVERDUE,
        ):
            add_job(TAKE, {"notification_id": row["id"]}, key=f"take:{row['id']}:{slot}")
        async for attempt_id, due_at in _overdue(_UNASKED):
            key = f"settle-payment:{attempt_id}:{slot}"
            add_job(SETTLE, {"attempt_id": attempt_id, "close": False}, due_at=due_at, priority=1, key=key)


async def _overdue(due: str) -> AsyncIterator[tuple[int, datetime]]:
    """(id, when it is its turn) of all of them, a page at a time. What is asked for now goes first."""
    now, turn, last_id = clock.now(), 0, 0
    while True:
        rows = await fetch(
            f"with due as ({due}) select id, turn from due where (turn, id) > ($2, $3)"
            " order by turn, id limit $4",
            now - _OVERDUE,
            turn,
            last_id,
            _AT_ONCE,
        )
        for row in rows:
            yield row["id"], min(now, now - _OVERDUE + timedelta(milliseconds=row["turn"]))
        if len(rows) < _AT_ONCE:
            return
        turn, last_id = rows[-1]["turn"], rows[-1]["id"]
