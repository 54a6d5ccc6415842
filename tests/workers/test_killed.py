"""A worker dies between claiming a job and finishing it: there is one notice, not none and not two."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from core.database import fetch_value, unit_of_work
from core.notifications.services import notify
from core.people.rules import Actor
from tests.core.notifications.mail_server import MailServer, mail_server
from tests.core.notifications.persons import make_reachable, messages
from tests.factories import make_region, make_resident
from tests.processes import kill_group, read_log, running

pytestmark = pytest.mark.process
LEASE_S = "2"


async def until(ask: Callable[[], Awaitable[object]], *, timeout_s: float = 20) -> None:
    async with asyncio.timeout(timeout_s):
        while not await ask():
            await asyncio.sleep(0.02)


async def blocked_insert() -> object:
    """Is a worker in the middle of the effect, waiting for our lock?"""
    return await fetch_value(
        "select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
        " and query like 'insert into notification%' and datname = current_database())"
    )


async def job_is_done() -> object:
    return await fetch_value("select state = 'done' from job")


async def test_one_notice_though_the_worker_is_killed_in_between(db: str, data_folder: Path) -> None:
    resident = await make_resident(await make_region())
    environ = {"YIJI_DATABASE_URL": db, "YIJI_DATA": str(data_folder), "YIJI_JOB_LEASE_S": LEASE_S}
    log = data_folder / "worker.log"
    blocker = await asyncpg.connect(db)
    with running("workers", "worker", log=log, **environ) as worker:
        async with blocker.transaction():
            await blocker.execute("lock table notification in access exclusive mode")
            async with unit_of_work():
                notify(resident.person_id, title="通知", body="内容")
            await until(blocked_insert)
            kill_group(worker)
    assert await fetch_value("select state from job") == "sent"
    assert await fetch_value("select count(*) from notification") == 0
    with running("workers", "worker", log=log, **environ):
        await until(job_is_done)
        await asyncio.sleep(float(LEASE_S) + 0.5)  # anything sent again would come now
    await blocker.close()
    assert await fetch_value("select count(*) from notification") == 1
    assert await fetch_value("select attempts from job") == 2


async def test_a_mail_is_sent_again_when_the_worker_is_killed_while_the_server_says_yes(
    db: str, data_folder: Path
) -> None:
    person = await make_reachable("li@example.org")
    log = data_folder / "worker.log"
    async with mail_server() as mail:
        environ = {
            "YIJI_DATABASE_URL": db,
            "YIJI_DATA": str(data_folder),
            "YIJI_JOB_LEASE_S": LEASE_S,
            "YIJI_SMTP_URL": mail.url,
        }
        with running("workers", "worker", log=log, **environ) as worker:
            mail.on_message = lambda: kill_group(worker)
            async with unit_of_work():
                notify(person.person_id, title="题", body="文", urgent=True)
            await until(lambda: a_message_arrived(mail))
        assert await messages(person) == [("mail", "waiting", "")]
        mail.on_message = None
        with running("workers", "worker", log=log, **environ):
            await until(lambda: is_sent(person))
            await asyncio.sleep(float(LEASE_S) + 0.5)
        first, second = (message["Message-ID"] for message in mail.received)
        assert first == second


async def a_message_arrived(mail: MailServer) -> bool:
    return bool(mail.received)


async def is_sent(person: Actor) -> bool:
    return await messages(person) == [("mail", "sent", "")]


async def test_jobs_are_done_soon_and_sigterm_ends_the_worker_cleanly(db: str, data_folder: Path) -> None:
    resident = await make_resident(await make_region())
    environ = {"YIJI_DATABASE_URL": db, "YIJI_DATA": str(data_folder)}
    with running("workers", "worker", log=data_folder / "worker.log", **environ) as worker:
        async with unit_of_work():
            for number in range(50):
                notify(resident.person_id, title="通知", body="第 %(n)s 条", n=number)

        async def all_there() -> object:
            return await fetch_value("select count(*) = 50 from notification")

        await until(all_there)
        worker.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(worker.wait, 10) == 0
    assert await fetch_value("select count(*) from job where state <> 'done'") == 0


async def test_a_job_that_fails_leaves_no_effect_and_its_place_but_no_data_in_the_log(
    db: str, data_folder: Path
) -> None:
    resident = await make_resident(await make_region())
    log = data_folder / "worker.log"
    environ = {"YIJI_DATABASE_URL": db, "YIJI_DATA": str(data_folder)}
    async with unit_of_work():
        notify(resident.person_id, title="题" * 81, body="机密内容")
    with running("workers", "worker", log=log, **environ):

        async def failed_once() -> object:
            return await fetch_value("select error is not null and state = 'waiting' from job")

        await until(failed_once)
    assert await fetch_value("select count(*) from notification") == 0
    assert "StringDataRightTruncationError (22001)" in await fetch_value("select error from job")
    assert "机密内容" not in read_log(log)
