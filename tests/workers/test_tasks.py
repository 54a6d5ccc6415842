"""Core's own tasks: what beat asks for runs, and is asked for again where it was too much at once."""

from datetime import timedelta

import pytest

from core import clock
from core.audit.services import SEAL, record_audit
from core.database import fetch, fetch_value, unit_of_work
from core.jobs.services import SWEEP, add_job
from core.reference import Ref
from workers import tasks
from workers.drain import run_due_jobs


async def test_the_record_is_sealed_by_a_job(db: str) -> None:
    async with unit_of_work():
        record_audit("plot.closed", Ref("plot", 7), actor_id=None)
        add_job(SEAL, {})
    await run_due_jobs()
    assert await fetch_value("select events from audit_seal") == 1


async def test_the_sweep_goes_on_until_nothing_old_is_left(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_ROWS_AT_ONCE", 3)
    monkeypatch.setenv("YIJI_KEEP_JOBS_DAYS", "7")
    async with unit_of_work():
        for n in range(8):
            add_job("test.old", {"n": n})
    old = clock.now() - timedelta(days=8)
    await fetch("update job set state = 'done', finished_at = $1", old)
    async with unit_of_work():
        add_job(SWEEP, {})
    assert await run_due_jobs() == 3
    assert await fetch_value("select count(*) from job where name = 'test.old'") == 0
    assert await fetch_value("select count(*) from job where state <> 'done'") == 0
