"""Looking into what providers have told, many notifications of one merchant account at a time.

The provider is asked about each payment in threads, before an order is locked; what it says is then booked in
one unit of work. Where that fails, the batch is halved until the row that cannot be worked on stands alone:
it is set aside with its reason, and the others are booked by the very same code.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from core import clock
from core.database import current_unit, unit_of_work
from core.errors import describe
from core.jobs.services import add_job, finish_jobs
from core.payments import queries
from core.payments.providers import ProviderSilent, Snapshot
from core.payments.queries import MerchantView
from core.payments.rules import Attempt
from core.payments.services.online import ask_provider, settle
from core.payments.services.settlement import Settlement

log = logging.getLogger(__name__)
TAKE = "core.take_notification"
_AT_ONCE, _THREADS = 500, 8
_ASK_AGAIN = timedelta(seconds=15)
# Not the notification's fault: the job is repeated.
_PASSING = (asyncpg.PostgresConnectionError, asyncpg.DeadlockDetectedError)
# Of the account of notification $1, as long as that one waits; those tried in vain wait a little.
_CLAIM = (
    "select id, merchant, reference from payment_notification where handled_at is null"
    " and merchant = (select merchant from payment_notification where id = $1 and handled_at is null)"
    " and (tried_at is null or tried_at <= $2) order by received_at, id limit $3"
    " for no key update skip locked"
)
_CLOSE = (
    "update payment_notification p set handled_at = $1, outcome = n.outcome, problem = left(n.problem, 200)"
    " from unnest($2::bigint[], $3::text[], $4::text[]) as n (id, outcome, problem) where p.id = n.id"
)


@dataclass(frozen=True)
class _Outcome:
    """What became of a notification: `problem` says why it was set aside."""

    outcome: str
    problem: str = ""


def ask_to_take(notification_id: int, *, after: timedelta = timedelta()) -> None:
    """Have it looked into, in the caller's unit of work; asked for twice at a time, it is done once."""
    due_at = clock.now() + after
    key = _key(notification_id) + (f":{int(due_at.timestamp())}" if after else "")
    add_job(TAKE, {"notification_id": notification_id}, due_at=due_at, priority=-1, key=key)


def _key(notification_id: int) -> str:
    return f"take:{notification_id}"


async def take_notification(notification_id: int) -> None:
    """Look into a notification and, with it, others of its account that wait too.

    Their own jobs are done by that. Those that another worker is at are left to it.
    """
    async with unit_of_work() as unit:
        now = clock.now()
        rows = await unit.connection.fetch(_CLAIM, notification_id, now - _ASK_AGAIN, _AT_ONCE)
        if not rows:
            return
        (merchant,) = await queries.merchants(ids=[rows[0]["merchant"]])
        named = {row["id"]: row["reference"] for row in rows}
        outcomes = await _look_into(merchant, set(named.values()))
        done = [(id_, outcomes[name]) for id_, name in named.items() if name in outcomes]
        await unit.connection.execute(
            _CLOSE,
            now,
            [id_ for id_, _ in done],
            [one.outcome for _, one in done],
            [one.problem for _, one in done],
        )
        await finish_jobs([_key(id_) for id_ in named if id_ != notification_id])
        if silent := [id_ for id_, name in named.items() if name not in outcomes]:
            await _try_later(silent)


async def _try_later(notification_ids: Sequence[int]) -> None:
    """The provider did not answer about these: one job asks for all of them again, after the others."""
    await current_unit().connection.execute(
        "update payment_notification set tried_at = $2 where id = any($1)",
        list(notification_ids),
        clock.now(),
    )
    ask_to_take(notification_ids[0], after=_ASK_AGAIN)


async def _look_into(merchant: MerchantView, references: set[str]) -> dict[str, _Outcome]:
    """Reference -> outcome; without those about which the provider did not answer."""
    found = await queries.attempts_by_reference(references)
    outcomes = {name: _Outcome("unknown") for name in references if name not in found}
    outcomes |= {
        name: _Outcome("other_account") for name, one in found.items() if one.merchant_id != merchant.id
    }
    ours = {name: one for name, one in found.items() if one.merchant_id == merchant.id}
    settled = await _settle(merchant, {one.id: one for one in ours.values()})
    return outcomes | {name: settled[one.id] for name, one in ours.items() if one.id in settled}


async def _settle(merchant: MerchantView, attempts: Mapping[int, Attempt]) -> dict[int, _Outcome]:
    seen, outcomes = await _ask_about(merchant, list(attempts.values()))
    return outcomes | await _book(merchant.organization_id, seen)


async def _ask_about(
    merchant: MerchantView, attempts: Sequence[Attempt]
) -> tuple[dict[int, Snapshot], dict[int, _Outcome]]:
    """What the provider says, some at a time; those about which it says nothing are in neither."""
    seen: dict[int, Snapshot] = {}
    outcomes: dict[int, _Outcome] = {}
    refunds = await queries.refund_names([attempt.id for attempt in attempts])
    room = asyncio.Semaphore(_THREADS)

    async def ask(attempt: Attempt) -> None:
        async with room:
            try:
                seen[attempt.id] = await ask_provider(merchant, attempt, refunds.get(attempt.id, ()))
            except ProviderSilent:
                return
            except Exception as error:
                outcomes[attempt.id] = _aside(error)

    await asyncio.gather(*(ask(attempt) for attempt in attempts if attempt.external_id is not None))
    for attempt in attempts:
        if attempt.external_id is None:  # told of before our own COMMIT
            try:
                async with unit_of_work():
                    await settle(attempt.id)
                outcomes[attempt.id] = _Outcome("settled")
            except ProviderSilent:
                continue
            except Exception as error:
                outcomes[attempt.id] = _aside(error)
    return seen, outcomes


async def _book(organization_id: int, seen: dict[int, Snapshot]) -> dict[int, _Outcome]:
    if not seen:
        return {}
    try:
        async with unit_of_work():
            await Settlement(organization_id, seen).write()
    except _PASSING:
        raise
    except Exception as error:
        ids = list(seen)
        if len(ids) == 1:
            return {ids[0]: _aside(error)}
        outcomes: dict[int, _Outcome] = {}
        for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
            outcomes |= await _book(organization_id, {id_: seen[id_] for id_ in half})
        return outcomes
    return dict.fromkeys(seen, _Outcome("settled"))


def _aside(error: Exception) -> _Outcome:
    """Whatever it is, the others go on; the payment itself is asked about every few minutes all the same."""
    if isinstance(error, _PASSING):
        raise error
    log.warning("notification set aside: %s", describe(error))
    return _Outcome("set_aside", describe(error))
