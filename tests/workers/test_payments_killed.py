"""A worker is killed with -9 in the middle of a payment: the provider is asked once, and it is paid once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from core.database import fetch, fetch_value
from core.payments import queries, services
from tests.core.payments.closing import check_closing
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import cashier, connect, tell
from tests.factories import make_committee, make_resident
from tests.processes import kill_group, running

pytestmark = pytest.mark.process
_LEASE_S = "2"
_BLOCKED = (
    "select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
    " and query not like 'lock %' and datname = current_database())"
)


async def until(ask: Callable[[], Awaitable[object]], *, timeout_s: float = 20) -> None:
    async with asyncio.timeout(timeout_s):
        while not await ask():
            await asyncio.sleep(0.02)


async def killed_before_it_could_write(db: str, table: str, environ: dict[str, str], log: Path) -> None:
    """A worker does what it can, waits for the table, and dies there; another one comes and does it all."""
    blocker = await asyncpg.connect(db)
    with running("workers", "worker", log=log, **environ) as worker:
        async with blocker.transaction():
            await blocker.execute(f"lock table {table} in share row exclusive mode")
            await until(lambda: fetch_value(_BLOCKED))
            kill_group(worker)
    await blocker.close()
    with running("workers", "worker", log=log, **environ):
        await until(lambda: fetch_value("select not exists (select from job where state <> 'done')"))


async def test_between_the_call_and_the_commit_and_while_it_is_booked(
    db: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cashier() as stand_in:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", stand_in.url)
        environ = {
            "YIJI_DATABASE_URL": db,
            "YIJI_DATA": str(data_folder),
            "YIJI_JOB_LEASE_S": _LEASE_S,
            "YIJI_PAYMENT_STAND_IN": stand_in.url,
        }
        committee = await make_committee()
        await connect(committee)
        payer = await make_resident(committee.region_id)
        order_id = await make_order(committee, payer)
        attempt_id = await services.start_payment(order_id, actor=payer)

        await killed_before_it_could_write(db, "payment_attempt", environ, data_folder / "worker.log")
        attempt = await queries.attempt(attempt_id)
        assert attempt.state == "pending"
        assert list(stand_in.books._sessions) == [attempt.external_id]

        stand_in.pay(attempt.external_id)
        for _, event in stand_in.told.events:
            await tell(committee, event)
        await killed_before_it_could_write(db, "ledger_transfer", environ, data_folder / "worker.log")
        assert (await queries.order(order_id)).state == "paid"
        assert await fetch_value("select count(distinct name) from job where attempts = 2") == 2
        assert len(await fetch("select id from payment_fact")) == 1
        await check_closing(stand_in)
