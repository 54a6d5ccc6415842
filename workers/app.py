"""The Celery application: configuration, a Celery task for each of ours, the dispatcher."""

import logging
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.bootsteps import StartStopStep
from celery.signals import worker_process_init, worker_process_shutdown, worker_shutdown
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from core.jobs.services import describe, keep_failure, run_job
from core.settings import Settings
from workers.dispatch import Dispatcher
from workers.loop import TaskLoop
from workers.schedule import ASK, ask_for, timetable
from workers.task import Task
from workers.tasks import all_tasks

log = logging.getLogger(__name__)
QUEUE = "yiji"
_SOFT_LIMIT_S, _HARD_LIMIT_S, _INVISIBLE_S = 300, 330, 1800


def create_app(settings: Settings) -> Celery:
    """A Celery application for the worker or for beat. Needs `settings.database_url`."""
    url = _required_url(settings)
    app = Celery("yiji", broker=settings.broker_url or "pgmq://", set_as_current=False)
    app.conf.update(_configuration(settings, url))
    loop = TaskLoop(url, pool_size=2)
    for task in all_tasks().values():
        _register(app, loop, task)
    _register_timetable(app, loop)
    worker_process_init.connect(lambda **_: loop.warm(), weak=False)
    for signal in (worker_process_shutdown, worker_shutdown):
        signal.connect(lambda **_: loop.close(), weak=False)
    app.steps["worker"].add(_dispatching(url, settings))
    return app


def _required_url(settings: Settings) -> str:
    if settings.database_url is None:
        raise SystemExit("YIJI_DATABASE_URL is not set; `yiji up` sets it for its own processes")
    return settings.database_url


def _configuration(settings: Settings, url: str) -> dict[str, Any]:
    return {
        "task_default_queue": QUEUE,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_soft_time_limit": _SOFT_LIMIT_S,
        "task_time_limit": _HARD_LIMIT_S,
        "worker_concurrency": settings.worker_processes,
        "worker_prefetch_multiplier": 4,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": _transport_options(settings, url),
        "beat_schedule": timetable(),
        "beat_schedule_filename": str(settings.data / "beat-schedule"),
        "timezone": "UTC",
    }


def _transport_options(settings: Settings, url: str) -> dict[str, Any]:
    """pgmq in our own database: a tenth of a second saved by NOTIFY, and idle costs nothing."""
    if settings.broker_url is not None:
        return {"visibility_timeout": _INVISIBLE_S}
    return {
        # As key=value: pgmq's own parser ignores `?host=` of a URL, where the socket folder stands.
        "conn_string": make_conninfo("", **conninfo_to_dict(url)),
        "init_extension": False,
        "visibility_timeout": _INVISIBLE_S,
        "use_notify": True,
        "notify_throttle_interval_ms": 0,
        "wait_time_seconds": 0,
        "polling_interval": 5,
        "pool_size": 2,
    }


def _register(app: Celery, loop: TaskLoop, task: Task) -> None:
    def run(job_id: int) -> None:
        try:
            loop.run(run_job(job_id, task.run))
        except Exception as error:
            # Without the message: it may hold personal data. A time limit leaves the row as sent.
            log.error("job %s (%s) failed: %s", job_id, task.name, describe(error))
            if type(error).__name__ == "SoftTimeLimitExceeded":
                loop.run(keep_failure(job_id, error))

    app.task(name=task.name)(run)


def _register_timetable(app: Celery, loop: TaskLoop) -> None:
    def ask(name: str, every_s: int) -> None:
        loop.run(ask_for(name, every_s))

    app.task(name=ASK)(ask)


def _dispatching(url: str, settings: Settings) -> type[StartStopStep]:
    class Dispatching(StartStopStep):  # type: ignore[misc]
        """Runs the dispatcher while the worker runs, once its pool of processes stands."""

        requires = frozenset({"celery.worker.components:Pool"})

        def __init__(self, worker: Any, **options: Any) -> None:
            super().__init__(worker, **options)
            self.dispatcher: Dispatcher | None = None

        def start(self, worker: Any) -> None:
            def send(name: str, job_id: int) -> None:
                worker.app.send_task(name, args=(job_id,))

            lease = timedelta(seconds=settings.job_lease_s)
            self.dispatcher = Dispatcher(url, lease=lease, send=send)
            self.dispatcher.start()

        def stop(self, worker: Any) -> None:
            if self.dispatcher is not None:
                self.dispatcher.stop()
                self.dispatcher.join(timeout=5)

    return Dispatching
