"""The timetable within a worker ticks, stops when told, and never stands still unnoticed."""

import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery

from tests.processes import wait_until
from workers.beat import Beat


def app_with(schedule: object, folder: Path) -> Celery:
    app = Celery("tick", broker="memory://", set_as_current=False)
    app.conf.update(
        task_default_queue="ticks",
        beat_schedule={"tick": {"task": "tick", "schedule": schedule}},
        beat_schedule_filename=str(folder / "beat-schedule"),
    )
    return app


def ticks(app: Celery) -> int:
    with app.connection_for_read() as connection, connection.SimpleQueue("ticks") as queue:
        return int(queue.qsize())


def beats() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "beat"]


def test_it_ticks_until_it_is_told_to_stop(tmp_path: Path) -> None:
    app = app_with(timedelta(seconds=0.05), tmp_path)
    beat = Beat(app)
    beat.start()
    wait_until(lambda: ticks(app) >= 3, what="three ticks")
    beat.stop()
    wait_until(lambda: not beats(), what="the thread's end")
    with app.connection_for_read() as connection, connection.SimpleQueue("ticks") as queue:
        assert queue.get(timeout=1).headers["task"] == "tick"


def test_a_timetable_that_cannot_go_on_ends_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    Beat(app_with(timedelta(hours=1), tmp_path / "missing")).start()
    wait_until(lambda: sent and not beats(), what="the end")
    assert sent == [(os.getpid(), signal.SIGTERM)]
    assert "stands still" in caplog.text
